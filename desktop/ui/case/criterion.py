"""One criterion: closed as a row, open with its answer, reasons and evidence."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from db.records import Json, Met
from desktop.policy.agreements import Criterion
from desktop.policy.answers import MET_WORDS
from desktop.ui.case.evidence import EvidenceField
from desktop.ui.case.words import say, short_source
from desktop.ui.kit.base import RING, draw_box, name_widget
from desktop.ui.kit.field import Message
from desktop.ui.kit.inputs import TextField
from desktop.ui.kit.segmented import Segment, Segmented
from desktop.ui.kit.tag import draw_tag, met_look, tag_size
from desktop.ui.kit.text import Text
from desktop.ui.theme import Theme, current_theme


def draw_number(theme: Theme, painter: QPainter, x: int, y: int, number: int, filled: bool) -> None:
    """A criterion's number in its circle of 24, with its top left corner at x, y."""
    side = theme.px(24)
    box = QRectF(x, y, side, side)
    fill, edge, ink = ("accent", None, "on-accent") if filled else ("surface", "edge", "text-2")
    draw_box(painter, box, theme.colour(fill), theme.colour(edge) if edge else None, 1, side / 2)
    painter.setFont(theme.font("tiny-strong"))
    painter.setPen(theme.colour(ink))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(number))


