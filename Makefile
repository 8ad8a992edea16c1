# Each target sets up what it needs: Python 3.11 or newer and make are all it takes beforehand.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# What the kit runs on, and with what only tests, lint and benchmarks add.
RUNS := $(VENV)/.runs
INSTALLED := $(VENV)/.installed
# A file's tests run in one process, so that what they share is made once.
PYTEST := OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: help demo test test-all lint format bench report-full release lab system clean

help:
	@echo "make demo      a small course: released, graded, reported"
	@echo "make test      the tests (make test-all adds full-length runs and long fuzzing)"
	@echo "make lint      ruff and mypy"
	@echo "make bench     the benchmarks"
	@echo "make report-full  every notebook whole, on the largest data at hand: reports/full/index.html"
	@echo "make release   release/ anew, for every assignment"
	@echo "make lab       JupyterLab for authoring, with the reference cs_lib importable"
	@echo "               (what Jupyter is to be told: make lab ARGS='--no-browser --allow-root')"

demo: $(RUNS)
	@$(BIN)/python tools/demo.py

test: $(INSTALLED)
	$(PYTEST)

test-all: $(INSTALLED)
	$(PYTEST) -m ""

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(INSTALLED)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(INSTALLED)
	@for script in benchmarks/bench_*.py; do echo "== $$script"; OPENBLAS_NUM_THREADS=1 $(BIN)/python $$script || exit 1; done

report-full: $(INSTALLED)
	@$(BIN)/python benchmarks/bench_notebooks.py --full --keep reports/full; ran=$$?; \
	  $(BIN)/python -m tools.notebook_report reports/full && exit $$ran

release: $(RUNS)
	$(BIN)/autograder release --all

lab: $(RUNS)
	$(BIN)/autograder lab $(ARGS)

$(RUNS): requirements.txt pyproject.toml tools/install_system.sh
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "make: expected Python 3.11 or newer, got $$($(PYTHON) --version). Set PYTHON=…"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@sh tools/install_system.sh
	@touch $@

$(INSTALLED): $(RUNS) requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV) demo build *.egg-info .pytest_cache .mypy_cache .ruff_cache
