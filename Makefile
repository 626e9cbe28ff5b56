# Two commands matter: `make run` and `make test`. Each sets up what it needs inside this checkout.
.PHONY: run test bench start check format lock migrations backup restore sbom
.DEFAULT_GOAL := run
PYTHON := .venv/bin/python
export PORT ?= 8000
# Of the packages nothing is compiled when they come: each module is when it is first used, and kept.
unexport PYTHONDONTWRITEBYTECODE

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

# Every test, on PostgreSQL, Redis, a worker and a browser, in as many lanes as there are processors.
# ARGS="tests/portal -x" chooses some, one at a time; LANES=1 runs all so; LONG=1 runs at full length
# what is short by default (a nightly run).
PROCESSORS := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
LANES ?= $(shell if [ $(PROCESSORS) -gt 8 ]; then echo 8; else echo $(PROCESSORS); fi)
export LONG ?= 0
SERVICES = exec $(PYTHON) scripts/with_services.py --with-parent -- $(PYTHON)
test:
ifneq ($(ARGS)$(filter 1,$(LANES)),)
	@export SET_UP_BEGAN=$$(date +%s); sh scripts/bootstrap.sh test && $(SERVICES) -m pytest $(ARGS)
else
	@export SET_UP_BEGAN=$$(date +%s) SERVICES_LANES=$(LANES); sh scripts/bootstrap.sh test && $(SERVICES) -m pytest -n $(LANES) --dist worksteal
endif

# What is promised about speed, measured in one run against itself and against django-helpdesk, whose
# packages come into an environment of their own: ARGS="costs --requests 20000" chooses parts and sizes,
# ARGS=--write keeps the figures in docs. ARGS=quick holds pages to what they cost before.
# `make bench start` measures how long the first start and the second take, and of what.
bench:
ifneq ($(filter start,$(MAKECMDGOALS)),)
	@sh scripts/bootstrap.sh run
	@exec $(PYTHON) -m bench.start
else
	@sh scripts/bootstrap.sh test
	@export SERVICES_WAIT_FOR_DISK=1 TOKEN_SCRYPT_N=16384 DJANGO_SETTINGS_MODULE=portal.settings.test; $(SERVICES) -m bench $(ARGS)
endif
start: bench
	@:

# Format, lint, types, contracts, templates, migrations, files for deployment.
check:
	@sh scripts/bootstrap.sh check
	@exec $(PYTHON) scripts/check.py

format:
	@sh scripts/bootstrap.sh check
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .
	-$(PYTHON) -m djlint --reformat --quiet templates

# New migrations, with the files that keep each app's in one line.
migrations:
	@sh scripts/bootstrap.sh check
	DJANGO_SETTINGS_MODULE=portal.settings.test $(PYTHON) manage.py makemigrations $(ARGS)

# The bill of materials in CycloneDX, of what the image installs: var/sbom.cdx.json
sbom:
	@sh scripts/bootstrap.sh check
	@exec $(PYTHON) scripts/sbom.py $(ARGS)

# Compile requirements/*.in again; the tests' pins are held to the portal's.
lock:
	@sh scripts/lock.sh
