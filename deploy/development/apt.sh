# Sourced by the scripts beside it: install Debian packages where we may, else say which.

# need_packages WHAT PACKAGE...: installs the packages, or says that WHAT needs them and fails.
need_packages() {
  what=$1
  shift
  if [ "$(id -u)" = 0 ]; then
    as_root=
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root='sudo -n'
  else
    echo "$what needs packages that only root can install. Run:" >&2
    echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $*" >&2
    return 1
  fi
  echo "installing for $what: $*" >&2
  $as_root apt-get update -qq
  $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qq -y --no-install-recommends "$@" >/dev/null
}
