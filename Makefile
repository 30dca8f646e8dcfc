# make install · make demo [ARGS=--no-serve] · make test · make proof · make lock · make clean
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
ARGS ?=
PYTEST_ARGS ?= -n auto

.PHONY: install demo test lint types warm proof golden lock clean

install: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps -e .
	@touch $@

demo: install
	$(BIN)/linkmatch demo $(ARGS)

# The engine compiles once, all of it, before the test processes start; the checks run beside it. There is a test process for each
# core: several threads in each would wait for one another.
test: install
	$(MAKE) --no-print-directory -j3 lint types warm
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/pytest $(PYTEST_ARGS)

warm: install
	@LINKMATCH_DATA_DIR=$(VENV)/warm $(BIN)/linkmatch demo --no-serve --format json > /dev/null
	@echo '{"id": "link-demo"}' | LINKMATCH_DATA_DIR=$(VENV)/warm/demo $(BIN)/linkmatch batch profiles --input - > /dev/null
	@echo '{"id": "vac-000001"}' | LINKMATCH_DATA_DIR=$(VENV)/warm/demo $(BIN)/linkmatch batch offers --input - > /dev/null

lint: install
	$(BIN)/ruff check .

types: install
	$(BIN)/mypy

proof: install
	$(BIN)/pytest -m slow
	set -e; for bench in bench/*.py; do test ! -e "$$bench" || { echo "== $$bench"; $(BIN)/python "$$bench"; }; done

lock: install
	$(BIN)/pip-compile --extra=dev --extra=postgres --generate-hashes --strip-extras --no-emit-index-url \
		--no-emit-trusted-host --output-file=requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

golden: install
	cd tests && ../$(BIN)/python test_golden.py
	cd tests && ../$(BIN)/python test_pathway_stories.py
