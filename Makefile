# Everything from a fresh clone with Python 3.11 or later and git: `make demo`, `make test`.

PYTHON ?= $(shell for name in python3.14 python3.13 python3.12 python3.11 python3; do \
	"$$name" -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null && { echo "$$name"; break; }; done)
PIP = $(BIN)/python -m pip --disable-pip-version-check install --quiet
SOURCES := $(shell find policy_gate policies templates -type f -not -name '*.pyc') pyproject.toml hatch_build.py README.md LICENSE
TESTS ?= tests
PYTEST = $(BIN)/pytest -n auto --dist worksteal

# Versions and hashes come from the locks, and nothing is built but the package itself, by a locked builder.
# `LOCKED=` takes the newest versions that pyproject.toml allows instead, in an environment of their own.
LOCKED ?= yes
LOCK := --require-hashes --only-binary :all: --no-deps
ifneq ($(LOCKED),)
VENV := .venv
LIBRARIES = $(PIP) $(LOCK) -r requirements.txt -r .ci/build.txt
TEST_TOOLS = $(PIP) $(LOCK) -r .ci/test.txt
LINT_TOOLS = $(PIP) $(LOCK) -r .ci/lint.txt
MUTANT_TOOLS = $(PIP) $(LOCK) -r .ci/mutants.txt
else
VENV := .venv-newest
LIBRARIES = $(PIP) --upgrade pip && $(PIP) --upgrade --group build '.[github]'
TEST_TOOLS = $(PIP) --upgrade --group test
LINT_TOOLS = $(PIP) --upgrade --group lint
MUTANT_TOOLS = $(PIP) --upgrade --group mutants
endif
BIN := $(VENV)/bin

.PHONY: demo test test-quick test-newest test-tools coverage nightly parts lint lint-ci bench bench-cards bench-discover bench-audit bench-everyday bench-replay bench-registry mutants fuzz fuzz-growth fuzz-passes dist requirements prove clean

demo: $(VENV)/.installed
	@$(BIN)/policy-gate demo

test: test-tools
	$(PYTEST) -m "not nightly" $(TESTS)

# The same without runners, validators and browsers: minutes, where the whole takes a quarter of an hour.
test-quick: test-tools
	$(PYTEST) -m "not nightly and not real_runner" $(TESTS)

# Which lines and branches of the decision its tests in memory do not reach. Apart from `test`: being watched, they
# take three times as long.
DECISION := facts evaluate decide policy
coverage: test-tools
	$(PYTEST) -m "not nightly" $(DECISION:%=--cov=policy_gate.%) --cov-report=term $(DECISION:%=tests/%)

# The suite with the newest versions of all libraries.
test-newest:
	rm -rf .venv-newest
	$(MAKE) test LOCKED=

test-tools: $(VENV)/.test-tools

# Long searches, which no change waits for, and all properties with many more examples.
nightly: test-tools
	$(PYTEST) -m "nightly or hypothesis" --hypothesis-profile=nightly $(TESTS)

# What tests drive beside the package itself: runners, linters, validators. Kept apart from its dependencies.
parts: .parts/.installed

.parts/.installed: .ci/parts.txt .ci/newest-git.txt .ci/package.json .ci/package-lock.json
	$(PYTHON) -m venv .parts
	.parts/bin/python -m pip --disable-pip-version-check install --quiet $(LOCK) -r .ci/parts.txt
	# Apart, as it must not stand between the other parts and the machine's git.
	.parts/bin/python -m pip --disable-pip-version-check install --quiet $(LOCK) --ignore-installed \
		--prefix .parts/newest-git -r .ci/newest-git.txt || echo "no other git for this machine"
	@mkdir -p .parts/node
	cp .ci/package.json .ci/package-lock.json .parts/node
	cd .parts/node && npm ci --no-audit --no-fund --silent
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
	$(BIN)/python tests/bench/bench.py $(BENCH)

# How many merges a second `evidence` replays, and what each kind of merge costs.
bench-replay: $(VENV)/.installed
	$(BIN)/python tests/bench/replay_rate.py $(BENCH)

# How well model cards are read: precision, recall and F1 of each field, with and without the held third. The labelled
# cards are read from CARDS, ../shared/corpus/cards by itself. Skipped, with the reason, without them.
bench-cards: $(VENV)/.installed
	$(BIN)/python tests/bench/bench_cards.py $(CARDS)

# Recall, false files and what init proposes, on the checkouts (owner__name) in the folder POLICY_GATE_TREES; the corpus
# is read from POLICY_GATE_CORPUS, ../shared/corpus/ai-repos.json by itself. Skipped, with the reason, without them.
bench-discover: $(VENV)/.installed
	$(BIN)/python tests/bench/bench_discover.py
	$(BIN)/python tests/twelve.py

# How many changes of real histories, and edits of real model cards, the gate stops, and for what: of the clones in the
# folder POLICY_GATE_CLONES. Skipped, with the reason, without it. `BENCH="--last 300"` takes more of each.
bench-everyday: $(VENV)/.installed
	$(BIN)/python tests/bench/bench_everyday_changes.py $(BENCH)

