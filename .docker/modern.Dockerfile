# Backend, actions and connectors: one image, three commands; the worker also has the bot's environment, to train
# (see compose.yaml).
FROM node:22-bookworm-slim AS pages
WORKDIR /pages
COPY connectors/web/pages/package.json connectors/web/pages/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY connectors/web/pages ./
RUN npm run build

FROM python:3.11-slim-bookworm AS environment
RUN pip install --no-cache-dir "uv>=0.9"
WORKDIR /srv/guanjia
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --no-cache --python /usr/local/bin/python3.11

FROM python:3.11-slim-bookworm AS bot
RUN pip install --no-cache-dir "uv>=0.9"
ENV UV_PYTHON_INSTALL_DIR=/opt/python
WORKDIR /srv/guanjia/bot
COPY bot/pyproject.toml bot/uv.lock ./
RUN uv sync --frozen --no-dev --no-cache --managed-python --python 3.10

FROM python:3.11-slim-bookworm AS modern
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin guanjia \
    && install -d -o guanjia -g guanjia /srv/guanjia/var /srv/guanjia/var/models
WORKDIR /srv/guanjia
COPY --from=environment /srv/guanjia/.venv .venv
COPY pyproject.toml ./
COPY backend backend
COPY actions actions
COPY connectors connectors
COPY nlu_data nlu_data
COPY tests/understanding tests/understanding
COPY --from=pages /pages/dist connectors/web/pages/dist
ENV PATH=/srv/guanjia/.venv/bin:$PATH PYTHONPATH=/srv/guanjia PYTHONUNBUFFERED=1 \
    GUANJIA_VAR_DIR=/srv/guanjia/var
USER 10001

FROM modern AS worker
COPY --from=bot /opt/python /opt/python
COPY --from=bot /srv/guanjia/bot/.venv bot/.venv
COPY bot bot
USER 10001
