"""The one place for dialogs: questions, reasons, messages, and the report of a mistake of ours.

Each opens on its safe button, and Esc is Cancel. Tests answer them through the widgets, as people do.
"""

from __future__ import annotations

import platform
import traceback
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import DESTRUCTIVE, MAIN, PLAIN, Button
from desktop.ui.kit.card import Ground
from desktop.ui.kit.focus import FocusRing
from desktop.ui.kit.inputs import TextField
from desktop.ui.kit.small import IconText
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

WIDTH = 560
REPORT_WIDTH = 672


class Dialog(QDialog):
    """A dialog of the desk: title, `body`, and a foot of buttons. `safe` is what Enter and Esc reach first."""

    def __init__(self, owner: QWidget | None, name: str, title: str, *, width: int = WIDTH, icon: str = "") -> None:
        super().__init__(owner.window() if owner is not None else None)
        px = current_theme().px
        name_widget(self, name, title)
        self.setWindowTitle("Tracing Desk")
        self.setModal(True)
        # Large text makes a dialog large, and never larger than where it stands.
        window = owner.window().size() if owner is not None else QSize()
        self.room = self.screen().availableGeometry().size().expandedTo(window)
        self.setFixedWidth(min(px(width), self.room.width()))
        self.setMaximumHeight(self.room.height())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        page = Ground("surface")
        inner = QVBoxLayout(page)
        inner.setContentsMargins(px(24), px(24), px(24), px(24))
        inner.setSpacing(px(16))
        if icon:
            inner.addWidget(IconText(icon, title, "text", "section", icon_colour="red", wrap=True))
        else:
            inner.addWidget(Text(title, "section", wrap=True))
        self.body = QVBoxLayout()
        self.body.setSpacing(px(12))
        inner.addLayout(self.body)
        column.addWidget(page, 1)
        foot = Ground("sunken", "top")
        self.foot = QHBoxLayout(foot)
        self.foot.setContentsMargins(px(24), px(16), px(24), px(16))
        self.foot.setSpacing(px(8))
        self.foot.addStretch(1)
        column.addWidget(foot)
        self._ring = FocusRing(self)

    @property
    def most_high(self) -> int:
        """How high the content may be, so that title and buttons stay in sight."""
        return self.room.height() - current_theme().px(190)

    def add_text(self, words: str) -> None:
        """Adds a paragraph."""
        self.body.addWidget(Text(words, "body", "text-2", wrap=True))

    def add_button(self, words: str, kind: str, then: Callable[[], object], name: str) -> Button:
        """Adds a button to the foot."""
        button = Button(words, kind, name=name)
        button.triggered.connect(then)
        self.foot.addWidget(button)
        return button

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, and nothing else."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if isinstance(focused, Button):
                focused.click()
            return
        super().keyPressEvent(event)


def inform(owner: QWidget | None, title: str, words: str) -> None:
    """Tells something; there is one button."""
    dialog = Dialog(owner, "inform", title)
    dialog.add_text(words)
    dialog.add_button("Close", MAIN, dialog.accept, "close").setFocus()
    dialog.exec()
    dialog.deleteLater()


def confirm(owner: QWidget | None, title: str, words: str, yes: str, *, destructive: bool = False) -> bool:
    """Asks before something is done. Cancel has the focus; `yes` is the verb on the other button."""
    dialog = Dialog(owner, "confirm", title)
    dialog.add_text(words)
    dialog.add_button(yes, DESTRUCTIVE if destructive else MAIN, dialog.accept, "yes")
    dialog.add_button("Cancel", PLAIN, dialog.reject, "cancel").setFocus()
    answer = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return answer


def ask_reasons(owner: QWidget | None, title: str, words: str, label: str, yes: str) -> str | None:
    """Asks for reasons in words; None for Cancel. Nothing is done without them."""
    dialog = Dialog(owner, "reasons", title)
    dialog.add_text(words)
    field = TextField("reasons", label)
    dialog.body.addWidget(field)

    def accept() -> None:
        if str(field.value()).strip():
            dialog.accept()
        else:
            field.show_problem("Give your reasons.")
            field.focus()

    dialog.add_button(yes, MAIN, accept, "yes")
    dialog.add_button("Cancel", PLAIN, dialog.reject, "cancel")
    field.focus()
    answer = str(field.value()) if dialog.exec() == QDialog.DialogCode.Accepted else None
    dialog.deleteLater()
    return answer


def environment_error(owner: QWidget | None, what: str, safe: str, todo: str) -> None:
    """The environment's fault: what happened, what is safe and what to do."""
    dialog = Dialog(owner, "environment_error", what, icon="circle-alert")
    dialog.add_text(safe)
    dialog.add_text(todo)
    dialog.add_button("Close", MAIN, dialog.accept, "close").setFocus()
    dialog.exec()
    dialog.deleteLater()


def report(owner: QWidget | None, error: BaseException) -> None:
    """A mistake of ours. The report names places in the program and no values, so it holds no personal data."""
    dialog = Dialog(owner, "report", "The desk made a mistake", width=REPORT_WIDTH, icon="circle-alert")
    dialog.add_text(
        "What you typed before is saved. You can go on; if it happens again, close the desk and open it anew."
    )
    dialog.add_text("Copy this report and give it to your administrator. It holds nothing about any person.")
    field = TextField("report", "Report", lines=8)
    field.set_value(report_text(error))
    field.edit.setReadOnly(True)
    dialog.body.addWidget(field)

    def copy() -> None:
        QGuiApplication.clipboard().setText(report_text(error))

    dialog.add_button("Copy the report", PLAIN, copy, "copy")
    dialog.add_button("Close", MAIN, dialog.accept, "close").setFocus()
    dialog.exec()
    dialog.deleteLater()


def report_text(error: BaseException) -> str:
    """The kind of the error and the places it passed through: never its message, which may quote what was typed."""
    lines = [f"Tracing Desk, Python {platform.python_version()}, {platform.system()}", type(error).__name__]
    for frame in traceback.extract_tb(error.__traceback__):
        place = frame.filename.replace("\\", "/").rsplit("/", 2)
        lines.append(f"  {'/'.join(place[-2:])}:{frame.lineno} in {frame.name}")
    return "\n".join(lines)
