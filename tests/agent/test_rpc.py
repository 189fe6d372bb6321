"""Kamailio's JSON-RPC as the agent asks it, of a real Kamailio."""

import asyncio
import stat
from pathlib import Path

import pytest

from pointsman.agent.rpc import KamailioRpc, RpcRefused, RpcUnreachable
from tests.sip.harness.kamailio import Kamailio


async def test_a_method_has_its_result(kamailio: Kamailio) -> None:
    assert await KamailioRpc(kamailio.rpc_socket).ask("core.echo", "left", 7) == ["left", "7"]


async def test_many_questions_at_once_get_each_its_own_answer(kamailio: Kamailio) -> None:
    rpc = KamailioRpc(kamailio.rpc_socket)
    answers = await asyncio.gather(*(rpc.ask("core.echo", number) for number in range(100)))
    assert answers == [[str(number)] for number in range(100)]


async def test_what_kamailio_refuses_says_why(kamailio: Kamailio) -> None:
    with pytest.raises(RpcRefused) as refused:
        await KamailioRpc(kamailio.rpc_socket).ask("htable.get", "calls", "nobody")
    assert (refused.value.code, refused.value.message) == (500, "Key name doesn't exist in htable.")
    with pytest.raises(RpcRefused) as refused:
        await KamailioRpc(kamailio.rpc_socket).ask("no.such")
    assert refused.value.code == 500


async def test_text_that_looks_like_json_stays_text(kamailio: Kamailio) -> None:
    text = 'a "quoted" \\ backslash, {brace}, ünïcode'
    assert await KamailioRpc(kamailio.rpc_socket).ask("core.echo", text) == [text]


async def test_an_answer_of_many_datagrams_length_comes_whole(kamailio: Kamailio) -> None:
    words = ["w" * 1_000] * 60
    assert await KamailioRpc(kamailio.rpc_socket).ask("core.echo", *words) == words


async def test_the_socket_is_open_to_kamailios_own_user_only(kamailio: Kamailio) -> None:
    assert stat.S_IMODE(kamailio.rpc_socket.stat().st_mode) == 0o600
    assert not [*kamailio.directory.glob("*fifo*")]


async def test_where_no_kamailio_is_nobody_is_reached(tmp_path: Path) -> None:
    with pytest.raises(RpcUnreachable, match=r"core\.echo: .*No such file"):
        await KamailioRpc(tmp_path / "none.sock").ask("core.echo", 1)


async def test_one_that_was_started_again_is_asked_as_before(kamailio: Kamailio) -> None:
    rpc = KamailioRpc(kamailio.rpc_socket)
    kamailio.stop()
    with pytest.raises(RpcUnreachable):
        await rpc.ask("core.echo", 1)
    kamailio.start()
    assert await rpc.ask("core.echo", 1) == ["1"]
