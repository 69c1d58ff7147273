.DEFAULT_GOAL := help
.PHONY: help run test stored faults quality judge bench hooks docs picture release releasable lock clean

PYTHON ?= python3
BIN := .venv/bin

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 14

run: .venv/run ## set up and play in the terminal
	@$(BIN)/llmq console

test: .venv/dev ## set up and run lint, types and all tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto --dist worksteal --maxfail 25 $(COVERAGE)

# It makes the tests half as slow again, so it is left to CI: `make test CI=1`.
COVERAGE := $(if $(CI),--cov --cov-report=term:skip-covered)

stored: .venv/dev ## run the tests of what is stored, on the server that LLMQ_TEST_REDIS names
	$(BIN)/pytest -n auto --dist worksteal $(STORED)

STORED := tests/bot tests/scheduler tests/llmq tests/adapters/test_everywhere.py tests/faults/test_topologies.py tests/test_day.py

faults: .venv/dev ## let everything go wrong at every step of a round, in real processes (many minutes)
	FAULTS=all $(BIN)/pytest -q -n 4 --timeout 3600 tests/faults $(LONG)

LONG := tests/bot/test_memory.py tests/scheduler/test_quarter.py tests/adapters/test_slack_commands.py tests/adapters/test_slack_replays.py

quality: .venv/dev ## measure how well key points are found in answers
	@$(BIN)/python -m tests.quality

judge: .venv/dev ## let a small real model look for key points (its packages: CONTRIBUTING.md)
	LLMQ_TEST_JUDGE=$(abspath $(JUDGE)) $(BIN)/pytest -q -s tests/llmq/test_small_model.py

# A Python of its own: what it needs is in no lock, and is compiled.
JUDGE ?= .judge/bin/python

bench: .venv/dev ## measure, ours beside the floor
	@$(BIN)/python -m tests.bench

hooks: .venv/dev ## let git run what CI runs on the files that a commit changes
	@$(BIN)/pre-commit install

docs: .venv/dev ## write what the README, the manifest and .env.example say from the code
	@$(BIN)/python -m tests.docs

picture: .venv/run ## take docs/questions.png of the questions' pages, with CHROMIUM
	@rm -rf build/pages
	@$(BIN)/llmq content site build/pages >/dev/null
	@$(CHROMIUM) --headless --hide-scrollbars --window-size=1080,600 --screenshot=$(CURDIR)/docs/questions.png file://$(CURDIR)/build/pages/deck-rag.html

CHROMIUM ?= chromium

release: releasable test ## test, tag and build the version that pyproject.toml names, with the hashes of what is built
	git tag -a v$(VERSION) -m "llmq $(VERSION)"
	@rm -rf dist
	$(BIN)/python -m hatchling build
	@cd dist && $(CURDIR)/$(BIN)/pip hash *.whl *.tar.gz | tee HASHES

VERSION = $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)

releasable:
	@test -z "$$(git status --porcelain)" || { echo "Commit everything first: a release is what is tagged." >&2; exit 2; }
	@! git rev-parse -q --verify v$(VERSION) >/dev/null || { echo "$(VERSION) has a tag already: name the next version in pyproject.toml." >&2; exit 2; }
	@! sed -n '/^## Unreleased/,/^## [0-9]/p' CHANGELOG.md | grep -q '^- ' || { echo "CHANGELOG.md has entries under Unreleased: name the next version in pyproject.toml and move them under it." >&2; exit 2; }
	@grep -q "^## $(VERSION) - " CHANGELOG.md || { echo "CHANGELOG.md has no '## $(VERSION) - DATE': move what is unreleased under it." >&2; exit 2; }

lock: | .venv/bin/python ## pin the dependencies of pyproject.toml with their hashes
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile $(LOCK) -o requirements.txt pyproject.toml requirements-build.in
	$(BIN)/uv pip compile $(LOCK) --extra judge -c requirements.txt -o requirements-judge.txt pyproject.toml requirements-build.in
	$(BIN)/uv pip compile $(LOCK) --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml requirements-build.in

LOCK := -q --upgrade --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-emit-index-url --no-emit-find-links --no-annotate
# A lock names everything, so nothing is looked for: what is installed today is what is installed in a year.
INSTALL := $(BIN)/pip install -q --disable-pip-version-check --no-deps

clean: ## remove what was set up here
	rm -rf .venv build dist *.egg-info

# A stamp says that its lock is installed; both locks share one environment.
.venv/run: requirements.txt pyproject.toml | .venv/bin/python
	@echo "Setting up llmq, once." >&2
	@$(INSTALL) --require-hashes -r requirements.txt >&2
	@$(INSTALL) --no-build-isolation -e . >&2
	@touch $@

.venv/dev: requirements-dev.txt .venv/run
	@echo "Setting up what the tests need, once." >&2
	@$(INSTALL) --require-hashes -r requirements-dev.txt >&2
	@touch $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "llmq needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python cannot make virtual environments here; install its venv package." >&2; exit 2; }
