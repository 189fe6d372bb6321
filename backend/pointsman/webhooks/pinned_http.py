"""One HTTP request to an address that was found before: nothing here asks for addresses again, so
that what was checked is what is asked. The name is in Host and in TLS all the same. There is no
proxy, and no redirect is followed."""

import asyncio
import ssl
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress

import httpcore

from pointsman.services.webhook_targets import IPAddress, Target

# Of an answer, and for how long it is read; more is left unread.
MAX_ANSWER_BYTES = 16_384
_READ_S = 1.0


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Connects to these addresses, the first of them that answers, whatever host is asked for."""

    def __init__(self, addresses: Sequence[IPAddress]) -> None:
        self._addresses = addresses
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,  # noqa: ARG002 -- where it is was found before
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 -- the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """As the base says, but for the host."""
        failed: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in self._addresses:
            try:
                return await self._backend.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed or httpcore.ConnectError("there is no address")


async def post(
    target: Target,
    addresses: Sequence[IPAddress],
    *,
    body: bytes,
    headers: Mapping[str, str],
    tls: ssl.SSLContext,
    timeout_s: float,
) -> int:
    """Send it; the status of the answer, which is read a little and not kept. Raises what httpcore
    does, and TimeoutError when there is no status in time."""
    backend = PinnedBackend(addresses)
    url = httpcore.URL(
        scheme=target.scheme.encode(),
        host=target.host.encode(),
        port=target.port,
        target=target.path.encode(),
    )
    given = [("Host", target.authority), ("Accept-Encoding", "identity"), *headers.items()]
    async with AsyncExitStack() as stack:
        connections = httpcore.AsyncConnectionPool(tls, network_backend=backend)
        pool = await stack.enter_async_context(connections)
        async with asyncio.timeout(timeout_s):
            sending = pool.stream("POST", url, headers=given, content=body)
            answer = await stack.enter_async_context(sending)
        # What the rest comes to changes nothing: the status is there.
        with suppress(TimeoutError, httpcore.NetworkError, httpcore.ProtocolError):
            async with asyncio.timeout(_READ_S):
                await _read_a_little(answer)
        return answer.status


async def _read_a_little(answer: httpcore.Response) -> None:
    read = 0
    async for part in answer.aiter_stream():
        read += len(part)
        if read > MAX_ANSWER_BYTES:
            return
