#!/bin/sh
# Has Kamailio check the configuration with every combination of its options (options.sh), with
# kamailio-local.cfg as in the example, with all its settings. Ends with 1 when one of them is refused,
# and says which.
#
#   check-configuration.sh [--pairs] [DIRECTORY]    where kamailio.cfg is; this repository's by default
#
# A check takes 0.025 s of a processor, and there is one for each processor at a time: of 14 options
# it takes 2 to 3 minutes on two. An option that is asked for in files alone that another one brings
# is not tried without that: Kamailio would read the same. With --pairs it is not every combination but
# none, each alone, each two, all but one, and all, which takes seconds: what options do to each other
# shows in pairs.
set -eu
scripts=$(dirname "$0")
pairs=0
if [ "${1:-}" = --pairs ]; then
  pairs=1
  shift
fi
directory=${1:-$scripts/../../kamailio}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cp -R "$directory/." "$work/"
rm -f "$work/kamailio-local.cfg"
sh "$scripts/options.sh" "$directory" >"$work/options"
# A module that cannot cap answers is good for all but that.
if ! sh "$scripts/answer-cap.sh"; then
  sed -i '/^WITH_ANSWER_CAP /d' "$work/options"
  echo "http_async_client is not ours: WITH_ANSWER_CAP is left out" >&2
fi
count=$(wc -l <"$work/options")

# With all settings that the example shows, and none of the options: these are given by -A, one that
# has a value as it stands there.
sed 's/^# \(#!define \)/\1/' "$directory/kamailio-local.cfg.example" >"$work/example"
awk -v work="$work" '
  FILENAME ~ /options$/ { takes[$1] = $2; next }
  /^#!define / && $2 in takes { if (takes[$2] == "value") value[$2] = "=" $3; next }
  { print >(work "/kamailio-local.cfg") }
  END { for (name in takes) print name value[name] }
' "$work/options" "$work/example" | LC_ALL=C sort >"$work/arguments"

# The options that are asked for only where another one has brought the file: each with that one.
awk '
  { file = FILENAME; sub(/.*\//, "", file) }
  /^#!ifn?def / { place[++depth] = $1 == "#!ifdef" ? $2 : ""; asked[$2, file] }
  /^#!else/ { place[depth] = "" }
  /^#!endif/ { depth-- }
  /^include_file / && depth { split($0, parts, "\""); brought_by[parts[2]] = place[depth] }
  END {
    for (key in asked) {
      split(key, parts, SUBSEP)
      by = brought_by[parts[2]]
      if (parts[1] in needs && needs[parts[1]] != by) by = ""
      needs[parts[1]] = by
    }
    for (name in needs) if (needs[name] != "") print name, needs[name]
  }
' "$work"/*.cfg >"$work/needs"

# A combination a line: its number, and Kamailio's arguments.
awk -v pairs="$pairs" '
  FILENAME ~ /needs$/ { needs[$1] = $2; next }
  { name[total++] = $1; split($1, parts, "="); place_of[parts[1]] = total - 1 }
  END { write(0, 0, "") }
  function write(place, chosen, with,    of) {
    if (pairs && chosen > 2 && place - chosen > 1) return
    if (place == total) {
      for (of in needs)
        if (!pairs && is_on[place_of[of]] && !is_on[place_of[needs[of]]]) return
      printf "%06d%s\n", ++number, with
      return
    }
    is_on[place] = 0
    write(place + 1, chosen, with)
    is_on[place] = 1
    write(place + 1, chosen + 1, with " -A " name[place])
  }
' "$work/needs" "$work/arguments" >"$work/combinations"
total=$(wc -l <"$work/combinations")

# shellcheck disable=SC2016 -- expanded by that sh, which splits the arguments
xargs -P "$(nproc)" -d '\n' -n 50 sh -c '
  work=$1
  shift
  for combination; do
    number=${combination%% *} with=${combination#??????}
    kamailio -x tlsf -M 16 -c -f "$work/kamailio.cfg" -Y "$work" $with >"$work/said.$$" 2>&1 || {
      echo "refused:${with:- without any option}"
      grep -E "CRITICAL|ERROR" "$work/said.$$" | head -n 5
    } >"$work/refused.$number"
  done
  echo $#
' check "$work" <"$work/combinations" | {
  checked=0 told=0
  while read -r more; do
    checked=$((checked + more))
    if [ $((checked * 20 / total)) != "$told" ]; then
      told=$((checked * 20 / total))
      echo "$checked of $total checked" >&2
    fi
  done
}

for file in "$work"/refused.*; do
  [ ! -e "$file" ] || cat "$file"
done >"$work/refused"
cat "$work/refused" >&2
refused=$(grep -c '^refused: ' "$work/refused" || true)
echo "Kamailio takes $((total - refused)) of $total combinations of $count options"
[ "$refused" = 0 ]
