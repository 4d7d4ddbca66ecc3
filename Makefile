# Everything a checkout needs: Python 3.11 or newer, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: audit test programs lint types imports check samples catalogues coverage fuzz soak shares clean

## Audit the sample exports (sets everything up the first time)
audit: $(STAMP)
	@$(BIN)/eklase-audit check sample_exports --as-of 2026-11-24T18:00 --fail-on never

## Run the tests (those that need another program: make programs)
test: $(STAMP)
	$(BIN)/python -m pytest -n auto -m "not programs"

## Run the tests that need LibreOffice and Chromium
programs: $(STAMP)
	$(BIN)/python -m pytest -m programs

## Lint, types, direction of imports, catalogue
check: lint types imports catalogues

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

imports: $(STAMP)
	$(BIN)/lint-imports

catalogues: $(STAMP)
	$(BIN)/python tools/catalogues.py check

## Tests with the coverage shown
coverage: $(STAMP)
	$(BIN)/python -m pytest -n auto --cov --cov-report=term

## Read files that no program should have written, for ten minutes (or so many SECONDS)
SECONDS ?= 600
fuzz: $(STAMP)
	$(BIN)/python benchmarks/fuzz.py $(SECONDS)

## Make the sample exports anew (the same bytes each time)
samples: $(STAMP)
	$(BIN)/python tools/make_samples.py

## Kill 200 runs that take a snapshot: nothing recorded may be lost
soak: $(STAMP)
	$(BIN)/python benchmarks/soak_store.py

## Compute the table of docs/snapshots.md anew
shares: $(STAMP)
	$(BIN)/python tools/snapshot_shares.py

$(STAMP): pyproject.toml tools/hatch_catalogues.py $(wildcard src/eklase_audit/locales/*/LC_MESSAGES/*.po)
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --group dev --editable .
	@touch $@

clean:
	rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