# Seconds for the verification of 10,000 entries of the audit log, without and with replay.
bench-audit: $(VENV)/.installed
	$(BIN)/python tests/bench/bench_audit.py

# How many repositories a second a sync of the registry reads, where all are new and where nothing changed, by processes
# and by a Dask cluster of two workers, and what memory it takes.
bench-registry: $(VENV)/.installed
	$(BIN)/python tests/bench/bench_registry.py $(BENCH)

# Small faults set into the decision one at a time, and which of them no test notices: all of them in a night, or
# `make mutants SAMPLE=100 SEED=1`. LIMIT is the share in per cent above which it fails.
# `make mutants FOLDERS=policy_gate/cards BY=tests/cards` is about another folder, by the tests named.
mutants: $(VENV)/.mutant-tools
	$(BIN)/python tests/mutation/mutants.py $(if $(SAMPLE),--sample $(SAMPLE)) --seed $(or $(SEED),1) \
		--only '$(or $(ONLY),*)' --limit $(or $(LIMIT),100) $(if $(FOLDERS),--folders $(FOLDERS)) \
		$(if $(BY),--tests $(BY))

# Each reader fed with inputs that nobody would write: `make fuzz INPUTS=1000000`, or `ONLY=manifest` for one of them.
# `fuzz-passes` does the same with one file of a change that is blocked, and no input may let it merge.
READERS = $(shell sed -n 's/^    "\([a-z-]*\)": Target.*/\1/p' tests/fuzz/targets.py)
BLOCKED = $(shell sed -n 's/^    "\(pass-[a-z-]*\)": .*/\1/p' tests/fuzz/blocked_changes.py)
fuzz fuzz-passes: $(VENV)/.mutant-tools
	for target in $(or $(ONLY),$(if $(filter fuzz,$@),$(READERS),$(BLOCKED))); do \
		$(BIN)/python tests/fuzz/fuzz.py $$target --inputs $(or $(INPUTS),$(if $(filter fuzz,$@),10000,1000)) || exit 1; \
	done

# Which readers take more time than in proportion to a file, where one piece of text stands in it again and again.
fuzz-growth: $(VENV)/.mutant-tools
	$(BIN)/python tests/fuzz/growth.py $(ONLY)

# A second opinion: so many histories judged by the gate and by the model of its decisions, which must agree. TABLE is for how
# many histories each defence is switched off, to see when it is missed.
prove: test-tools
	$(BIN)/python tests/histories/prove.py --histories $(or $(HISTORIES),1000) --seed $(or $(SEED),0) \
		--table $(or $(TABLE),0)

# The wheel and the source archive, in dist.
dist: $(VENV)/.installed
	$(BIN)/hatchling build --clean -d dist

# Bring the locks up to date; requirements.txt is what action.yml installs. What is left out serves browsers alone.
COMPILE := .parts/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --only-binary :all: \
	--no-emit-index-url --no-header --no-annotate --no-config --upgrade --quiet
requirements: parts
	$(COMPILE) pyproject.toml --extra github --no-emit-package httpx2-jsfetch --output-file requirements.txt
	$(COMPILE) --group build -c requirements.txt --output-file .ci/build.txt
	$(COMPILE) --group test -c requirements.txt -c .ci/build.txt --output-file .ci/test.txt
	$(COMPILE) --group lint -c requirements.txt -c .ci/build.txt -c .ci/test.txt --output-file .ci/lint.txt
	$(COMPILE) --group mutants -c requirements.txt -c .ci/build.txt -c .ci/test.txt -c .ci/lint.txt \
		--output-file .ci/mutants.txt
	$(COMPILE) --group parts --output-file .ci/parts.txt
	cd .ci && rm -f package-lock.json && npm install --package-lock-only --omit-lockfile-registry-resolved \
		--no-audit --no-fund --silent
	$(PYTHON) -c 'import json; lock = json.load(open(".ci/package-lock.json")); \
		[package.pop("funding", None) for package in lock["packages"].values()]; \
		open(".ci/package-lock.json", "w").write(json.dumps(lock, indent=2) + "\n")'

clean:
	rm -rf .venv .venv-newest .parts dist

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "policy-gate needs Python 3.11 to 3.14 with venv; set PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.libraries: $(VENV)/.made $(if $(LOCKED),requirements.txt .ci/build.txt,pyproject.toml)
	@echo "installing libraries into $(VENV)"
	@$(LIBRARIES)
	@touch $@

$(VENV)/.installed: $(VENV)/.libraries $(SOURCES)
	@echo "installing policy-gate into $(VENV)"
	@$(PIP) --no-deps --no-build-isolation .
	@touch $@

$(VENV)/.test-tools: $(VENV)/.installed $(if $(LOCKED),.ci/test.txt)
	@$(TEST_TOOLS)
	@touch $@

$(VENV)/.lint-tools: $(VENV)/.test-tools $(if $(LOCKED),.ci/lint.txt)
	@$(LINT_TOOLS)
	@touch $@

$(VENV)/.mutant-tools: $(VENV)/.test-tools $(if $(LOCKED),.ci/mutants.txt)
	@$(MUTANT_TOOLS)
	@touch $@
