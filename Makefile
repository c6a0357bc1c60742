# Everything from a fresh clone with Python 3.11 or later and git: `make demo`, `make test`.

PYTHON ?= $(shell for name in python3.14 python3.13 python3.12 python3.11 python3; do \
	"$$name" -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null && { echo "$$name"; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
SOURCES := $(shell find policy_gate policies -type f -not -name '*.pyc') pyproject.toml README.md LICENSE

.PHONY: demo test lint bench clean

demo: $(VENV)/.installed
	@$(BIN)/policy-gate demo

test: $(VENV)/.test-tools
	$(BIN)/pytest -n auto

lint: $(VENV)/.lint-tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.installed
	$(BIN)/python tests/bench/bench.py

clean:
	rm -rf $(VENV)

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "policy-gate needs Python 3.11 to 3.14 with venv; set PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made $(SOURCES)
	@echo "installing policy-gate into $(VENV)"
	@$(PIP) .
	@touch $@

$(VENV)/.test-tools: $(VENV)/.installed
	@$(PIP) "pytest>=8.3" "pytest-xdist>=3.6" "hypothesis>=6.120" "jsonschema>=4.23" "PyGithub>=2.5" "python-gitlab>=5"
	@touch $@

$(VENV)/.lint-tools: $(VENV)/.test-tools
	@$(PIP) "ruff>=0.9" "mypy>=1.14" types-PyYAML types-defusedxml types-jsonschema
	@touch $@
