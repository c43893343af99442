"""Runs the benchmarks and prints their ratios: ``python -m benchmarks [NAME ...] [--full] [--quick]``.

Every figure is a ratio against a peer or a limit measured in the same run. ``--full`` takes the sizes of the stated aims (long);
``--quick`` takes a part of the table of worlds and styles.
"""

import runpy
import sys
from pathlib import Path

SCENARIOS = tuple(sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith(("_", "fit_", "process"))))


def main() -> None:
    wanted = [name for name in sys.argv[1:] if not name.startswith("-")]
    unknown = [name for name in wanted if name not in SCENARIOS]
    if unknown:
        sys.exit(f"no benchmark is called {unknown[0]!r}; known: {', '.join(SCENARIOS)}")
    options = [option for option in sys.argv[1:] if option.startswith("-")]
    for name in wanted or SCENARIOS:
        sys.stdout.write(f"\n== {name}\n")
        sys.stdout.flush()
        sys.argv = [name, *options]
        runpy.run_module(f"benchmarks.{name}", run_name="__main__")


if __name__ == "__main__":
    main()
