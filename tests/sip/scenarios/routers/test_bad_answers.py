"""What is no answer of a router is one of the next router, within a bounded time and memory."""

import pytest

from tests.sip.harness.small_router import Answer, response, says
from tests.sip.scenarios.routers.answers import HEAD, NO_ANSWERS, chunks, closes
from tests.sip.scenarios.routers.conftest import BY_FIRST, FIRST_SAYS, SECOND_SAYS, Node

_ANSWERS: dict[str, Answer] = {
    "plain": says(response(BY_FIRST)),
    "one Via": says(response(BY_FIRST, "200 OK", "Via: 1.1 a")),
    "chunks": says(chunks(BY_FIRST[:20], BY_FIRST[20:])),
    "HTTP/1.0": closes(b"HTTP/1.0 200 OK\r\nServer: x\r\n\r\n", BY_FIRST),
    "odd case": says(HEAD, b"content-LENGTH: %d\r\n\r\n" % len(BY_FIRST), BY_FIRST),
    "another type": says(response(BY_FIRST, "200 OK", "Content-Type: text/html")),
}


@pytest.mark.parametrize("name", NO_ANSWERS)
def test_what_is_no_answer_sends_the_question_to_the_next(node: Node, name: str) -> None:
    node.first.answer = NO_ANSWERS[name]
    assert node.call() == SECOND_SAYS
    (question,) = node.second.questions
    assert set(node.first.questions) == {question}


@pytest.mark.parametrize("name", _ANSWERS)
def test_an_answer_is_read_however_http_writes_it(node: Node, name: str) -> None:
    node.first.answer = _ANSWERS[name]
    assert node.call() == FIRST_SAYS
    assert (len(node.first.questions), len(node.second.questions)) == (1, 0)


@pytest.mark.parametrize("name", ["20 MB", "20 MB in chunks", "drip-fed"])
def test_an_answer_without_end_takes_no_shared_memory(node: Node, name: str) -> None:
    assert node.call() == FIRST_SAYS
    before = node.shared_memory_peak()
    node.first.answer = NO_ANSWERS[name]
    for _ in range(3):
        assert node.call() == SECOND_SAYS
    assert node.shared_memory_peak() - before < 500_000
