#!/bin/sh
# Has Kamailio check the configuration with every combination of its options (#!ifdef WITH_...), with
# kamailio-local.cfg as in the example, with all its settings. Ends with 1 when one of them is refused,
# and says which.
#
#   check-configuration.sh [DIRECTORY]    where kamailio.cfg is; this repository's by default
#
# A check takes 0.05 s, and one is made for each processor at a time. Of more than MAX_OPTIONS options
# (10, which are 1,024 combinations) it is none of them, each alone, each two, all but one, and all:
# what options do to each other shows in pairs.
set -eu
directory=${1:-$(dirname "$0")/../../kamailio}
: "${MAX_OPTIONS:=10}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cp -R "$directory/." "$work/"
# With all settings that it shows, and none of its options.
sed -e 's/^# \(#!define \)/\1/' "$directory/kamailio-local.cfg.example" |
  sed -e '/^#!define WITH[A-Z]*_/d' >"$work/kamailio-local.cfg"

sed -n 's/^#!if[n]*def \(WITH[A-Z]*_[A-Z0-9_]*\)$/\1/p' "$directory"/*.cfg | sort -u >"$work/options"
# A module that cannot cap answers is good for all but that.
if ! sh "$(dirname "$0")/answer-cap.sh"; then
  sed -i '/^WITH_ANSWER_CAP$/d' "$work/options"
  echo "http_async_client is not ours: WITH_ANSWER_CAP is left out" >&2
fi
count=$(wc -l <"$work/options")

# A combination a line: its number, and Kamailio's arguments.
awk -v all="$((count <= MAX_OPTIONS))" '
  { name[NR - 1] = $1 }
  END { write(0, 0, "") }
  function write(place, chosen, with) {
    if (!all && chosen > 2 && place - chosen > 1) return
    if (place == NR) { printf "%04d%s\n", ++number, with; return }
    write(place + 1, chosen, with)
    write(place + 1, chosen + 1, with " -A " name[place])
  }
' "$work/options" >"$work/combinations"
total=$(wc -l <"$work/combinations")

# shellcheck disable=SC2016 -- expanded by that sh, which splits the arguments
xargs -P "$(nproc)" -d '\n' -n 1 sh -c '
  with=${2#????}
  kamailio -x tlsf -M 16 -c -f "$1/kamailio.cfg" -Y "$1" $with >"$1/said.${2%% *}" 2>&1 || {
    echo "refused:${with:- without any option}"
    grep -E "CRITICAL|ERROR" "$1/said.${2%% *}" | head -n 5
  } >"$1/refused.${2%% *}"
  rm "$1/said.${2%% *}"
' check "$work" <"$work/combinations"

for file in "$work"/refused.*; do
  [ ! -e "$file" ] || cat "$file"
done >"$work/refused"
cat "$work/refused" >&2
refused=$(grep -c '^refused: ' "$work/refused" || true)
echo "Kamailio takes $((total - refused)) of $total combinations of $count options"
[ "$refused" = 0 ]
