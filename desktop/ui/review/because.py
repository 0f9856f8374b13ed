"""Which criteria a refusal or rejection rests on: a closed field that says them, and a list to tick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy

from db.records import Answers, Json, Leads, LetterKind, Met, State
from desktop.casework.casepage import CasePage
from desktop.policy.agreements import Agreement
from desktop.policy.answers import met_of
from desktop.policy.wording import join_and
from desktop.ui.kit.base import draw_box
from desktop.ui.kit.field import Field
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CONTROL, CORNER


def likely(
    agreement: Agreement, answers: Answers, views: Mapping[str, Mapping[str, str]], choice: str
) -> tuple[str, ...]:
    """The criteria that a refusal or rejection would rest on, as answered and seen: a beginning, to be changed freely.

    Not met and not disagreed with, or disagreed with where it was not said to be unmet.
    """
    found = []
    for criterion in agreement.criteria:
        if (criterion.leads is Leads.REJECT) != (choice == "reject"):
            continue
        unmet = met_of(answers.get(f"criteria.{criterion.id}")) is Met.NOT_MET
        disagrees = views.get(criterion.id, {}).get("view") == "disagree"
        if unmet != disagrees:
            found.append(criterion.id)
    return tuple(found)


def no_letter_yet(page: CasePage, kind: LetterKind | None, because: Sequence[str]) -> str:
    """Why there is no letter to show: of the outcome where `kind` is None, else of a refusal or rejection; "" where
    there is one.
    """
    if kind is None:
        recorded = page.case.row.state is State.RECORDED
        return "" if recorded else "It is written once the outcome of an approved search is recorded."
    version = page.agreement.version(page.case.row.agreement_version)
    if because or not page.agreement.criteria or version is None or not version.accepts:
        return ""
    return "Choose what it is because of: the letter gives the reasons that go with it."


class Because(Field):
    """A choice of several criteria. Value: their ids, in the agreement's order."""

    def __init__(self, criteria: Sequence[tuple[str, str]]) -> None:
        """`criteria`: (id, short words), in order."""
        self.box = _Box()
        super().__init__("because_of", "Because of")
        self.name_control(self.box)
        self.body.addWidget(self.box)
        self.setFocusProxy(self.box)
        self.menu = _StayingMenu(self)
        self.menu.setObjectName("because_of_menu")
        self._actions: dict[str, QAction] = {}
        self._numbers = {key: number for number, (key, _words) in enumerate(criteria, 1)}
        for key, words in criteria:
            action = QAction(f"{self._numbers[key]}. {words}".replace("&", "&&"), self.menu)
            action.setCheckable(True)
            action.setObjectName(f"because_{key}")
            action.toggled.connect(self._toggled)
            self.menu.addAction(action)
            self._actions[key] = action
        self._setting = False
        self.box.clicked.connect(self._open)
        self._say()

    def value(self) -> Json:
        """The ids chosen."""
        return [key for key, action in self._actions.items() if action.isChecked()]

    def set_value(self, value: Json) -> None:
        """Chooses these."""
        keys = [str(one) for one in value] if isinstance(value, list | tuple) else []
        self._setting = True
        for key, action in self._actions.items():
            action.setChecked(key in keys)
        self._setting = False
        self._say()

    def controls(self) -> list[QAbstractButton]:  # type: ignore[override]
        """The closed field."""
        return [self.box]

    def _open(self) -> None:
        self.menu.setMinimumWidth(self.box.width())
        self.menu.popup(self.box.mapToGlobal(self.box.rect().bottomLeft()))

    def _toggled(self, _on: bool) -> None:
        self._say()
        if not self._setting:
            self.clear_problem()
            self.emit_edited()

    def _say(self) -> None:
        numbers = [self._numbers[key] for key, action in self._actions.items() if action.isChecked()]
        words = join_and([f"criterion {number}" for number in numbers])
        self.box.say(f"{words[:1].upper()}{words[1:]}" or "Choose the criteria")
        self.box.setAccessibleName(f"{self.label_text}: {self.box.words}")


class _Box(QAbstractButton):
    """Looks as a drop-down list does when it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = current_theme()
        self.words = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme.changed.connect(self.updateGeometry)

    def say(self, words: str) -> None:
        """Shows other words."""
        self.words = words
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:
        """32 high."""
        return QSize(self._theme.px(120), self._theme.px(CONTROL))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Space and Alt+Down open it."""
        down = event.key() == Qt.Key.Key_Down
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers()
        if enter or (down and event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier)):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws box, words and arrow."""
        painter, theme, px = QPainter(self), self._theme, self._theme.px
        wrong = bool(self.property("problem"))
        edge = theme.colour("red" if wrong else "edge")
        draw_box(painter, QRectF(self.rect()), theme.colour("surface"), edge, 2 if wrong else 1, px(CORNER))
        painter.setFont(theme.font("body"))
        painter.setPen(theme.colour("text"))
        room = QRect(px(10), 0, self.width() - px(40), self.height())
        shown = theme.metrics("body").elidedText(self.words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), shown)
        theme.draw_icon(painter, "chevron-down", self.width() - px(24), (self.height() - px(16)) // 2, "text-2")


class _StayingMenu(QMenu):
    """A menu of ticks that stays open while they are ticked; Esc and Enter close it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks and stays; Enter closes."""
        action = self.activeAction()
        if event.key() == Qt.Key.Key_Space and action is not None:
            action.toggle()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click ticks and stays."""
        action: QAction | None = self.actionAt(event.position().toPoint())
        if action is not None:
            action.toggle()
        else:
            super().mouseReleaseEvent(event)
