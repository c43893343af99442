"""Where stage results lie: JSON records at ``results/`` beside the media, in a folder or a bucket alike."""

import uuid
from pathlib import Path
from typing import Any

from prefect.context import FlowRunContext
from prefect.filesystems import WritableFileSystem
from prefect.results import ResultStore
from prefect.task_runners import TaskRunner
from pydantic import PrivateAttr

from songreel.storage import Store


class StoreResults(WritableFileSystem):
    """Prefect's view of the store's ``results/``; never saved as a block, since each run opens its own store."""

    _block_type_name = "Songreel results"
    _store: Store = PrivateAttr()

    @classmethod
    def of(cls, store: Store) -> "StoreResults":
        """The results that lie in this store."""
        results = cls()
        results._store = store
        return results

    def read_path(self, path: str, _sync: bool = True) -> bytes:  # type: ignore[override]  # Prefect's own are sync by this same flag
        """The record of that key.

        Raises:
            FileNotFoundError: there is none.
        """
        return bytes(self._store.fs.cat_file(self._at(path)))

    def write_path(self, path: str, content: bytes, _sync: bool = True) -> None:  # type: ignore[override]
        """Store a record, whole or not at all."""
        target = self._at(path)
        if not self._store.local:
            self._store.fs.pipe_file(target, content)  # an object is put whole or not at all
            return
        # Not fsspec's transaction: all threads would share the one of their filesystem.
        part = Path(f"{target}.{uuid.uuid4().hex}.part")
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(target)

    async def aread_path(self, path: str) -> bytes:
        """Like `read_path`."""
        return self.read_path(path)

    async def awrite_path(self, path: str, content: bytes) -> None:
        """Like `write_path`."""
        self.write_path(path, content)

    def _resolve_path(self, path: str) -> None:
        """Tells Prefect that a key is its own path: else it takes an unsaved block for one of the working folder."""

    def _at(self, path: str) -> str:
        return f"{self._store.root}/results/{path}.json"


def working_here(store: Store, runner: TaskRunner[Any]) -> FlowRunContext:
    """The running flow's context with its results in ``store`` and its tasks on ``runner``; use as a context manager.

    So the settings of the moment of running decide, not those of the moment of importing, from a terminal and from a worker alike.
    """
    context = FlowRunContext.get()
    if context is None:
        raise RuntimeError("stages run inside a flow")
    results = ResultStore(result_storage=StoreResults.of(store), serializer=context.result_store.serializer)
    return context.model_copy(update={"result_store": results, "task_runner": runner})
