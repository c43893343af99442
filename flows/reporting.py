"""A batch's word to its film: its record in the shared store, kept up to date while the scenes are made."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from blocks.progress import Event
from schemas.fleet import BatchNews, SceneNews
from songreel.errors import SongreelError
from songreel.storage.records import Records

TOLD_EVERY = 1.0  # seconds between two writes of a record that changed
BEAT = 2.0  # seconds between two writes of one that did not, but for the shares that are done
ASKED_EVERY = 5.0  # seconds between two looks at whether the film goes on
PATIENCE = 180.0  # seconds to try to get the last word through
PAUSE = 2.0  # seconds between two tries

log = logging.getLogger("songreel.fleet")


class Reporter:
    """Listens to the shooting of a batch and writes what it hears.

    Args:
        records: where the film looks.
        name: of the batch's record.
        over: tells why the film does without this run; empty: it goes on.
        end: ends the work.
    """

    def __init__(self, records: Records, name: str, over: Callable[[], str], end: Callable[[], None]) -> None:
        self._records, self._name, self._over, self._end = records, name, over, end
        self._scenes: dict[int, SceneNews] = {}
        self._beat = 0
        self._guard, self._changed, self._done = threading.Lock(), threading.Event(), threading.Event()
        self.ended = ""
        """Why the film does without this run."""

    def __call__(self, event: Event) -> None:
        """Take in an event of the shooting."""
        if event.scene is None or event.stage not in ("shoot", "conform"):
            return
        with self._guard:
            self._scenes[event.scene] = self._news(event)
        if event.kind != "moved":
            self._changed.set()

    def refuse(self, scene: int, text: str) -> None:
        """Leave a scene to the film's own machine."""
        with self._guard:
            self._scenes[scene] = SceneNews(state="refused", text=text)
        self._changed.set()

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Write from a thread of its own while the block runs, and the last word at its end."""
        teller = threading.Thread(target=self._tell, name="reporter", daemon=True)
        teller.start()
        threading.Thread(target=self._ask, name="film", daemon=True).start()
        try:
            yield
        finally:
            self._done.set()
            self._changed.set()
            teller.join()
            self._say_last()

    def _news(self, event: Event) -> SceneNews:
        if event.kind == "failed":
            return SceneNews(state="failed", text=event.text or "it failed")
        if event.stage == "shoot" and event.kind in ("done", "cached"):
            return SceneNews(state="known" if event.kind == "cached" else "made", share=1.0)
        before = self._scenes.get(event.scene or 0, SceneNews(state="begun"))
        share = event.share if event.stage == "shoot" and event.kind == "moved" else before.share
        return SceneNews(state="begun", share=min(max(share, 0.0), 1.0))

    def _tell(self) -> None:
        while not self._done.is_set():
            self._write()
            self._changed.wait(BEAT)
            self._changed.clear()
            self._done.wait(TOLD_EVERY)

    def _ask(self) -> None:
        """End the work when the film does without it; in a thread of its own, since a server that is away answers late, and the beat goes on."""
        while not self._done.wait(ASKED_EVERY):
            if why := self._over():
                log.warning("the film does without this run: %s", why)
                self.ended = why
                self._end()
                return

    def _write(self) -> bool:
        with self._guard:
            news = BatchNews(beat=self._beat + 1, scenes=dict(self._scenes))
        try:
            self._records.replace(self._name, news.model_dump_json().encode())
        except (OSError, SongreelError) as error:
            log.warning("the film could not be told: %s", error)
            return False
        self._beat += 1
        return True

    def _say_last(self) -> None:
        end = time.monotonic() + PATIENCE
        while not self._write() and time.monotonic() < end:
            time.sleep(PAUSE)
