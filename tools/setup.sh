#!/bin/sh
# Finds a whole Python of 3.11 or later and hands over to setup.py: `sh tools/setup.sh run|dev|...`.
# PYTHON=/path/to/python chooses one. Each candidate is run, not only looked up: a name on PATH may be a shim of nothing.
set -eu
cd "$(dirname "$0")/.."

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
whole() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

if [ -n "${PYTHON:-}" ]; then
    fits "$PYTHON" || { echo "PYTHON=$PYTHON is not a Python of 3.11 or later. Give another, or none." >&2; exit 2; }
    exec "$PYTHON" tools/setup.py "$@"
fi

second=
for name in python3.14 python3.13 python3.12 python3.11 python3 python; do
    fits "$name" || continue
    if whole "$name"; then exec "$name" tools/setup.py "$@"; fi
    [ -n "$second" ] || second=$name
done
if [ -n "$second" ]; then exec "$second" tools/setup.py "$@"; fi

found=$(python3 --version 2>/dev/null) || found="no python3"
echo "Partita needs Python 3.11 or later; here is $found. Install one (Debian 12 or later, Ubuntu 24.04 or later:" \
     "apt-get install python3 python3-venv), or name it: make PYTHON=/path/to/python3.12 ..." >&2
exit 2
