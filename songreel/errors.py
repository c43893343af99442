"""One root for every error that is raised on purpose.

The message is one sentence for the person who asked: what was found, the limit, and what to do next. `exit_code` is the terminal's.
"""


class SongreelError(Exception):
    """Raised on purpose; its text is meant for the user."""

    exit_code = 1


class UserError(SongreelError):
    """The input is wrong: a file, an option, a plan."""

    exit_code = 2


class HardRuleBroken(SongreelError):
    """The delivered film breaks a hard rule; the film is kept and named."""

    exit_code = 3


class OverBudget(SongreelError):
    """What was asked for costs more than the cap."""

    exit_code = 4


class MissingDependency(UserError):
    """An extra, a key or a program is missing; the text holds the command that brings it."""


class MediaError(UserError):
    """A media file cannot be read, or is not what is needed."""


class TransientError(SongreelError):
    """A fault of the moment (network, service, memory): trying again may help."""


class OutOfMemory(TransientError):
    """A model needs more memory than there is: a smaller picture may fit."""


class CorruptMedia(TransientError):
    """Stored content does not have the hash that names it."""


def is_transient(error: BaseException) -> bool:
    """Whether the same call may succeed when made again: our own transient errors and the network's."""
    return isinstance(error, (TransientError, ConnectionError, TimeoutError))
