"""``python -m desktop`` and ``tracing-desk``."""

from __future__ import annotations

import sys

from desktop.cli import run


def main() -> int:
    """Runs the command line and returns its exit status."""
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
