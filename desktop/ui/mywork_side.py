"""What stands beside my work: what is due this week, what others did, and a quick way to a new request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from db.records import Action
from desktop.casework.news import News
from desktop.casework.work import MyWork
from desktop.policy.agreements import Agreement
from desktop.policy.wording import WEEKDAYS, day, plural
from desktop.ui.kit.base import clear_layout, name_widget, slug
from desktop.ui.kit.button import Link
from desktop.ui.kit.card import Card
from desktop.ui.kit.field import IconLabel
from desktop.ui.kit.small import Bar
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

_NEWS = {
    Action.APPROVE: ("circle-check", "text-2", "was approved"),
    Action.REFUSE: ("circle-x", "text-2", "was refused"),
    Action.REJECT: ("ban", "text-2", "was rejected"),
    Action.SEND_BACK: ("undo-2", "amber", "was sent back"),
    Action.ESCALATE: ("shield-alert", "violet", "was escalated"),
    Action.RELEASE: ("circle-check", "text-2", "was released"),
    Action.RETURN_OUTCOME: ("undo-2", "amber", "came back to you"),
}


def week_words(work: MyWork) -> str:
    """Which week is shown."""
    return "next week" if work.week[0][0] > work.today else "this week"


class WeekCard(Card):
    """How many cases are due on each day of a week, and how many are late."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Due", parent=parent)
        self._note = Text("", "small", "text-2")
        self.head.addWidget(self._note)
        self._grid = QGridLayout()
        px = current_theme().px
        self._grid.setHorizontalSpacing(px(12))
        self._grid.setVerticalSpacing(px(6))
        self._grid.setColumnStretch(1, 1)
        self.body.addLayout(self._grid)
        self.save = Link("Save as calendar…", "small", name="save_as_calendar", icon="calendar-days")
        self.save.setAccessibleDescription("Every date of your open cases, by reference alone")
        self.body.addWidget(self.save, 0, Qt.AlignmentFlag.AlignLeft)

    def show_week(self, work: MyWork) -> None:
        """Shows the week."""
        self.title.setText(f"Due {week_words(work)}")
        clear_layout(self._grid)
        rest = sum(count for on, count in work.week if on >= work.today)
        self._note.setText(f"{work.late_count + rest} to answer")
        rows = [("Late", work.late_count, "red")]
        for on, count in work.week:
            # What was due on a day that is over is among the late ones.
            rows.append((f"{WEEKDAYS[on.weekday()]} {on.day}", count if on >= work.today else 0, "accent"))
        for at, (words, count, colour) in enumerate(rows):
            self._grid.addWidget(Text(words, "small", "text-2"), at, 0)
            self._grid.addWidget(Bar(count, colour, most=4), at, 1, Qt.AlignmentFlag.AlignLeft)
            number = Text(str(count), "small-strong" if count else "small", "text" if count else "text-2")
            number.setAccessibleName(f"{words}: {plural(count, 'case')}")
            self._grid.addWidget(number, at, 2, Qt.AlignmentFlag.AlignRight)


class NewsCard(Card):
    """What others did to one's cases. `opened` carries the case's id."""

    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Since you were last here", parent=parent)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(current_theme().px(10))
        self.body.addLayout(self._rows)

    def show_news(self, news: Sequence[News]) -> None:
        """Shows these, or that there is nothing new."""
        clear_layout(self._rows)
        if not news:
            self._rows.addWidget(Text("Nobody has decided anything on your cases since.", "small", "text-2", wrap=True))
        for one in news:
            self._rows.addWidget(self._row(one))

    def _row(self, one: News) -> QWidget:
        px = current_theme().px
        icon, colour, words = _NEWS.get(one.action, ("info", "text-2", "was changed"))
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(8))
        line.addWidget(IconLabel(icon, colour), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(0)
        first = QHBoxLayout()
        first.setSpacing(px(4))
        link = Link(one.reference, "small", name=f"news_{slug(one.reference)}")
        link.setAccessibleName(one.reference)
        link.clicked.connect(lambda _checked=False, case=one.case_id: self.opened.emit(case))
        first.addWidget(link)
        first.addWidget(Text(words, "small"))
        first.addStretch(1)
        column.addLayout(first)
        column.addWidget(Text(f"By {one.who} {one.when}", "small", "text-2", elide=True))
        line.addLayout(column, 1)
        return row


_MOST = 4
"""So many agreements are offered at once."""


class StartRow(QAbstractButton):
    """An agreement under which a request can be registered: the whole row is a button."""

    def __init__(self, title: str, note: str, name: str) -> None:
        super().__init__()
        self._theme = current_theme()
        self._title, self._note = title, note
        name_widget(self, name, f"New request: {title}")
        self.setAccessibleDescription(note)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """Two lines and air."""
        px = self._theme.px
        return QSize(px(180), self._theme.line("small") * 2 + px(14))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Shows the hover fill."""
        super().enterEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the line above, the two lines of words and the plus."""
        painter = QPainter(self)
        theme, px = self._theme, self._theme.px
        if self.underMouse():
            painter.fillRect(self.rect(), theme.colour("hover"))
        painter.fillRect(0, 0, self.width(), 1, theme.colour("line"))
        room = self.width() - px(28)
        for style, ink, words, top in (
            ("small-label", "text", self._title, px(7)),
            ("small", "text-2", self._note, px(7) + theme.line("small")),
        ):
            painter.setFont(theme.font(style))
            painter.setPen(theme.colour(ink))
            said = theme.metrics(style).elidedText(words, Qt.TextElideMode.ElideRight, room)
            middle = int(Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(QRect(0, top, room, theme.line("small")), middle, said)
        theme.draw_icon(painter, "plus", self.width() - px(16), (self.height() - px(16)) // 2, "accent")


class StartCard(Card):
    """The agreements that take requests now. `wanted` carries the agreement's id."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Start a request", parent=parent)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows)

    def show_agreements(self, agreements: Sequence[Agreement], today: date, used: Mapping[str, int]) -> None:
        """Shows the few that this caseworker uses most (`used`: id to open cases), and the way to all of them."""
        clear_layout(self._rows)
        ranked = sorted(agreements, key=lambda one: (not _accepts(one, today), -used.get(one.id, 0)))
        for agreement in ranked[:_MOST]:
            self._add(agreement.short_title, version_words(agreement, today), agreement.id)
        if len(ranked) > _MOST:
            self._add("All agreements", plural(len(ranked), "kind of request", "kinds of request"), "")

    def _add(self, title: str, note: str, agreement_id: str) -> None:
        row = StartRow(title, note, f"start_{slug(agreement_id or 'any')}")
        row.clicked.connect(lambda _checked=False: self.wanted.emit(agreement_id))
        self._rows.addWidget(row)


def _accepts(agreement: Agreement, today: date) -> bool:
    version = agreement.version_on(today)
    return version is not None and version.accepts and not version.is_suspended(today)


def version_words(agreement: Agreement, today: date) -> str:
    """Which version is in force, or that none is."""
    version = agreement.version_on(today)
    if version is None:
        return "Not in force now"
    if not version.accepts:
        return "Takes no new requests now"
    if version.is_suspended(today):
        return "Requests are held now"
    return f"Version {version.number}, from {day(version.in_force_from)}"
