# One command for each habit. Needs Python 3.11 or later and nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
READY_TO_GRADE := $(VENV)/ready-grade
SITE := build/site-venv
SITE_READY := $(SITE)/ready
TESTS ?=
ASSIGNMENT ?= linear_regression
OUT ?= results
SUBMISSIONS ?= sample_class

.PHONY: help setup grade test test-all coverage audit soak lint format types bench stubs-check docs-check site linkcheck stubs figures pictures clean

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: $(READY) ## make a virtual environment in .venv with pinned dependencies and the kit

$(READY): EXTRAS := instructor,dev
$(READY_TO_GRADE): EXTRAS := grade
$(READY) $(READY_TO_GRADE): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "This needs Python 3.11 or later; say which with: make PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[$(EXTRAS)]'
	@touch $@

# Grading needs less than all; where everything is installed already, that is brought up to date instead.
grade: $(if $(wildcard $(READY)),$(READY),$(READY_TO_GRADE)) ## batch-grade the sample class; results and feedback go to results/
	@test ! -e $(OUT)/overrides.csv \
		|| { echo "A person has set points in $(OUT) (overrides.csv). Move it away, or give another: make grade OUT=..."; exit 1; }
	@test ! -e $(OUT)/comments.csv \
		|| { echo "A person has written comments in $(OUT) (comments.csv). Move it away, or give another: make grade OUT=..."; exit 1; }
	@rm -rf $(OUT)
	@$(BIN)/python -m grader grade $(SUBMISSIONS) --assignment $(ASSIGNMENT) --out $(OUT)

test: setup ## run the kit's tests, but for those that take long
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not slow and not soak"

test-all: setup ## run the tests that `make test` leaves out: kills, attacks, browsers, other machines
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "slow and not soak"

coverage: setup ## run the tests, and show which lines of the kit they miss
	@$(BIN)/python -m coverage erase
	@$(BIN)/python -m coverage run -m pytest -n auto --dist loadfile --no-loadscope-reorder $(TESTS); status=$$?; \
		$(BIN)/python -m coverage combine --quiet && $(BIN)/python -m coverage report && exit $$status

audit: setup ## grade the grader: mistakes, right answers, mutants, 20 seeds
	@for lesson in linear_regression digits; do $(BIN)/python -m grader audit --assignment $$lesson || exit 1; done

soak: setup ## run every attack at every level, as root and as an ordinary user, and other long tests; writes soak.md; then grade 10,000; writes docs/scale.md
	@$(BIN)/python -m tests.attacks.soak
	@$(BIN)/python -m benchmarks.scale

lint: setup ## ruff: rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: setup ## let ruff rewrite what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: setup ## mypy, strict
	@$(BIN)/mypy

stubs-check: setup ## check the stubs against the solutions
	@$(BIN)/python -m grader stubs --check

docs-check: stubs-check ## run the commands in the docs; check the stubs
	@$(BIN)/python -m pytest tests/docs

site: $(SITE_READY) ## make the docs a site in build/site; fails on a misspelt word or a link within it that leads nowhere
	@$(SITE)/bin/codespell *.md docs/*.md exercises/*/*.md course.toml grader
	@$(SITE)/bin/sphinx-build -q -W --keep-going -c docs/site -b html -d build/doctrees . build/site
	@echo build/site/index.html

linkcheck: $(SITE_READY) ## follow the docs' links to other sites; needs a network
	@$(SITE)/bin/sphinx-build -q -c docs/site -b linkcheck -d build/doctrees . build/linkcheck

$(SITE_READY): pyproject.toml constraints.txt
	@test -x $(SITE)/bin/python || $(PYTHON) -m venv $(SITE)
	@$(SITE)/bin/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["site"], sep="\n")' \
		| $(SITE)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -r /dev/stdin
	@touch $(SITE_READY)

bench: setup ## measure: batch grading and self-check, side by side with what people use today
	@$(BIN)/python -m benchmarks

stubs: setup ## regenerate the stubs from the solutions
	@$(BIN)/python -m grader stubs

figures: setup ## draw the lessons' figures again
	@for lesson in linear_regression digits; do $(BIN)/python -m solutions.$$lesson.figures || exit 1; done

PICTURES := digits-page digits-page-phone digits-notebook-wrong digits-notebook-class

pictures: setup ## take the pictures in docs/pictures again, in a browser
	@BROWSER_SCREENSHOTS=build/pictures $(BIN)/python -m pytest -q -m "" tests/browser -k "digits_in_jupyterlab or pictures"
	@mkdir -p docs/pictures
	@cp $(PICTURES:%=build/pictures/%.png) docs/pictures

clean: ## remove the virtual environment, results and caches
	@rm -rf $(VENV) $(OUT) build .coverage .mypy_cache .ruff_cache .pytest_cache
