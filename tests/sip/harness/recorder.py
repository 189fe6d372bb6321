"""What stands between Kamailio and a router and keeps every question, byte by byte."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx


class Recorder:
    """An HTTP server that hands each question on to the router, and its answer back."""

    def __init__(self, router_url: str) -> None:
        self._asked: list[bytes] = []
        self._client = httpx.Client(trust_env=False)
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            """One question."""

            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                """Keep it and hand it on."""
                body = self.rfile.read(int(self.headers["Content-Length"]))
                recorder._asked.append(body)
                names = ("Authorization", "Content-Type")
                headers = {name: self.headers[name] for name in names}
                url = f"{router_url}{self.path}"
                answer = recorder._client.post(url, content=body, headers=headers)
                # Kamailio may have given it up.
                with contextlib.suppress(ConnectionError):
                    self.send_response(answer.status_code)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(answer.content)))
                    self.end_headers()
                    self.wfile.write(answer.content)

            def log_message(self, *_: object) -> None:
                """Nothing is logged."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        """Stop it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._client.close()

    def forget(self) -> None:
        """Forget what was asked."""
        self._asked.clear()

    def asked(self) -> list[dict[str, Any]]:
        """The questions so far, in their order; none has a key twice."""
        return [json.loads(body, object_pairs_hook=_unique) for body in self._asked]


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len({key for key, _ in pairs}) == len(pairs), f"a key stands twice: {pairs}"
    return dict(pairs)
