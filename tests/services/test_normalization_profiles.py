"""Normalization profiles: stored, audited, loaded, and refused with everything that is wrong."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

import pytest

from pointsman.auth import Principal
from pointsman.errors import Conflict, Forbidden, InvalidInput, NotFound
from pointsman.models import ChangeRecord, NormalizationProfile
from pointsman.routing.normalization_profile import (
    NormalizationExample,
    NormalizationRule,
    NumberDirection,
    NumberField,
)
from pointsman.routing.number import NumberFormat
from pointsman.services.normalization_fields import MAX_EXAMPLES, MAX_RULES
from pointsman.services.normalization_profiles import (
    create_normalization_profile,
    delete_normalization_profile,
    list_normalization_profiles,
    load_normalization_profiles,
    preview_normalization,
    update_normalization_profile,
)
from pointsman.services.trunks import update_trunk
from tests.services.conftest import Objects, Rule

pytestmark = pytest.mark.usefixtures("transaction")

_IN, _OUT = NumberDirection.INBOUND, NumberDirection.OUTBOUND
_CALLED, _CALLING = NumberField.CALLED, NumberField.CALLING


@dataclass
class Example:
    """An example as it is given."""

    given: str
    expected: str
    direction: NumberDirection = _IN
    field: NumberField = _CALLED


async def _create(by: Principal, name: str = "n", **more: Any) -> NormalizationProfile:
    return await create_normalization_profile(by, **{"name": name, "country": "IT", **more})


async def _refused(attempt: Any) -> dict[str, tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        await attempt
    return {problem.path: (problem.message, problem.fix) for problem in caught.value.problems}


async def test_a_profile_is_made_changed_and_deleted(admin: Principal, objects: Objects) -> None:
    row = await _create(
        admin,
        tenant_id=objects.acme.id,
        country="de",
        area_code="30",
        rules=[Rule("^9", "0"), Rule("^", "+", _OUT, _CALLING)],
        examples=[Example("9 1", "01"), Example("0301234567", "+49301234567", field=_CALLING)],
    )
    row = await update_normalization_profile(admin, row.id, name="Berlin", min_length=7)
    (loaded,) = await load_normalization_profiles()
    assert (loaded.id, loaded.name, loaded.tenant_id) == (
        str(row.id),
        "Berlin",
        str(objects.acme.id),
    )
    assert (loaded.country, loaded.area_code) == ("DE", "30")
    assert (loaded.international_prefix, loaded.national_prefix) == ("00", "0")
    assert (loaded.min_length, loaded.max_length) == (7, 13)
    assert loaded.rules == (
        NormalizationRule(_IN, _CALLED, "^9", "0"),
        NormalizationRule(_OUT, _CALLING, "^", "+"),
    )
    assert loaded.examples == (
        NormalizationExample(_IN, _CALLED, "91", "01"),
        NormalizationExample(_IN, _CALLING, "0301234567", "+49301234567"),
    )
    records = await ChangeRecord.filter(object_id=row.id).order_by("revision_id")
    assert [(record.noun, record.operation.value) for record in records] == [
        ("NormalizationProfile", "CREATE"),
        ("NormalizationProfile", "UPDATE"),
    ]
    assert records[1].tenant_id == objects.acme.id
    assert records[1].before is not None
    assert records[1].before["rules"][0] == {
        "direction": "INBOUND",
        "field": "CALLED",
        "match": "^9",
        "replace": "0",
    }
    await delete_normalization_profile(admin, row.id)
    assert await load_normalization_profiles() == ()


async def test_another_country_brings_its_own_facts(admin: Principal) -> None:
    row = await _create(admin, area_code="040", national_prefix="9", max_length=11)
    row = await update_normalization_profile(admin, row.id, country="US", min_length=7)
    assert (row.area_code, row.international_prefix, row.national_prefix) == ("", "011", "1")
    assert (row.min_length, row.max_length) == (7, 10)
    row = await update_normalization_profile(admin, row.id, country="US", national_prefix="8")
    assert (row.international_prefix, row.national_prefix) == ("011", "8")
    row = await update_normalization_profile(admin, row.id, national_prefix=None, min_length=None)
    assert (row.national_prefix, row.min_length) == ("1", 10)


async def test_everything_wrong_is_named_with_the_fix(admin: Principal) -> None:
    wrong: dict[str, Any] = {
        "name": "",
        "country": "Italy",
        "area_code": "o40",
        "international_prefix": "",
        "national_prefix": "123456789",
        "min_length": 0,
        "max_length": 16,
        "rules": [
            Rule("(", "1"),
            Rule("", "1"),
            Rule("(1)", r"\2"),
            Rule("(1)", "$1"),
            Rule("x" * 257, "1"),
            Rule("1", "a\r\n"),
            Rule("1", "\ud800"),
            Rule("1", "1" * 65),
            Rule("\ud800", "1"),
            Rule("a\0", "1"),
        ],
        "examples": [Example("", "1"), Example("1\n", " "), Example("1" * 65, "2")],
    }
    row = await _create(admin)
    digits, length = "use digits, 8 at most", "use 1 to 15"
    expected = {
        "name": ("a name of 0 characters", "use 1 to 100 characters"),
        "country": ("'ITALY' is no country with a numbering plan", "use a code such as IT or US"),
        "areaCode": ("'o40' is not what is dialled", digits),
        "internationalPrefix": (
            "there is no international prefix",
            "give it, or null for the country's",
        ),
        "nationalPrefix": ("'123456789' is not what is dialled", digits),
        "minLength": ("a length of 0 digits", length),
        "maxLength": ("a length of 16 digits", length),
        "rules[1].match": (
            "an empty pattern is found in every number",
            "write ^ for every number",
        ),
        "rules[2].replace": (
            r"\2 is a group that the pattern does not have",
            "put it in parentheses in `match`, which has 1",
        ),
        "rules[3].replace": ("$1 is no group here", r"write \1 to \9 for the groups"),
        "rules[4].match": ("a pattern of 257 characters", "use 256 characters at most"),
        "rules[9].match": (
            "the pattern has a control character",
            "write it without: no number has one",
        ),
        "rules[5].replace": ("the text has a control character", "write it without"),
        "rules[6].replace": ("the text has a control character", "write it without"),
        "rules[7].replace": ("a text of 65 characters", "use 64 characters at most"),
        "examples[0].given": ("the number is empty", "write it as it is dialled"),
        "examples[1].given": ("the text has a control character", "write it without"),
        "examples[1].expected": ("the number is empty", "write it as it is dialled"),
        "examples[2].given": ("a text of 65 characters", "use 64 characters at most"),
    }
    for attempt in (
        create_normalization_profile(admin, **wrong),
        update_normalization_profile(admin, row.id, **wrong),
    ):
        found = await _refused(attempt)
        for path in ("rules[0].match", "rules[8].match"):
            assert found.pop(path)[0].startswith("RE2 refuses the pattern")
        assert found == expected
    (stored,) = await load_normalization_profiles()
    assert (stored.name, stored.country, stored.rules) == ("n", "IT", ())


@pytest.mark.parametrize(
    ("fields", "path", "message"),
    [
        ({"min_length": 9, "max_length": 8}, "minLength", "9 is more than maxLength, 8"),
        ({"country": "DE", "area_code": "030"}, "areaCode",
         "030 starts with the national prefix"),
        ({"country": "DE", "national_prefix": "00"}, "nationalPrefix",
         "00 is the international prefix too"),
        ({"rules": [Rule("1")] * (MAX_RULES + 1)}, "rules", f"{MAX_RULES + 1} are given"),
        ({"examples": [Example("1", "1")] * (MAX_EXAMPLES + 1)}, "examples",
         f"{MAX_EXAMPLES + 1} are given"),
    ],
)  # fmt: skip
async def test_what_does_not_go_together_is_refused(
    admin: Principal, fields: dict[str, Any], path: str, message: str
) -> None:
    found = await _refused(_create(admin, **fields))
    assert {key: value[0] for key, value in found.items()} == {path: message}


async def test_an_area_code_of_italy_starts_with_0(admin: Principal) -> None:
    """It has no national prefix: the 0 belongs to the number."""
    row = await _create(admin, area_code="040", examples=[Example("212345", "+39040212345")])
    assert row.area_code == "040"


async def test_each_save_tries_all_examples(admin: Principal) -> None:
    examples = [
        Example("0039 040 1234567", "+390401234567"),
        Example("91", "+391"),
        Example("+390401234567", "0401234567", _OUT),
        Example("112", "112"),
    ]
    rules = [Rule("^8", ""), Rule("^9", "+39")]
    row = await _create(admin, rules=rules, examples=examples)
    fix = "change the rules, or what is expected"
    assert await _refused(update_normalization_profile(admin, row.id, rules=rules[:1])) == {
        "examples[1]": ("91 becomes 91, not +391 (left as it is)", fix)
    }
    assert await _refused(
        update_normalization_profile(admin, row.id, rules=[Rule("^9", "+49")])
    ) == {"examples[1]": ("91 becomes +491, not +391 (rules[0] ^9 makes it +491)", fix)}
    abroad = "(behind the international prefix 011)"
    refused = await _refused(update_normalization_profile(admin, row.id, country="US"))
    assert refused == {
        "examples[0]": (
            "00390401234567 becomes 00390401234567, not +390401234567 (left as it is)",
            fix,
        ),
        "examples[2]": (f"+390401234567 becomes 011390401234567, not 0401234567 {abroad}", fix),
    }
    assert await _refused(
        _create(admin, "other", examples=[Example("1", "1"), Example("2", "3")])
    ) == {"examples[1]": ("2 becomes 2, not 3 (left as it is)", fix)}
    (loaded,) = await load_normalization_profiles()
    assert (loaded.country, len(loaded.rules), len(loaded.examples)) == ("IT", 2, 4)


async def test_a_name_is_taken_once_an_owner(admin: Principal, objects: Objects) -> None:
    await _create(admin)
    await _create(admin, tenant_id=objects.acme.id)
    for owner_id in (None, objects.acme.id):
        with pytest.raises(Conflict) as caught:
            await _create(admin, tenant_id=owner_id)
        assert caught.value.path == "name"


async def test_a_profile_in_use_stays(admin: Principal, objects: Objects) -> None:
    row = await _create(admin)
    await update_trunk(admin, objects.acme_pbx.id, normalization_profile_id=row.id)
    with pytest.raises(Conflict) as caught:
        await delete_normalization_profile(admin, row.id)
    assert caught.value.path == "id"


async def test_a_tenant_makes_its_own_and_uses_the_platforms(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    platform = await _create(admin, "b")
    acme = await _create(admin, "c", tenant_id=objects.acme.id)
    own = await _create(of_zen, "a", tenant_id=objects.zen.id)
    listed = (await list_normalization_profiles(of_zen)).rows
    assert [row.id for row in listed] == [own.id, platform.id]
    for attempt in (
        _create(of_zen, "d"),
        update_normalization_profile(of_zen, platform.id, country="DE"),
        delete_normalization_profile(of_zen, platform.id),
    ):
        with pytest.raises(Forbidden):
            await attempt
    attempts: list[Awaitable[Any]] = [
        _create(of_zen, "d", tenant_id=objects.acme.id),
        update_normalization_profile(of_zen, acme.id, country="DE"),
        delete_normalization_profile(of_zen, acme.id),
        preview_normalization(of_zen, (_IN, _CALLED), "1", profile_id=acme.id),
        list_normalization_profiles(of_zen, tenant_id=objects.acme.id),
    ]
    for missing in attempts:
        with pytest.raises(NotFound):
            await missing
    assert (await update_normalization_profile(of_zen, own.id, country="DE")).country == "DE"
    await delete_normalization_profile(of_zen, own.id)


async def test_profiles_are_listed_by_name_and_filtered(admin: Principal, objects: Objects) -> None:
    await _create(admin, "b", country="DE")
    await _create(admin, "c")
    await _create(admin, "a", tenant_id=objects.acme.id)
    for filters, expected in (
        ({}, ["a", "b", "c"]),
        ({"name_contains": "B"}, ["b"]),
        ({"country": "it"}, ["a", "c"]),
        ({"tenant_id": objects.acme.id}, ["a"]),
    ):
        rows = (await list_normalization_profiles(admin, **filters)).rows
        assert [row.name for row in rows] == expected
    assert list(await _refused(list_normalization_profiles(admin, country="?"))) == ["country"]


async def test_a_preview_is_of_a_stored_profile_or_of_one_to_be_made(admin: Principal) -> None:
    row = await _create(admin, rules=[Rule("^9", "+39")])
    called = (_IN, _CALLED)
    preview = await preview_normalization(admin, called, " 9 040 ", profile_id=row.id)
    assert (preview.number.text, preview.number.e164) == ("+39040", True)
    assert [step.text for step in preview.steps] == ["rules[0] ^9 makes it +39040"]
    preview = await preview_normalization(
        admin, (_OUT, _CALLED), "+390401234567", number_format=NumberFormat.E164, profile_id=row.id
    )
    assert preview.number.text == "390401234567"
    to_be: Any = {"name": "x", "country": "DE", "examples": [Example("1", "wrong yet")]}
    preview = await preview_normalization(admin, called, "030123456", profile=to_be)
    assert preview.number.text == "+4930123456"
    bad: Any = {**to_be, "rules": [Rule("(")]}
    assert list(await _refused(preview_normalization(admin, called, "1", profile=bad))) == [
        "rules[0].match"
    ]
    for which in ({}, {"profile_id": row.id, "profile": to_be}):
        assert list(await _refused(preview_normalization(admin, called, "", **which))) == [
            "number",
            "profileId",
        ]
