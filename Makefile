# `make demo` makes a film, `make test` runs the tests; each sets up what it needs first.
UV_VERSION := 0.11.33
UV_SYNC := --group bench --group worker --extra gateway --extra llm
RUN := .venv/bin
SOURCES := schemas songreel blocks tasks flows gateway cli benchmarks examples tests
DEMO_SONG := out/night-drive.flac
DEMO_PROMPT := a lone car drives down a neon road along the ocean at night, towards a city under a huge moon

MODELS := .venv-models

.PHONY: setup setup-models demo test test-models lint format gallery bench clean

setup: .venv/.ready

.venv/.ready: pyproject.toml uv.lock tools/setup.sh Makefile
	@tools/setup.sh $(UV_VERSION) $(UV_SYNC)
	@touch $@

setup-models: $(MODELS)/.ready

# An environment of its own: torch and what comes with it are 8 GB, which nobody else needs.
$(MODELS)/.ready: .venv/.ready
	UV_PROJECT_ENVIRONMENT=$(MODELS) .uv/bin/uv sync --quiet --frozen --compile-bytecode $(UV_SYNC) --extra models
	@touch $@

demo: setup
	@$(RUN)/python examples/sample_song.py $(DEMO_SONG)
	@$(RUN)/songreel render $(DEMO_SONG) --prompt "$(DEMO_PROMPT)" --style synthwave --out out

test: setup
	@$(RUN)/pytest

# In one process, for the libraries' imports take longer than the tests.
test-models: setup-models
	@OMP_NUM_THREADS=1 $(MODELS)/bin/pytest -n 0 tests/models

lint: setup
	$(RUN)/ruff check $(SOURCES)
	$(RUN)/ruff format --check $(SOURCES)
	$(RUN)/mypy
	$(RUN)/codespell
	$(RUN)/lint-imports --no-cache

format: setup
	$(RUN)/ruff check --fix $(SOURCES)
	$(RUN)/ruff format $(SOURCES)

gallery: setup
	$(RUN)/songreel gallery --out out/gallery
	mkdir -p docs/gallery && cp out/gallery/sheet-*.jpg docs/gallery/

bench: setup
	$(RUN)/python -m benchmarks

clean:
	rm -rf .venv $(MODELS) .uv out .mypy_cache .ruff_cache .pytest_cache
