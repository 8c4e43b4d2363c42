# Commands to run and develop Perceptarium. Needs Python 3.11 or newer; PYTHON=... selects one.

VENV := .venv
BIN := $(VENV)/bin
NEEDS := pyproject.toml constraints.txt scripts/install.sh
# Three on two cores: tests also wait for servers and pages. Measured: 8 min 24 s instead of 9 min 14 s.
WORKERS ?= 3

# Servers and their workers are many processes: none of them shall compile what another one has compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test check bench scores lessons faults wheel clean

help:
	@echo "make run     install the dependencies, start the server and open the page (ARGS='--port 9000' passes options)"
	@echo "make test    run all tests, including those in a browser"
	@echo "make check   check style and types, and run the fast tests (less than a minute)"
	@echo "make bench   run the benchmarks, and write benchmarks/results/"
	@echo "make scores  train the default run of every data set with five seeds, and write docs/scores.md"
	@echo "make lessons measure the claims of the lessons, and write templates/lessons/measured.json"
	@echo "make faults  run the drills: what clients, processes and disks can do wrong, and write docs/reliability.md"
	@echo "make wheel   build the package into dist/"
	@echo "make clean   remove the environment, builds and caches"

run: $(VENV)/.run
	@exec $(BIN)/perceptarium serve $(ARGS)

test: $(VENV)/.dev
	@sh scripts/browser.sh $(BIN)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -n $(WORKERS) -m "not slow" tests/engine tests/benchmarks tests/test_*.py

bench: $(VENV)/.dev
	@sh scripts/browser.sh $(BIN)
	$(BIN)/python -m benchmarks $(ARGS)

scores: $(VENV)/.dev
	$(BIN)/python -m benchmarks.measure_scores $(ARGS)

lessons: $(VENV)/.dev
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/perceptarium lessons measure templates/lessons $(ARGS)

faults: $(VENV)/.dev
	$(BIN)/python -m faults $(ARGS)

wheel: $(VENV)/.run
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

clean:
	rm -rf $(VENV) build dist test-artifacts .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Installs again only after a change of the dependencies: starting must not need a network.
$(VENV)/.run: $(NEEDS)
	@sh scripts/install.sh $(VENV) . "$(PYTHON)"
	@touch $@

$(VENV)/.dev: $(NEEDS)
	@sh scripts/install.sh $(VENV) ".[dev]" "$(PYTHON)"
	@touch $(VENV)/.run $@
