"""A due date's days on a calendar, each counted or not and why; and the same as lines of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.policy.clocks import length_words
from desktop.policy.ledger import Due, LedgerDay
from desktop.policy.points import Point, points_on
from desktop.policy.wording import lower_first, plural, weekday_day
from desktop.ui.kit.base import name_widget
from desktop.ui.theme import current_theme

_HEADS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FILLS = {
    "due": "accent",
    "holiday": "amber-tint",
    "moved": "amber-tint",
    "paused": "violet-tint",
    "dropped": "violet-tint",
    "restarted": "violet-tint",
}
_HEAD, _LEFT, _DAY, _END, _HIGH = 24, 36, 104, 40, 44


class LedgerCalendar(QWidget):
    """One row a week, from the week of receipt to the week of the due date."""

    def __init__(self, due: Due, today: date, points: Sequence[Point] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._today = today
        self._points = {one.on: one.kind.capitalize() for one in points if one.on < due.due_on}
        self._days: Mapping[date, LedgerDay] = {one.on: one for one in due.ledger}
        first = due.received
        self._monday = first - timedelta(days=first.weekday())
        self._weeks = (due.due_on - self._monday).days // 7 + 1
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        name_widget(self, "ledger_calendar", f"Calendar of {plural(self._weeks, 'week')}. The list reads the same.")

    def sizeHint(self) -> QSize:
        """Five days of 104, two of 40, and a row of 44 for each week."""
        px = self._theme.px
        return QSize(px(_LEFT + 5 * _DAY + 2 * _END) + 1, px(_HEAD + _HIGH * self._weeks) + 1)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws heads, months and days."""
        painter = QPainter(self)
        theme, px = self._theme, self._theme.px
        painter.setFont(theme.font("tiny-label"))
        painter.setPen(theme.colour("text-2"))
        for column, words in enumerate(_HEADS):
            box = self._cell(0, column)
            place = QRect(box.x() + px(6), 0, box.width(), px(_HEAD))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), words)
        for week in range(self._weeks):
            self._paint_week(painter, week)

    def _paint_week(self, painter: QPainter, week: int) -> None:
        theme, px = self._theme, self._theme.px
        start = self._monday + timedelta(days=7 * week)
        new_month = next((start + timedelta(days=n) for n in range(7) if (start + timedelta(days=n)).day == 1), None)
        month = start if week == 0 else new_month
        if month is not None:
            painter.setFont(theme.font("tiny-strong"))
            painter.setPen(theme.colour("text"))
            top = self._cell(week, 0).y()
            painter.drawText(QRect(0, top + px(4), px(_LEFT), px(18)), 0, _MONTHS[month.month - 1])
        for column in range(7):
            on = start + timedelta(days=column)
            self._paint_day(painter, self._cell(week, column), on, self._days.get(on))

    def _paint_day(self, painter: QPainter, box: QRect, on: date, day: LedgerDay | None) -> None:
        theme, px = self._theme, self._theme.px
        kind = day.kind if day is not None else ""
        weekend = on.weekday() >= 5
        fill = _FILLS.get(kind, "")
        fill = fill or ("sunken" if weekend or day is None else "surface")
        painter.fillRect(box, theme.colour(fill))
        painter.setPen(theme.colour("line"))
        painter.drawRect(box)
        ink = "on-accent" if kind == "due" else "text-3" if weekend or day is None else "text"
        painter.setFont(theme.font("small-strong" if kind == "due" else "small"))
        painter.setPen(theme.colour(ink))
        inner = box.adjusted(px(6), px(3), -px(6), -px(3))
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignTop), str(on.day))
        if day is not None and day.count is not None:
            painter.setFont(theme.font("small-strong"))
            painter.setPen(theme.colour("on-accent" if kind == "due" else "accent"))
            painter.drawText(inner, int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight), str(day.count))
        self._paint_word(painter, inner, on, day)

    def _paint_word(self, painter: QPainter, box: QRect, on: date, day: LedgerDay | None) -> None:
        theme, px = self._theme, self._theme.px
        kind = day.kind if day is not None else ""
        looks = {
            "received": ("mail", "Received", "text-2"),
            "due": ("flag", "Due", "on-accent"),
            "paused": ("pause", "Holiday" if day is not None and day.holidays else "Paused", "violet"),
            "restarted": ("rotate-ccw", "Answered", "violet"),
            "dropped": ("", "Not counted", "violet"),
            "counted": ("", day.why if day is not None else "", "violet"),
            "holiday": ("", _holiday(day), "amber"),
            "moved": ("", "Moved on", "amber"),
        }
        icon, words, colour = looks.get(kind, ("", "", "accent"))
        if on in self._points:
            icon, words, colour = "flag", self._points[on], "accent"
        if not words and on == self._today:
            words, colour = "Today", "accent"
        left = box.x()
        if icon:
            theme.draw_icon(painter, icon, left, box.y() + px(20), colour, 14)
            left += px(18)
        if box.width() < px(60) or not words:
            return
        painter.setFont(theme.font("tiny-label"))
        painter.setPen(theme.colour(colour))
        room = box.right() + px(4) - left
        metrics = theme.metrics("tiny-label")
        if kind == "holiday" and metrics.horizontalAdvance(words) > room:
            # The list beside it has the name.
            words = "Bank holiday"
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, box.y() + px(19), room, px(16)), int(Qt.AlignmentFlag.AlignVCenter), shown)

    def _cell(self, week: int, column: int) -> QRect:
        px = self._theme.px
        left = _LEFT + min(column, 5) * _DAY + max(0, column - 5) * _END
        wide = _DAY if column < 5 else _END
        return QRect(px(left), px(_HEAD + week * _HIGH), px(left + wide) - px(left), px(_HIGH))


