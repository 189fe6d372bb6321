"""What a first start makes for secrets: a key for its owner alone, once."""

import stat
from pathlib import Path

import pytest

from pointsman.errors import BadEnvironment
from pointsman.first_start import ensure_secret_key, make_state_dir
from pointsman.installation import load_secrets
from pointsman.secret_key_file import read_secret_keys, secret_key_file
from pointsman.services.secrets import Secrets, new_key
from pointsman.settings import load_settings


@pytest.fixture
def state_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POINTSMAN_STATE_DIR", str(tmp_path / "state"))
    make_state_dir(tmp_path / "state")
    return tmp_path / "state"


def test_the_key_is_made_once_and_kept_for_its_owner(state_dir: Path) -> None:
    assert read_secret_keys(state_dir) == []
    key = ensure_secret_key(state_dir)
    assert ensure_secret_key(state_dir) == key
    assert read_secret_keys(state_dir) == [key]
    file = secret_key_file(state_dir)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert Secrets([key]).can_seal


@pytest.mark.parametrize(
    "text", ["nonsense", "\xff", f"{new_key()} x"], ids=["none", "no text", "more"]
)
def test_a_file_without_a_key_is_named_and_not_shown(state_dir: Path, text: str) -> None:
    secret_key_file(state_dir).write_bytes(text.encode("latin-1"))
    for read in (read_secret_keys, ensure_secret_key):
        with pytest.raises(BadEnvironment) as caught:
            read(state_dir)
        assert str(caught.value).startswith(f"{secret_key_file(state_dir)} has no key")
        assert text not in str(caught.value)
    # It is not made anew, since what it has sealed would be lost with it.
    assert secret_key_file(state_dir).read_bytes() == text.encode("latin-1")


def test_secrets_are_opened_with_the_settings_keys_else_with_ones_own(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not load_secrets(load_settings()).can_seal
    own, first, second = ensure_secret_key(state_dir), new_key(), new_key()
    sealed = Secrets([own]).seal("hunter2")
    assert load_secrets(load_settings()).unseal(sealed) == "hunter2"
    # Another's database has others' keys: one that only this machine has would shut them out.
    monkeypatch.setenv("POINTSMAN_DATABASE_URL", "postgresql://db.example/pointsman")
    assert not load_secrets(load_settings()).can_seal
    monkeypatch.setenv("POINTSMAN_SECRET_KEYS", f" {first} , {second},")
    for key in (first, second):
        assert load_secrets(load_settings()).unseal(Secrets([key]).seal("hunter2")) == "hunter2"
    made = load_secrets(load_settings()).seal("hunter2")
    assert Secrets([second]).unseal(made) is None
    assert Secrets([first]).unseal(made) == "hunter2"
