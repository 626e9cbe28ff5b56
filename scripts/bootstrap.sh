#!/bin/sh
# Set up this checkout for `run`, `check` or `test`; does nothing when it is set up already.
set -eu
cd "$(dirname "$0")/.."
goal="$1"
venv=.venv

# Whether records can be printed: asked of the program that prints them.
prints() { "$venv/bin/python" -I -B decisions/typesetting.py --check >/dev/null 2>&1; }

# Programs that Python's registry does not have. On Debian as root they are installed, else named.
system_packages() {
  missing=""
  for package in "$@"; do
    case "$package" in
      postgresql) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || [ -n "${PG_BIN:-}" ] || missing="$missing postgresql" ;;
      redis-server) command -v redis-server >/dev/null 2>&1 || command -v valkey-server >/dev/null 2>&1 || missing="$missing redis-server" ;;
      libpango-1.0-0) prints || missing="$missing libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-liberation fonts-dejavu-core" ;;
      chromium) command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || [ -n "${CHROMIUM:-}" ] || missing="$missing chromium fonts-liberation" ;;
      *) missing="$missing $package" ;;
    esac
  done
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing system packages:$missing"
    # PostgreSQL's package would start a server of its own; the tests start theirs.
    if apt-get update -q >/dev/null &&
      DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >/dev/null; then
      return 0
    fi
    echo "These could not be installed." >&2
  fi
  echo "Missing system packages:$missing" >&2
  echo "On Debian or Ubuntu: sudo apt-get install --no-install-recommends$missing" >&2
  exit 3
}

find_python() {
  for candidate in ${PYTHON_FOR_VENV:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  echo "Python 3.11 or later is missing. On Debian or Ubuntu: sudo apt-get install python3 python3-venv" >&2
  exit 3
}

make_venv() {
  if [ -x "$venv/bin/python" ] && "$venv/bin/python" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    return 0
  fi
  python="$(find_python)" || exit 3
  "$python" -c 'import ensurepip, venv' 2>/dev/null || system_packages python3-venv
  echo "Making $venv with $("$python" --version)"
  "$python" -m venv --clear "$venv"
}

# The tests' lock holds all of the portal's, at the same versions: having it is having both.
digest() { "$venv/bin/python" -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$1"; }
stamped() { [ "$(cat "$venv/.stamp-$1" 2>/dev/null || true)" = "$(digest "requirements/$1.txt")" ]; }

install() {
  stamped "$1" && return 0
  echo "Installing requirements/$1.txt"
  "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-input \
    --require-hashes --requirement "requirements/$1.txt"
  digest "requirements/$1.txt" >"$venv/.stamp-$1"
}

# Without these the portal runs all the same, and says on the page of a print what is missing.
printing() {
  tried="$venv/.tried-printing"
  prints && return 0
  if [ -e "$tried" ]; then
    echo "Records cannot be printed until Pango is installed (README, In production)." >&2
  elif ! (system_packages libpango-1.0-0); then
    touch "$tried"
    echo "The portal runs without them; until then records cannot be printed." >&2
  fi
}

case "$goal" in
  run)
    make_venv
    stamped test || install run
    printing
    ;;
  check)
    make_venv
    install test
    ;;
  test)
    system_packages postgresql redis-server chromium
    make_venv
    install test
    system_packages libpango-1.0-0
    ;;
  *)
    echo "usage: $0 run|check|test" >&2
    exit 2
    ;;
esac
