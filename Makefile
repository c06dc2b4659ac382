# Two commands matter: `make run` and `make test`. The rest are parts of them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
TESTS  := $(VENV)/.tests-installed
UV     := $(shell command -v uv 2>/dev/null)

.PHONY: help install run test check bench nightly format lock clean

help:
	@echo "make run      install, build the demonstration if there is no organisation yet, serve on http://127.0.0.1:8000"
	@echo "make test     everything: static checks, both databases, browser, servers"
	@echo "make check    the fast part of it, without servers"
	@echo "make install  only the environment: .venv/bin/socius"
	@echo "make bench    the benchmarks, or one of them: make bench measure; output goes to benchmarks/results"

install: $(STAMP)

# `uv` where there is one, else the `venv` of Python itself.
$(STAMP): requirements/base.txt requirements/build.txt pyproject.toml
ifeq ($(UV),)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt -r requirements/base.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
else
	$(UV) venv --quiet --allow-existing --python $(PYTHON) $(VENV)
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/build.txt -r requirements/base.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
endif
	@touch $@

$(TESTS): $(STAMP) requirements/test.txt
ifeq ($(UV),)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
else
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/test.txt
endif
	@touch $@

run: install
	@exec $(BIN)/socius serve --first-run

check: $(TESTS)
	$(BIN)/python tests/run.py check

test: $(TESTS)
	$(BIN)/python tests/run.py test

# `make bench measure` runs one of them.
ONE := $(filter $(patsubst benchmarks/bench_%.py,%,$(wildcard benchmarks/bench_*.py)),$(MAKECMDGOALS))
.PHONY: $(ONE)
bench: $(TESTS)
	$(BIN)/python benchmarks/run.py $(ONE)
$(ONE): bench
	@:

format: $(TESTS)
	$(BIN)/ruff format src tests benchmarks
	$(BIN)/ruff check --fix src tests benchmarks

# Pins with hashes and without the addresses they were fetched from. Needs `uv`.
lock:
	cd requirements && for name in base build test spark pds peers; do \
	  uv pip compile --quiet --upgrade --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links $$name.in -o $$name.txt; done

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
