# By tag, so that a build has the base's latest security fixes; a digest would keep the faults of the day on
# which it was written down. For the same bytes each time: --build-arg PYTHON=python:3.11-slim@sha256:…
ARG PYTHON=python:3.11-slim

FROM ${PYTHON} AS build
WORKDIR /llmq
# With the client of a judge (docs/feedback.md): --build-arg LOCK=requirements-judge.txt
ARG LOCK=requirements.txt
COPY ${LOCK} .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r ${LOCK}
COPY pyproject.toml README.md LICENSE ./
COPY llmq llmq
COPY bot bot
COPY adapters adapters
COPY content content
COPY scheduler scheduler
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM ${PYTHON}
RUN useradd --uid 10001 --user-group --create-home llmq && install -d -o llmq -g llmq -m 700 /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LLMQ_DATA_DIR=/data LLMQ_HTTP_HOST=0.0.0.0 LLMQ_HTTP_PORT=3000
# By number: Kubernetes' runAsNonRoot knows no names.
USER 10001
VOLUME /data
WORKDIR /data
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:3000/readyz')"]
ENTRYPOINT ["llmq"]
CMD ["run"]
