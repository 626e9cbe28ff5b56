#!/bin/sh
# Set up this checkout for `run`, `check` or `test`; does nothing when it is set up already.
set -eu
cd "$(dirname "$0")/.."
goal="${1:-}"
venv=.venv

# Programs that Python's registry does not have. On Debian as root they are installed, else named.
system_packages() {
  missing=""
  for package in "$@"; do
    case "$package" in
      postgresql) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || [ -n "${PG_BIN:-}" ] || missing="$missing postgresql" ;;
      redis-server) command -v redis-server >/dev/null 2>&1 || command -v valkey-server >/dev/null 2>&1 || missing="$missing redis-server" ;;
      chromium) command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || [ -n "${CHROMIUM:-}" ] || missing="$missing chromium fonts-liberation" ;;
      clamav-daemon) command -v clamd >/dev/null 2>&1 || [ -x /usr/sbin/clamd ] || missing="$missing clamav-daemon" ;;
      *) missing="$missing $package" ;;
    esac
  done
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing system packages:$missing"
    # Once more after what an interrupted installation left half done has been finished.
    if apt_install || { dpkg --configure -a >/dev/null 2>&1 && apt_install; }; then
      return 0
    fi
    echo "These could not be installed." >&2
  fi
  echo "Missing system packages:$missing" >&2
  echo "On Debian or Ubuntu: sudo apt-get install --no-install-recommends$missing" >&2
  exit 3
}

# PostgreSQL's package would start a server of its own; the tests start theirs.
apt_install() {
  apt-get update -q >/dev/null &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=600 $missing >/dev/null
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

# Whether .venv is whole, of this place and Python, and has the packages of one of these locks.
ready() {
  [ -x "$venv/bin/python" ] && [ -f "$venv/.ready" ] || return 1
  tag="$("$venv/bin/python" -ISc 'import sys; print(sys.implementation.cache_tag)' 2>/dev/null)" || return 1
  [ "$(cat "$venv/.ready")" = "$(pwd -P)/$venv $tag" ] || return 1
  for lock in "$@"; do
    ! cmp -s "requirements/$lock.txt" "$venv/.lock-$lock" || return 0
  done
  return 1
}

packages() {
  python="$(find_python)" || exit 3
  # What it writes of itself would make a folder that may only be read look as if it were changed.
  "$python" -B -m scripts.packages "$1" && return 0 || code=$?
  [ "$code" = 4 ] || exit "$code"
  # This Python came without pip.
  system_packages python3-venv
  "$python" -B -m scripts.packages "$1" || exit 1
}

# Whether records can be printed: asked of the program that prints them, until it says yes.
prints() {
  [ -e "$venv/.prints" ] && return 0
  "$venv/bin/python" -I decisions/printing/typesetting.py --check >/dev/null 2>&1 || return 1
  (: >"$venv/.prints") 2>/dev/null || true
}

pango() { system_packages libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-liberation fonts-dejavu-core; }

# Without these the portal runs all the same, and says on the page of a print what is missing.
printing() {
  tried="$venv/.tried-printing"
  prints && return 0
  if [ -e "$tried" ]; then
    echo "Records cannot be printed until Pango is installed (README, In production)." >&2
  elif ! (pango); then
    touch "$tried" 2>/dev/null || true
    echo "The portal runs without them; until then records cannot be printed." >&2
  fi
}

case "$goal" in
  run)
    # The tests' lock holds all of the portal's, at the same versions: having it is having both.
    ready test run || packages run
    printing
    ;;
  check)
    ready test || packages test
    ;;
  test)
    system_packages postgresql redis-server chromium clamav-daemon
    ready test || packages test
    prints || pango
    ;;
  *)
    echo "usage: $0 run|check|test" >&2
    exit 2
    ;;
esac
