# One image for web, worker and beat; docker-compose.yml says which it is.
ARG BASE=python:3.13.15-slim-bookworm@sha256:00faa2debb87529f9f0764e9491d8ba400a3678976616c3bd7cb193745ac20d1
FROM ${BASE} AS build
WORKDIR /portal
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /venv && /venv/bin/python -m pip install --no-cache-dir --require-hashes --requirement requirements/run.txt

FROM ${BASE}
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=portal.settings.production STATIC_ROOT=/portal/staticfiles
# What sets the PDF of a printed record, and letters to set it in.
RUN apt-get update && apt-get install --yes --no-install-recommends \
    libpango-1.0-0=1.50.* libpangoft2-1.0-0=1.50.* libharfbuzz-subset0=6.0.* fontconfig=2.14.* \
    fonts-liberation=1:1.07.* fonts-dejavu-core=2.37-* \
    && rm -r /var/lib/apt/lists/*
# What backs up and restores, of the servers' own version, which Debian does not have.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-common=248* ca-certificates=2023* \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install --yes --no-install-recommends postgresql-client-17=17.* \
    && rm -r /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home portal && install --directory --owner portal --mode 700 /files /drill /register
WORKDIR /portal
COPY --from=build /venv /venv
COPY . .
# Static files need no secret: collect them with the embedded settings, which make their own, then drop those.
RUN PORTAL_VAR=/tmp/collect DJANGO_SETTINGS_MODULE=portal.settings.embedded python manage.py collectstatic --no-input --verbosity 0 \
    && mv /tmp/collect/static /portal/staticfiles && rm -r /tmp/collect
USER 10001
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi", "--config", "python:portal.gunicorn", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "8", "--timeout", "60"]
