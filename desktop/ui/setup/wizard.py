"""The first start: welcome, organisation, administrator, key, and the recovery sheet."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from desktop.casework.desk import Entry, Invalid
from desktop.casework.recoverysheets import keep_sheet
from desktop.casework.setup import Created, FirstStart, StoreExists, create, has_keyring
from desktop.security.problems import KeyProblem
from desktop.ui import dialogs
from desktop.ui.background import Worker
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import MAIN, Button
from desktop.ui.kit.card import Card, Ground
from desktop.ui.kit.field import IconLabel
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.small import IconText, Mark
from desktop.ui.kit.text import Text
from desktop.ui.setup.sheet import SheetStep
from desktop.ui.setup.steps import AdministratorStep, KeyStep, OrganisationStep, Step, WelcomeStep
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CONTROL_TALL

_LIST, _CARD = 264, 760
_NARROW = 900


class _StepRow(QWidget):
    """One step in the list at the left: done, current or to come, with an icon and words."""

    def __init__(self, words: str) -> None:
        super().__init__()
        px = current_theme().px
        self._name = words
        row = QHBoxLayout(self)
        row.setContentsMargins(0, px(6), 0, px(6))
        row.setSpacing(px(10))
        self._icon = IconLabel("circle", "text-3")
        self._words = Text(words, "body", "text-2")
        row.addWidget(self._icon)
        row.addWidget(self._words)
        row.addStretch(1)

    def show_state(self, state: str) -> None:
        """Shows "done", "current" or "to come"."""
        icon, colour, style, ink = {
            "done": ("circle-check", "green", "body", "text-2"),
            "current": ("circle-dot", "accent", "strong", "text"),
        }.get(state, ("circle", "text-3", "body", "text-3"))
        self._icon.set_icon(icon, colour)
        self._words.set_style(style, ink)
        self.setAccessibleName(f"{self._name}: {state}")


class SetupPage(Ground):
    """The whole first start. `finished` carries the open Entry; the administrator then signs in. `restore_wanted`
    instead of it: a backup from another computer is to be the store here.
    """

    finished = Signal(object)
    restore_wanted = Signal()
    NAMES = ("Welcome", "Your organisation", "First administrator", "Where the key lives", "Recovery sheet")

    def __init__(self, folder: Path, worker: Worker, parent: QWidget | None = None) -> None:
        super().__init__("chrome", parent=parent)
        name_widget(self, "setup_page", "Set up Tracing Desk")
        self._folder, self._worker = folder, worker
        self._created: Created | None = None
        self._rows = [_StepRow(name) for name in self.NAMES]
        self.organisation = OrganisationStep()
        self.administrator = AdministratorStep()
        self.key = KeyStep()
        self.sheet = SheetStep()
        self.steps: tuple[Step, ...] = (WelcomeStep(), self.organisation, self.administrator, self.key, self.sheet)
        self._build()
        self._connect()
        self.go_to(0)
        worker.run(has_keyring, owner=self, done=self.key.show_keyring, failed=self._no_keyring)

    @property
    def at(self) -> int:
        """Which step is shown, from 0."""
        return self._stack.currentIndex()

    def go_to(self, index: int) -> None:
        """Shows a step."""
        self._stack.setCurrentIndex(index)
        for place, row in enumerate(self._rows):
            row.show_state("done" if place < index else "current" if place == index else "to come")
        step = self.steps[index]
        self._title.setText(step.title)
        self._sentence.setText(step.sentence)
        self.back.setVisible(0 < index < len(self.steps) - 1)
        self.restore.setVisible(index == 0)
        self.next.setText(("Begin", "Continue", "Continue", "Make the store", "Finish")[index])
        self._settle()
        focus = step.focusProxy()
        first = focus if focus is not None and focus.isVisibleTo(step) else self.next
        # The window gives the keyboard to the whole page when it is first shown.
        self.setFocusProxy(first)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        px = current_theme().px
        page = QHBoxLayout(self)
        page.setContentsMargins(px(24), px(32), px(24), px(32))
        page.setSpacing(px(48))
        page.addStretch(1)
        self._list = QWidget()
        self._list.setLayout(self._build_list())
        page.addWidget(self._list)
        card = Card(padded=False)
        card.setMinimumWidth(px(480))
        card.setMaximumWidth(px(_CARD))
        head = QVBoxLayout()
        head.setContentsMargins(px(32), px(24), px(32), 0)
        head.setSpacing(px(4))
        self._title = Text("", "title", wrap=True)
        self._sentence = Text("", "body", "text-2", wrap=True)
        head.addWidget(self._title)
        head.addWidget(self._sentence)
        card.body.addLayout(head)
        self._stack = QStackedWidget()
        for step in self.steps:
            pane = ScrollPane(f"setup_step_{self._stack.count()}", step.title, "surface", margin=0)
            pane.body.setContentsMargins(px(32), px(20), px(32), px(20))
            pane.body.addWidget(step, 1)
            self._stack.addWidget(pane)
        card.body.addWidget(self._stack, 1)
        card.body.addWidget(self._build_foot())
        page.addWidget(card, 1000)
        page.addStretch(1)

    def _build_list(self) -> QVBoxLayout:
        px = current_theme().px
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        brand = QHBoxLayout()
        brand.setSpacing(px(12))
        brand.addWidget(Mark(40))
        brand.addWidget(Text("Tracing Desk", "section"), 1)
        column.addLayout(brand)
        column.addSpacing(px(32))
        for row in self._rows:
            row.setFixedWidth(px(_LIST))
            column.addWidget(row)
        column.addStretch(1)
        column.addWidget(IconText("shield-check", "The store is encrypted.", "text-2", "small"))
        column.addWidget(IconText("hard-drive", "Nothing leaves this computer.", "text-2", "small"))
        return column

    def _build_foot(self) -> QWidget:
        px = current_theme().px
        foot = Ground("sunken", "top")
        row = QHBoxLayout(foot)
        row.setContentsMargins(px(32), px(12), px(32), px(12))
        row.setSpacing(px(16))
        self.back = Button("Back", icon="arrow-left", height=CONTROL_TALL, name="setup_back")
        self.restore = Button("Restore a backup instead", icon="history", height=CONTROL_TALL, name="setup_restore")
        self._doing = Text("", "small", "text-2", elide=True)
        self.next = Button("Begin", MAIN, height=CONTROL_TALL, name="setup_next")
        row.addWidget(self.back)
        row.addWidget(self.restore)
        row.addWidget(self._doing, 1)
        row.addWidget(self.next)
        return foot

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list of steps goes where there is no room for it."""
        super().resizeEvent(event)
        self._list.setVisible(self.width() * 100 / current_theme().text_scale >= _NARROW)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a line of text goes on, as it does at the sign-in."""
        entered = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(self.focusWidget(), QLineEdit)
        if entered and event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
            self.next.click()
        else:
            super().keyPressEvent(event)

    def may_leave(self) -> bool:
        """Whether the window may close: asks first where the recovery sheet would be lost."""
        if self._created is None:
            return True
        leaves = self.sheet.may_go()
        if self.sheet.out:
            self._keep()
        return leaves

    def _connect(self) -> None:
        self.next.triggered.connect(self._next)
        self.restore.triggered.connect(self.restore_wanted)
        self.back.triggered.connect(lambda: self.go_to(self.at - 1))
        self.sheet.ticked.connect(self._settle)
        self.sheet.given.connect(self._keep)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.next.click)

    def _settle(self) -> None:
        """Says why the main button is off, if it is."""
        last = self.at == len(self.steps) - 1
        off = "Print the sheet or save it first, then tick the box." if last and not self.sheet.kept() else ""
        self.next.set_off(off)

    def _next(self) -> None:
        if not self.steps[self.at].ready():
            return
        if self.steps[self.at] is self.key:
            self._create()
        elif self.steps[self.at] is self.sheet:
            self._finish()
        else:
            self.go_to(self.at + 1)

    def _create(self) -> None:
        self.next.set_busy(True)
        self.back.set_off("The store is being made.")
        self._doing.setText("Making the key and the store…")
        start = FirstStart(self.organisation.form.organisation(), self.administrator.administrator(), self.key.chosen())
        self._worker.run(create, self._folder, start, owner=self, done=self._made, failed=self._not_made)

    def _made(self, created: Created) -> None:
        self._created = created
        self._rest()
        self.sheet.show_sheet(created.recovery_sheet)
        self.go_to(len(self.steps) - 1)

    def _not_made(self, error: Exception) -> None:
        self._rest()
        if isinstance(error, Invalid):
            self.organisation.form.show_problems(error.problems)
            self.administrator.show_problems(error.problems)
            fields = {problem.field for problem in error.problems}
            self.go_to(2 if fields & {"username", "password"} else 1)
        elif isinstance(error, StoreExists):
            dialogs.inform(self, "There is a store already", str(error))
        elif isinstance(error, KeyProblem) or hasattr(error, "todo"):
            dialogs.environment_error(self, error.what, error.safe, error.todo)  # type: ignore[attr-defined]
        else:
            dialogs.report(self, error)

    def _rest(self) -> None:
        self.next.set_busy(False)
        self.back.set_off("")
        self._doing.setText("")

    def _finish(self) -> None:
        if self._created is not None:
            entry: Entry = self._created.entry
            self._keep()
            self.finished.emit(entry)

    def _keep(self) -> None:
        """Notes that there is a sheet. Where that fails, Administration goes on asking for one."""
        if self._created is not None:
            self._worker.run(keep_sheet, self._created.entry, owner=self, failed=_nothing)

    def _no_keyring(self, error: Exception) -> None:
        self.key.show_keyring(False)


def _nothing(_error: Exception) -> None:
    """For a note that nobody waits for."""
