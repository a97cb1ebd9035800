# Everything a newcomer or a developer types; each target says what it does: make help
PYTHON ?= python3
PORT ?= 6543
JOBS ?= 2
PYTEST ?=
MUTANTS ?=
export PORT
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help env run test check bench mutants soak dist clean

help: ## list these targets
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
env: ## build .venv from the hashed lock, wheels only; the command is .venv/bin/surat
	@$(PYTHON) tools/environment.py run
run: env ## make the demo regency if there is none, serve http://127.0.0.1:6543 (PORT=... moves it)
	@$(BIN)/surat serve --demo development.ini
test: ## run the tests; what a missing system tool leaves out is named at the end
	@$(PYTHON) tools/environment.py test && $(BIN)/python -m pytest -n $(JOBS) --dist loadfile $(PYTEST)
check: ## look without running: style, types, the import rule, the shipped flows and their tests
	@$(PYTHON) tools/environment.py test && $(BIN)/ruff check --no-cache . && $(BIN)/ruff format --no-cache --check . && $(BIN)/mypy src && $(BIN)/lint-imports --no-cache && $(BIN)/surat flow check && $(BIN)/surat flow test
bench: ## measure the usual pages and acts beside a bare view, a raw fsync, a raw key operation; the flows; signatures beside stock pyHanko; 100 letters signed at once
	@$(PYTHON) tools/environment.py test && $(BIN)/python -m benchmarks && echo && $(BIN)/python -W ignore -m benchmarks.flows && echo && $(BIN)/python -W ignore -m benchmarks.signatures && echo && $(BIN)/python -W ignore -m benchmarks.batch
mutants: ## put small mistakes into workflow/ and count those that its tests notice (MUTANTS=500 SEED=3 draws so many, ONLY='tell check_*')
	@$(PYTHON) tools/environment.py test && $(BIN)/python tools/mutants.py --count "$(MUTANTS)" --seed "$(SEED)" --only "$(ONLY)" --tests "$(TESTS)" --jobs $(JOBS)
soak: ## the long sizes of the same tests: many threads, letters, scans, flows, mutations
	@$(PYTHON) tools/environment.py test && SURAT_SOAK=1 $(BIN)/python -m pytest -q -m soak $(PYTEST)
dist: ## build the wheel and the source archive into dist/
	@$(PYTHON) tools/environment.py test && $(BIN)/python -m build --no-isolation
clean: ## remove what was built; var/ with the demo's data stays
	@rm -rf .venv build dist src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
