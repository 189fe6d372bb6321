#!/bin/sh
# Makes sure that Kamailio with its modules, SIPp and RTPEngine are there, for the SIP tests and `make call`.
# What may not be installed is named; it is the caller's to go on without.
set -eu
cd "$(dirname "$0")/../.."
. deploy/development/apt.sh

if ! command -v sipp >/dev/null 2>&1; then
  need_packages 'a SIP call (SIPp)' sip-tester
fi
# Networks of a test's own, and the NATs and the media between them.
if ! command -v ip >/dev/null 2>&1 || ! command -v iptables >/dev/null 2>&1; then
  need_packages 'calls through a NAT' iproute2 iptables
fi

# The units of deploy/systemd.
if ! command -v systemd-analyze >/dev/null 2>&1; then
  need_packages 'the check of units' systemd
fi

# install WHAT SCRIPT [ARGUMENTS]: runs the script as root, where we may.
install() {
  what=$1
  shift
  if [ "$(id -u)" = 0 ]; then
    sh "$@"
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    sudo -n sh "$@"
  else
    echo "$what, which only root can install. Run:" >&2
    echo "  sudo sh $*" >&2
    return 1
  fi
}

rtpengine=deploy/kamailio/install-rtpengine.sh
if ! sh $rtpengine --check 2>/dev/null; then
  install 'Calls with media need RTPEngine' $rtpengine
fi
kamailio=deploy/kamailio/install-debian.sh
if ! sh $kamailio --check 2>/dev/null; then
  install 'A SIP call needs Kamailio with its modules' $kamailio
fi
# The module as it comes from Kamailio, which the configuration is tried with as well.
unpatched=build/unpatched-$(dpkg-query -W -f '${Version}' kamailio)
if [ ! -e "$unpatched/http_async_client.so" ]; then
  install 'A call needs http_async_client' $kamailio --unpatched "$unpatched"
fi
