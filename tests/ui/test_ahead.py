"""Pages are got ready ahead: what is Qt's on the thread of the windows, a module at a time, and the rest beside."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

READ = """
import sys
from importlib import import_module
from threading import Thread

import desktop.ui.mainwindow
from desktop.ui.makers import left_of_page

def windows():
    ours = {name: one for name, one in sys.modules.items() if name.startswith("desktop.ui.")}
    return {name for name, one in ours.items() if not hasattr(one, "__path__")}

before, found = windows(), []
beside = Thread(target=lambda: found.extend(left_of_page(sys.argv[1])))
beside.start()
beside.join()
assert windows() == before, windows() - before
assert found, "nothing was left to import"
for name in found:
    before = set(sys.modules)
    import_module(name)
    more = {one for one in set(sys.modules) - before if not one.startswith(("PySide6", "shiboken6"))}
    assert more <= {name, name.rpartition(".")[0]}, (name, more)
"""


@pytest.mark.parametrize("key", ["review", "register", "retention", "reports", "figure", "admin", "case", "letter"])
def test_a_page_is_imported_a_module_at_a_time_and_no_class_of_qt_is_made_beside_the_windows(key: str) -> None:
    """Made on the store's thread, such classes crashed one desk in forty while a list was painted."""
    found = subprocess.run([sys.executable, "-c", READ, key], capture_output=True, text=True, check=False, cwd=ROOT)
    assert found.returncode == 0, found.stderr
