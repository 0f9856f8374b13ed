"""The process that forks another for each line that it is sent, as a test hears it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.day import ENDED


class Forking:
    """What a started process of ``day``, ``deeds`` or ``keeper`` says, line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def heard(self) -> str:
        """The next line. A process that ended by itself fails the test: it would say nothing for ever."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"the process that forks is over: {self._process.wait()}"
        return line.strip()

    def another(self) -> int:
        """Has it fork once more; returns which process that is."""
        assert self._process.stdin is not None
        self._process.stdin.write("another\n")
        self._process.stdin.flush()
        return int(self.heard())

    def until_ended(self) -> list[str]:
        """What the one that it forked still manages to say."""
        return list(iter(self.heard, ENDED))


@contextmanager
def forking(module: str, *arguments: str | Path) -> Iterator[Forking]:
    """Starts the module, and lets it end once the test is over."""
    call = [sys.executable, "-m", f"tests.faults.{module}", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as process:
        yield Forking(process)
