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


DESK = """
import sys
import threading
from pathlib import Path

elsewhere = []

def run(event, arguments):
    if event == "exec" and threading.current_thread() is not threading.main_thread():
        name = arguments[0].co_filename
        if "/desktop/ui/" in name and "PySide6" in Path(name).read_text("utf-8"):
            elsewhere.append(name)

sys.addaudithook(run)
from PySide6.QtCore import QElapsedTimer
from PySide6.QtWidgets import QApplication
from desktop.app import DeskApp
from desktop.casework.sample import sample_password
from desktop.settings import Settings

app = QApplication([])
desk = DeskApp(app, Settings(Path(sys.argv[1])))
desk.start()
spent = QElapsedTimer()
spent.start()

def until(test):
    while not test():
        app.processEvents()
        assert spent.elapsed() < 60_000

until(lambda: desk.entry is not None)
desk.startup.sign_in.card.sign_in_as("ruth.adeyemi", sample_password())
until(lambda: desk.main is not None)
until(lambda: "desktop.ui.letter.view" in sys.modules)
for page in ("register", "reports", "work"):
    desk.main.go_to(page)
    until(lambda: not desk.worker.busy)
desk.stop()
assert not elsewhere, elsewhere
"""


def test_no_module_of_a_window_runs_on_another_thread(sample_copy: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", DESK, str(sample_copy)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert found.returncode == 0, found.stderr
