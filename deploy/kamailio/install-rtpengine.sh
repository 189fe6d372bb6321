#!/bin/sh
# Installs RTPEngine (Debian's rtpengine-daemon) for Kamailio's WITH_RTPENGINE, on Debian 12. It is
# neither started nor enabled: docs/kamailio-nat-media.md says how it is to be run.
#
#   install-rtpengine.sh            install it if it is not there (root)
#   install-rtpengine.sh --check    exit 0 when it is there
set -eu

if command -v rtpengine >/dev/null 2>&1; then
  exit 0
fi
if [ "${1:-}" = --check ]; then
  echo "rtpengine is missing" >&2
  exit 1
fi
if [ "$(id -u)" != 0 ]; then
  echo "run as root: sudo sh $0" >&2
  exit 1
fi

policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  # Installing must not start it with the distribution's example configuration.
  trap 'rm -f "$policy"' EXIT INT TERM
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi
echo "installing RTPEngine"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
  rtpengine-daemon >/dev/null
if [ -d /run/systemd/system ]; then
  systemctl disable --quiet rtpengine-daemon 2>/dev/null || true
fi
echo "RTPEngine is there: $(rtpengine --version 2>&1 | head -n 1)"
