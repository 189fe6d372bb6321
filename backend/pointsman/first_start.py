"""What a first start makes: the state directory, the first tokens and the key of secrets, kept for
their owner alone."""

from pathlib import Path

from pointsman.auth import Principal
from pointsman.demo import NODE, NODE_SOCKET
from pointsman.errors import BadEnvironment, Conflict
from pointsman.secret_key_file import read_secret_keys, secret_key_file
from pointsman.services.api_tokens import api_token_is_known, create_api_token
from pointsman.services.kamailio_nodes import create_kamailio_node, node_token_is_known
from pointsman.services.secrets import new_key

_BY = Principal("first start")


def make_state_dir(state_dir: Path) -> None:
    """Make the state directory, which others may pass through (as the umask has it), and its
    private parts; raises BadEnvironment where it cannot be."""
    tokens = state_dir / "tokens"
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        tokens.mkdir(mode=0o700, exist_ok=True)
        tokens.chmod(0o700)
    except OSError as error:
        raise BadEnvironment(
            f"POINTSMAN_STATE_DIR={state_dir} cannot be used: {error.strerror}"
        ) from error


def admin_token_file(state_dir: Path) -> Path:
    """Where the first administrator token is kept."""
    return state_dir / "tokens" / "admin"


def node_token_file(state_dir: Path) -> Path:
    """Where the first Kamailio node's token is kept."""
    return state_dir / "tokens" / "node"


def ensure_secret_key(state_dir: Path) -> str:
    """The key that encrypts secrets, made where there is none, as the setting takes it."""
    file = secret_key_file(state_dir)
    if not file.exists():
        _keep(file, new_key())
    return ",".join(read_secret_keys(state_dir))


async def ensure_admin_token(state_dir: Path) -> str | None:
    """Make the first administrator token if the kept one is not known; returned when made."""
    file = admin_token_file(state_dir)
    if file.exists() and await api_token_is_known(file.read_text().strip()):
        return None
    token = await create_api_token("first administrator")
    _keep(file, token)
    return token


async def ensure_node_token(state_dir: Path) -> str | None:
    """Make the first Kamailio node if the kept token is not known; its token when made."""
    file = node_token_file(state_dir)
    if file.exists() and await node_token_is_known(file.read_text().strip()):
        return None
    name = NODE
    for number in range(2, 100):
        try:
            token = await create_kamailio_node(_BY, name=name, sockets=[NODE_SOCKET])
        except Conflict:
            name = f"{NODE}-{number}"
        else:
            _keep(file, token)
            return token
    raise Conflict("name", f"there are too many nodes named {NODE}")


def _keep(file: Path, token: str) -> None:
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(token + "\n")
