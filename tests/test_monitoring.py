"""Alerts, dashboard and runbook, against the metrics that there are: no Prometheus is needed."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from pointsman.kamailio.metrics import RouterMetrics
from pointsman.routing.outcome import MatchKind, RejectCode
from pointsman.telemetry import ControlMetrics, RecordsMetrics

_ROOT = Path(__file__).parents[1]
_DEPLOY = _ROOT / "deploy"
_PROMETHEUS = _DEPLOY / "prometheus"
_RUNBOOK = (_DEPLOY / "README.md").read_text()
_DASHBOARDS: dict[str, Any] = {
    name: json.loads((_DEPLOY / "grafana" / f"{name}.json").read_text())
    for name in ("pointsman-router", "pointsman-kamailio")
}
_ROWS = {
    "pointsman-router": ["Decisions", "Latency", "Overload", "Snapshot", "Workers", "Control"],
    "pointsman-kamailio": ["Calls", "Protection", "SIP", "Node"],
}
# What status.cfg writes: each line of a metric, with what it is of.
_STATUS = (_ROOT / "kamailio" / "status.cfg").read_text()
_RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((_PROMETHEUS / "alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
_ALERTS = {rule["alert"]: rule for rule in _RULES if "alert" in rule}
_PANELS: list[dict[str, Any]] = [
    panel
    for dashboard in _DASHBOARDS.values()
    for panel in dashboard["panels"]
    if panel["type"] != "row"
]
_QUERIES = [target["expr"] for panel in _PANELS for target in panel["targets"]]


def _run(*command: str | Path, given: bytes = b"") -> None:
    done = subprocess.run(command, input=given, capture_output=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()


@pytest.mark.parametrize(
    ("check", "file"),
    [
        (("check", "rules"), "alerts.yml"),
        (("check", "config"), "prometheus.yml"),
        (("test", "rules"), "alerts.test.yml"),
    ],
)
def test_promtool_passes(promtool: str, check: tuple[str, ...], file: str) -> None:
    _run(promtool, *check, _PROMETHEUS / file)


@pytest.mark.parametrize("role", ["router", "control", "records"])
def test_promtool_finds_nothing_wrong_with_an_exposition(promtool: str, role: str) -> None:
    _run(promtool, "check", "metrics", given=_expositions()[role])


def test_every_query_of_the_dashboard_is_promql(promtool: str, tmp_path: Path) -> None:
    rules = [
        {"record": f"query:{number}", "expr": _without_variables(query)}
        for number, query in enumerate(_QUERIES)
    ]
    file = tmp_path / "queries.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    _run(promtool, "check", "rules", file)


def test_every_metric_that_is_named_exists() -> None:
    texts = [*_QUERIES, *(rule["expr"] for rule in _RULES), *_templating()]
    named = {name for text in texts for name in re.findall(r"(?<!:)\bpointsman_\w+", text)}
    assert named - _names() == set()


def test_every_metric_is_shown_or_watched() -> None:
    """A histogram's sum is for who asks Prometheus directly."""
    text = " ".join([*_QUERIES, *(rule["expr"] for rule in _RULES)])
    watched = set(re.findall(r"\bpointsman_\w+", text))
    unwatched = {name for name in _names() if not name.endswith(("_sum", "_count"))} - watched
    assert unwatched == set()


def test_every_reason_that_is_named_is_told_by_kamailio() -> None:
    for metric, label in (("refused_total", "reason"), ("shared_memory_bytes", "state")):
        named = _values_named(f"pointsman_kamailio_{metric}", label)
        told = re.findall(rf'pointsman_kamailio_{metric}\{{{label}=\\"(\w+)', _STATUS)
        assert named
        assert named <= set(told)


def test_every_outcome_that_is_named_exists() -> None:
    named = _values_named("pointsman_decisions_total", "outcome")
    assert named <= {*MatchKind, *RejectCode}


