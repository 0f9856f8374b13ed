"""The keyboard, wherever it is."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget


def focused() -> QWidget:
    """The widget that has the keyboard; a test that calls this means there is one."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget
