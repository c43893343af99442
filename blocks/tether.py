"""``python -m blocks.tether PARENT MODULE ARGUMENT...``: run a module that ends with the process it serves, however that one ended.

A worker or a gateway that outlives ``kill -9`` of what started it would take runs that nobody watches.
"""

import os
import runpy
import signal
import sys
import threading
import time

from blocks.server import process_mark

LOOK = 0.5  # seconds between two looks at the parent
LAST = 10.0  # seconds that the module has to end by itself


def watch(parent: int) -> None:
    """End this process when the parent has ended: asked first, then at once."""
    born = process_mark(parent)
    while born is not None and process_mark(parent) == born:
        time.sleep(LOOK)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LAST)
    os.kill(os.getpid(), signal.SIGKILL)


def main(parent: str, module: str, *arguments: str) -> None:
    """Run ``module`` as the main program under the watch."""
    threading.Thread(target=watch, args=(int(parent),), daemon=True).start()
    if module == "prefect":
        from blocks.resting import mend

        mend()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
