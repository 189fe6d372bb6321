"""What trunks say alike."""

import pytest

from pointsman.routing.carrier import Carrier
from pointsman.routing.normalization import compile_profile
from pointsman.routing.normalization_profile import NormalizationProfile
from pointsman.routing.number import Number, NumberFormat
from pointsman.routing.presentation import compile_presentations, read_caller_id
from pointsman.routing.trunk import CallerIdPolicy, DiversionPolicy, ExtraHeader
from tests.routing.world import ALPHA_IP, carrier_trunk, pbx_trunk

_CARRIERS = {name: Carrier(name, name.title(), frozenset()) for name in ("alpha", "beta")}
_PROFILES = {"it": compile_profile(NormalizationProfile("it", "Italy", "", "IT"))}


def _share(**more: object) -> bool:
    """Whether trunks share a presentation that differ so."""
    trunks = [
        carrier_trunk("one", "alpha", ALPHA_IP),
        carrier_trunk("two", "beta", ALPHA_IP, **more),
    ]
    found = compile_presentations(trunks, _CARRIERS, _PROFILES)
    return found["one"] is found["two"]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"fr_timer_ms": 1_000},
        {"enabled": False},
        {"socket": "udp:192.0.2.1:5060"},
        {"extra_headers": (ExtraHeader("Via", "refused"),)},
    ],
)
def test_trunks_that_say_the_same_share_one(more: dict[str, object]) -> None:
    assert _share(**more)


@pytest.mark.parametrize(
    "more",
    [
        {"number_format": NumberFormat.E164},
        {"normalization_profile_id": "it"},
        {"tech_prefix": "1#"},
        {"from_host": "h.example"},
        {"caller_id_policy": CallerIdPolicy.ANONYMOUS},
        {"caller_id_number": "+39040"},
        {"trusted": False},
        {"send_asserted_identity": False},
        {"send_preferred_identity": True},
        {"send_remote_party_id": True},
        {"diversion_policy": DiversionPolicy.BOTH},
        {"extra_headers": (ExtraHeader("X-A", "b"),)},
    ],
)
def test_trunks_that_differ_in_anything_that_is_said_share_none(more: dict[str, object]) -> None:
    assert not _share(**more)


def test_a_header_that_names_the_trunk_is_its_own() -> None:
    headers = (ExtraHeader("X-Way", "{trunk} of {carrier}"),)
    trunks = [
        carrier_trunk("one", "alpha", ALPHA_IP, extra_headers=headers),
        pbx_trunk("two", "acme", ALPHA_IP, extra_headers=headers),
    ]
    found = compile_presentations(trunks, _CARRIERS, _PROFILES)
    parts = [presentation.extra_headers[0].parts for presentation in found.values()]
    assert parts == [("one of Alpha",), ("two of ",)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("+390401234567", Number("+390401234567", True)), ("112", Number("112", False))],
)
def test_a_number_of_the_configuration_is_read(text: str, expected: Number) -> None:
    assert read_caller_id(text) == expected
