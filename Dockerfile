# One image for web, worker and beat; docker-compose.yml says which it is.
FROM python:3.13-slim-bookworm AS build
WORKDIR /portal
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /venv && /venv/bin/python -m pip install --no-cache-dir --require-hashes --requirement requirements/run.txt

FROM python:3.13-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=portal.settings.production STATIC_ROOT=/portal/staticfiles
RUN useradd --system --uid 10001 --no-create-home portal && install --directory --owner portal --mode 700 /files
WORKDIR /portal
COPY --from=build /venv /venv
COPY . .
# Static files need no secret: collect them with the embedded settings, which make their own, then drop those.
RUN PORTAL_VAR=/tmp/collect DJANGO_SETTINGS_MODULE=portal.settings.embedded python manage.py collectstatic --no-input --verbosity 0 \
    && mv /tmp/collect/static /portal/staticfiles && rm -r /tmp/collect
USER 10001
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi", "--config", "python:portal.gunicorn", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "8", "--timeout", "60"]
