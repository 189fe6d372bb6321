"""The hashes of a user, a realm and a password by which digest authentication is done."""

import hashlib
from enum import StrEnum


class DigestAlgorithm(StrEnum):
    """A hash of digest authentication as it is named on the wire (RFC 8760 section 2.1)."""

    SHA_256 = "SHA-256"
    MD5 = "MD5"


def hash_a1(
    username: str, realm: str, password: str, algorithm: DigestAlgorithm = DigestAlgorithm.MD5
) -> str:
    """H(A1) of RFC 7616 section 3.4.2, in hexadecimal: as good as the password in that realm."""
    text = f"{username}:{realm}:{password}".encode()
    if algorithm is DigestAlgorithm.SHA_256:
        return hashlib.sha256(text).hexdigest()
    # What most phones and PBXs speak.
    return hashlib.md5(text, usedforsecurity=False).hexdigest()
