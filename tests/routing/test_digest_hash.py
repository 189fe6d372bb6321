"""The hash that stands for a password in a realm."""

from pointsman.routing.digest_hash import DigestAlgorithm, hash_a1


def test_a_hash_is_that_of_the_standard() -> None:
    """RFC 7616 section 3.9.1, whose responses are made of these."""
    credential = ("Mufasa", "http-auth@example.org", "Circle of Life")
    assert hash_a1(*credential) == "3d78807defe7de2157e2b0b6573a855f"
    assert hash_a1(*credential, DigestAlgorithm.SHA_256) == (
        "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232"
    )
