#!/bin/sh
# Makes .venv with everything pinned in deploy/requirements, installing Python's venv first
# where it is missing. Run by make; safe to run again.
set -eu
cd "$(dirname "$0")/../.."
. deploy/development/apt.sh

find_python() {
  for name in python3 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null 2>&1 &&
      "$name" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$name"
      return
    fi
  done
}

# Certificates come along only where there are none: an upgrade rewrites the bundle, and drops
# what an administrator has added to it by hand.
certificates=
[ -s /etc/ssl/certs/ca-certificates.crt ] || certificates=ca-certificates

python=$(find_python)
if [ -z "$python" ] && { ! command -v python3 >/dev/null 2>&1 ||
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }; then
  need_packages 'Pointsman' python3 python3-venv $certificates
  python=$(find_python)
fi
if [ -z "$python" ]; then  # the distribution's own is older, as Ubuntu 22.04's is
  need_packages 'Pointsman (Python 3.11 or newer)' python3.11 python3.11-venv $certificates
  python=$(find_python)
fi
command -v curl >/dev/null 2>&1 || need_packages 'the README (curl)' curl || true

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  "$python" -m venv --clear .venv
fi
echo "installing the pinned Python packages into .venv" >&2
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
  --requirement deploy/requirements/dev.txt
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
  --no-build-isolation --editable .
touch .venv/ready
