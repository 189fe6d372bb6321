#!/bin/sh
# Pins all dependencies by hash, for every Python from 3.11 on, without index addresses.
set -eu
cd "$(dirname "$0")/../.."
pin() {
  .venv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade "$@"
}
pin --output-file deploy/requirements/run.txt
pin --group dev --output-file deploy/requirements/dev.txt
