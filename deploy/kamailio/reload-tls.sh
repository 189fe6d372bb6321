#!/bin/sh
# Has a Kamailio that runs read its TLS domains again, with the certificates that they name. New
# connections get the new ones; those that there are, and the calls on them, go on as they are.
# When something is wrong with one of them it says what, ends with 1, and nothing has changed.
#
#   reload-tls.sh [DOMAINS]    the file, /etc/kamailio/tls-domains.cfg by default
#
# RPC_SOCKET in the environment is Kamailio's socket for JSON-RPC, /run/kamailio/pointsman.sock by
# default. To be run as root or as Kamailio's user.
set -eu
domains=${1:-/etc/kamailio/tls-domains.cfg}
: "${RPC_SOCKET:=/run/kamailio/pointsman.sock}"

keep() {
  echo "$1" >&2
  echo "nothing is reloaded: the certificates that Kamailio has stay in use" >&2
  exit 1
}

# As Kamailio reads a name: beside its configuration, unless it begins with / (or with ., which is
# Kamailio's working directory, unknown here).
path() {
  case $1 in
  /*) echo "$1" ;;
  *) echo "$(dirname "$domains")/$1" ;;
  esac
}

[ -r "$domains" ] || keep "$domains cannot be read"

# What is wrong is found before Kamailio is asked: it does not look whether a certificate is valid, and
# 5.6.3 was seen to refuse what is right after it had refused what was not.
command -v openssl >/dev/null 2>&1 || keep "openssl, which looks at the certificates, is not installed"
unread=$(grep -nvE '^[[:space:]]*(#.*)?$|^\[(server|client):[^]]+\][[:space:]]*$|^[[:space:]]*[a-z_]+[[:space:]]*=' \
  "$domains" | head -n 1)
[ -z "$unread" ] || keep "$domains: line ${unread%%:*} is no section, setting or comment: ${unread#*:}"

# Of each section its certificate, its key and whom it believes, - for none.
awk '
  function value() { sub(/^[^=]*=[ \t]*"?/, ""); sub(/"?[ \t]*(#.*)?$/, ""); return $0 }
  function write() { if (certificate != "-" || ca != "-") print certificate, key, ca
    certificate = key = ca = "-" }
  BEGIN { certificate = key = ca = "-" }
  /^[ \t]*\[/ { write() }
  /^[ \t]*certificate[ \t]*=/ { certificate = value() }
  /^[ \t]*private_key[ \t]*=/ { key = value() }
  /^[ \t]*ca_list[ \t]*=/ { ca = value() }
  END { write() }
' "$domains" | sort -u | while read -r name key_name ca_name; do
  if [ "$name" != - ]; then
    file=$(path "$name") key=$(path "$key_name")
    openssl x509 -in "$file" -noout 2>/dev/null || keep "$file is no certificate"
    openssl x509 -in "$file" -noout -checkend 0 >/dev/null ||
      keep "$file has expired: $(openssl x509 -in "$file" -noout -enddate)"
    public=$(openssl pkey -in "$key" -pubout 2>/dev/null </dev/null) || keep "$key is no private key"
    [ "$public" = "$(openssl x509 -in "$file" -noout -pubkey)" ] || keep "$key is not the key of $file"
    echo "$file: $(openssl x509 -in "$file" -noout -serial -enddate | tr '\n' ' ')"
  fi
  if [ "$ca_name" != - ]; then
    openssl x509 -in "$(path "$ca_name")" -noout 2>/dev/null ||
      keep "$(path "$ca_name") has no certificate"
  fi
done

# Perl, since every Debian has it; its socket has a name that the kernel makes up, in no folder.
answer=$(RPC_SOCKET=$RPC_SOCKET perl -MSocket -e '
  use strict; use warnings;
  my $to = sockaddr_un($ENV{RPC_SOCKET});
  $SIG{ALRM} = sub { print "$ENV{RPC_SOCKET}: no answer in 20 s"; exit 1; };
  alarm 20;
  my ($own, $said);
  socket($own, AF_UNIX, SOCK_DGRAM, 0) and bind($own, pack("S", AF_UNIX)) and connect($own, $to)
    and defined send($own, q({"jsonrpc":"2.0","method":"tls.reload","id":1}), 0)
    and defined recv($own, $said, 65536, 0)
    or do { print "$ENV{RPC_SOCKET}: $!"; exit 1; };
  print $said;
') || keep "Kamailio cannot be asked: $answer"

case $answer in
*'"error"'*) keep "Kamailio refuses them: $answer; its log says why" ;;
*'"result"'*) echo "reloaded" ;;
*) keep "Kamailio says something else: $answer" ;;
esac
