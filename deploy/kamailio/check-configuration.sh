#!/bin/sh
# Has Kamailio check the configuration with every combination of its options (#!ifdef WITH_...), with
# kamailio-local.cfg as in the example, with all its settings. Ends with 1 when one of them is refused, and says which.
#
#   check-configuration.sh [DIRECTORY]    where kamailio.cfg is; this repository's by default
set -eu
directory=${1:-$(dirname "$0")/../../kamailio}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cp -R "$directory/." "$work/"
# With all settings that it shows, and none of its options.
sed -e 's/^# \(#!define \)/\1/' "$directory/kamailio-local.cfg.example" |
  sed -e '/^#!define WITH[A-Z]*_/d' >"$work/kamailio-local.cfg"

options=$(sed -n 's/^#!if[n]*def \(WITH[A-Z]*_[A-Z0-9_]*\)$/\1/p' "$directory"/*.cfg | sort -u)
# shellcheck disable=SC2086 -- a name a word
set -- $options
total=$((1 << $#))
done=0 refused=0
while [ "$done" -lt "$total" ]; do
  with='' place=0
  for option in $options; do
    if [ $((done >> place & 1)) = 1 ]; then
      with="$with -A $option"
    fi
    place=$((place + 1))
  done
  # shellcheck disable=SC2086 -- each a word
  if ! kamailio -x tlsf -M 16 -c -f "$work/kamailio.cfg" -Y "$work" $with >"$work/said" 2>&1; then
    refused=$((refused + 1))
    echo "refused:${with:- without any option}" >&2
    grep -E 'CRITICAL|ERROR' "$work/said" | head -n 5 >&2
  fi
  done=$((done + 1))
  [ ! -t 2 ] || printf '\r%s of %s combinations' "$done" "$total" >&2
done
[ ! -t 2 ] || echo >&2
echo "Kamailio takes $((total - refused)) of $total combinations of $(echo $options | wc -w) options"
[ "$refused" = 0 ]
