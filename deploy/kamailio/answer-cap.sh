#!/bin/sh
# Ends with 0 when Kamailio's http_async_client has max_answer_bytes (http_async_client.patch), which
# WITH_ANSWER_CAP takes, and with 1 when not.
#
#   answer-cap.sh [DIRECTORY]    where the modules are; where Kamailio looks for them by default
set -eu
directories=${1:-$(kamailio -I | sed -n 's/^ *Default paths to modules: *//p' | tr ':' ' ')}
for directory in $directories; do
  if [ -e "$directory/http_async_client.so" ]; then
    grep -q max_answer_bytes "$directory/http_async_client.so" || exit 1
    exit 0
  fi
done
exit 1
