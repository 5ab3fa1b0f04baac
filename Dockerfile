# One image for web, worker and clock; compose.yaml says which is which.
# tests/fresh/bare_root.sh runs these very steps on a bare Debian.
FROM debian:bookworm-slim

RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      python3-venv ca-certificates libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/*

RUN useradd --system --user-group --home-dir /var/lib/engawa --create-home engawa

WORKDIR /srv/engawa

# Third-party parts first: they change seldom, so the layer is kept.
COPY bin/setup bin/front-end bin/
COPY requirements.txt requirements-node.txt package.json package-lock.json .npmrc ./
COPY crm/static/icons.txt crm/static/
RUN bin/setup && rm -rf node_modules /root/.npm /root/.cache

COPY . .

# Compiled now: whoever runs it may not write here, and would compile at every start.
RUN .venv/bin/python -m compileall -q crm config.py wsgi.py

ENV PYTHONUNBUFFERED=1
ENV PATH=/srv/engawa/.venv/bin:/usr/local/bin:/usr/bin:/bin
ENV CRM_DATA_DIR=/var/lib/engawa
ENV CRM_DEMO=0

USER engawa
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000"]
