"""What every test stands on: nothing on the screen, no keyring or folder of whoever runs it, nothing left behind."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ["tests.fixtures"]

# Before anything imports Qt. A test that needs a real window starts a process of its own. The screen is the smallest
# that the desk is made for; beside it there is a smaller one, for what must fit there too.
os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={Path(__file__).with_name('screens.json')}"
# A test never touches the keyring of the person who runs it. Those that need one start a session of their own.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

# Examples are the same in each run of CI, so that a change cannot fail for what another one did. None is kept: one that
# no longer fits its strategy fails the test for itself.
settings.register_profile("desk", deadline=None, print_blob=True, database=None, derandomize="CI" in os.environ)
settings.load_profile("desk")

pytest_plugins = ["tests.fixtures"]


@pytest.fixture(scope="session", autouse=True)
def _folders_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The folders that the desk would use by itself are new and empty."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            patch.setenv(name, str(home / name.lower()))
        yield


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """Fails a test that leaves a thread running or a window open."""
    before = set(threading.enumerate())
    yield
    left = []
    for thread in set(threading.enumerate()) - before:
        # A thread of Qt's that once ran Python stays listed for ever, as a dummy.
        if not isinstance(thread, threading._DummyThread):
            thread.join(timeout=30)
            if thread.is_alive():
                left.append(thread.name)
    windows = _open_windows()
    assert not left, f"threads left running: {left}"
    assert not windows, f"windows left open: {windows}"


def _open_windows() -> list[str]:
    """Names the windows that are still open, and closes them, so that only the test that left them fails."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return []
    names = []
    for window in widgets.QApplication.topLevelWidgets():
        if window.isVisible():
            names.append(f"{type(window).__name__} {window.objectName()}".strip())
            window.hide()
            window.deleteLater()
    return names


@pytest.fixture(autouse=True)
def _no_warning_logged(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails a test that logs a warning or worse, unless it is marked as meaning to."""
    yield
    if request.node.get_closest_marker("logs_warnings"):
        return
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    loud = [f"{one.name}: {one.getMessage()}" for one in records if one.levelno >= logging.WARNING]
    assert not loud, f"logged unexpectedly: {loud}"
