"""What the tests of windows share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.theme import Theme


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The light theme at 100 %, whatever the system has."""
    made = Theme(qapp, "light")
    yield made
    # What the test closed is gone before the next theme: a style sheet is worked out again for every widget there is.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    made.deleteLater()


@pytest.fixture
def host(qtbot: QtBot, theme: Theme) -> QWidget:
    """An open window to put widgets of the kit into."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(theme.px(900), theme.px(600))
    window.show()
    return window
