"""Secrets that the platform has to read again, such as an outbound password: encrypted at rest.

Fernet (AES-128-CBC with HMAC-SHA256). Of several keys the first one encrypts and each of them
decrypts, so that keys can be changed: put the new one first, run `rotate`, drop the old one.
"""

from collections.abc import Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

SETTING = "POINTSMAN_SECRET_KEYS"
_KEY_LENGTH = 44
_REMEMBERED = 65_536


class Secrets:
    """Seals and opens secrets with the keys of an installation; without keys it does neither."""

    __slots__ = ("_fernet", "_remembered")

    def __init__(self, keys: Sequence[str] = ()) -> None:
        """Raises ValueError for a text that is no key: 32 bytes in URL-safe base64."""
        self._fernet = MultiFernet([_read_key(key) for key in keys]) if keys else None
        # A router opens all secrets with each revision, in between calls: some 40 µs each.
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._decrypt)

    @property
    def can_seal(self) -> bool:
        """Whether there is a key."""
        return self._fernet is not None

    def seal(self, text: str) -> bytes:
        """The secret encrypted; raises ValueError without a key."""
        if self._fernet is None:
            raise ValueError(f"{SETTING} is not set")
        return self._fernet.encrypt(text.encode())

    def unseal(self, sealed: bytes) -> str | None:
        """The secret, None when none of the keys opens it."""
        return self._remembered(sealed)

    def reseal(self, sealed: bytes) -> bytes | None:
        """The secret encrypted with the first key, None when none of the keys opens it."""
        try:
            return None if self._fernet is None else self._fernet.rotate(sealed)
        except InvalidToken:
            return None

    def _decrypt(self, sealed: bytes) -> str | None:
        try:
            return None if self._fernet is None else self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            return None

    def __repr__(self) -> str:
        return "Secrets()"


NO_KEYS = Secrets()


def _read_key(key: str) -> Fernet:
    """Of two keys without a comma between them Fernet would read the first one only."""
    if len(key) != _KEY_LENGTH:
        raise ValueError(f"a key of {len(key)} characters")
    return Fernet(key)


def new_key() -> str:
    """A fresh key."""
    return Fernet.generate_key().decode()
