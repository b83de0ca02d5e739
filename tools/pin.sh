#!/bin/sh
# Compiles the pinned requirements anew with uv, for every Python from 3.11 and every platform, naming no registry.
set -eu
cd "$(dirname "$0")/.."

pin() {
    uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
        --no-annotate --no-header "$@"
}

pin pyproject.toml --extra build -o requirements/run.txt
pin pyproject.toml --extra build --extra dev --extra labels --extra postgres --extra spark -o requirements/dev.txt
pin requirements/bench.in -o requirements/bench.txt
