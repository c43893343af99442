# Server, gateway, and workers of the pool cpu: the painter, listening, assembling. Build from the repository's root:
#   docker build -f deployments/cpu.Dockerfile -t songreel:cpu .
FROM python:3.11-slim-bookworm AS built

COPY --from=ghcr.io/astral-sh/uv:0.11 /uv /bin/uv
WORKDIR /app
ENV UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen --no-dev --no-install-project --compile-bytecode --extra gateway --extra llm

FROM python:3.11-slim-bookworm

# EGL and Mesa's llvmpipe draw without a GPU; ffmpeg comes with a Python package; tini hands signals on and buries children.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libegl1 libgl1-mesa-dri libgomp1 tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --create-home songreel \
    && install -d -o songreel -g songreel /var/lib/songreel
WORKDIR /app
COPY --from=built /app/.venv .venv
COPY schemas schemas
COPY songreel songreel
COPY blocks blocks
COPY tasks tasks
COPY flows flows
COPY gateway gateway
COPY cli cli
COPY deployments/work_pools deployments/work_pools
COPY prefect.yaml LICENSE ./
ENV PATH=/app/.venv/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 DO_NOT_TRACK=1 \
    SONGREEL_HOME=/var/lib/songreel PREFECT_HOME=/var/lib/songreel/prefect \
    PREFECT_WORKER_QUERY_SECONDS=2 PREFECT_FLOWS_HEARTBEAT_FREQUENCY=30 PREFECT_LOGGING_EXTRA_LOGGERS=songreel
USER songreel
VOLUME /var/lib/songreel
# A worker's own health page (--with-healthcheck); the gateway and the server in compose.yaml have checks of their own.
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/health', timeout=4)"]
ENTRYPOINT ["tini", "--"]
CMD ["python", "-m", "blocks.resting", "worker", "start", "--pool", "cpu", "--type", "process", "--limit", "2", "--with-healthcheck"]
