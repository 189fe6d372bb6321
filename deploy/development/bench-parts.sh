#!/bin/sh
# Makes sure that wrk, which puts load on HTTP servers, is there.
set -eu
cd "$(dirname "$0")/../.."
. deploy/development/apt.sh
command -v wrk >/dev/null 2>&1 || need_packages 'make bench (wrk)' wrk
