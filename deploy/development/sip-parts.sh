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
# The media of calls, for WITH_RTPENGINE.
if ! sh deploy/kamailio/install-rtpengine.sh --check 2>/dev/null; then
  if [ "$(id -u)" = 0 ]; then
    sh deploy/kamailio/install-rtpengine.sh
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    sudo -n sh deploy/kamailio/install-rtpengine.sh
  else
    echo "Calls with media need RTPEngine, which only root can install. Run:" >&2
    echo "  sudo sh deploy/kamailio/install-rtpengine.sh" >&2
    exit 1
  fi
fi

# As root, where we may.
install_kamailio() {
  if [ "$(id -u)" = 0 ]; then
    sh deploy/kamailio/install-debian.sh "$@"
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    sudo -n sh deploy/kamailio/install-debian.sh "$@"
  else
    echo "A SIP call needs Kamailio with its modules, which only root can install. Run:" >&2
    echo "  sudo sh deploy/kamailio/install-debian.sh $*" >&2
    return 1
  fi
}

if ! sh deploy/kamailio/install-debian.sh --check 2>/dev/null; then
  install_kamailio
fi
# The module as it comes from Kamailio, which the configuration is tried with as well.
unpatched=build/unpatched-$(dpkg-query -W -f '${Version}' kamailio)
if [ ! -e "$unpatched/http_async_client.so" ]; then
  install_kamailio --unpatched "$unpatched"
fi