def _holiday(day: LedgerDay | None) -> str:
    return day.holidays[0].name if day is not None and day.holidays else "Holiday"


def ledger_lines(due: Due, points: Sequence[Point] = ()) -> tuple[str, ...]:
    """The ledger in words, one day to a line, with the points that fall on it."""
    named = ((one, points_on(points, one.on)) for one in due.ledger)
    return tuple(f"{_line(one)} ({names})" if names else _line(one) for one, names in named)


def _line(one: LedgerDay) -> str:
    on = weekday_day(one.on)
    match one.kind:
        case "received":
            return f"{on}: received, day 0"
        case "due":
            return f"{on}: {f'day {one.count}, ' if one.count is not None else ''}due"
        case "counted":
            return f"{on}: day {one.count}{', extended' if one.why else ''}"
        case "restarted":
            return f"{on}: answered, so the clock starts again: day 0"
        case "paused" | "dropped":
            return f"{on}: not counted, {lower_first(one.why)}"
        case _:
            return f"{on}: not counted, {one.why}"


def sums(due: Due) -> tuple[tuple[str, int], ...]:
    """How the ledger adds up: each line with its number; the last is what was counted."""
    total = due.totals
    rows = [
        ("less weekend days", total.weekend),
        ("less bank holidays", total.holidays),
        ("less days paused", total.paused),
        ("less days before the clock started again", total.dropped),
        ("less days moved on to a working day", total.moved),
    ]
    counted = "Working days counted" if due.unit == "working_days" else "Days counted"
    days = [("Days after receipt, to the due date", total.days)]
    return (*days, *((words, number) for words, number in rows if number), (counted, total.counted))


def rule_sentence(due: Due) -> str:
    """The rule that the date comes from, in a sentence or two."""
    parts = {
        "uk-any-part": "Bank holidays in any part of the UK do not count.",
        "england-and-wales": "Bank holidays in England and Wales do not count.",
        "scotland": "Bank holidays in Scotland do not count.",
        "northern-ireland": "Bank holidays in Northern Ireland do not count.",
    }
    words = length_words(due.length, due.unit)
    if due.extended:
        plain, more = length_words(due.length - due.extended, due.unit), length_words(due.extended, due.unit)
        words = f"{plain}, extended by {more},"
    if due.begins > due.received:
        words = f"{words} from {weekday_day(due.begins)}, when the answer came that the clock waited for (day 0)."
    else:
        words = f"{words} from {weekday_day(due.received)}, when it was received (day 0)."
    return " ".join(part for part in (words, parts.get(due.calendar.id, ""), due.provisional_words) if part)


def holidays_in(days: Sequence[LedgerDay]) -> tuple[LedgerDay, ...]:
    """The bank holidays that did not count."""
    return tuple(one for one in days if one.holidays and one.kind in ("holiday", "moved"))
