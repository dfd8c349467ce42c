# The commands of this project; `make` alone lists them. Each sets up what it needs.

PYTHON ?= python3
PORT ?= 8000
ARGS ?=
# How many processes share the tests; PROCESSES=0 is one, for a debugger.
PROCESSES ?= auto
# Which pages Lighthouse is asked about: all, or six.
LIGHTHOUSE ?= all

VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest --numprocesses $(PROCESSES) --maxprocesses 4 --dist loadfile
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11

.DEFAULT_GOAL := help
.PHONY: help run dev test test-browser lint format messages content budgets faults bench screenshots shell lock reset

help: ## List the commands
	@echo "Dry Run: practice interviews before they count."
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/.run ## Try it: database, library, demo people and the server, on PORT=8000
	@SITE_URL=$${SITE_URL:-http://127.0.0.1:$(PORT)} DEMO=1 DEBUG=$${DEBUG:-0} exec $(BIN)/python manage.py demo --port $(PORT)

dev: $(VENV)/.run .env ## The same with DEBUG=1 and a reload on each change
	@DEBUG=1 $(BIN)/python manage.py demo --prepare-only
	@DEBUG=1 exec $(BIN)/python manage.py runserver 127.0.0.1:$(PORT)

test: $(VENV)/.dev .env ## Run every test, with a real Postgres (and Chromium, where there is one)
	@$(PYTEST) $(ARGS)

test-browser: $(VENV)/.dev .env ## Run the browser tests alone
	@$(PYTEST) -m browser $(ARGS)

lint: $(VENV)/.dev .env ## Check style, types, templates, migrations and settings
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@git ls-files -z -- '*.html' | xargs -0 $(BIN)/djade --check --target-version 5.2
	@$(BIN)/mypy
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	@SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') DEBUG=0 \
		SITE_URL=https://dry-run.example.com DATABASE_URL=postgres://nobody@127.0.0.1/none \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

format: $(VENV)/.dev ## Mend what the formatters can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@git ls-files -z -- '*.html' | xargs -0 $(BIN)/djade --target-version 5.2

messages: $(VENV)/.dev .env ## Bring the translations up to date with the texts of the pages
	@$(BIN)/python manage.py messages

content: $(VENV)/.run .env ## Check the bundled library
	@$(BIN)/python manage.py library check content/

budgets: $(VENV)/.dev .env node_modules/.ready ## Measure every page: weight, axe, validity, Lighthouse
	@LIGHTHOUSE=$(LIGHTHOUSE) $(PYTEST) -m budgets $(ARGS)

faults: $(VENV)/.dev .env ## Kill servers under writing candidates and count what got lost
	@FAULTS_CANDIDATES=50 FAULTS_BROWSERS=4 FAULTS_ENDINGS=16 FAULTS_FINISHES=5 FAULTS_SECONDS=240 \
		FAULTS_WEB_KILLS=5 FAULTS_DATABASE_KILLS=2 $(BIN)/python -m pytest -m faults $(ARGS)

bench: $(VENV)/.dev .env ## Measure what is promised (ARGS="start" for one part)
	@$(BIN)/python -m bench $(ARGS)

screenshots: $(VENV)/.dev .env ## Picture every page into docs/screenshots/
	@$(BIN)/python -m docs.make_screenshots

shell: $(VENV)/.run .env ## A Python shell with the models at hand
	@$(BIN)/python manage.py shell

lock: $(VENV)/.dev ## Lock the requirements anew after editing a requirements*.in
	@$(UV_COMPILE) $(ARGS) requirements.in --output-file requirements.txt
	@$(UV_COMPILE) $(ARGS) requirements-dev.in --output-file requirements-dev.txt

reset: $(VENV)/.run .env ## Delete the embedded database and all that was written into it
	@$(BIN)/python manage.py reset $(ARGS)

# What the commands need.

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; name yours with: make PYTHON=python3.13" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) \
		|| { echo "The environment can't be made: install venv (on Debian: apt-get install python3-venv)." >&2; exit 2; }

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# Not `npm ci`: one of Lighthouse's packages wants the latest of another, which no lock can promise.
node_modules/.ready: package-lock.json
	@command -v npm >/dev/null \
		|| { echo "npm is needed for what checks the pages (on Debian: apt-get install npm)." >&2; exit 2; }
	@npm install --no-save --silent
	@touch $@

.env:
	@printf '# Made for development by make; see .env.example.\nDEBUG=1\n' > $@
