FROM python:3.11-slim AS build
WORKDIR /llmq
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY llmq llmq
COPY bot bot
COPY adapters adapters
COPY content content
COPY scheduler scheduler
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --uid 10001 --create-home llmq && install -d -o llmq -g llmq -m 700 /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LLMQ_DATA_DIR=/data LLMQ_HTTP_HOST=0.0.0.0 LLMQ_HTTP_PORT=3000
USER llmq
VOLUME /data
WORKDIR /data
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:3000/readyz')"]
ENTRYPOINT ["llmq"]
CMD ["run"]
