# One image for every role: web (the default), worker, and one-off commands.
FROM python:3.13-slim AS build
WORKDIR /srv/portal
RUN python -m venv .venv
COPY requirements.txt .
RUN .venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
# Static files and translations are part of the image; collecting them needs no real settings.
RUN .venv/bin/python -m portal.running.messages compile \
    && set -a && . deploy/example.env && set +a \
    && STATIC_ROOT=/srv/portal/static DJANGO_SETTINGS_MODULE=portal.settings.production \
       .venv/bin/python manage.py collectstatic --noinput

FROM python:3.13-slim
RUN useradd --system --create-home --home-dir /srv/portal portal \
    && mkdir -p /srv/portal/media && chown portal:portal /srv/portal/media
WORKDIR /srv/portal
COPY --from=build /srv/portal /srv/portal
ENV PATH=/srv/portal/.venv/bin:$PATH PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=portal.settings.production
USER portal
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "8", "portal.wsgi:application"]
