"""The whole platform on real parts: roles, Kamailio and the parties around it."""

import asyncio
import shutil
import tempfile
from pathlib import Path

from pointsman.auth import Principal
from pointsman.services.api_tokens import create_api_token
from pointsman.services.kamailio_nodes import create_kamailio_node
from tests.conftest import bound
from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.operator import Operator
from tests.sip.harness.ports import free_udp_port
from tests.sip.harness.roles import RoleProcess
from tests.sip.harness.sipp import Actor

KAMAILIO_HOST = "127.0.0.1"


class Stack:
    """Started on a migrated database; stopped with everything in it."""

    def __init__(self, database_url: str, *lines: str, **settings: object) -> None:
        """`lines` are added to Kamailio's configuration, `settings` are those of the router that
        differ from a test's own."""
        self.database_url = database_url
        self._lines = lines
        self.directory = Path(tempfile.mkdtemp(prefix="pointsman-sip-"))
        self.control = RoleProcess("control", database_url, self.directory)
        self.router = RoleProcess("router", database_url, self.directory, **settings)
        self.kamailio = Kamailio(self.directory, KAMAILIO_HOST, free_udp_port(KAMAILIO_HOST))
        self.pbx = Actor("pbx", "127.0.0.10", self.directory)
        self.alpha = Actor("alpha", "127.0.0.21", self.directory)
        self.beta = Actor("beta", "127.0.0.22", self.directory)
        self.stranger = Actor("stranger", "127.0.0.99", self.directory)

    def start(self) -> None:
        """Start all of it."""
        admin, self.node_token = asyncio.run(self._make_tokens())
        self.control.start()
        self.router.start()
        self.operator = Operator(self.control, self.router, admin)
        url = f"{self.router.url}/kamailio/rtjson"
        self.kamailio.configure(url, self.node_token, *self._lines)
        self.kamailio.start()

    def stop(self) -> None:
        """Stop all of it."""
        self.end_calls()
        self.kamailio.stop()
        self.router.stop()
        self.control.stop()
        self.operator.close()
        shutil.rmtree(self.directory)

    def end_calls(self) -> None:
        """End what the parties may still be doing."""
        for actor in (self.pbx, self.alpha, self.beta, self.stranger):
            actor.stop()

    @property
    def sockets(self) -> dict[str, str]:
        """host:port of everybody, by name, for what a test expects."""
        actors = (self.pbx, self.alpha, self.beta, self.stranger)
        found = {actor.name: f"{actor.host}:{actor.port}" for actor in actors}
        return {**found, "kamailio": f"{self.kamailio.host}:{self.kamailio.port}"}

    async def _make_tokens(self) -> tuple[str, str]:
        async with bound(self.database_url):
            by = Principal("test")
            socket = f"{self.kamailio.host}:{self.kamailio.port}"
            node = await create_kamailio_node(by, name="test", sockets=[socket])
            return await create_api_token("test administrator"), node
