"""The one place for dialogs: questions, reasons, messages, and the report of a mistake of ours.

Each opens on its safe button, and Esc is Cancel. Tests answer them through the widgets, as people do.
"""

from __future__ import annotations

import platform
import traceback
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollBar, QVBoxLayout, QWidget

from desktop.ui.kit.base import name_widget, slug
from desktop.ui.kit.button import DESTRUCTIVE, MAIN, PLAIN, Button
from desktop.ui.kit.card import Ground
from desktop.ui.kit.field import IconLabel
from desktop.ui.kit.focus import FocusRing
from desktop.ui.kit.inputs import TextField
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

WIDTH = 560
REPORT_WIDTH = 672
_AIR = QSize(16, 48)
"""What the largest dialog leaves free: the system puts its frame and its title there."""


class _Body(ScrollPane):
    """What the dialog has made room for, and no more."""

    def sizeHint(self) -> QSize:
        """As high as it must be."""
        return QSize(0, self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        """Any width: the dialog has its own."""
        return QSize(0, 0)


class Dialog(QDialog):
    """A dialog of the desk: title, `body`, and a foot of buttons. `safe` is what Enter and Esc reach first.

    It is as high as what stands in its body, and at least so that `high` pixels of it show. Where that is more than
    there is room for, the body scrolls: title and buttons stay in sight. Titles carry references, never names.
    It is gone once it is closed.
    """

    def __init__(
        self, owner: QWidget | None, name: str, title: str, *, width: int = WIDTH, high: int = 0, icon: str = ""
    ) -> None:
        super().__init__(owner.window() if owner is not None else None)
        px = current_theme().px
        name_widget(self, name, title)
        self.setWindowTitle("Tracing Desk")
        self.setModal(True)
        self.finished.connect(self.deleteLater)
        # Large text makes a dialog large, and never larger than where it stands.
        window = owner.window().size() if owner is not None else QSize()
        self.room = self.screen().availableGeometry().size().expandedTo(window) - _AIR
        self.setFixedWidth(min(px(width), self.room.width()))
        self.setMaximumHeight(self.room.height())
        self._high = high
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        page = Ground("surface")
        self.column = QVBoxLayout(page)
        """The title, the body, and below them what is to stay in sight while the body scrolls."""
        self.column.setContentsMargins(px(24), px(24), px(24), px(24))
        self.column.setSpacing(px(16))
        head = QHBoxLayout()
        head.setSpacing(px(10))
        if icon:
            head.addWidget(IconLabel(icon, "red", 20, line="section"), 0, Qt.AlignmentFlag.AlignTop)
        self.title = Text(title, "section", wrap=True)
        head.addWidget(self.title, 1)
        self.column.addLayout(head)
        self.pane = _Body(f"{name}_pane", title, ground="surface", margin=0)
        self.body = self.pane.body
        self.body.setSpacing(px(12))
        self.pane.inner.installEventFilter(self)
        self.column.addWidget(self.pane, 1)
        column.addWidget(page, 1)
        foot = Ground("sunken", "top")
        self.foot = QHBoxLayout(foot)
        self.foot.setContentsMargins(px(24), px(16), px(24), px(16))
        self.foot.setSpacing(px(8))
        self.foot.addStretch(1)
        column.addWidget(foot)
        self._does: Button | None = None
        self._ring = FocusRing(self)

    def set_title(self, title: str) -> None:
        """Gives it another title, once something else is the matter."""
        self.setAccessibleName(title)
        self.title.setText(title)

    @property
    def most_high(self) -> int:
        """How high what scrolls by itself may be, so that the body need not."""
        return self.room.height() - current_theme().px(190)

    def add_text(self, words: str) -> None:
        """Adds a paragraph."""
        self.body.addWidget(Text(words, "body", "text-2", wrap=True))

    def add_button(
        self, words: str, kind: str = PLAIN, then: Callable[[], object] | None = None, name: str = ""
    ) -> Button:
        """Adds a button to the foot, named after its words where no name is given. Without `then` it cancels.

        What does it stands last, in whatever order they are added.
        """
        button = Button(words, kind, name=name or slug(words))
        button.triggered.connect(then if then is not None else self.reject)
        if self._does is None:
            self.foot.addWidget(button)
        else:
            self.foot.insertWidget(self.foot.indexOf(self._does), button)
            self.setTabOrder(button, self._does)
        if kind in (MAIN, DESTRUCTIVE):
            self._does = button
        return button

    def showEvent(self, event: QShowEvent) -> None:
        """Takes the height that its words have at this width, and then its place."""
        self._fit()
        self.column.activate()
        self._column.activate()
        self.resize(self.width(), self._column.totalHeightForWidth(self.width()))
        super().showEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Grows with what stands in the body."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What grew stays on the screen."""
        super().resizeEvent(event)
        free = self.screen().availableGeometry()
        over = self.frameGeometry().bottom() - free.bottom()
        if self.isVisible() and over > 0:
            self.move(self.x(), max(free.top(), self.y() - over))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, and nothing else. Page Up and Page Down scroll the body."""
        steps = {Qt.Key.Key_PageUp: QScrollBar.SliderAction.SliderPageStepSub}
        steps[Qt.Key.Key_PageDown] = QScrollBar.SliderAction.SliderPageStepAdd
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if isinstance(focused, Button):
                focused.click()
        elif event.key() in steps:
            self.pane.verticalScrollBar().triggerAction(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        px = current_theme().px
        wide = self.width() - px(48)
        needed = self.body.totalHeightForWidth(wide)
        if not self.body.hasHeightForWidth():
            needed = self.body.totalSizeHint().height()
        others = self.column.totalHeightForWidth(self.width()) - self.pane.sizeHint().height()
        most = self.room.height() - self.foot.totalSizeHint().height() - others
        self.pane.setMinimumHeight(max(px(40), min(max(needed, px(self._high)), most)))


def inform(owner: QWidget | None, title: str, words: str) -> None:
    """Tells something; there is one button."""
    dialog = Dialog(owner, "inform", title)
    dialog.add_text(words)
    dialog.add_button("Close", MAIN, dialog.accept, "close").setFocus()
    dialog.exec()


def confirm(owner: QWidget | None, title: str, words: str, yes: str, *, destructive: bool = False) -> bool:
    """Asks before something is done. Cancel has the focus; `yes` is the verb on the other button."""
    dialog = Dialog(owner, "confirm", title)
    dialog.add_text(words)
    dialog.add_button(yes, DESTRUCTIVE if destructive else MAIN, dialog.accept, "yes")
    dialog.add_button("Cancel", PLAIN, dialog.reject, "cancel").setFocus()
    return dialog.exec() == QDialog.DialogCode.Accepted


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
    return str(field.value()) if dialog.exec() == QDialog.DialogCode.Accepted else None


def environment_error(owner: QWidget | None, what: str, safe: str, todo: str) -> None:
    """The environment's fault: what happened, what is safe and what to do."""
    dialog = Dialog(owner, "environment_error", what, icon="circle-alert")
    dialog.add_text(safe)
    dialog.add_text(todo)
    dialog.add_button("Close", MAIN, dialog.accept, "close").setFocus()
    dialog.exec()


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


def report_text(error: BaseException) -> str:
    """The kind of the error and the places it passed through: never its message, which may quote what was typed."""
    lines = [f"Tracing Desk, Python {platform.python_version()}, {platform.system()}", type(error).__name__]
    for frame in traceback.extract_tb(error.__traceback__):
        place = frame.filename.replace("\\", "/").rsplit("/", 2)
        lines.append(f"  {'/'.join(place[-2:])}:{frame.lineno} in {frame.name}")
    return "\n".join(lines)
