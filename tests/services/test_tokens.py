"""API tokens and Kamailio nodes, and who they make their bearer."""

import pytest

from pointsman.auth import Principal, authenticate, scope
from pointsman.errors import Conflict, Forbidden, InvalidInput, Unauthenticated
from pointsman.models import ApiToken, KamailioNode
from pointsman.services.api_tokens import api_token_is_known, create_api_token
from pointsman.services.kamailio_nodes import create_kamailio_node, node_token_is_known
from tests.services.conftest import Objects

pytestmark = pytest.mark.usefixtures("transaction")


async def test_a_token_makes_its_principal(objects: Objects) -> None:
    of_platform = await create_api_token("ops")
    of_zen = await create_api_token("zen", "Zen")
    assert await authenticate(f"Bearer {of_platform}") == Principal("ops", None)
    assert await authenticate(f"bearer {of_zen}") == Principal("zen", objects.zen.id)


async def test_a_token_is_kept_hashed() -> None:
    token = await create_api_token("ops")
    row = await ApiToken.get(name="ops")
    assert token.startswith("pma_")
    assert len(token) >= 40
    assert token.encode() not in bytes(row.token_sha256)
    assert await api_token_is_known(token)
    assert not await api_token_is_known(token + "x")


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic x", "Bearer wrong", "Bearer \udcff"]
)
async def test_anything_else_is_nobody(header: str | None) -> None:
    token = await create_api_token("ops")
    for wrong in (header, token, f"Bearer {token[:-1]}"):
        with pytest.raises(Unauthenticated) as caught:
            await authenticate(wrong)
        assert str(caught.value) == (
            "send the header 'Authorization: Bearer TOKEN' with a token of this platform"
        )


async def test_a_token_of_no_tenant_is_refused() -> None:
    with pytest.raises(Conflict):
        await create_api_token("x", "Nobody")


async def test_a_model_without_a_scope_is_never_shown(of_zen: Principal) -> None:
    with pytest.raises(TypeError, match="ApiToken has no scope"):
        scope(of_zen, ApiToken)


async def test_a_node_is_made_once_with_good_addresses(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    token = await create_kamailio_node(admin, name="n", sockets=["192.0.2.1:5060"])
    assert token.startswith("pmn_")
    assert await node_token_is_known(token)
    with pytest.raises(Conflict):
        await create_kamailio_node(admin, name="n")
    with pytest.raises(Forbidden):
        await create_kamailio_node(of_zen, name="m")
    with pytest.raises(InvalidInput) as caught:
        await create_kamailio_node(
            admin,
            name="",
            sockets=["192.0.2.1", "host:5060", "192.0.2.1:70000"],
            trusted_cidrs=["10.0.0.1/8"],
        )
    assert [problem.path for problem in caught.value.problems] == [
        "name",
        "sockets[0]",
        "sockets[1]",
        "sockets[2]",
        "trusted_cidrs[0]",
    ]
    assert await KamailioNode.all().count() == 1
