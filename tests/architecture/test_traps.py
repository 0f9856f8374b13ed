"""Traps that were stepped into once and must not be again."""

from __future__ import annotations

import subprocess
import sys

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
