"""The song that was typed: a path, or an address from which it is brought first."""

from pathlib import Path


def brought(song: str, store: str | None) -> Path:
    """The song's file on this machine.

    Args:
        song: as it was typed.
        store: where a song from elsewhere is put; none: as the settings say.

    Raises:
        UserError: nothing that is a song can be had from there.
        TransientError: it cannot be had now.
    """
    if "://" not in song and not song.startswith("media:"):
        return Path(song)
    from blocks.settings import read, using
    from flows.songs import source_of

    settings = read(store=store)
    with using(settings):
        path = source_of(song, None, settings.open_store()).path
    return path or Path(song)
