#!/bin/sh
# Compile the locks for every platform and for Python 3.11 and later, with hashes.
set -eu
cd "$(dirname "$0")/.."
uv="$(command -v uv || true)"
if [ -z "$uv" ]; then
  python3 -m venv var/lock
  var/lock/bin/python -m pip install --quiet --disable-pip-version-check uv
  uv=var/lock/bin/uv
fi
compile() {
  "$uv" pip compile --universal --python-version 3.11.0 --generate-hashes --no-annotate --quiet \
    --custom-compile-command "make lock" "$@"
}
compile requirements/run.in --output-file requirements/run.txt
compile requirements/test.in --constraint requirements/run.txt --output-file requirements/test.txt
