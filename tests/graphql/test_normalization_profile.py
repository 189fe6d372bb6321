"""Normalization profiles over HTTP: what a country gives, refused examples, previews."""

import pytest

from tests.graphql.conftest import Client, Ids

_RULE = {"direction": "INBOUND", "field": "CALLED", "match": r"^9(\d+)$", "replace": r"+39\1"}


async def test_a_profile_has_what_is_known_of_its_country(client: Client, acme: Ids) -> None:
    profile = await client.make("CreateNormalizationProfile", name="Berlin", country="de")
    facts = ("country", "areaCode", "internationalPrefix", "nationalPrefix")
    assert [profile[name] for name in facts] == ["DE", "", "00", "0"]
    assert (profile["minLength"], profile["maxLength"], profile["tenant"]) == (6, 13, None)
    given = {"nationalPrefix": "", "minLength": 7, "areaCode": "30"}
    changed = await client.run("UpdateNormalizationProfile", id=profile["id"], input=given)
    assert {name: changed[name] for name in given} == given
    back = await client.run(
        "UpdateNormalizationProfile", id=profile["id"], input=dict.fromkeys(given)
    )
    assert {name: back[name] for name in facts} == {name: profile[name] for name in facts}
    assert back["minLength"] == 6


async def test_a_trunk_tells_its_profile(client: Client, acme: Ids) -> None:
    profile = {"id": acme.normalization_profile}
    fields = {"normalizationProfileId": profile["id"], "numberFormat": "LOCAL"}
    trunk = await client.run("UpdateTrunk", id=acme.trunk, input=fields)
    assert trunk["normalizationProfile"] == profile
    used = await client.run("DeleteNormalizationProfile", id=profile["id"])
    assert (used["__typename"], used["message"]) == (
        "Conflict",
        "it is still used by a trunk: change or delete that first",
    )


async def test_an_example_that_comes_out_otherwise_is_refused(client: Client, acme: Ids) -> None:
    example = {"direction": "INBOUND", "field": "CALLED", "given": "0039 040 1234567"}
    result = await client.run(
        "UpdateNormalizationProfile",
        id=acme.normalization_profile,
        input={
            "examples": [
                {**example, "expected": "+39 040 1234567"},
                {**example, "expected": "+39040123456"},
            ]
        },
    )
    assert result["problems"] == [
        {
            "path": "examples[1]",
            "message": "00390401234567 becomes +390401234567, not +39040123456 "
            "(the international prefix 00)",
            "fix": "change the rules, or what is expected",
        }
    ]


@pytest.mark.parametrize("saved", [True, False])
async def test_a_preview_tells_each_step(client: Client, acme: Ids, saved: bool) -> None:
    rules = [{**_RULE, "match": "^8$", "replace": "100"}, _RULE]
    profile = {"name": "x", "country": "IT", "rules": rules}
    if saved:
        row = await client.make("CreateNormalizationProfile", **profile)
        which = {"profileId": row["id"]}
    else:
        which = {"profile": profile}
    asked = {"direction": "INBOUND", "field": "CALLED", "number": "90401234567", **which}
    assert await client.run("PreviewNormalization", **asked) == {
        "result": "+390401234567",
        "isE164": True,
        "steps": [
            {
                "kind": "RULE",
                "text": "rules[0] ^8$ does not match",
                "matched": False,
                "result": "90401234567",
            },
            {
                "kind": "RULE",
                "text": r"rules[1] ^9(\d+)$ makes it +390401234567",
                "matched": True,
                "result": "+390401234567",
            },
        ],
    }
    out = {**asked, "direction": "OUTBOUND", "number": "+390401234567"}
    for number_format, result in (("LOCAL", "0401234567"), ("E164", "390401234567")):
        written = await client.run("PreviewNormalization", **out, numberFormat=number_format)
        assert (written["result"], written["isE164"]) == (result, False)


async def test_a_preview_needs_one_profile_and_a_number(client: Client, acme: Ids) -> None:
    asked = {"direction": "INBOUND", "field": "CALLED", "number": " "}
    body = await client.execute("PreviewNormalization", **asked)
    assert [error["extensions"]["code"] for error in body["errors"]] == ["INVALID_INPUT"]
    assert "number: the number is empty" in body["errors"][0]["message"]
    assert "profileId: there must be one profile" in body["errors"][0]["message"]
