# The one door. `make help` lists what it opens.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
PORT ?= 8000
DEMO ?= 1
SEED ?= 8
COUNT ?= 320
ONLY ?=
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
STYLES := $(shell find static/scss -name '*.scss' 2>/dev/null)
# Built last, so it stands for all of them.
ASSETS := staticfiles/staticfiles.json
SCRIPTS := $(shell find static/js static/icons -type f 2>/dev/null)

.PHONY: help run assets css check format test test-python test-postgres test-js test-browser tools proof mutants clean bench lock audit

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 16

run: $(ASSETS) ## Serve the portal with its demonstration on http://localhost:8000 (PORT=8123, DEMO=0)
	@PORT=$(PORT) DEMO=$(DEMO) $(BIN)/python scripts/run.py

assets: $(ASSETS) ## Fetch the front-end packages, compile the style, collect the static files

css: .build/npm ## Compile the style only
	@$(BIN)/python scripts/assets.py

check: $(ASSETS) ## Lint, format, deployment settings, missing migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2 --check
	$(BIN)/python manage.py makemigrations --check --dry-run
	SITE_URL=https://map.example.org SECRET_KEY=only-for-this-check-$$(printf '0123456789%.0s' 1 2 3 4 5) \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

format: .build/python ## Format Python and templates
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2 || true  # 1: it wrote

test: tools $(ASSETS) ## Everything: Python on SQLite and PostgreSQL, JavaScript, browser
	@scripts/test.sh

tools: ## Install what the tests need (Chromium, PostgreSQL, nginx) where that is possible
	@scripts/tools.sh

test-python: .build/npm ## The Python tests on SQLite
	$(BIN)/python -m pytest -q -m "not browser and not proof"

test-postgres: .build/npm ## The same tests on a PostgreSQL of their own
	$(BIN)/python scripts/with_postgres.py $(BIN)/python -m pytest -q -m "not browser and not proof"

test-js: .build/npm ## The JavaScript unit tests
	$(BIN)/python scripts/node.py node --test --test-reporter=spec $(wildcard tests/js/*.test.js)

test-browser: $(ASSETS) ## The browser journeys
	$(BIN)/python -m pytest -q -m "browser and not proof" -n 2 --dist worksteal

proof: tools $(ASSETS) ## The proofs that need longer, at full size; each says what it counted
	$(BIN)/python -m pytest -q -s -m "proof and not browser"
	$(BIN)/python -m pytest -q -s -m "proof and browser"

mutants: .build/python ## Put faults into the rules that keep things private, and see which no test notices (SEED=8, COUNT=320, ONLY=pins/similar.py)
	@$(BIN)/python -m tests.mutation --seed $(SEED) --count $(COUNT) --only "$(ONLY)"

audit: .build/npm ## Ask PyPI and npm for known faults in what is locked
	@$(BIN)/python scripts/audit.py

bench: tools $(ASSETS) ## How fast the toolkit is, as a multiple of the least possible, and the map with 100,000 pins (PINS=)
	$(BIN)/python benchmarks/toolkit.py
	$(BIN)/python -m benchmarks.pins

lock: .build/python ## Write requirements-production.txt anew, with hashes
	$(BIN)/python scripts/lock.py

clean: ## Remove what was built (not the database)
	rm -rf .build static/css static/vendor staticfiles

.build/python: requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, with venv."; exit 1; }
	@echo "Python packages (a minute or two the first time) …"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --disable-pip-version-check --no-input -r requirements.txt \
		| { grep -v "^Requirement already satisfied" || true; }
	@mkdir -p .build && touch $@

.build/npm: package.json package-lock.json .build/python
	@echo "Front-end packages …"
	@$(BIN)/python scripts/node.py npm ci --no-audit --no-fund --loglevel=error
	@mkdir -p .build && touch $@

$(ASSETS): .build/npm scripts/assets.py $(STYLES) $(SCRIPTS)
	@echo "Style and static files …"
	@$(BIN)/python scripts/assets.py
	@$(BIN)/python manage.py collectstatic --noinput --clear -v 0
	@touch $@
