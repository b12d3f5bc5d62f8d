# Rasa: training and serving in Python 3.10.
FROM python:3.10-slim-bookworm AS environment
RUN pip install --no-cache-dir "uv>=0.9"
WORKDIR /srv/guanjia/bot
COPY bot/pyproject.toml bot/uv.lock ./
RUN uv sync --frozen --no-dev --no-cache --python /usr/local/bin/python3.10

FROM python:3.10-slim-bookworm
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin guanjia \
    && install -d -o guanjia -g guanjia /srv/guanjia/var /srv/guanjia/var/models
WORKDIR /srv/guanjia
COPY --from=environment /srv/guanjia/bot/.venv bot/.venv
COPY bot bot
COPY nlu_data nlu_data
ENV PATH=/srv/guanjia/bot/.venv/bin:$PATH PYTHONPATH=/srv/guanjia PYTHONUNBUFFERED=1 \
    GUANJIA_VAR_DIR=/srv/guanjia/var
USER 10001
