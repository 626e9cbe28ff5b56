#!/bin/sh
# Compile the locks for every platform and for Python 3.11 and later, with hashes.
set -eu
cd "$(dirname "$0")/.."
python="${PYTHON_FOR_VENV:-python3}"
# Of the same version on every machine: a lock is not to change with the uv that happens to be there.
if ! var/lock/bin/uv --version 2>/dev/null | grep -qF "uv $(sed -n 's/^uv==\([^ ]*\).*/\1/p' requirements/uv.txt) "; then
  "$python" -m venv --clear var/lock
  var/lock/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/uv.txt
fi
compile() {
  var/lock/bin/uv pip compile --universal --python-version 3.11.0 --generate-hashes --no-annotate --quiet \
    --custom-compile-command "make lock" "$@"
}
compile requirements/uv.in --output-file requirements/uv.txt
compile requirements/run.in --output-file requirements/run.txt
compile requirements/test.in --constraint requirements/run.txt --constraint requirements/uv.txt \
  --output-file requirements/test.txt
compile requirements/helpdesk.in --constraint requirements/run.txt --output-file requirements/helpdesk.txt
compile requirements/splink.in --output-file requirements/splink.txt
