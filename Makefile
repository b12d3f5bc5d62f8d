# The only entry. `make run` and `make test` do all their set-up themselves.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
PY := .venv/bin/python
BOT := bot/.venv/bin/python
export PYTHONPATH := $(CURDIR)

name ?=
title ?=
m ?=
args ?=

.PHONY: help run test check bench bench-chat bench-duplicates bench-dispatch bench-grab bench-orders bench-wechat nlu-report train migrate migration seed new openapi screenshots clean python

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null || \
	{ echo "✗ 需要 python3（3.9 或更新）· python3, 3.9 or newer, is needed; or: make PYTHON=/path/to/python3"; exit 1; }

run: python ## everything on http://localhost:8000 with demo data; Ctrl-C stops it
	@exec $(PYTHON) -m backend.ops.run $(args)

test: python ## set-up, checks, and every test
	@$(PYTHON) -m backend.ops.bootstrap
	@$(PYTHON) -m backend.ops.browser
	@$(PYTHON) -m backend.ops.checks
	$(PY) -m pytest -n 2 --dist loadgroup --ignore=tests/browser --ignore=tests/e2e --ignore=tests/conversations $(args)
	$(PY) -m pytest tests/e2e tests/conversations
	$(PY) -m pytest tests/browser
	@if [ -d tests/bot ]; then echo "$(BOT) -m pytest tests/bot"; \
	$(BOT) -m pytest -c /dev/null --rootdir . --confcutdir tests/bot -p no:cacheprovider tests/bot; fi

check: python ## format, lint, types, import contracts, file sizes, dialogue data
	@$(PYTHON) -m backend.ops.bootstrap env bot
	@$(PYTHON) -m backend.ops.checks $(args)

bench: ## list the benchmarks
	@awk -F':.*## ' '/^bench-[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

bench-chat: python ## a chat turn end to end beside bare Rasa, second start, memory
	@$(PYTHON) -m backend.ops.bootstrap
	@$(PY) tests/bench/chat.py $(args)

bench-duplicates: python ## the same fault told again: found, left alone, looked up among a million (GUANJIA_REAL_DIR)
	@$(PYTHON) -m backend.ops.bootstrap env
	@$(PY) -W ignore::UserWarning tests/bench/duplicates.py $(args)

bench-dispatch: python ## choices against the best plan there is, a month against round-robin
	@$(PYTHON) -m backend.ops.bootstrap env
	@$(PY) tests/bench/dispatch.py $(args)

bench-grab: python ## a thousand technicians take one order at once (PostgreSQL on this machine)
	@$(PYTHON) -m backend.ops.bootstrap env
	@$(PY) -W ignore tests/bench/grab.py $(args)

bench-orders: python ## lists, search and new orders of a company with a million orders, on PostgreSQL
	@$(PYTHON) -m backend.ops.bootstrap env
	@$(PY) -W ignore::UserWarning tests/bench/orders.py $(args)

bench-wechat: python ## a crowd writes to the WeChat account while the bot is slow (PostgreSQL on this machine)
	@$(PYTHON) -m backend.ops.bootstrap env
	@$(PY) -W ignore::UserWarning tests/bench/wechat.py $(args)

nlu-report: python ## how well messages are understood, on the locked sets; writes docs/nlu-report.md
	@$(PYTHON) -m backend.ops.bootstrap
	@$(PY) tests/understanding/report.py $(args)

train: python ## train the language model from nlu_data/ and bot/
	@$(PYTHON) -m backend.ops.bootstrap bot
	@$(PYTHON) -m backend.ops.task bot.train $(args)

migrate: python ## bring the database to the newest schema
	@$(PYTHON) -m backend.ops.bootstrap env
	@$(PYTHON) -m backend.ops.task backend.migrate $(args)

migration: python ## m="add x": write a migration from the models
	@$(PYTHON) -m backend.ops.bootstrap env
	@test -n '$(m)' || { echo 'make migration m="what changes"'; exit 2; }
	@$(PYTHON) -m backend.ops.task alembic revision --autogenerate -m '$(m)'

seed: python ## put the demo community into the database
	@$(PYTHON) -m backend.ops.bootstrap env
	@$(PYTHON) -m backend.ops.task backend.migrate
	@$(PYTHON) -m backend.ops.task backend.seed $(args)

new: python ## name=renovation title=装修申请: lay the empty files of a capability
	@$(PYTHON) -m backend.ops.new '$(name)' --title '$(title)'

openapi: python ## generate the pages' API types from the backend's OpenAPI
	@$(PYTHON) -m backend.ops.bootstrap env pages
	@$(PYTHON) -m backend.ops.openapi

screenshots: python ## write docs/img/*.png from a running demo story
	@$(PYTHON) -m backend.ops.bootstrap
	@$(PY) tests/e2e/screenshots.py $(args)

clean: ## remove environments, builds and caches; var/ (data, secrets) stays
	rm -rf .venv bot/.venv connectors/web/pages/node_modules connectors/web/pages/dist var/tools
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .rasa
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