@pytest.mark.parametrize(
    ("role", "metric", "label"),
    [
        ("router", "pointsman_rtjson_refused_total", "code"),
        ("control", "pointsman_webhook_attempts_total", "result"),
        ("records", "pointsman_reports_refused_total", "code"),
        ("records", "pointsman_call_events_total", "result"),
    ],
)
def test_every_value_that_is_named_is_counted_from_the_start(
    role: str, metric: str, label: str
) -> None:
    """A counter that comes into being with its first count has not increased by it."""
    exposition = _expositions()[role].decode()
    known = re.findall(rf'^{metric}\{{.*?{label}="(\w+)"', exposition, re.MULTILINE)
    named = _values_named(metric, label)
    assert named
    assert named <= set(known)


def test_the_dashboards_matches_are_the_kinds_of_match() -> None:
    """What is routed, and what is not, are told apart by these names."""
    told = [found for query in _QUERIES for found in re.findall(r'outcome[!=]~"([^"]*)"', query)]
    assert told
    assert all(set(found.split("|")) == set(MatchKind) for found in told)


@pytest.mark.parametrize("name", _ALERTS)
def test_an_alert_says_what_it_is_and_what_to_do(name: str) -> None:
    rule = _ALERTS[name]
    assert rule["labels"]["severity"] in ("page", "warn")
    assert set(rule["annotations"]) == {"summary", "description", "runbook"}
    assert rule["annotations"]["runbook"] == f"deploy/README.md#{name.lower()}"
    assert f"\n### {name}\n{rule['labels']['severity']}" in _RUNBOOK


def test_the_runbook_has_no_alert_that_is_gone() -> None:
    assert sorted(re.findall(r"^### (.*)$", _RUNBOOK, re.MULTILINE)) == sorted(_ALERTS)


@pytest.mark.parametrize("name", _ALERTS)
def test_an_alert_is_seen_to_fire_with_the_labels_that_its_words_name(name: str) -> None:
    text = " ".join(_ALERTS[name]["annotations"].values())
    named = set(re.findall(r"\$labels\.(\w+)", text))
    seen = [labels for labels in _seen_firing() if labels["alertname"] == name]
    assert seen
    for labels in seen:
        assert named <= set(labels)
        assert labels["severity"] == _ALERTS[name]["labels"]["severity"]


def test_the_scrape_configuration_has_the_jobs_that_the_alerts_know() -> None:
    config = yaml.safe_load((_PROMETHEUS / "prometheus.yml").read_text())
    jobs = {job["job_name"] for job in config["scrape_configs"]}
    texts = [*_QUERIES, *(rule["expr"] for rule in _RULES)]
    assert {job for text in texts for job in re.findall(r'job="([^"]*)"', text)} == jobs


@pytest.mark.parametrize("name", _DASHBOARDS)
def test_a_dashboard_can_be_provisioned(name: str) -> None:
    dashboard = _DASHBOARDS[name]
    assert dashboard["uid"] == name
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids))
    assert "://" not in json.dumps(dashboard)
    rows = [panel["title"] for panel in dashboard["panels"] if panel["type"] == "row"]
    assert rows == _ROWS[name]
    variables = {variable["name"]: variable for variable in dashboard["templating"]["list"]}
    assert variables["datasource"]["type"] == "datasource"
    assert variables["instance"]["multi"]
    assert variables["instance"]["includeAll"]


def test_the_dashboards_ask_the_chosen_data_source_alone() -> None:
    found = list(_values_of("datasource", _DASHBOARDS))
    assert len(found) > len(_PANELS)
    assert all(value == {"type": "prometheus", "uid": "${datasource}"} for value in found)


@pytest.mark.parametrize("panel", _PANELS, ids=lambda panel: panel["title"])
def test_a_panel_says_what_it_shows_and_in_what_unit(panel: dict[str, Any]) -> None:
    assert panel["description"].endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert panel["targets"]
    references = [target["refId"] for target in panel["targets"]]
    assert len(references) == len(set(references))


