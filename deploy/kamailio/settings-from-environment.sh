#!/bin/sh
# Prints what kamailio-local.cfg has to define so that Kamailio takes its settings from the
# environment: each variable that has the name of a default of the configuration (#!trydef), such as
# MAX_IN_FLIGHT=300, and each option (options.sh) that is set to yes, such as WITH_TLS=yes, or to its
# value, such as STATUS_LISTEN=tcp:127.0.0.1:9063.
#
#   settings-from-environment.sh DIRECTORY    where kamailio.cfg is
set -eu
directory=${1:?say where kamailio.cfg is}

refuse() {
  echo "$1: $2" >&2
  exit 1
}

newline='
'
# A default that is another setting's is a text, as that one is.
sed -n -e 's/^#!trydef \([A-Z][A-Z0-9_]*\) [A-Z][A-Z0-9_]*$/\1 "/p' -e t \
  -e 's/^#!trydef \([A-Z][A-Z0-9_]*\) \(.\).*/\1 \2/p' "$directory"/*.cfg |
while read -r name first; do
  eval "value=\${$name-}"
  [ -n "$value" ] || continue
  case $value in
  *"$newline"*) refuse "$name" 'no value has several lines' ;;
  esac
  if [ "$first" = '"' ]; then
    # What is within quotes may hold anything but their end.
    case $value in
    *'"'*) refuse "$name" 'leave the quotes out' ;;
    esac
    printf '#!define %s "%s"\n' "$name" "$value"
  else
    case $value in
    *[!A-Za-z0-9_.:/-]*) refuse "$name" "'$value' is neither a number nor a name" ;;
    esac
    printf '#!define %s %s\n' "$name" "$value"
  fi
done

options=$(sh "$(dirname "$0")/options.sh" "$directory")
echo "$options" | while read -r name takes; do
  eval "value=\${$name-}"
  case $takes:$value in
  value: | yes: | yes:no) ;;
  value:*[!][A-Za-z0-9_.:/-]*) refuse "$name" "'$value' is neither a number nor a name" ;;
  value:*) printf '#!define %s %s\n' "$name" "$value" ;;
  yes:yes) printf '#!define %s\n' "$name" ;;
  *) refuse "$name" "set it to yes or no, not to '$value'" ;;
  esac
done
