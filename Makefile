# Everything from a fresh clone with Python 3.11 or later and git: `make demo`, `make test`.

PYTHON ?= $(shell for name in python3.14 python3.13 python3.12 python3.11 python3; do \
	"$$name" -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null && { echo "$$name"; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
SOURCES := $(shell find policy_gate policies templates -type f -not -name '*.pyc') pyproject.toml README.md LICENSE

.PHONY: demo test parts lint lint-ci bench requirements clean

demo: $(VENV)/.installed
	@$(BIN)/policy-gate demo

test: $(VENV)/.test-tools
	$(BIN)/pytest -n auto --dist worksteal

# What tests drive beside the package itself: runners, linters, validators. Kept apart from its dependencies.
parts: .parts/.installed

.parts/.installed: .ci/parts.txt
	$(PYTHON) -m venv .parts
	.parts/bin/python -m pip --disable-pip-version-check install --quiet -r .ci/parts.txt
	@mkdir -p .parts/node
	cd .parts/node && npm install --no-package-lock --no-audit --no-fund --silent \
		gitlab-ci-local@4.73.0 @microsoft/sarif-multitool@5.7.0 axe-core@4.14.1
	@touch $@

lint: $(VENV)/.lint-tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# What runs elsewhere: workflows, the action, and the scripts around them.
lint-ci: parts
	.parts/bin/zizmor --offline --persona auditor --quiet .github action.yml
	PATH="$(CURDIR)/.parts/bin:$$PATH" .parts/bin/actionlint
	.parts/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	.parts/bin/check-jsonschema --builtin-schema vendor.github-actions action.yml
	.parts/bin/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	.parts/bin/shellcheck .ci/run

bench: $(VENV)/.installed
	$(BIN)/python tests/bench/bench.py

# The libraries that action.yml installs, by their hashes; bring them up to date with this.
requirements: $(VENV)/.installed
	@$(PIP) uv
	$(BIN)/uv pip compile pyproject.toml --extra github --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-config --upgrade --quiet --output-file requirements.txt

clean:
	rm -rf $(VENV) .parts

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
