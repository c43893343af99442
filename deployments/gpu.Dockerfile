# Workers of the pool gpu: the image of the pool cpu with torch and what models need (about 8 GB). Build from the repository's root:
#   docker build -f deployments/gpu.Dockerfile -t songreel:gpu .
# The machine needs NVIDIA's driver (CUDA 12.8) and container toolkit. Weights lie in the volume /models.
FROM python:3.11-slim-bookworm AS built

COPY --from=ghcr.io/astral-sh/uv:0.11 /uv /bin/uv
WORKDIR /app
ENV UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen --no-dev --no-install-project --compile-bytecode --extra models --extra llm

FROM python:3.11-slim-bookworm

# EGL draws on the GPU through NVIDIA's own library where the toolkit brings it ("graphics"), else on the processor through Mesa.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libegl1 libgl1-mesa-dri libgomp1 tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --create-home songreel \
    && install -d -o songreel -g songreel /var/lib/songreel /models
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
    SONGREEL_HOME=/var/lib/songreel PREFECT_HOME=/var/lib/songreel/prefect HF_HOME=/models/huggingface \
    PREFECT_WORKER_QUERY_SECONDS=2 PREFECT_FLOWS_HEARTBEAT_FREQUENCY=30 PREFECT_LOGGING_EXTRA_LOGGERS=songreel \
    NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility,graphics,video
USER songreel
VOLUME ["/var/lib/songreel", "/models"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=180s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/health', timeout=4)"]
ENTRYPOINT ["tini", "--"]
# One run at a time: a model has the GPU to itself.
CMD ["python", "-m", "blocks.resting", "worker", "start", "--pool", "gpu", "--type", "process", "--limit", "1", "--with-healthcheck"]
