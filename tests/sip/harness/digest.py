"""Digest authentication (RFC 7616) as the far end or a caller does it, apart from Kamailio's."""

import hashlib
import re

_PARAM = re.compile(r'(\w+)=(?:"([^"]*)"|([^,\s]+))')
_HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}
# What stands there without quotes (RFC 7616 section 3.4).
_PLAIN = ("qop", "nc", "algorithm")


def read_params(header: str) -> dict[str, str]:
    """The parameters of a challenge or of credentials, each of which stands there once."""
    scheme, _, rest = header.partition(" ")
    assert scheme == "Digest", header
    found = [(name, quoted or plain) for name, quoted, plain in _PARAM.findall(rest)]
    params = dict(found)
    assert len(params) == len(found), header
    return params


def response_to(params: dict[str, str], password: str, method: str = "INVITE") -> str:
    """The response that credentials with these parameters have to have."""
    algorithm = params.get("algorithm", "MD5")

    def hashed(*parts: str) -> str:
        return _HASHES[algorithm](":".join(parts).encode()).hexdigest()

    ha1 = hashed(params["username"], params["realm"], password)
    ha2 = hashed(method, params["uri"])
    if "qop" not in params:
        return hashed(ha1, params["nonce"], ha2)
    counted = (params["nc"], params["cnonce"], params["qop"])
    return hashed(ha1, params["nonce"], *counted, ha2)


def answer_params(
    challenge: dict[str, str], username: str, password: str, uri: str, count: int = 1
) -> dict[str, str]:
    """The answer to a challenge, for the count-th time."""
    asked = ("realm", "nonce", "algorithm")
    params = {"username": username, **{name: challenge[name] for name in asked}, "uri": uri}
    params |= {"qop": "auth", "nc": f"{count:08x}", "cnonce": "0a4f113b"}
    return {**params, "response": response_to(params, password)}


def write_params(params: dict[str, str]) -> str:
    """Credentials as they stand in their header."""
    texts = [f"{k}={v}" if k in _PLAIN else f'{k}="{v}"' for k, v in params.items()]
    return f"Digest {', '.join(texts)}"
