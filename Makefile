# Everything a fresh Debian machine with Python and make needs: the first call sets up, later calls only work.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
API := .venv-api
API_PIP := $(API)/bin/python -m pip --disable-pip-version-check
SAMPLE ?= $(firstword $(wildcard samples/improved) $(sort $(dir $(wildcard samples/*/.))))
REPORT ?= report.pdf
MINUTES ?= 20
# pytest's choice of tests, such as TESTS='-m "not slow"'; the environment may set it as well.
TESTS ?=
# What is there already asks what the machine lacks: the Python of the environment, before that the one to make it with.
ASK = $(or $(wildcard $(BIN)/python),$(PYTHON))

.PHONY: report test lint types tests test-versions measure fuzz check-api machine format help clean
.DEFAULT_GOAL := help

report: $(VENV)/.runtime  ## Set up, report a sample run into report.pdf, and the short answer (SAMPLE=folder, REPORT=file)
	$(BIN)/pai-report $(SAMPLE) -o $(REPORT)
	@$(BIN)/pai-report $(SAMPLE)

test: lint types tests  ## Set up, then lint, types and the whole test suite

lint: $(VENV)/.development  ## ruff: rules and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/.development  ## mypy, strict
	$(BIN)/mypy

tests: $(VENV)/.development  ## pytest on all cores, slow tests included (TESTS='-m "not slow"' for the others)
	$(BIN)/pytest -q -n auto --dist worksteal $(TESTS)

test-versions:  ## The whole suite with the oldest and the newest versions allowed (PYTHONS, TESTS)
	$(PYTHON) .ci/versions.py $(PYTHONS) -- $(TESTS)

measure: $(VENV)/.runtime  ## Size and shape of the code against its bounds
	$(BIN)/python benchmarks/code_measures.py

fuzz: $(VENV)/.development  ## 20 minutes of generated and damaged run folders; failures go to .fuzz/ (SEED=number, MINUTES=20)
	PYTHONPATH=tests/run $(BIN)/python tests/fuzz/fuzz.py --minutes $(MINUTES) $(if $(SEED),--seed $(SEED)) --keep .fuzz

check-api: $(API)/.ready  ## Run every printed line of code against the real perforatedai (own environment, with torch)
	$(API)/bin/python -W ignore -c "import torch, perforatedai.utils_perforatedai" >/dev/null
	$(API)/bin/python -m pytest -q tests/api

format: $(VENV)/.development  ## Format the code and repair what ruff can repair
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

# Everything at once, before anything is set up: Python's version, then all that Debian has as packages of its own. Those are
# installed where we may; elsewhere the sentence says what to do.
machine:
	@$(ASK) -c 'import sys; sys.exit("pai-report needs Python 3.11 or newer." if sys.version_info < (3, 11) else 0)'
	@packages="$$($(ASK) -m pai_report.machine 2>/dev/null)" || { \
		if [ -n "$$packages" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installing Debian packages: $$packages"; \
			apt-get -qq update; \
			DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $$packages >/dev/null; \
		fi; \
		$(ASK) -m pai_report.machine >/dev/null; }

# The environment of an interrupted call is made anew.
$(VENV)/.created: | machine
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

# hatchling and editables build the project here instead of in an environment that pip would fetch for it.
$(VENV)/.runtime: $(VENV)/.created pyproject.toml constraints.txt
	@echo "Installing pai-report into $(VENV)"
	@$(PIP) install -q -c constraints.txt hatchling editables
	@$(PIP) install -q -c constraints.txt --no-build-isolation -e .
	@touch $@

$(VENV)/.development: $(VENV)/.runtime
	@echo "Installing the development tools into $(VENV)"
	@$(PIP) install -q -r constraints.txt
	@touch $@

# Only the library itself without its dependencies: what it needs is named here, its licensed add-on is never installed.
$(API)/.ready: constraints.txt | machine
	@echo "Installing torch and perforatedai into $(API)"
	@$(PYTHON) -m venv --clear $(API)
	@$(API_PIP) install -q torch==2.13.0
	@$(API_PIP) install -q --no-deps perforatedai==3.2.9
	@$(API_PIP) install -q -c constraints.txt numpy pandas matplotlib pytest pyyaml safetensors scikit-learn requests
	@touch $@

clean:  ## Remove the virtual environment and everything made here
	rm -rf $(VENV) $(API) .venv-versions dist build report.pdf .pytest_cache .mypy_cache .ruff_cache .hypothesis .fuzz

help:  ## Show this list
	@sed -n 's/^\([a-z-]*\):.*  ## /  make \1\t/p' Makefile | expand -t 18
