"""How tokens are kept: hashed."""

import hashlib


def hash_token(token: str) -> bytes:
    """SHA-256, 32 bytes."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
