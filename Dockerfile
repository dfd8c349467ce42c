# Two stages from the same lock as everything else: the packages, then what runs.

FROM python:3.13-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt .
RUN /opt/venv/bin/pip install --require-hashes -r requirements.txt

FROM python:3.13-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --create-home --home-dir /home/dry-run dry-run
WORKDIR /srv/dry-run
COPY --from=packages /opt/venv /opt/venv
COPY . .
# Collecting needs settings, but neither this key nor this database.
RUN SECRET_KEY=only-to-collect-static-files-at-build SITE_URL=https://build.invalid \
    DATABASE_URL=postgres://build/none python manage.py collectstatic --no-input
USER dry-run
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-m", "config.healthcheck"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "4", "--blocking-threads-idle-timeout", "600", \
     "--backlog", "4096", "--backpressure", "8192", "--no-ws", \
     "config.wsgi:application"]
