# Two commands matter: `make run` and `make test`. Each sets up what it needs inside this checkout.
.PHONY: run test bench check format lock migrations backup restore
.DEFAULT_GOAL := run
PYTHON := .venv/bin/python
export PORT ?= 8000

# Start the portal with its worker on the embedded default. PORT=8001 chooses another port.
run:
	@sh scripts/bootstrap.sh run
	@exec $(PYTHON) manage.py serve --port "$(PORT)"

# Both kinds of backup, or one restored into empty databases (docs/backup.md), with the settings of
# this environment: make restore DATA=folder KEYSTORE=folder
backup:
	@sh scripts/bootstrap.sh run
	@exec $(PYTHON) manage.py backup $(ARGS)

restore:
	@sh scripts/bootstrap.sh run
	@exec $(PYTHON) manage.py restore "$(DATA)" --keystore "$(KEYSTORE)" $(ARGS)

# Every test, on PostgreSQL, Redis, a worker and a browser, two at a time where there are two processors.
# ARGS="tests/portal -x" chooses some, one at a time; LANES=1 runs all so.
LANES ?= $(shell test "$$(getconf _NPROCESSORS_ONLN)" -gt 1 && echo 2 || echo 1)
test:
	@sh scripts/bootstrap.sh test
ifneq ($(ARGS)$(filter 1,$(LANES)),)
	@exec $(PYTHON) scripts/with_services.py -- $(PYTHON) -m pytest $(ARGS)
else
	@SERVICES_LANES=$(LANES) exec $(PYTHON) scripts/with_services.py -- $(PYTHON) -m pytest -n $(LANES) --dist worksteal
endif

# What is promised about speed, measured against itself in one run; takes some minutes.
bench:
	@sh scripts/bootstrap.sh test
	@SERVICES_WAIT_FOR_DISK=1 DJANGO_SETTINGS_MODULE=portal.settings.test exec $(PYTHON) scripts/with_services.py -- $(PYTHON) -m bench

# Format, lint, types, contracts, templates, migrations, files for deployment.
check:
	@sh scripts/bootstrap.sh check
	@exec $(PYTHON) scripts/check.py

format:
	@sh scripts/bootstrap.sh check
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .
	-$(PYTHON) -m djlint --reformat --quiet templates

# New migrations, with the files that keep each room's in one line.
migrations:
	@sh scripts/bootstrap.sh check
	DJANGO_SETTINGS_MODULE=portal.settings.test $(PYTHON) manage.py makemigrations $(ARGS)

# Compile requirements/*.in again; the tests' pins are held to the portal's.
lock:
	@sh scripts/lock.sh
