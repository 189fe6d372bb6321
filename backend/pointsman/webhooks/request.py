"""What a webhook is sent: the event as JSON, and the signature that proves who sends it."""

import hmac
from datetime import UTC
from hashlib import sha256

import msgspec

from pointsman import __version__
from pointsman.services.webhook_queue import Taken


def body_of(taken: Taken) -> bytes:
    """The event, the same at each attempt."""
    document = {
        "id": str(taken.event_id),
        "kind": taken.kind,
        "at": taken.at.astimezone(UTC),
        "tenant": None if taken.tenant_id is None else str(taken.tenant_id),
        "data": taken.data,
    }
    return msgspec.json.encode(document)


def headers_of(taken: Taken, body: bytes, secret: str, unix_time: int) -> dict[str, str]:
    """The headers that go with a body."""
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Pointsman/{__version__}",
        "Pointsman-Event-Id": str(taken.event_id),
        "Pointsman-Signature": f"t={unix_time},v1={_sign(body, secret, unix_time)}",
    }


def _sign(body: bytes, secret: str, unix_time: int) -> str:
    return hmac.new(secret.encode(), b"%d.%b" % (unix_time, body), sha256).hexdigest()
