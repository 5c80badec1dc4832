# Everything one does with a checkout. Each target does its own set-up; `make` alone lists them.
PYTHON ?= python3
ARGS ?=
export PYTHON

BIN := .venv/bin
SETUP := packaging/linux
SETUP_FILES := pyproject.toml constraints.txt $(wildcard $(SETUP)/*.sh)

.DEFAULT_GOAL := help
.PHONY: help run test lint bench soak screenshot clean system-run system-test

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile
	@echo '  PYTHON=python3.13 chooses the interpreter, ARGS="..." goes to the program or to pytest'

run: .venv/.ready-to-run ## open the window; ARGS="photo.jpg" opens it with a picture
	@$(BIN)/fovea $(ARGS)

test: .venv/.ready-to-test ## run the tests; ARGS="-k decoder" chooses some
	@$(SETUP)/test.sh $(ARGS)

lint: .venv/.ready-to-test ## style, types and architecture
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -q tests/test_architecture.py

bench: .venv/.ready-to-bench ## measure speed and memory against their limits
	@$(SETUP)/test.sh -n 0 -m bench -q --timeout=600 $(ARGS)

soak: .venv/.ready-to-test ## the tests that take minutes
	@$(SETUP)/test.sh -m soak --timeout=3600 $(ARGS)

screenshot: .venv/.ready-to-test ## draw the window's states as pictures
	@$(SETUP)/with_screen.sh $(BIN)/python packaging/screenshot.py $(ARGS)

clean: ## remove what was built here
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find app ui tests packaging -name __pycache__ -type d -prune -exec rm -rf {} +

system-run:
	@$(SETUP)/system_packages.sh needs-run.txt

system-test:
	@$(SETUP)/system_packages.sh needs-run.txt needs-test.txt

.venv/.ready-to-run: $(SETUP_FILES) | system-run
	@$(SETUP)/environment.sh local
	@touch $@

.venv/.ready-to-test: $(SETUP_FILES) | system-test
	@$(SETUP)/environment.sh local,test
	@touch .venv/.ready-to-run $@

.venv/.ready-to-bench: $(SETUP_FILES) | system-test
	@$(SETUP)/environment.sh local,test,bench
	@touch .venv/.ready-to-run .venv/.ready-to-test $@
