# Every target is a few lines; what they run is what CI runs.

.PHONY: run test coverage check kamailio-check call schema migrate migration bench soak lock environment

run: environment  ## Set everything up, load a demo, and serve it on loopback
	@.venv/bin/pointsman serve --demo

test: environment  ## Set up what tests need and run them all, SIP too
	@sh deploy/development/sip-parts.sh || test -z "$$CI"
	@sh deploy/development/promtool.sh >/dev/null || test -z "$$CI"
	# Calls wait for timers of theirs: what takes the processor meanwhile runs before them.
	.venv/bin/python -m pytest -n auto --maxprocesses 4 --dist loadfile --ignore tests/sip
	.venv/bin/python -m pytest -n 3 --dist loadfile tests/sip

coverage: environment  ## Every branch of the core and of rtjson, by tests without fixture or event loop
	.venv/bin/coverage run -m pytest tests/routing tests/kamailio/test_rtjson.py \
	  tests/kamailio/test_headers.py tests/kamailio/test_headers_of_any_call.py \
	  tests/snapshots/test_packed_table.py
	.venv/bin/coverage report

check: environment  ## Format, lint, types, import rules, schema drift, migration drift
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/pointsman schema check
	.venv/bin/pointsman schema validate tests/operations.graphql
	.venv/bin/pointsman migrate --check

kamailio-check: environment  ## Have Kamailio check its configuration with all combinations of options
	@sh deploy/development/sip-parts.sh
	@sh deploy/kamailio/check-configuration.sh

call: environment  ## Place a call through a real Kamailio against what `make run` serves; called=+1...
	@sh deploy/development/sip-parts.sh
	@.venv/bin/python -m tests.sip.place_call $(called)

schema: environment  ## Write the generated files under schema/
	.venv/bin/pointsman schema export

migrate: environment  ## Bring the database's schema up to date
	.venv/bin/pointsman migrate

migration: environment  ## Write a migration for what changed in the models
	.venv/bin/pointsman migrate --write $(or $(name),update)

bench: environment  ## Measure, each figure beside its control in the same run
	@sh deploy/development/bench-parts.sh
	@sh deploy/development/sip-parts.sh
	.venv/bin/python -m tests.bench

soak: environment  ## Ten minutes of calls with faults at random, each call held against its record
	@sh deploy/development/sip-parts.sh
	.venv/bin/python -m tests.soak

lock: environment  ## Pin the newest versions that pyproject.toml allows
	sh deploy/requirements/lock.sh

environment: .venv/ready

.venv/ready: deploy/requirements/dev.txt pyproject.toml deploy/development/environment.sh
	@sh deploy/development/environment.sh
