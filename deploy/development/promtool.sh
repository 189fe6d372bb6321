#!/bin/sh
# Prints the path of promtool, which checks what is under deploy/prometheus. Where it is missing it
# is taken out of Debian's package `prometheus` and kept in build/: to install the package takes
# root, and starts a Prometheus.
set -eu
cd "$(dirname "$0")/../.."

if command -v promtool; then
  exit 0
fi
promtool=$PWD/build/promtool
if [ -x "$promtool" ]; then
  echo "$promtool"
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "promtool is missing and there is no apt-get to fetch it with: put it on the PATH" >&2
  exit 1
fi

fetch() {
  # As root apt would load with a user of its own, who may not write here.
  apt-get -qq -o APT::Sandbox::User="$(id -un)" "$@" download prometheus >&2
}

echo "fetching promtool for the tests of deploy/prometheus" >&2
mkdir -p build
work=$(mktemp -d "$PWD/build/promtool-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
cd "$work"
if ! fetch 2>/dev/null; then  # no package lists, as in a new container, or old ones: lists of our own
  set -- -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache"
  mkdir -p lists/partial cache/archives/partial
  apt-get -qq -o APT::Sandbox::User="$(id -un)" "$@" update >&2
  fetch "$@"
fi
dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x ./usr/bin/promtool
mv usr/bin/promtool "$promtool"
echo "$promtool"
