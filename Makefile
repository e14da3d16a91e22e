# Everything people run. Needs Python 3.11 or newer and make; `make` alone lists what there is.
PORT ?= 8000
WORKERS ?= 2
PYTEST ?=
PY := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help demo demo-reset stop signins test check services bench lock messages environment environment-dev

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

demo: environment ## run the portal with demo data on http://127.0.0.1:8000 (PORT=8010 make demo)
	@$(PY) -m portal.running.demo run --port "$(PORT)" --end-with-parent

demo-reset: environment ## stop the demo and forget its data
	@$(PY) -m tests.services.elasticsearch stop
	@$(PY) -m portal.running.demo reset

stop: environment ## stop the demo, PostgreSQL and Elasticsearch, keep the data
	@$(PY) -m portal.running.demo stop
	@$(PY) -m tests.services.elasticsearch stop

signins: environment ## the demo's sign-ins as JSON
	@$(PY) manage.py signins

test: environment-dev ## the whole suite (PYTEST="-k cart -x" adds arguments, WORKERS=1 for one process)
	@$(PY) -m portal.running.messages compile
	@$(PY) -m tests.services.elasticsearch fetch || true
	@$(PY) -m pytest -n "$(WORKERS)" $(PYTEST)

check: environment-dev ## format, lint, types, imports, migrations, translations, API schema, settings
	@portal/running/check

services: environment-dev ## a real Elasticsearch on loopback; prints its address
	@$(PY) -m tests.services.elasticsearch start

bench: environment-dev ## all benchmarks, one table
	@if [ -d bench ]; then $(PY) -m bench; else echo "There is no benchmark yet: bench/ comes with the first one."; fi

lock: environment-dev ## write both requirements files anew (UPGRADE=--upgrade for newer versions)
	@.venv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-emit-index-url $(UPGRADE) requirements.in -o requirements.txt
	@.venv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-emit-index-url $(UPGRADE) requirements-dev.in -o requirements-dev.txt

messages: environment ## put new texts of code and templates into the translation catalogues
	@$(PY) -m portal.running.messages update

environment:
	@portal/running/make-environment requirements.txt

environment-dev:
	@portal/running/make-environment requirements-dev.txt
