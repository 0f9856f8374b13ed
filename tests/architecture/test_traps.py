"""Traps that were stepped into once and must not be again."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

EMITS = """
from PySide6.QtCore import QObject, Signal

class Emitter(QObject):
    fired = Signal(bool)

heard = []
emitter = Emitter()
emitter.fired.connect(heard.append)
for _ in range(5000):
    emitter.fired.emit(True)
assert heard == [True] * 5000
"""


def test_thousands_of_signals_do_not_wear_out_a_constant() -> None:
    """PySide6 6.12.0 drops a reference to True at each emit, and aborts at the latest when the process ends."""
    found = subprocess.run([sys.executable, "-c", EMITS], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr


def test_threads_that_use_the_store_are_made_in_one_place() -> None:
    """Where the store's thread and the one aside begin and end: a third would use a connection beside them."""
    makes = re.compile(r"\b(Thread|QThreadPool|moveToThread)\(")
    sources = [path for folder in ("db", "desktop") for path in (ROOT / folder).rglob("*.py")]
    making = {path for path in sources if makes.search(path.read_text("utf-8"))}
    assert {path.relative_to(ROOT).as_posix() for path in making} == {"desktop/ui/background.py"}


IMPORTS = """
import linecache

import desktop.ui

before = set(linecache.cache)
from desktop.ui.background import Worker
import colorsys
import html.parser

assert set(linecache.cache) == before, set(linecache.cache) - before
"""


def test_the_source_of_what_the_desk_imports_is_not_read_and_kept() -> None:
    """PySide6 does that to each module that is imported after it, which took 40 MiB."""
    found = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=False, cwd=ROOT)
    assert found.returncode == 0, found.stderr
