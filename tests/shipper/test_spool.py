from pathlib import Path

import pytest

from pointsman.shipper.spool import Line, Spool
from tests.shipper.spooled import HOUR, NEXT_HOUR, Spooled

_MAX = 64


def _read(spooled: Spooled, content: bytes, offset: int = 0, *, finished: bool = False) -> object:
    spooled.append(content)
    chunk = Spool(spooled.directory).read(HOUR, offset, _MAX, is_finished=finished)
    return [(line.offset, line.text) for line in chunk.lines], chunk.end


def test_the_files_are_in_the_order_of_their_hours_and_nothing_else_is_one(
    spooled: Spooled,
) -> None:
    for name in (NEXT_HOUR, HOUR, "shipped.json", "refused.jsonl", "calls-2026.jsonl", "x.jsonl"):
        spooled.append(b"\n{}\n", name)
    (spooled.directory / "calls-20261118T13.jsonl").symlink_to(spooled.directory / HOUR)
    (spooled.directory / "calls-20261118T14.jsonl").mkdir()
    files = Spool(spooled.directory).files()
    assert [(file.name, file.size) for file in files] == [(HOUR, 4), (NEXT_HOUR, 4)]


def test_empty_lines_mean_nothing(spooled: Spooled) -> None:
    assert _read(spooled, b"\n{1}\n\n{2}\n") == ([(1, b"{1}"), (6, b"{2}")], 10)


@pytest.mark.parametrize("cut", [b"\n", b"\n{1}\n", b"\n{1}\n\n", b""])
def test_what_has_no_newline_yet_is_left_for_later(spooled: Spooled, cut: bytes) -> None:
    found = [(1, b"{1}")] if b"{" in cut else []
    assert _read(spooled, cut + b'{"half') == (found, len(cut))


def test_of_a_finished_file_it_is_the_last_line(spooled: Spooled) -> None:
    found = ([(1, b"{1}"), (6, b'{"half')], 12)
    assert _read(spooled, b'\n{1}\n\n{"half', finished=True) == found


def test_lines_are_read_as_many_as_fit(spooled: Spooled) -> None:
    content = b"\n{%s}\n" % (b"x" * 20) * 3
    assert _read(spooled, content) == ([(1, content[1:23]), (25, content[1:23])], 49)
    chunk = Spool(spooled.directory).read(HOUR, 49, _MAX, is_finished=False)
    assert chunk.lines == (Line(HOUR, 49, content[1:23]),)
    assert chunk.end == len(content) == 72


def test_a_line_that_never_ends_comes_in_pieces(spooled: Spooled) -> None:
    assert _read(spooled, b"x" * (_MAX + 1)) == ([(0, b"x" * _MAX)], _MAX)


def test_a_mark_tells_a_file_from_another_of_its_name(spooled: Spooled, tmp_path: Path) -> None:
    other = Spooled(tmp_path / "other")
    spooled.append(b"\n{1}\n\n{2}\n")
    other.append(b"\n{1}\n\n{3}\n\n{4}\n")
    marks = [Spool(each.directory).mark(HOUR, 10) for each in (spooled, other)]
    assert marks[0] != marks[1]
    spooled.append(b"\n{5}\n")
    assert Spool(spooled.directory).mark(HOUR, 10) == marks[0]
