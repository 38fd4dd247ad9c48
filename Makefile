# `make run` and `make test` are all a newcomer needs; `make help` lists the rest.
VENV   := .venv
BIN    := $(VENV)/bin
PYTHON ?= python3

.DEFAULT_GOAL := help
.PHONY: help run test test-nightly test-browser screenshots lint format catalogues lock audit clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

# The stamps make a second `make run` start at once. The app installs from ranges, tests and CI from the lock, by hash.
$(BIN)/uv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	sed -n '/^uv==/,/# via/p' requirements.lock >$(VENV)/uv.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt

$(VENV)/run.stamp: requirements.txt | $(BIN)/uv
	$(BIN)/uv pip install --python $(BIN)/python -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements.lock | $(BIN)/uv
	$(BIN)/uv pip install --python $(BIN)/python --require-hashes -r requirements.lock
	@touch $@ $(VENV)/run.stamp

run: $(VENV)/run.stamp ## serve the app on http://localhost:8501
	$(BIN)/streamlit run app.py

test: $(VENV)/dev.stamp ## unit, oracle and property tests on all cores, without a browser
	$(BIN)/python -m pytest --ignore=tests/browser -n auto --dist worksteal

test-nightly: $(VENV)/dev.stamp ## 20,000 new capital structures against every law
	HYPOTHESIS_PROFILE=default CAPITAL_STRUCTURES=20000 $(BIN)/python -m pytest tests/capital/test_whole_structures.py

test-browser: $(VENV)/dev.stamp ## the app in a real Chromium (needs /usr/bin/chromium)
	$(BIN)/python -m pytest tests/browser -n 2 --dist worksteal

screenshots: $(VENV)/dev.stamp ## pictures of every page, both languages, themes and widths, in screenshots/
	$(BIN)/python tools/screenshots.py

lint: $(VENV)/dev.stamp ## formatting, types, import arrows, size limits
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/check_limits.py
	$(BIN)/python tools/check_torch_free.py
	$(BIN)/python -m tools.check_lock
	$(BIN)/python tools/catalogues.py --check

format: $(VENV)/dev.stamp ## rewrite the code in the house style
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

catalogues: $(VENV)/dev.stamp ## extract strings, update and compile both languages
	$(BIN)/python tools/catalogues.py

lock: $(VENV)/dev.stamp ## renew requirements.lock: the newest versions that requirements-dev.txt allows, with their hashes
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" requirements-dev.txt --output-file requirements.lock

audit: $(VENV)/dev.stamp ## known vulnerabilities of what is locked (asks PyPI); says what could not be looked up
	$(BIN)/python -m tools.audit

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis
