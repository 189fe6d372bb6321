"""From the body of a question to that of its answer: the one way there is.

The router answers by it, and so does whoever explains an answer, so that both say the same.
"""

from time import perf_counter

from msgspec import Struct

from pointsman.kamailio.request import RtjsonRequest, read_request, to_call
from pointsman.kamailio.rtjson import write_answer
from pointsman.routing.call import Call
from pointsman.routing.decide import decide
from pointsman.routing.health import HEALTHY, Health
from pointsman.routing.outcome import Reject, Routes, Trace
from pointsman.routing.snapshot import Snapshot


class Answer(Struct, frozen=True, gc=False):
    """What was asked, the call in it (or why there is none to be read), what was decided, the
    body of the answer, and how long the decision alone took."""

    request: RtjsonRequest
    call: Call | Reject
    outcome: Routes | Reject
    body: bytes
    decision_s: float


def answer_question(
    body: bytes,
    snapshot: Snapshot,
    *,
    now: float,
    health: Health = HEALTHY,
    trace: Trace | None = None,
) -> Answer:
    """The answer to a body of Kamailio's, at a time (Unix time in seconds); raises BadRequest."""
    request = read_request(body)
    call = to_call(request)
    started = perf_counter()
    if isinstance(call, Call):
        outcome = decide(call, snapshot, now=now, health=health, trace=trace)
    else:
        outcome = call
    decision_s = perf_counter() - started
    written = write_answer(outcome, request.call_id, request.from_tag, snapshot.revision)
    return Answer(request, call, outcome, written, decision_s)
