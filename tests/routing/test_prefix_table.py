from hypothesis import given
from hypothesis import strategies as st

from pointsman.routing.prefix_table import PrefixTable

_prefixes = st.from_regex(r"\+?[0-9*#]{0,6}", fullmatch=True)
_numbers = st.from_regex(r"\+?[0-9*#]{0,9}", fullmatch=True)


def test_the_longest_prefix_wins() -> None:
    table = PrefixTable({"+39": 1, "+39040": 2, "+390401234567": 3, "": 0})
    assert table.longest("+390401234567") == 3
    assert table.longest("+390401234568") == 2
    assert table.longest("+3906") == 1
    assert table.longest("112") == 0


def test_all_prefixes_come_the_longest_first() -> None:
    table = PrefixTable({"+39": 1, "+39040": 2, "": 0, "+40": 9})
    assert list(table.all("+390401")) == [2, 1, 0]


def test_no_prefix_is_none() -> None:
    assert PrefixTable({"+39": 1}).longest("+3") is None
    assert PrefixTable({}).longest("+39") is None
    assert list(PrefixTable({}).all("+39")) == []


@given(st.dictionaries(_prefixes, st.integers(), max_size=30), _numbers)
def test_it_agrees_with_the_obvious_way(entries: dict[str, int], number: str) -> None:
    expected = sorted((key for key in entries if number.startswith(key)), key=len, reverse=True)
    table = PrefixTable(entries)
    assert list(table.all(number)) == [entries[key] for key in expected]
    assert table.longest(number) == (entries[expected[0]] if expected else None)
    assert len(table) == len(entries)
