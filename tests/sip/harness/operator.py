"""An operator, who changes the configuration over GraphQL and nothing else."""

import time
from typing import Any

import httpx

from tests.operations import operation_text, plural
from tests.sip.harness.roles import RoleProcess

_TIMEOUT_S = 60
# Users before what they use.
_NOUNS = (
    "EmergencyPlan", "NumberList", "RoutingRule", "Schedule", "Did", "Domain", "RoutingGroup",
    "Trunk", "Carrier", "NormalizationProfile", "ReroutePolicy", "Tenant", "TrustedProxy",
)  # fmt: skip


class Operator:
    """Runs operations of tests/operations.graphql by name, with an administrator's token."""

    def __init__(self, control: RoleProcess, router: RoleProcess, token: str) -> None:
        self._router = router
        self._http = httpx.Client(
            base_url=control.url, headers={"authorization": f"Bearer {token}"}, timeout=30
        )

    def run(self, operation: str, **variables: Any) -> Any:
        """An operation that has no errors; its result."""
        body = {"query": operation_text(operation), "variables": variables}
        answer = self._http.post("/graphql", json=body).json()
        assert "errors" not in answer, answer
        return answer["data"]["result"]

    def make(self, operation: str, **fields: Any) -> str:
        """A create mutation that succeeds; the object's id."""
        result = self.run(operation, input=fields)
        assert "code" not in result, result
        object_id: str = result["id"]
        return object_id

    def change(self, noun: str, object_id: str, **fields: Any) -> None:
        """An update mutation that succeeds."""
        result = self.run(f"Update{noun}", id=object_id, input=fields)
        assert "code" not in result, result

    def clear(self) -> None:
        """Delete everything."""
        there = self._list_all()
        for tenant_id in there["Tenant"]:
            self.change("Tenant", tenant_id, reroutePolicyId=None)
        for noun, ids in there.items():
            for object_id in ids:
                assert self.run(f"Delete{noun}", id=object_id)["__typename"] == "Deleted"

    def _list_all(self) -> dict[str, list[str]]:
        """The ids of everything, users before what they use, by one query."""
        fields = {noun: plural(noun)[0].lower() + plural(noun)[1:] for noun in _NOUNS}
        lists = " ".join(
            f"{noun}: {field}(first: 200) {{ nodes {{ id }} }}" for noun, field in fields.items()
        )
        answer = self._http.post("/graphql", json={"query": f"{{ {lists} }}"}).json()
        assert "errors" not in answer, answer
        return {noun: [node["id"] for node in answer["data"][noun]["nodes"]] for noun in _NOUNS}

    def revision(self) -> int:
        """The newest of the configuration: each change, whoever makes it, makes another."""
        newest: int = self.run("ConfigRevision")["id"]
        return newest

    def wait_published(self) -> None:
        """Wait until the router has the newest revision."""
        newest = self.revision()
        deadline = time.monotonic() + _TIMEOUT_S
        while (self._router.readiness() or {}).get("revision", 0) < newest:
            assert time.monotonic() < deadline, "the router does not follow"
            time.sleep(0.01)

    def close(self) -> None:
        """Close its connections."""
        self._http.close()
