import base64

import pytest

from pointsman.services.secrets import NO_KEYS, Secrets, new_key

KEY, OTHER = (base64.urlsafe_b64encode(bytes([number]) * 32).decode() for number in (1, 2))


def test_what_is_sealed_is_opened_with_its_key_alone() -> None:
    sealed = Secrets([KEY]).seal("hunter2 \u20ac")
    assert b"hunter2" not in sealed
    assert Secrets([KEY]).unseal(sealed) == "hunter2 \u20ac"
    assert Secrets([OTHER]).unseal(sealed) is None
    assert NO_KEYS.unseal(sealed) is None


@pytest.mark.parametrize("sealed", [b"", b"x", b"gAAAAA==", b"\xff\xfe"])
def test_what_nobody_sealed_is_not_opened(sealed: bytes) -> None:
    for secrets in (Secrets([KEY]), NO_KEYS):
        assert secrets.unseal(sealed) is None
        assert secrets.reseal(sealed) is None


def test_the_same_secret_is_sealed_in_another_way_each_time() -> None:
    assert Secrets([KEY]).seal("hunter2") != Secrets([KEY]).seal("hunter2")


def test_keys_change_one_after_the_other() -> None:
    sealed = Secrets([OTHER]).seal("hunter2")
    both = Secrets([KEY, OTHER])
    assert both.unseal(sealed) == "hunter2"
    resealed = both.reseal(sealed)
    assert resealed is not None
    assert Secrets([KEY]).unseal(resealed) == "hunter2"
    assert Secrets([OTHER]).unseal(resealed) is None


def test_without_a_key_nothing_is_sealed() -> None:
    assert not NO_KEYS.can_seal
    with pytest.raises(ValueError, match="POINTSMAN_SECRET_KEYS is not set"):
        NO_KEYS.seal("hunter2")
    assert Secrets([new_key()]).can_seal


@pytest.mark.parametrize("key", ["", "short", KEY[:-4], KEY + "A", KEY + OTHER, "é" * 44])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- a key's own text is in no message
        Secrets([KEY, key])


def test_keys_and_secrets_are_in_no_text() -> None:
    assert repr(Secrets([KEY])) == str(Secrets([KEY])) == "Secrets()"
    assert not hasattr(Secrets([KEY]), "__dict__")
