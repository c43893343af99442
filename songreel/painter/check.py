"""Says which renderer the painter would draw with, or what to type when there is none: ``python -m songreel.painter.check``."""

import sys

from songreel.errors import SongreelError
from songreel.painter.gl import open_context


def main() -> int:
    try:
        context = open_context()
    except SongreelError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.write(f"the painter draws with {context.info['GL_RENDERER']}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
