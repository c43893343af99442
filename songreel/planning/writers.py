"""Which writer writes: by name, with what it needs."""

from schemas.request import WriterName
from songreel.access import Access
from songreel.errors import MissingDependency
from songreel.planning.llm_catalogue import parsed
from songreel.planning.llm_telling import prompts_version
from songreel.planning.writer import Rules, Writer
from songreel.services.tab import Tab
from songreel.storage import Store

MEND = "set SONGREEL_LLM to provider:model, such as anthropic:claude-sonnet-5 or ollama:llama3.1"


def writer_of(name: WriterName, access: Access, cap: float, store: Store | None = None) -> Writer:
    """The writer of a name.

    Args:
        access: whose language model is asked.
        cap: dollars that a writing may cost.
        store: whose job book counts what is paid for; none: it is counted nowhere.

    Raises:
        MissingDependency: no language model is named; says how to name one.
    """
    if name == "rules":
        return Rules()
    from songreel.planning.llm_writer import LanguageModelWriter

    if access.llm is None:
        raise MissingDependency(f"no language model is named: {MEND}")
    service = access.llm.name.partition(":")[0]
    return LanguageModelWriter(access.llm, cap, Tab(store, access, service, access.llm.name) if store else None)


def identity_of(name: WriterName, access: Access) -> str:
    """What decides a writing beside its brief: the writer, the model, and the version of what it is told. No address and no key."""
    if name == "rules":
        return name
    model = access.llm.name if access.llm else ""
    with_provider = ":".join((parsed(model)[0].id, parsed(model)[1])) if model else ""
    return f"{name}/{with_provider}/{prompts_version()}"
