# Everything here works on a bare machine with Python 3.11 or later, and a network for the first installation.

.DEFAULT_GOAL := help
.NOTPARALLEL:
SHELL := /bin/sh

PORT ?= 8000
SIZES ?= 1000 10000
JOBS ?= auto

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
RUN_STAMP := $(VENV)/.installed-run
ALL_STAMP := $(VENV)/.installed
STRICT := contracts clause_library vendor_tracker/usecases vendor_tracker/importing vendor_tracker/web

.PHONY: help demo install test chaos check format bench lock clean

help: ## Print this list.
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(RUN_STAMP) ## Install, then serve the product with fictional data on http://127.0.0.1:8000 (PORT=8000).
	$(BIN)/vendor-tracker demo --port $(PORT)

install: $(ALL_STAMP) ## Install everything, tests and checks included, into .venv.

test: $(ALL_STAMP) ## Install, then run every test, those in the browser included (JOBS=auto, TESTS=tests).
	$(BIN)/python -m pytest -n $(JOBS) --maxprocesses 4 --dist worksteal $(TESTS)

chaos: $(ALL_STAMP) ## Kill processes at random, then compare what was to be delivered with what was (CHAOS_SEED=1 CHAOS_REQUESTS=2000).
	$(BIN)/python -m tests.chaos

check: $(ALL_STAMP) ## Style, types, import rules and templates.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(STRICT)
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates

format: $(ALL_STAMP) ## Put the code into its standard layout.
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: $(ALL_STAMP) ## Measure, print a table and write benchmarks/out/bench.json (SIZES="1000 10000" DATABASE_URL=...).
	$(BIN)/python -m benchmarks $(SIZES)

# The two lists of exact versions carry hashes and no address, so that any mirror can serve them.
COMPILE := $(VENV)-lock/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --extra build

lock: ## Resolve the dependencies anew (UPGRADE=--upgrade takes newer versions).
	python3 -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	UV_PYTHON_DOWNLOADS=never $(COMPILE) $(UPGRADE) --extra postgres --extra s3 --extra oidc --extra test --extra check \
		pyproject.toml -o requirements.lock
	UV_PYTHON_DOWNLOADS=never $(COMPILE) $(UPGRADE) --constraint requirements.lock pyproject.toml -o requirements-run.lock

clean: ## Remove the environment and the caches; the data in instance/ stays.
	rm -rf $(VENV) $(VENV)-lock .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage

# The first Python that is new enough and can make an environment.
$(BIN)/python:
	@for python in "$${PYTHON:-python3}" python3.13 python3.12 python3.11; do \
	  if "$$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    echo "Creating $(VENV) with $$("$$python" --version)"; \
	    exec "$$python" -m venv $(VENV); \
	  fi; \
	done; \
	echo "Python 3.11 or later with its venv module is needed (on Debian: apt-get install python3-venv)." >&2; exit 1

$(RUN_STAMP): requirements-run.lock pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements-run.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(ALL_STAMP): requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $(RUN_STAMP) $@
