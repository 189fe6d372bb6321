"""Tables of routing rules, made of rows (see services/streams.py) in their order."""

from collections.abc import Iterable, Iterator

from pointsman.compiler.faults import explain_fault
from pointsman.routing.routing_rule import BadRegex, compile_regex
from pointsman.routing.rule_table import shelf_key
from pointsman.services.streams import Row
from pointsman.snapshots.catalog import TableRef
from pointsman.snapshots.shelves import write_shelf
from pointsman.snapshots.tables import Add, TableBuilder

# Places in a row behind the tenant, which are those of a RoutingRule.
_NAME, _CALLED, _CALLED_REGEX, _CALLING, _CALLING_REGEX = 1, 4, 5, 8, 9


class RuleTableBuilder:
    """The table of a tenant; `reads_caller` as RuleTable has it."""

    def __init__(self, tenant_id: str, add: Add) -> None:
        self.tenant_id = tenant_id
        self.reads_caller = False
        self._table = TableBuilder(add)
        self._called = ""
        # The rules of a called prefix, by their calling prefixes in their order.
        self._shelves: dict[str, list[Row]] = {}

    def put(self, rule: Row) -> None:
        """The next rule; raises DoesNotCompile."""
        called, calling = rule[_CALLED], rule[_CALLING]
        if called != self._called:
            self._end_called()
            self._called = called
        if rule[_CALLED_REGEX] or rule[_CALLING_REGEX]:
            _check_patterns(rule)
        if calling or rule[_CALLING_REGEX]:
            self.reads_caller = True
        shelf = self._shelves.get(calling)
        if shelf is None:
            self._shelves[calling] = [rule]
        else:
            shelf.append(rule)

    def finish(self) -> TableRef:
        """The table."""
        self._end_called()
        return self._table.finish()

    def _end_called(self) -> None:
        for key, record in write_shelves(self._called, self._shelves):
            self._table.put(key, record)
        self._shelves = {}


def write_shelves(called: str, shelves: dict[str, list[Row]]) -> Iterator[tuple[str, bytes]]:
    """The shelves of a called prefix, of its rules by calling prefix, with their keys in order."""
    if not shelves:
        return
    lengths = sorted({len(calling) for calling in shelves if calling}, reverse=True)
    yield called, write_shelf(lengths, shelves.get("", ()))
    for calling in sorted(shelves):
        if calling:
            yield shelf_key(called, calling), write_shelf((), shelves[calling])


def shelve_rows(rows: Iterable[Row]) -> dict[str, dict[str, list[Row]]]:
    """Rules by called and calling prefix; raises DoesNotCompile."""
    found: dict[str, dict[str, list[Row]]] = {}
    for rule in rows:
        _check_patterns(rule)
        found.setdefault(rule[_CALLED], {}).setdefault(rule[_CALLING], []).append(rule)
    return found


def reads_caller(rows: Iterable[Row]) -> bool:
    """Whether one of the rules depends on who calls."""
    return any(rule[_CALLING] or rule[_CALLING_REGEX] for rule in rows)


def _check_patterns(rule: Row) -> None:
    for pattern in (rule[_CALLED_REGEX], rule[_CALLING_REGEX]):
        if pattern:
            try:
                compile_regex(pattern)
            except BadRegex as error:
                raise explain_fault(f"the routing rule {rule[_NAME]}", error) from error
