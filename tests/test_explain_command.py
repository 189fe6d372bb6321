"""`pointsman explain` and `pointsman lint`, as processes on a database with the demo."""

import csv
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from pointsman.auth import Principal
from pointsman.demo import CALLED, CALLING, PBX, load_demo
from pointsman.kamailio.answer import answer_question
from pointsman.models import Carrier, KamailioNode, Trunk, TrunkEndpoint
from pointsman.routing.health import EndpointHealth
from pointsman.routing.snapshot import compile_snapshot
from pointsman.services.config_revisions import get_current_revision
from pointsman.services.endpoint_states import ReportedState, store_endpoint_states
from pointsman.services.kamailio_nodes import create_kamailio_node
from pointsman.services.snapshots import load_configuration
from tests.conftest import bound, copy_database
from tests.test_cli import run

_CALL = ("--from", CALLING, "--to", CALLED, "--source", PBX[0])


@pytest.fixture(autouse=True)
def state_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the one of this machine, where another may be serving."""
    monkeypatch.setenv("POINTSMAN_STATE_DIR", str(tmp_path / "state"))


@pytest.fixture
async def url(template_url: str) -> AsyncIterator[str]:
    """The URL of a database with the demo in it, bound to the test."""
    made = await copy_database(template_url, "explain_command")
    async with bound(made):
        await load_demo()
        yield made


async def test_it_prints_what_happens_to_a_call(url: str) -> None:
    shown = run("explain", *_CALL, POINTSMAN_DATABASE_URL=url, COLUMNS="150")
    assert (shown.returncode, shown.stderr) == (0, "")
    for text in (
        "ROUTED by ROUTING_RULE italy, 2 legs",
        "from acme-pbx, tenant Acme, revision ",
        "leg 1: alpha-1 of Alpha, to sip:127.0.0.21:5081",
        f"  INVITE sip:{CALLED}@127.0.0.21:5081 SIP/2.0",
        f"  From: <sip:{CALLING}@sip.acme.example>",
    ):
        assert text in shown.stdout, shown.stdout
    snapshot = compile_snapshot(await load_configuration())
    printed = json.loads(run("explain", *_CALL, "--json", POINTSMAN_DATABASE_URL=url).stdout)
    answered = answer_question(printed["request"].encode(), snapshot, now=printed["at"])
    assert shown.stdout.splitlines()[-1].encode() == answered.body
    assert printed["answer"].encode() == answered.body


async def test_what_a_node_finds_down_is_skipped_when_asked_for(url: str) -> None:
    (alpha,) = await TrunkEndpoint.filter(trunk__name="alpha-1")
    await create_kamailio_node(Principal("test"), name="node-1")
    node = await KamailioNode.get(name="node-1")
    down = ReportedState(str(alpha.id), EndpointHealth.DOWN, 1.0)
    await store_endpoint_states(str(node.id), [down])
    asked = ("explain", *_CALL, "--health-of")
    shown = run(*asked, "node-1", POINTSMAN_DATABASE_URL=url, COLUMNS="150")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "dropped: is in bad health: 100% of the calls skip it" in shown.stdout
    assert "leg 1: beta-1 of Beta" in shown.stdout
    shown = run("explain", *_CALL, POINTSMAN_DATABASE_URL=url, COLUMNS="150")
    assert "leg 1: alpha-1 of Alpha" in shown.stdout
    refused = run(*asked, "node-2", POINTSMAN_DATABASE_URL=url)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "no Kamailio node has the name node-2" in refused.stderr


async def test_headers_are_whole_however_narrow_the_terminal(url: str) -> None:
    shown = run("explain", *_CALL, POINTSMAN_DATABASE_URL=url, COLUMNS="40")
    header = f"  P-Asserted-Identity: <sip:{CALLING}@sip.acme.example>"
    assert header in shown.stdout.splitlines()


async def test_it_walks_the_failover(url: str) -> None:
    walked = run(
        *("explain", *_CALL, "--outcome", "Alpha=503", "--outcome", "trunk:beta-1=ringing,486"),
        POINTSMAN_DATABASE_URL=url,
    )
    alpha = "1. alpha-1 127.0.0.21:5081 answers 503: the next leg of another carrier is tried"
    assert alpha in walked.stdout
    assert "2. beta-1 127.0.0.22:5082 rings, then answers 486: is final" in walked.stdout
    assert "The caller gets 486" in walked.stdout
    failed = run(
        *("explain", *_CALL, "--outcome", "endpoint:127.0.0.21:5081=timeout"),
        *("--outcome", "Beta=transport"),
        POINTSMAN_DATABASE_URL=url,
    )
    assert "1. alpha-1 127.0.0.21:5081 no answer in time: the next leg is tried" in failed.stdout
    assert "2. beta-1 127.0.0.22:5082 cannot be sent: is final" in failed.stdout
    assert "The caller gets 480 Temporarily Unavailable" in failed.stdout


async def test_a_reject_is_an_explanation_too(url: str) -> None:
    shown = run(
        *("explain", "--from", "1", "--to", "*72", "--source", "203.0.113.9"),
        POINTSMAN_DATABASE_URL=url,
    )
    assert shown.returncode == 0
    assert shown.stdout.startswith(
        "REJECTED 403 Forbidden, UNKNOWN_SOURCE: no trunk has the source 203.0.113.9"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--to", "1"),
            (
                "--source: is missing, give --source, or a --file of calls; "
                "--from: is missing, give --from, or a --file of calls"
            ),
        ),
        (("--field", "transport=sctp"), "transport: Invalid enum value 'sctp'"),
        (("--field", "nonsense=1"), "nonsense: there is no such field, use one of auth, call_id"),
        (("--field", "nonsense"), "--field: nonsense has no value, write NAME=VALUE"),
        (("--field", "from=2"), "--field: from is given twice, leave one out"),
        (("--outcome", "Gamma=486"), "there is no carrier or trunk or endpoint Gamma, use one of"),
        (("--outcome", "Alpha=maybe"), "--outcome: Alpha=maybe is no outcome, write WHO=HOW"),
        (("--outcome", "Alpha"), "--outcome: Alpha is no outcome, write WHO=HOW"),
        (("--at", "noon"), "at: noon is no time, write it as 2026-12-24T18:00+01:00"),
        (("--at", "9999-12-31T23:00-23:00"), "is no time for a call, give one between the years"),
    ],
)
async def test_what_cannot_be_explained_is_named_with_its_fix(
    url: str, arguments: tuple[str, ...], message: str
) -> None:
    given = () if arguments == ("--to", "1") else _CALL
    refused = run("explain", *given, *arguments, POINTSMAN_DATABASE_URL=url)
    assert refused.returncode == 1
    assert message in refused.stderr
    assert "Traceback" not in refused.stderr


async def test_it_explains_each_call_of_a_csv_file(url: str, tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text(
        "source,from,to,callId\n"
        f"{PBX[0]},{CALLING},{CALLED},c1\n"
        "\n"
        f"{PBX[0]},{CALLING}\n"
        f'{PBX[0]},{CALLING},"=cmd@x",c2\n'
        f"203.0.113.9,{CALLING},{CALLED},c3\n"
    )
    shown = run("explain", "--file", str(file), POINTSMAN_DATABASE_URL=url)
    assert shown.returncode == 1
    assert shown.stderr == f"{file}:4: line: has 2 fields, write 4, as there are at the head\n"
    rows = list(csv.DictReader(shown.stdout.splitlines()))
    assert [(row["line"], row["code"], row["trunks"]) for row in rows] == [
        ("2", "ROUTING_RULE", "alpha-1 beta-1"),
        ("5", "NO_ROUTE", ""),
        ("6", "UNKNOWN_SOURCE", ""),
    ]
    assert rows[0]["to"] == f"sip:{CALLED}@pointsman.invalid"


async def test_it_explains_each_call_of_a_file_of_json(url: str, tmp_path: Path) -> None:
    file = tmp_path / "calls.jsonl"
    call: dict[str, Any] = {"source": PBX[0], "from": CALLING, "to": CALLED}
    lines = [
        json.dumps(call).encode(),
        b"",
        b"[1]",
        b'{"a": ',
        b"\xff",
        json.dumps({**call, "sourcePort": "x"}).encode(),
        json.dumps({**call, "request_uri": "1"}).encode(),
        json.dumps({"from": CALLING}).encode(),
        json.dumps({**call, "fromName": "\ud800"}).encode(),
        b"[" * 70_000,
        json.dumps({**call, "source_port": "5080", "call_id": None}).encode(),
    ]
    file.write_bytes(b"\xef\xbb\xbf" + b"\n".join(lines))
    shown = run("explain", "--file", str(file), "--json", POINTSMAN_DATABASE_URL=url)
    assert shown.returncode == 1
    printed = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [(line["line"], "explanation" in line) for line in printed] == [
        (1, True), (3, False), (4, False), (5, False), (6, False), (7, False), (8, False),
        (9, False), (10, False), (11, True),
    ]  # fmt: skip
    faults = {line["line"]: line["error"][0] for line in printed if "error" in line}
    assert faults[3]["message"] == faults[4]["message"] == "is no JSON object"
    assert faults[6]["path"] == "sourcePort"
    assert faults[7] == {
        "path": "request_uri",
        "message": "request_uri is given twice",
        "fix": "leave one out",
    }
    assert [fault["path"] for fault in printed[6]["error"]] == ["sourceIp", "requestUri"]
    assert faults[9]["message"] == "a text is no Unicode text"
    assert faults[10]["message"] == "is longer than 65536 characters"
    assert shown.stderr.count("\n") == 8
    assert printed[-1]["explanation"]["code"] == "ROUTING_RULE"


async def test_what_all_calls_of_a_file_have_in_common_is_given_once(
    url: str, tmp_path: Path
) -> None:
    file = tmp_path / "numbers.csv"
    file.write_text(f"to,from\n{CALLED},\n+12025550123,+1\n*72,\n")
    shown = run(
        *("explain", "--source", PBX[0], "--from", CALLING, "--file", str(file), "--summary"),
        *("--outcome", "Alpha=503", "--json"),
        POINTSMAN_DATABASE_URL=url,
    )
    assert shown.returncode == 0
    assert json.loads(shown.stdout) == {
        "calls": 3,
        "errors": 0,
        "outcome": {"ROUTING_RULE": 2, "NO_ROUTE": 1},
        "first_trunk": {"alpha-1": 1, "beta-1": 1},
        "first_carrier": {"Alpha": 1, "Beta": 1},
        "final_response": {"200": 2},
    }
    as_text = run(
        *("explain", "--source", PBX[0], "--from", CALLING, "--file", str(file), "--summary"),
        POINTSMAN_DATABASE_URL=url,
    )
    assert as_text.stdout.startswith("calls explained: 3; lines with an error: 0\n")
    assert "ROUTING_RULE" in as_text.stdout
    assert "66.7%" in as_text.stdout


async def test_a_file_that_is_none_is_named(url: str, tmp_path: Path) -> None:
    gone = run("explain", "--file", str(tmp_path / "gone.csv"), POINTSMAN_DATABASE_URL=url)
    assert gone.returncode == 2
    assert "does not exist" in gone.stderr
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("source,nonsense\n1,2\n")
    refused = run("explain", "--file", str(wrong), POINTSMAN_DATABASE_URL=url)
    assert refused.returncode == 1
    assert refused.stderr.startswith("pointsman: nonsense: there is no such field")
    wrong.write_text('source\n"1\n')
    refused = run("explain", "--file", str(wrong), POINTSMAN_DATABASE_URL=url)
    assert (refused.returncode, "is no CSV" in refused.stderr) == (1, True)


async def test_nothing_is_found_in_the_demo_until_a_change_brings_it(url: str) -> None:
    clean = run("lint", POINTSMAN_DATABASE_URL=url)
    assert clean.returncode == 0, clean.stdout
    assert clean.stdout.endswith("no errors, no warnings\n")
    await Carrier.all().update(enabled=False)  # no service would, for the emergency plan's sake
    broken = run("lint", POINTSMAN_DATABASE_URL=url)
    assert broken.returncode == 1
    assert "GROUP_WITHOUT_LIVE_TRUNK" in broken.stdout
    as_json = run("lint", "--json", POINTSMAN_DATABASE_URL=url)
    findings = json.loads(as_json.stdout)
    assert as_json.returncode == 1
    dead = next(each for each in findings if each["code"] == "GROUP_WITHOUT_LIVE_TRUNK")
    assert (dead["severity"], dead["objects"][0]["name"]) == ("ERROR", "italy")
    assert "EMERGENCY_UNREACHABLE" in {each["code"] for each in findings}
    assert "alpha-1 is of a disabled carrier" in dead["message"]


async def test_warnings_fail_only_when_asked_to(url: str) -> None:
    carrier = await Carrier.get(name="Alpha")
    await Trunk.create(name="idle", kind="CARRIER", carrier=carrier)
    assert run("lint", POINTSMAN_DATABASE_URL=url).returncode == 0
    assert run("lint", "--strict", POINTSMAN_DATABASE_URL=url).returncode == 1
    of_acme = run("lint", "--tenant", "Acme", "--json", POINTSMAN_DATABASE_URL=url)
    assert "TRUNK_WITHOUT_PURPOSE" not in of_acme.stdout
    unknown = run("lint", "--tenant", "Nobody", POINTSMAN_DATABASE_URL=url)
    assert (unknown.returncode, unknown.stderr) == (
        1,
        "pointsman: there is no tenant Nobody\n",
    )


async def test_neither_command_writes(url: str) -> None:
    before = await get_current_revision()
    run("explain", *_CALL, POINTSMAN_DATABASE_URL=url)
    run("lint", POINTSMAN_DATABASE_URL=url)
    assert (await get_current_revision()).id == before.id
