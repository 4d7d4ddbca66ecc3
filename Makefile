# Everything a checkout needs: Python 3.11 or newer, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
PACKAGING := $(VENV)/.packaging
LOWEST := build/lowest

.PHONY: audit test programs lint types imports check samples catalogues coverage bench country fuzz soak shares \
	man docs installs lowest laptop audit-dependencies clean

## Audit the sample exports (sets everything up the first time)
audit: $(STAMP)
	@$(BIN)/eklase-audit check sample_exports --as-of 2026-11-24T18:00 --fail-on never

## Run the tests (those that need another program: make programs)
test: $(STAMP)
	$(BIN)/python -m pytest -n auto -m "not programs"

## Run the tests that need LibreOffice and Chromium
programs: $(STAMP)
	$(BIN)/python -m pytest -m programs

## Lint, types, direction of imports, catalogue, manual pages, documents
check: lint types imports catalogues man docs

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

imports: $(STAMP)
	$(BIN)/lint-imports

catalogues: $(STAMP)
	$(BIN)/python tools/catalogues.py check

man: $(STAMP)
	$(BIN)/python tools/man_pages.py check

docs: $(STAMP)
	$(BIN)/python tools/doc_pages.py check
	$(BIN)/python tools/docs_check.py

## Install the wheel with pip, pipx and uv, and try each away from here
installs: $(PACKAGING)
	$(BIN)/python tools/try_install.py pip pipx uv

## Run the tests on the lowest versions that pyproject.toml allows
# The manual pages are as the newest Typer words the help, which older ones word otherwise.
WORDED := --deselect tests/test_packaging.py::test_the_manual_pages_are_as_the_commands_are
lowest: $(PACKAGING)
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(LOWEST)
	$(BIN)/uv pip compile --quiet --resolution lowest-direct --python $(LOWEST) -o $(LOWEST)/lowest.txt pyproject.toml
	$(BIN)/uv pip install --quiet --python $(LOWEST) --constraint $(LOWEST)/lowest.txt --group dev --editable .
	$(LOWEST)/bin/python -m pytest -p no:cacheprovider -q -n auto -m "not programs" $(WORDED)

## Make the one-folder build for computers without Python, in dist/laptop, and try it
laptop: $(PACKAGING)
	$(BIN)/pyinstaller --noconfirm --log-level ERROR --distpath dist/laptop --workpath build/laptop \
		packaging/eklase-audit.spec
	$(BIN)/python tools/try_install.py laptop

## Ask PyPI for known holes in the libraries (needs the network; not part of .ci/run)
audit-dependencies: $(PACKAGING)
	$(BIN)/pip-audit --strict --skip-editable

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

## Measure what an audit costs, beside its floor and other tools: docs/performance.md (about half an hour)
PARTS ?=
bench: $(STAMP)
	$(BIN)/python -m pip install --quiet --group bench
	$(BIN)/python benchmarks/bench.py $(PARTS)

## Audit a tenth of a country's schools and reckon what all would take: docs/country.md (five minutes)
country: $(STAMP)
	$(BIN)/python benchmarks/country.py

## Try faults: KILLS runs killed, full disks, moved clocks and others; writes docs/faults.md (a quarter of an hour)
KILLS ?= 500
SEED ?= 5
soak: $(STAMP)
	$(BIN)/python benchmarks/soak.py $(KILLS) $(SEED)

## Compute the table of docs/snapshots.md anew
shares: $(STAMP)
	$(BIN)/python tools/snapshot_shares.py

$(STAMP): pyproject.toml tools/hatch_catalogues.py $(wildcard src/eklase_audit/locales/*/LC_MESSAGES/*.po)
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --group dev --editable .
	@touch $@

$(PACKAGING): $(STAMP)
	$(BIN)/python -m pip install --quiet --group packaging
	@touch $@

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
