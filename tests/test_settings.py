import base64

import pytest

from pointsman.errors import BadSettings
from pointsman.settings import Settings, load_settings


def test_without_any_the_defaults_listen_on_loopback_only() -> None:
    settings = load_settings()
    assert settings.database_url == ""
    assert (settings.control_host, settings.router_host) == ("127.0.0.1", "127.0.0.1")
    assert settings.control_port != settings.router_port


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("CONTROL_PORT", "9000", 9000),
        ("GRAPHIQL", "false", False),
        ("GRAPHIQL", "0", False),
        ("GRAPHIQL", "true", True),
        ("ROUTER_POLL_S", "0.5", 0.5),
        ("LOG_LEVEL", "debug", "debug"),
    ],
)
def test_a_setting_is_read_as_its_type(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: object
) -> None:
    monkeypatch.setenv(f"POINTSMAN_{name}", value)
    assert getattr(load_settings(), name.lower()) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONTROL_PORT", "70000"),
        ("CONTROL_PORT", "eighty"),
        ("GRAPHIQL", "perhaps"),
        ("LOG_LEVEL", "loud"),
        ("ROUTER_POLL_S", "0"),
        ("RTJSON_MAX_BODY_BYTES", "5"),
        ("STATE_DIR", "relative/folder"),
        ("ROUTER_PORT", "8080"),
        ("RECORDS_PORT", "8080"),
        ("RECORDS_PORT", "8081"),
        ("RECORDS_MAX_BODY_BYTES", "5"),
        ("RECORDS_DIR", "relative/folder"),
        ("RECORDS_URL", "127.0.0.1:8082"),
        ("RECORDS_URL", "http://:8082"),
        ("RECORDS_URL", "http://127.0.0.1:port"),
        ("RECORDS_KEEP_H", "0"),
        ("RECORDS_LONGEST_CALL_S", "1"),
        ("CONTROL_HOST", ""),
        ("WEBHOOK_PRIVATE_TARGETS", "10.0.0.0/8,here"),
        ("WEBHOOK_PRIVATE_TARGETS", "10.0.0.1/8"),
        ("EVENTS_KEEP_DAYS", "0"),
    ],
)
def test_a_bad_one_is_named_with_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"POINTSMAN_{name}", value)
    with pytest.raises(BadSettings, match=f"POINTSMAN_{name}={value}: "):
        load_settings()


def test_all_bad_ones_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POINTSMAN_CONTROL_PORT", "0")
    monkeypatch.setenv("POINTSMAN_GRAPHIQL", "perhaps")
    with pytest.raises(BadSettings, match=r"CONTROL_PORT.*GRAPHIQL"):
        load_settings()


def test_one_that_is_misspelled_is_named_with_the_likely_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("POINTSMAN_DATABSE_URL", "postgresql://x")
    expected = "POINTSMAN_DATABSE_URL is no setting, did you mean POINTSMAN_DATABASE_URL?"
    with pytest.raises(BadSettings) as caught:
        load_settings()
    assert expected in str(caught.value)


_KEY = base64.urlsafe_b64encode(b"canary-canary-canary-canary-1234").decode()


@pytest.mark.parametrize("value", ["x", f"{_KEY},x", f"{_KEY}{_KEY}", _KEY[:-4], f"{_KEY};{_KEY}"])
def test_a_key_that_is_none_is_refused_without_being_shown(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("POINTSMAN_SECRET_KEYS", value)
    with pytest.raises(BadSettings, match="POINTSMAN_SECRET_KEYS: ") as caught:
        load_settings()
    assert _KEY[:8] not in str(caught.value)


def test_keys_are_in_no_text_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POINTSMAN_SECRET_KEYS", f"{_KEY},{_KEY}")
    settings = load_settings()
    assert settings.given_secret_keys == [_KEY, _KEY]
    for text in (repr(settings), str(settings), str(settings.model_dump()), str(vars(settings))):
        assert _KEY not in text


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize(
    "url",
    [
        "garbage",
        "mysql://db/name",
        "postgresql://db:99999/name",
        "postgresql://db:abc/name",
        "postgresql://[::1/name",
        "postgresql://db/name?sslmode=bogus",
    ],
)
def test_a_database_url_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("POINTSMAN_DATABASE_URL", url)
    with pytest.raises(BadSettings, match="POINTSMAN_DATABASE_URL "):
        load_settings()
