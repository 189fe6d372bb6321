"""Kamailio's JSON-RPC, over the unix datagram socket of its module jsonrpcs.

    RpcError
    ├── RpcUnreachable   no Kamailio takes the question
    │   └── RpcTimeout   it may have been taken: no answer comes in time
    └── RpcRefused       Kamailio refuses it: with the code and the text that it gives

An answer is one datagram: Kamailio sends none that is longer than its send buffer allows (about
128 KiB, net.core.wmem_max permitting), and says nothing of it. So ask for one thing at a time.
"""

import asyncio
import secrets
import socket
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

_LONGEST_ANSWER_BYTES = 1_048_576


class RpcError(Exception):
    """A question that has no result."""


class RpcUnreachable(RpcError):
    """Nobody takes the question, or what takes it is no Kamailio."""


class RpcTimeout(RpcUnreachable):
    """No answer comes in time: Kamailio may be busy, and do yet what it was asked for."""


class RpcRefused(RpcError):
    """Kamailio refuses the question."""

    def __init__(self, method: str, code: int, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(f"{method}: {code} {message}")


class _Fault(Struct):
    code: int = 500
    message: str = ""


class _Answer(Struct):
    id: int | None = None
    result: Any = None
    error: _Fault | None = None


class KamailioRpc:
    """Asks the Kamailio behind a socket; each question may be under way beside others."""

    def __init__(self, path: Path, *, timeout_s: float = 2.0) -> None:
        self._path = path
        self._timeout_s = timeout_s
        self._decoder = msgspec.json.Decoder(_Answer)

    async def ask(self, method: str, *arguments: str | int) -> Any:
        """The result of a method, None for one that has none; raises RpcError.

        Kamailio tells strings from integers: give what the method wants.
        """
        number = secrets.randbits(53)
        question = {"jsonrpc": "2.0", "method": method, "params": arguments, "id": number}
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await self._exchange(msgspec.json.encode(question), number)
        except TimeoutError as error:
            raise RpcTimeout(f"{method}: no answer in {self._timeout_s:g} s") from error
        except OSError as error:
            raise RpcUnreachable(f"{method}: {self._path}: {error.strerror or error}") from error
        if answer.error is not None:
            raise RpcRefused(method, answer.error.code, answer.error.message)
        return answer.result

    async def _exchange(self, question: bytes, number: int) -> _Answer:
        """A socket for each question: no answer that is late is taken for another's, and a
        Kamailio that was started again is simply asked."""
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as own:
            own.setblocking(False)
            own.bind("")  # a name that the kernel makes up, in no folder: nothing is left behind
            # Answers of nobody but that Kamailio come in.
            own.connect(str(self._path))
            await loop.sock_sendall(own, question)
            while True:
                text = await loop.sock_recv(own, _LONGEST_ANSWER_BYTES)
                try:
                    # A reason phrase of a far end's may be no UTF-8.
                    answer = self._decoder.decode(text.decode(errors="replace"))
                except msgspec.MsgspecError as error:
                    raise RpcUnreachable(f"what {self._path} answers is no JSON-RPC") from error
                if answer.id == number:
                    return answer
