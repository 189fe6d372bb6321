#!/bin/sh
# Writes kamailio-local.cfg from the environment and starts Kamailio in the foreground.
#   NODE_TOKEN      the token that `pointsman node create` printed (required)
#   NODE_NAME       the node's name
#   SIP_LISTEN      its sockets, such as "udp:192.0.2.1:5060 tcp:192.0.2.1:5060" (required)
#   SIP_ADVERTISE   host:port that peers reach it at, where that is another one; without a port each
#                   socket has its own
#   ROUTER_URL      the router beside it
#   TLS_CERTIFICATE, TLS_PRIVATE_KEY, TLS_CA_LIST   with WITH_TLS=yes: PEM files, the last one with
#                   the issuers of far ends; instead of a file of TLS_DOMAINS
#   REGISTRATION_CONTACT, REGISTRATION_CONTACT_TLS   host:port that registrars are told, where trunks
#                   are to be registered, and the one for calls by TLS
#   RPC_SOCKET      the socket that the node agent asks it at
#   STATUS_LISTEN   where it serves metrics and its status, such as "tcp:127.0.0.1:9063"
#   KAMAILIO_DIR, KAMAILIO_RUN_DIR, SHM_MB, PKG_MB   where its files are, and its memory
#   WITH_ANSWER_CAP no where http_async_client may not bound answers; it does where it can
#   and every other setting and option, see settings-from-environment.sh
set -eu
: "${NODE_TOKEN:?set NODE_TOKEN to the token that pointsman node create printed}"
: "${SIP_LISTEN:?set SIP_LISTEN to the sockets of this node, such as udp:192.0.2.1:5060}"
for socket in $SIP_LISTEN; do
  case $socket in
  *:0.0.0.0* | *:'[::]'* | *::[0-9]*)
    # What Kamailio writes into Via and Record-Route is where answers and BYEs go.
    if [ -z "${SIP_ADVERTISE:-}" ]; then
      echo "SIP_LISTEN has $socket, which is no address: name one, or set SIP_ADVERTISE" >&2
      exit 1
    fi
    ;;
  esac
done
# The router is beside us: no proxy is on the way there.
export no_proxy="127.0.0.1,localhost${no_proxy:+,$no_proxy}"
: "${KAMAILIO_DIR:=/etc/kamailio}"
run_dir=${KAMAILIO_RUN_DIR:-/tmp}
export RECORDS_LUA="${RECORDS_LUA:-$KAMAILIO_DIR/records.lua}"
export RPC_SOCKET="${RPC_SOCKET:-$run_dir/pointsman.sock}"
if [ "${WITH_TLS:-no}" = yes ] && [ -z "${TLS_DOMAINS:-}" ]; then
  : "${TLS_CERTIFICATE:?set TLS_CERTIFICATE to the certificate of this node, or TLS_DOMAINS}"
  : "${TLS_PRIVATE_KEY:?set TLS_PRIVATE_KEY to the key of TLS_CERTIFICATE}"
  : "${TLS_CA_LIST:?set TLS_CA_LIST to the certificates of those who issue those of far ends}"
  own="certificate = $TLS_CERTIFICATE
private_key = $TLS_PRIVATE_KEY"
  domains="[server:default]
method = TLSv1.2+
verify_client = off
$own
[client:default]
method = TLSv1.2+
verify_certificate = yes
require_certificate = yes
ca_list = $TLS_CA_LIST
$own"
fi
if [ -n "${REGISTRATION_CONTACT:-}" ]; then
  export WITH_REGISTRATION=yes
fi
# What is set is obeyed; else Kamailio caps answers when its module can.
if [ -z "${WITH_ANSWER_CAP:-}" ] && sh "$(dirname "$0")/../kamailio/answer-cap.sh"; then
  export WITH_ANSWER_CAP=yes
fi
# On its own: a fault of it ends this script, which one among others does not.
settings=$(sh "$(dirname "$0")/../kamailio/settings-from-environment.sh" "$KAMAILIO_DIR")
umask 077
{
  for socket in $SIP_LISTEN; do
    case ${SIP_ADVERTISE:-} in
    '') printf 'listen=%s\n' "$socket" ;;
    *']') printf 'listen=%s advertise %s:%s\n' "$socket" "$SIP_ADVERTISE" "${socket##*:}" ;;
    *:*) printf 'listen=%s advertise %s\n' "$socket" "$SIP_ADVERTISE" ;;
    *) printf 'listen=%s advertise %s:%s\n' "$socket" "$SIP_ADVERTISE" "${socket##*:}" ;;
    esac
  done
  printf '#!define NODE_NAME "%s"\n' "${NODE_NAME:-kamailio}"
  printf '#!define ROUTER_URL "%s"\n' "${ROUTER_URL:-http://127.0.0.1:8081/kamailio/rtjson}"
  printf '#!define ROUTER_AUTHORIZATION "Authorization: Bearer %s"\n' "$NODE_TOKEN"
  if [ -n "${REGISTRATION_CONTACT:-}" ]; then
    printf '#!define REGISTRATION_CONTACT "%s"\n' "$REGISTRATION_CONTACT"
  fi
  printf '%s\n' "$settings"
} >"$KAMAILIO_DIR/kamailio-local.cfg"
[ -z "${domains:-}" ] || printf '%s\n' "$domains" >"$KAMAILIO_DIR/tls-domains.cfg"
# One that a killed container left behind names a process of the same number: ours.
rm -f "$run_dir/kamailio.pid"
# Kamailio's default allocator (qm) is for debugging: at thousands of calls a second its lock on the
# shared memory is what all processes wait for.
exec kamailio -x tlsf -f "$KAMAILIO_DIR/kamailio.cfg" -DD -E -Y "$run_dir" -P "$run_dir/kamailio.pid" \
  -m "${SHM_MB:-256}" -M "${PKG_MB:-16}"