@pytest.mark.parametrize("panel", _PANELS, ids=lambda panel: panel["title"])
def test_a_panel_shows_the_chosen_routers(panel: dict[str, Any]) -> None:
    """Of control there is a choice of none."""
    for target in panel["targets"]:
        metrics = re.findall(r"\b(?:pointsman_\w+|up)\b(?:\{[^}]*\})?", target["expr"])
        assert metrics
        for metric in metrics:
            assert 'instance=~"$instance"' in metric or "graphql" in metric


@pytest.mark.parametrize("name", _DASHBOARDS)
def test_panels_do_not_lie_on_each_other(name: str) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in _DASHBOARDS[name]["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        cells = {
            (place["x"] + right, place["y"] + down)
            for right in range(place["w"])
            for down in range(place["h"])
        }
        assert not cells & taken, panel["title"]
        taken |= cells


def test_the_provisioned_data_source_knows_how_often_there_is_a_sample() -> None:
    """Grafana makes the shortest range of a rate from it."""
    folder = _DEPLOY / "grafana" / "provisioning"
    source = yaml.safe_load((folder / "datasources" / "prometheus.yml").read_text())
    config = yaml.safe_load((_PROMETHEUS / "prometheus.yml").read_text())
    interval = config["global"]["scrape_interval"]
    assert source["datasources"][0]["jsonData"]["timeInterval"] == interval
    provider = yaml.safe_load((folder / "dashboards" / "pointsman.yml").read_text())
    path = provider["providers"][0]["options"]["path"]
    assert all(f"{path}/{name}.json" in _RUNBOOK for name in _DASHBOARDS)


def _expositions() -> dict[str, bytes]:
    """What each role says when it has counted a little."""
    router, control = RouterMetrics(), ControlMetrics()
    for outcome in (*MatchKind, *RejectCode):
        router.decided(outcome, 0.001, 0.001)
    control.operations.labels("query", "ok").inc()
    control.operations.labels("mutation", "error").inc()
    return {
        "router": router.exposition(),
        "control": control.exposition(),
        "records": RecordsMetrics().exposition(),
    }


def _templating() -> Iterator[str]:
    for dashboard in _DASHBOARDS.values():
        yield json.dumps(dashboard["templating"])


def named_in_status() -> set[str]:
    """The names of Kamailio's series; tests/sip/scenarios/status asks a real one for them."""
    return set(re.findall(r"# TYPE (\w+) ", _STATUS))


def _names() -> set[str]:
    """The names of all series, those of a histogram's parts among them."""
    endings = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"], "gauge": [""]}
    return named_in_status() | {
        f"{family.name}{ending}"
        for exposition in _expositions().values()
        for family in text_string_to_metric_families(exposition.decode())
        if not family.name.endswith("_created")
        for ending in endings[family.type]
    }


def _values_named(metric: str, label: str) -> set[str]:
    """The values of a metric's label that alerts and dashboard ask for."""
    return {
        value
        for query in [*_QUERIES, *(rule["expr"] for rule in _RULES)]
        for matchers in re.findall(rf"\b{metric}\{{([^}}]*)\}}", query)
        for values in re.findall(rf'\b{label}[=!]~?"([^"]*)"', matchers)
        for value in values.split("|")
    }


def _seen_firing() -> Iterator[dict[str, str]]:
    """The labels of every alert that a test of alerts.test.yml expects."""
    for test in yaml.safe_load((_PROMETHEUS / "alerts.test.yml").read_text())["tests"]:
        for case in test["promql_expr_test"]:
            for sample in case["exp_samples"]:
                yield dict(re.findall(r'(\w+)="([^"]*)"', sample["labels"]))


def _without_variables(query: str) -> str:
    return re.sub(r"\$__(rate_interval|range)", "5m", query).replace("$instance", ".+")


def _values_of(key: str, value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        if key in value:
            yield value[key]
        for inner in value.values():
            yield from _values_of(key, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _values_of(key, inner)
