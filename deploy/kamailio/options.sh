#!/bin/sh
# Prints the options of Kamailio's configuration, one a line: what it asks for by #!ifdef or #!ifndef
# and has no default for (#!trydef). Behind each stands what defining it takes: "yes" where it is
# asked for and nothing else, "value" where its value is used as well.
#
#   options.sh DIRECTORY    where kamailio.cfg is
set -eu
awk '
  /^#!ifn?def / { asked[$2] }
  /^#!trydef / { has_default[$2] }
  !/^[ \t]*#/ {
    gsub(/"([^"\\]|\\.)*"/, "")
    count = split($0, words, /[^A-Za-z0-9_]+/)
    for (i = 1; i <= count; i++) used[words[i]]
  }
  END {
    for (name in asked)
      if (!(name in has_default)) print name, name in used ? "value" : "yes"
  }
' "${1:?say where kamailio.cfg is}"/*.cfg | LC_ALL=C sort
