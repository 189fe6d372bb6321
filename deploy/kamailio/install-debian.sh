#!/bin/sh
# Installs Kamailio with every module that Pointsman's configuration loads, on Debian 12 or
# Ubuntu. Debian describes http_async_client in kamailio-json-modules, but the package lacks the
# module: it is built from Debian's own source package of the very version that is installed, with
# http_async_client.patch, which lies beside this script.
#
#   install-debian.sh            install what is missing (root)
#   install-debian.sh --check    exit 0 when nothing is missing
#   install-debian.sh --unpatched DIRECTORY   build the module as it comes, for tests, into there
#
# The system's own Kamailio service is neither started nor enabled by this script.
set -eu

patch=$(cd "$(dirname "$0")" && pwd)/http_async_client.patch

modules_dir() {
  dpkg-query -L kamailio 2>/dev/null | grep '/rtjson\.so$' | head -n 1 | xargs -r dirname
}

complete() {
  dir=$(modules_dir)
  [ -n "$dir" ] && [ -e "$dir/jansson.so" ] && patched "$dir" \
    && [ -e "$dir/app_lua.so" ] && [ -e "$dir/db_sqlite.so" ] \
    && [ -e "$dir/tls.so" ] && command -v openssl >/dev/null
}

# Built with the patch as it is now, whatever else has max_answer_bytes.
patched() {
  grep -qs "$(sed -n 's/^+.*"\(pointsman-[0-9]*\)".*/\1/p' "$patch")" "$1/http_async_client.so"
}

unpatched=
if [ "${1:-}" = --unpatched ]; then
  unpatched=$2
elif complete; then
  [ "${1:-}" = --check ] || echo "Kamailio and its modules are there: $(modules_dir)"
  exit 0
fi
if [ "${1:-}" = --check ]; then
  echo "Kamailio or a module of it is missing" >&2
  exit 1
fi
if [ "$(id -u)" != 0 ]; then
  echo "run as root: sudo sh $0" >&2
  exit 1
fi

export DEBIAN_FRONTEND=noninteractive
work=$(mktemp -d)
policy=/usr/sbin/policy-rc.d
made_policy=
cleanup() {
  rm -rf "$work"
  [ -z "$made_policy" ] || rm -f "$policy"
}
trap cleanup EXIT INT TERM

# build_module [PATCH]: builds http_async_client for the Kamailio that is installed, into $work.
build_module() {
  version=$(dpkg-query -W -f '${source:Version}' kamailio)
  echo "building http_async_client from the source of kamailio $version"
  # libssl-dev: a flag of the core depends on it, and Kamailio loads no module of other flags.
  apt-get install -qq -y --no-install-recommends gcc libc6-dev make bison flex pkg-config \
    dpkg-dev patch libcurl4-openssl-dev libevent-dev libssl-dev >/dev/null

  # The system's own package sources, read as source packages, without changing the system.
  mkdir -p "$work/parts" "$work/lists/partial"
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -e "$file" ] && sed 's/^Types:.*/Types: deb-src/' "$file" >"$work/parts/$(basename "$file")"
  done
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -e "$file" ] && sed -n 's/^deb[[:space:]]/deb-src /p' "$file" \
      >"$work/parts/$(basename "$file" .list).list"
  done
  source_apt update -qq
  mkdir "$work/source"
  (
    cd "$work/source"
    source_apt source -qq "kamailio=$version" >"$work/source.log" 2>&1 || {
      cat "$work/source.log" >&2
      exit 1
    }
    cd kamailio-*/
    if [ -n "${1:-}" ]; then
      patch -p1 <"$1" >"$work/patch.log" || {
        cat "$work/patch.log" >&2
        exit 1
      }
    fi
    make -C src/modules/http_async_client >"$work/build.log" 2>&1 || {
      tail -n 30 "$work/build.log" >&2
      exit 1
    }
    mv src/modules/http_async_client/http_async_client.so "$work/"
  )
}

source_apt() {
  apt-get -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$work/parts" \
    -o "Dir::State::lists=$work/lists" -o APT::Sandbox::User=root "$@"
}

if [ -n "$unpatched" ]; then
  apt-get update -qq
  build_module
  install -d "$unpatched"
  install -m 644 "$work/http_async_client.so" "$unpatched/"
  exit 0
fi

had_kamailio=$(dpkg-query -W -f '${Status}' kamailio 2>/dev/null | grep -c 'ok installed' || true)
if [ ! -e "$policy" ]; then
  # Installing must not start a SIP server with the distribution's example configuration.
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  made_policy=yes
fi

echo "installing Kamailio"
apt-get update -qq
apt-get install -qq -y --no-install-recommends kamailio kamailio-extra-modules \
  kamailio-lua-modules kamailio-sqlite-modules sqlite3 >/dev/null
# For WITH_TLS. The package has a tls.cfg of its own, which is no reason to ask about ours.
apt-get install -qq -y --no-install-recommends -o Dpkg::Options::=--force-confold \
  kamailio-tls-modules openssl >/dev/null
if [ "$had_kamailio" = 0 ] && [ -d /run/systemd/system ]; then
  systemctl disable --quiet kamailio 2>/dev/null || true
fi

# Where Kamailio writes the records of calls, and what ships them reads them as the same user.
install -d -o kamailio -g kamailio -m 750 /var/spool/pointsman

dir=$(modules_dir)
if ! patched "$dir"; then
  build_module "$patch"
  # Renamed, not written over: a Kamailio that runs has the old one mapped.
  install -m 644 "$work/http_async_client.so" "$dir/http_async_client.new"
  mv "$dir/http_async_client.new" "$dir/http_async_client.so"
fi

# Seen to load into this very Kamailio, which refuses a module of another build.
cat >"$work/try.cfg" <<'END'
#!KAMAILIO
listen=udp:127.0.0.1:5999
loadmodule "pv.so"
loadmodule "tm.so"
loadmodule "jansson.so"
loadmodule "http_async_client.so"
loadmodule "rtjson.so"
modparam("http_async_client", "max_answer_bytes", 32768)
request_route { exit; }
END
kamailio -c -f "$work/try.cfg" >"$work/try.log" 2>&1 || {
  tail -n 20 "$work/try.log" >&2
  exit 1
}
echo "Kamailio $(kamailio -v | sed -n 's/^version: kamailio \([^ ]*\).*/\1/p') and its modules are in $dir"
