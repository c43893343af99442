"""``songreel doctor``: what is there, what is missing, and the command that mends it."""

import importlib.util
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from blocks import server
from blocks.settings import Settings, read
from cli.output import emit, guarded, table
from schemas.backend import Kind
from songreel.errors import SongreelError
from songreel.execution.machine import look

LEAST_DISK = 5e9  # bytes; a film of ten minutes in 1080p takes about three, with its clips
MODELS = {"torch": "models", "demucs": "models", "faster_whisper": "models", "diffusers": "models", "chromadb": "library", "pydantic_ai": "llm"}
LISTENERS: dict[Kind, str] = {"stems": "stems model", "words": "words model", "alignment": "word times model", "meaning": "meaning model"}
KEYS = ("REPLICATE_API_TOKEN", "RUNPOD_API_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY")
GL_MEND = "sudo apt-get install libegl1 libgl1-mesa-dri"


@dataclass(frozen=True)
class Finding:
    """One thing looked at. What is not ``needed`` only opens more ways."""

    name: str
    ok: bool
    found: str
    mend: str = ""
    needed: bool = True


def examine(store: str | None, as_json: bool) -> int:
    """Print every finding; 2 when something that is needed is missing."""
    with guarded(as_json):
        findings = list(_findings(read(store=store)))
    if as_json:
        emit([asdict(finding) for finding in findings])
    else:
        rows = [("ok" if one.ok else "MISSING" if one.needed else "-", one.name, one.found, "" if one.ok else one.mend) for one in findings]
        table(("", "what", "found", "mend it with"), rows)
    return 0 if all(finding.ok for finding in findings if finding.needed) else 2


def _findings(settings: Settings) -> Iterator[Finding]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield Finding("Python", sys.version_info[:2] in ((3, 11), (3, 12)), version, "uv python install 3.11")
    yield _ffmpeg()
    yield _gl()
    yield _gpu(settings)
    yield from _extras()
    yield from _listeners(settings)
    yield from _keys(settings)
    yield _language_model(settings)
    yield _store(settings)
    yield _disk(settings)
    yield _server(settings)


def _ffmpeg() -> Finding:
    from songreel.media.tool import ffmpeg_path

    try:
        return Finding("ffmpeg", True, ffmpeg_path())
    except (SongreelError, RuntimeError) as error:
        return Finding("ffmpeg", False, str(error), "uv sync")


def _gl() -> Finding:
    """Tried in a worker, since a broken driver can take its process with it."""
    from songreel.execution.workers import Workers

    try:
        with Workers(1) as workers:
            return Finding("GL renderer", True, workers.call("cli.doctor:renderer"))
    except SongreelError as error:
        return Finding("GL renderer", False, str(error), GL_MEND)


def renderer() -> str:
    """The name of what OpenGL draws with here."""
    from songreel.painter.gl import open_context

    context = open_context()
    try:
        return str(context.info["GL_RENDERER"])
    finally:
        context.release()


def _gpu(settings: Settings) -> Finding:
    gpu = look(settings.cores).gpu
    if gpu is None:
        return Finding("GPU", False, "no NVIDIA GPU: the painter draws on the processor", "a machine with a GPU, or a cloud backend", needed=False)
    return Finding("GPU", True, f"{gpu.name}, {gpu.vram_gb:.0f} GB of video memory, {gpu.free_gb:.0f} GB free", needed=False)


def _extras() -> Iterator[Finding]:
    for module, extra in MODELS.items():
        there = importlib.util.find_spec(module) is not None
        yield Finding(module, there, "installed" if there else "not installed", f"uv sync --extra {extra}", needed=False)


def _listeners(settings: Settings) -> Iterator[Finding]:
    """Models that hear the song or read the prompt: for each kind what is here, else how to get the first of it."""
    from songreel import catalogue
    from songreel.models.listing import missing

    for kind, what in LISTENERS.items():
        local = [one for one in catalogue.entries(kind, settings.access) if one.where != "cloud"]
        lacks = {one.name: missing(one, settings.access) for one in local}
        here = [name for name, gone in lacks.items() if gone is None]
        mend = next((gone.mend for gone in lacks.values() if gone), "")
        yield Finding(what, bool(here), ", ".join(here) or "no weights: it goes without a model", "" if here else mend, needed=False)


def _keys(settings: Settings) -> Iterator[Finding]:
    for name in KEYS:
        there = getattr(settings, name.lower()) is not None
        yield Finding(name, there, "set" if there else "not set", f"export {name}=...", needed=False)


def _language_model(settings: Settings) -> Finding:
    """Whether `--writer llm` has someone to ask; nobody is asked here."""
    from songreel.planning.llm_catalogue import address, is_near, parsed, price_of

    mend = "export SONGREEL_LLM=provider:model, such as anthropic:claude-sonnet-5 or ollama:llama3.1"
    model = settings.access.llm
    if model is None:
        return Finding("language model", False, "none named: the rules write", mend, needed=False)
    try:
        provider, name = parsed(model.name)
        url = address(provider, model.account.url)
    except SongreelError as error:
        return Finding("language model", False, str(error), mend, needed=False)
    if provider.key and not model.account.key and not is_near(url):
        key = "SONGREEL_LLM_KEY" if model.account.url else provider.key
        return Finding("language model", False, f"{model.name} has no key", f"export {key}=...", needed=False)
    price = price_of(provider, name, url)
    costs = f"${price.read * 1e6:g} and ${price.written * 1e6:g} for a million tokens read and written" if price.read else "free"
    return Finding("language model", True, f"{model.name} at {url}, {costs}", needed=False)


def _store(settings: Settings) -> Finding:
    try:
        store = settings.open_store()
        there = store.has(store.put_bytes(b"songreel doctor", ".txt"))
    except (SongreelError, OSError) as error:
        return Finding("store", False, f"{settings.store_url}: {error}", "export SONGREEL_STORE=<a folder you can write, or s3://bucket/prefix>")
    return Finding("store", there, f"{settings.store_url} can be written")


def _disk(settings: Settings) -> Finding:
    folder = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    return Finding("disk", free >= LEAST_DISK, f"{free / 1e9:.0f} GB free at {folder}", "export SONGREEL_HOME=<a folder on a larger disk>")


def _server(settings: Settings) -> Finding:
    if settings.prefect_api_url:
        return Finding("Prefect server", server.answers(settings.prefect_api_url), settings.prefect_api_url, "unset PREFECT_API_URL")
    running = server.find(settings.server_home)
    return Finding("Prefect server", True, running.ui if running else "not running: the next render starts it", needed=False)
