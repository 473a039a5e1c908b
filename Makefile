# Everything a person does with this repository. `make run` and `make test` work on a fresh clone.
PYTHON ?= python3
PY := .venv/bin/python
LOCK_FLAGS := --generate-hashes --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url

.DEFAULT_GOAL := help
.PHONY: help ready run test check format bench lock screenshots lighthouse clean

help: ## say what can be done here
	@sed -n 's/^\([a-z]*\):.*## /  make \1 — /p' Makefile

ready: ## install what is missing, without starting anything
	@$(PYTHON) tools/bootstrap.py

run: ready ## start the demonstration on http://127.0.0.1:8000 (PORT=9000 make run for another port)
	@$(PY) -m tools.run

test: ready ## run every test, on SQLite and on PostgreSQL
	@$(PY) -m pytest -n auto $(ARGS)

check: ready ## format, lint, types, import rules, templates
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) -m djlint --lint --quiet templates

format: ready ## put code in the one style
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

bench: ready ## measure the portal and write bench/RESULTS.md
	@$(PY) -m bench

lock: ready ## choose new versions of every package, and lock them with hashes
	echo uv==$$($(PY) -c 'from importlib.metadata import version as v; print(v("uv"))') \
		| $(PY) -m uv pip compile - $(LOCK_FLAGS) --quiet --output-file requirements/uv.txt
	$(PY) -m uv pip compile pyproject.toml --all-extras $(LOCK_FLAGS) --quiet --upgrade \
		--output-file requirements/development.txt
	@$(PY) -c 'import subprocess; from tools.bootstrap import npm; \
		subprocess.run([*npm(), "install", "--package-lock-only", "--ignore-scripts"], check=True)'

screenshots: ready ## draw the pictures of the pages at phone and desk width
	@$(PY) -m tools.screenshots

lighthouse: ready ## let Lighthouse judge every public page as a phone would; fails below 100, 100 and 90
	@$(PY) -m tools.lighthouse

clean: ## forget what was installed, the demonstration's data and all caches
	rm -rf .venv node_modules portal/static/vendor instance screenshots .pytest_cache .mypy_cache .ruff_cache \
		.import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find portal/static -name '*.br' -delete -o -name '*.gz' -delete
