# One command for each habit. Needs Python 3.11 or later and nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
ASSIGNMENT ?= linear_regression
OUT ?= results
SUBMISSIONS ?= sample_class

.PHONY: help setup grade test audit soak lint format types bench docs-check stubs figures clean

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: $(READY) ## make a virtual environment in .venv with pinned dependencies and the kit

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "This needs Python 3.11 or later; say which with: make PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[instructor,dev]'
	@touch $(READY)

grade: setup ## batch-grade the sample class; results and feedback go to results/
	@test ! -e $(OUT)/overrides.csv \
		|| { echo "A person has set points in $(OUT) (overrides.csv). Move it away, or give another: make grade OUT=..."; exit 1; }
	@rm -rf $(OUT)
	@$(BIN)/python -m grader grade $(SUBMISSIONS) --assignment $(ASSIGNMENT) --out $(OUT)

test: setup ## run the kit's tests
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

audit: setup ## grade the grader: mistakes, right answers, mutants, 20 seeds
	@$(BIN)/python -m grader audit

soak: setup ## run every attack at every level, as root and as an ordinary user, and other long tests; writes docs/soak.md
	@$(BIN)/python -m tests.attacks.soak

lint: setup ## ruff: rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: setup ## let ruff rewrite what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: setup ## mypy, strict
	@$(BIN)/mypy

docs-check: setup ## run the commands in the docs; check the stubs against the solutions
	@$(BIN)/python -m grader stubs --check
	@$(BIN)/python -m pytest tests/docs

bench: setup ## measure: batch grading and self-check, side by side with what people use today
	@$(BIN)/python -m benchmarks

stubs: setup ## regenerate the stubs from the solutions
	@$(BIN)/python -m grader stubs

figures: setup ## draw the lesson's figures anew
	@$(BIN)/python -m solutions.linear_regression.figures

clean: ## remove the virtual environment, results and caches
	@rm -rf $(VENV) $(OUT) .mypy_cache .ruff_cache .pytest_cache