class CriterionRow(QAbstractButton):
    """A closed criterion, 48 high: number, question, reasons or what "not met" leads to, and the answer."""

    def __init__(self, number: int, criterion: Criterion, leads: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._number, self._criterion, self._leads = number, criterion, leads
        self._second, self._answer = leads, ""
        self.setText(criterion.question)
        self.setObjectName(f"criterion_{criterion.id}")
        self.setProperty(RING, "none")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_value({})

    def show_value(self, value: Mapping[str, Json]) -> None:
        """Shows the answer and its reasons."""
        reasons = " ".join(str(value.get("reasons") or "").split())
        self._answer = str(value.get("answer") or "")
        self._second = reasons or self._leads
        words = met_look(self._answer).words
        self.setAccessibleName(f"Criterion {self._number}: {self._criterion.question} {words}. {self._second}")
        self.setToolTip("")
        self.update()

    def sizeHint(self) -> QSize:
        """48 high."""
        return QSize(self._theme.px(400), self._theme.px(48))

    def minimumSizeHint(self) -> QSize:
        """48 high, narrow where it must be."""
        return QSize(self._theme.px(200), self._theme.px(48))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens it as Space does; up and down go to its neighbours."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.modifiers():
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the row."""
        painter = QPainter(self)
        theme, px = self._theme, self._theme.px
        if self.underMouse():
            painter.fillRect(self.rect().adjusted(1, 0, -1, 0), theme.colour("hover"))
        if self._number > 1:
            painter.fillRect(0, 0, self.width(), 1, theme.colour("line"))
        draw_number(theme, painter, px(16), (self.height() - px(24)) // 2, self._number, filled=False)
        look = met_look(self._answer)
        size = tag_size(theme, look)
        arrow = self.width() - px(16 + 12)
        theme.draw_icon(painter, "chevron-right", arrow, (self.height() - px(16)) // 2, "text-3")
        draw_tag(theme, painter, arrow - px(12) - size.width(), (self.height() - size.height()) // 2, look)
        room = arrow - px(24) - size.width() - px(52)
        self._draw_words(painter, QRect(px(52), px(5), room, px(20)), self._criterion.question, "label", "text")
        self._draw_words(painter, QRect(px(52), px(25), room, px(18)), self._second, "small", "text-2")
        if self.hasFocus():
            draw_box(painter, QRectF(self.rect()).adjusted(2, 2, -2, -2), None, theme.colour("focus"), 2, px(4))

    def _draw_words(self, painter: QPainter, box: QRect, words: str, style: str, colour: str) -> None:
        painter.setFont(self._theme.font(style))
        painter.setPen(self._theme.colour(colour))
        shown = self._theme.metrics(style).elidedText(words, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), shown)


class CriterionEditor(QWidget):
    """The open criterion. ``edited`` carries its whole value."""

    edited = Signal(object)
    moved = Signal(int)
    """Alt+Up or Alt+Down: the one before or after is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._number = 0
        self.setObjectName("criterion_editor")
        px = self._theme.px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(52), px(14), px(16), px(16))
        column.setSpacing(px(4))
        self.question = Text("", "group", wrap=True)
        self.guidance = Text("", "small", "text-2", wrap=True)
        self.source = Text("", "small", "text-3", elide=True)
        self.beside = Text("", "small-strong", wrap=True)
        self.beside.hide()
        icons = {Met.MET: "check", Met.NOT_MET: "x", Met.NOT_APPLICABLE: "minus", Met.CANT_TELL: "circle-question-mark"}
        self.segmented = Segmented([Segment(one, MET_WORDS[one], icons[one]) for one in Met], "Answer")
        self.segmented.changed.connect(self._changed)
        self.reasons = TextField("reasons", "Reasons", lines=3)
        self.evidence = EvidenceField("evidence", "Evidence")
        self.reasons.edited.connect(self._changed)
        self.evidence.edited.connect(self._changed)
        self.message = Message()
        for widget in (self.question, self.guidance, self.source, self.beside):
            column.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(px(12))
        row.addWidget(self.segmented)
        self._keys = Text("Alt+1 to Alt+4", "small", "text-3", elide=True)
        row.addWidget(self._keys, 1)
        column.addSpacing(px(6))
        column.addLayout(row)
        column.addWidget(self.message)
        column.addSpacing(px(8))
        both = QHBoxLayout()
        both.setSpacing(px(16))
        both.addWidget(self.reasons, 3)
        both.addWidget(self.evidence, 2)
        column.addLayout(both)

    def show_criterion(self, number: int, criterion: Criterion, leads: str) -> None:
        """Shows which criterion it is about."""
        self._number = number
        say(self.question, criterion.question)
        say(self.guidance, f"{criterion.guidance} {leads}")
        self.source.setText(f"Source: {short_source(criterion.source)}")
        name = f"Criterion {number}"
        self.setAccessibleName(f"{name}: {criterion.question}")
        base = f"criteria_{criterion.id}"
        name_widget(self.segmented, f"{base}_answer", f"{name}: answer")
        for key, button in self.segmented.buttons.items():
            button.setAccessibleName(f"{name}: {MET_WORDS[Met(key)]}")
            button.setAccessibleDescription(criterion.question)
        name_widget(self.reasons.edit, f"{base}_reasons", f"{name}: reasons")
        self.evidence.set_name(f"{base}_evidence", f"{name}: evidence")

    def show_beside(self, words: str) -> None:
        """Says what bears on it and no answer holds; "" says nothing."""
        say(self.beside, words)
        self.beside.setVisible(bool(words))

    def show_value(self, value: Mapping[str, Json]) -> None:
        """Shows answer, reasons and evidence. Fires nothing."""
        self.segmented.set_value(str(value.get("answer") or ""))
        self.reasons.set_value(value.get("reasons") or "")
        self.evidence.set_value(value.get("evidence") or [])

    def show_problem(self, message: str) -> None:
        """Says what is wrong with it; "" says nothing."""
        if message:
            self.message.show_message("error", message)
        else:
            self.message.clear()

    def set_fixed(self, reason: str) -> None:
        """Lets nothing be changed; "" lets it be changed again."""
        self.segmented.setEnabled(not reason)
        self.segmented.setAccessibleDescription(reason)
        self._keys.setVisible(not reason)
        for field in (self.reasons, self.evidence):
            if reason or field.read_only_reason:
                field.set_read_only(reason)

    def choose(self, met: Met) -> None:
        """Answers by a shortcut, and goes on to the reasons."""
        self.segmented.choose(met)
        self.reasons.focus()

    def focus_first(self) -> None:
        """Puts the keyboard on the answer, or on its reasons where it has one."""
        if self.segmented.value() or not self.segmented.isEnabled():
            self.reasons.focus()
            return
        next(iter(self.segmented.buttons.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Up and Alt+Down open the neighbours."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.modifiers() == Qt.KeyboardModifier.AltModifier and event.key() in steps:
            self.moved.emit(steps[Qt.Key(event.key())])
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the 2 px accent edge and the number."""
        painter = QPainter(self)
        theme, px = self._theme, self._theme.px
        draw_box(painter, QRectF(self.rect()), theme.colour("surface"), theme.colour("accent"), 2, px(4))
        draw_number(theme, painter, px(16), px(14), self._number, filled=True)

    def _changed(self, *_what: object) -> None:
        self.edited.emit(
            {
                "answer": self.segmented.value(),
                "reasons": self.reasons.value(),
                "evidence": self.evidence.value(),
            }
        )
