# Each target sets up what it needs: Python 3.11 or newer and make are all it takes beforehand.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# What the kit runs on, and with what only tests, lint and benchmarks add.
RUNS := $(VENV)/.runs
INSTALLED := $(VENV)/.installed
TORCH := $(VENV)/.torch
TORCH_TESTS := tests/wall tests/audit tests/checks tests/assignments tests/cs_lib tests/course
# A file's tests run in one process, so that what they share is made once.
PYTEST := OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: help demo test test-all test-torch test-postgres test-cluster lint format bench report-full release lab system clean

help:
	@echo "make demo      a small course: released, graded, reported"
	@echo "make test      the tests (make test-all adds full-length runs and long fuzzing)"
	@echo "make test-torch  PyTorch, and the tests of pytorch_cifar"
	@echo "make test-postgres  PostgreSQL, and the tests of the gradebook on it"
	@echo "make test-cluster  the tests of clusters, and of what is killed in a run"
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

# Where pip would fetch PyTorch with CUDA: PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu
test-torch: $(TORCH)
	$(PYTEST) -m "" -k "(torch or tensors or extras) and not fifty" $(TORCH_TESTS)
	OPENBLAS_NUM_THREADS=1 $(BIN)/autograder audit pytorch_cifar --mutants 60 --seeds 3 --draws 0

# Clusters of more than one machine, as far as one machine can be them.
test-cluster: $(INSTALLED)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-cluster.txt
	$(PYTEST) -m "" tests/project/test_cluster_files.py tests/project/test_clusters.py tests/grade/test_cluster.py tests/grade/test_kills.py

# All that a gradebook is opened for, on PostgreSQL. `make test` runs the first folder on both databases, where one is installed.
test-postgres: $(INSTALLED)
	@command -v pg_ctl >/dev/null || ls /usr/lib/postgresql/*/bin/pg_ctl >/dev/null 2>&1 || sh tools/start_postgres.sh --install
	$(PYTEST) -m "" tests/gradebook tests/tools/test_start_postgres.py
	AUTOGRADER_TESTS_ON=postgresql $(PYTEST) tests/publish tests/grade/test_course_run.py tests/grade/test_regrade.py tests/course/test_roster.py \
	  tests/browser/test_formgrader.py

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

$(TORCH): $(INSTALLED) requirements-torch.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-torch.txt
	@touch $@

$(INSTALLED): $(RUNS) requirements-dev.txt requirements-postgres.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV) demo build *.egg-info .pytest_cache .mypy_cache .ruff_cache
