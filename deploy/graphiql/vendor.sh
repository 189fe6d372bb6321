#!/bin/sh
# Fetches GraphiQL and React, which the console is served with, so that it works on networks
# that reach nothing else. Needs npm. Run it to change a version, and commit what it writes.
set -eu
graphiql=3.8.3
react=18.3.1
target=$(cd "$(dirname "$0")/../.." && pwd)/backend/pointsman/graphql/console
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for package in "graphiql@$graphiql" "react@$react" "react-dom@$react"; do
  archive=$(npm pack --silent "$package")
  mkdir "${package%%@*}"
  tar -xzf "$archive" -C "${package%%@*}"
done
pack() { gzip -9 -n -c "$1" >"$target/$2.gz"; }
pack graphiql/package/graphiql.min.js graphiql.js
pack graphiql/package/graphiql.min.css graphiql.css
pack react/package/umd/react.production.min.js react.js
pack react-dom/package/umd/react-dom.production.min.js react-dom.js
{
  echo "GraphiQL $graphiql"
  cat graphiql/package/LICENSE
  echo
  echo "React and ReactDOM $react"
  cat react/package/LICENSE
} >"$target/LICENSES.txt"
