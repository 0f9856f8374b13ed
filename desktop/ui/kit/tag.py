"""Tags: an icon and a word. Work is tinted, decisions and outcomes are outlined ink, "not met" is filled."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from db.records import Met, Outcome, Role, State
from desktop.policy.life import OUTCOME_WORDS, ROLE_WORDS, STATE_WORDS
from desktop.ui.icons import OUTCOME_ICONS, ROLE_ICONS, STATE_ICONS
from desktop.ui.kit.base import draw_box
from desktop.ui.theme import Theme, current_theme
from desktop.ui.tokens import CORNER


@dataclass(frozen=True, slots=True)
class TagLook:
    """Words, icon and look of a tag.

    `look` is "accent", "green", "amber", "red", "violet" or "grey" (work: tinted), "outlined" (a decision), "ink"
    (not met) or "faint" (outlined in the line's grey).
    """

    words: str
    icon: str
    look: str = "outlined"


_STATE_LOOKS = {
    State.DRAFT: "accent",
    State.SUBMITTED: "accent",
    State.SENT_BACK: "amber",
    State.RETURNED: "amber",
    State.HELD: "violet",
    State.ESCALATED: "violet",
    State.ISSUED: "green",
    State.DESTROYED: "grey",
    State.WITHDRAWN: "grey",
}

_MET = {
    "": TagLook("No answer", "circle-dashed", "outlined"),
    Met.MET: TagLook("Met", "check", "green"),
    Met.NOT_MET: TagLook("Not met", "x", "ink"),
    Met.NOT_APPLICABLE: TagLook("Not applicable", "minus", "grey"),
    Met.CANT_TELL: TagLook("Can’t tell", "circle-question-mark", "amber"),
}


def state_look(state: State) -> TagLook:
    """How a case's state is shown."""
    return TagLook(STATE_WORDS[state], STATE_ICONS[state], _STATE_LOOKS.get(state, "outlined"))


def outcome_look(outcome: Outcome) -> TagLook:
    """How an outcome is shown: outlined, whatever it is."""
    return TagLook(OUTCOME_WORDS[outcome], OUTCOME_ICONS[outcome])


def met_look(answer: str) -> TagLook:
    """How the answer to a criterion is shown; "" for none."""
    return _MET.get(answer, _MET[""])


def role_look(role: Role) -> TagLook:
    """How a role is shown."""
    return TagLook(ROLE_WORDS[role], ROLE_ICONS[role], "grey")


def tag_size(theme: Theme, look: TagLook) -> QSize:
    """The size in which draw_tag draws."""
    words = theme.metrics("tiny-strong").horizontalAdvance(look.words)
    icon = theme.px(14 + 5) if look.icon else 0
    return QSize(words + icon + 2 * theme.px(8), theme.px(24))


def draw_tag(theme: Theme, painter: QPainter, x: int, y: int, look: TagLook) -> None:
    """Draws a tag with its top left corner at x, y: for delegates; elsewhere use Tag."""
    size = tag_size(theme, look)
    px = theme.px
    fill, edge, ink = {
        "outlined": ("surface", "edge", "text-2"),
        "faint": ("surface", "line", "text-3"),
        "ink": ("text-2", "text-2", "surface"),
        "accent": ("selected", "", "accent"),
    }.get(look.look, (f"{look.look}-tint", "", look.look))
    if theme.high_contrast and not edge:
        edge = ink
    box = QRectF(x, y, size.width(), size.height())
    draw_box(painter, box, theme.colour(fill), theme.colour(edge) if edge else None, 1.0, px(CORNER))
    left = x + px(8)
    if look.icon:
        theme.draw_icon(painter, look.icon, left, y + (size.height() - px(14)) // 2, ink, 14)
        left += px(14 + 5)
    painter.setFont(theme.font("tiny-strong"))
    painter.setPen(theme.colour(ink))
    middle = int(Qt.AlignmentFlag.AlignVCenter)
    painter.drawText(QRect(left, y, size.width(), size.height()), middle, look.words)


class Tag(QWidget):
    """A tag on a page. Its words are its accessible name."""

    def __init__(self, look: TagLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._look = look
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(look.words)
        self._theme.changed.connect(self.updateGeometry)

    def look(self) -> TagLook:
        """What it shows."""
        return self._look

    def set_look(self, look: TagLook) -> None:
        """Shows something else."""
        self._look = look
        self.setAccessibleName(look.words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """24 high, 8 inside."""
        return tag_size(self._theme, self._look)

    def minimumSizeHint(self) -> QSize:
        """Words of a tag are never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws it."""
        draw_tag(self._theme, QPainter(self), 0, 0, self._look)
