# Partita's workshop. `make help` lists what can be made. Needs GNU make, git and Python 3.11 or later, nothing else.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test lint format types docs docs-check bench pin clean run-env dev-env

PY := .venv/bin/python
WORKERS ?= 2
TESTS ?=

# What a user has set for another Python must not leak into this environment.
unexport PYTHONPATH PYTHONHOME

help:  ## what can be made
	@grep -E '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{ printf "  make %-11s %s\n", $$1, $$2 }'

demo: run-env  ## the karaoke case from play log to statements, into out/demo
	@.venv/bin/partita demo

test: dev-env  ## install and run every test (TESTS=tests/house for some of them)
	@sh tools/setup.sh browser
	@sh tools/setup.sh servers
	$(PY) -m pytest -n $(WORKERS) --dist loadfile $(TESTS)

lint: dev-env  ## the linter and the formatter's check
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

format: dev-env  ## mend what linter and formatter can mend
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

types: dev-env  ## the type checker
	$(PY) -m mypy

docs: dev-env  ## write the generated pages anew: docs/tables.md, docs/commands.md
	$(PY) tools/make_docs.py

docs-check: dev-env  ## whether the generated pages are current
	$(PY) tools/make_docs.py --check

bench: run-env  ## measure, beside the peers, and write docs/benchmarks.md
	@sh tools/setup.sh bench
	$(PY) benchmarks/run.py

pin:  ## compile requirements/*.txt anew (needs uv)
	@sh tools/pin.sh

clean:  ## remove what was made: environments, caches, out/
	rm -rf .venv .venv-bench out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis benchmarks/out

run-env:
	@sh tools/setup.sh run

dev-env:
	@sh tools/setup.sh dev
