#!/bin/sh
# Makes sure that wrk and h2load, which put load on HTTP servers, are there.
set -eu
cd "$(dirname "$0")/../.."
. deploy/development/apt.sh
command -v wrk >/dev/null 2>&1 || need_packages 'make bench (wrk)' wrk
command -v h2load >/dev/null 2>&1 || need_packages 'make bench (h2load)' nghttp2-client
