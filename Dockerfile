# Two stages: the first installs packages and collects static files, the second holds only what the running site needs.
FROM python:3.13-slim-trixie AS builder
ENV PYTHONDONTWRITEBYTECODE=1 PATH=/venv/bin:$PATH
WORKDIR /site
RUN python -m venv /venv
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY . .
# Settings do not load without keys. These are temporary and are deleted with their folder.
RUN python -m tooling.compile_messages \
    && mkdir /tmp/keys \
    && python -m tooling.new_keys > /tmp/keys/settings.env \
    && VAR_DIR=/tmp/keys python manage.py collectstatic --no-input \
    && rm -r /tmp/keys

FROM python:3.13-slim-trixie
ENV PYTHONUNBUFFERED=1 PATH=/venv/bin:$PATH VAR_DIR=/tmp
# For `manage.py backup` and `restore`. pg_dump must be as new as the server, so compose pins the server's version.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home site && install -d -o site /var/lib/s4jr
COPY --from=builder /venv /venv
COPY --from=builder /site /site
WORKDIR /site
USER 10001
EXPOSE 8000
CMD ["python", "-m", "s4jr.server", "--interface", "wsgi", "s4jr.wsgi:application", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "2"]
