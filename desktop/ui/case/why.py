"""Why a case is due on its date: the calendar, what did not count, and how it adds up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from db.records import Extension
from desktop.casework.casepage import CasePage
from desktop.policy.calendars import NATIONS
from desktop.policy.clocks import due, length_words, tell_by
from desktop.policy.ledger import Due, LedgerDay
from desktop.policy.points import Point
from desktop.policy.wording import day, join_and, short_day, weekday_day
from desktop.ui.case.ledger import LedgerCalendar, holidays_in, ledger_lines, rule_sentence, sums
from desktop.ui.dialogs import Dialog
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import MAIN
from desktop.ui.kit.flow import Flow
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.small import IconText, Line, Swatch
from desktop.ui.kit.tag import Tag, TagLook
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

_SHORT = {"Northern Ireland": "N. Ireland"}


class WhyDialog(Dialog):
    """The ledger of one due date. "As a list" reads the same as the calendar; "Copy" takes it as text."""

    def __init__(self, page: CasePage, today: date, parent: QWidget) -> None:
        owed = page.due
        if owed is None:
            raise ValueError("There is no due date yet.")
        title = f"Why {page.case.row.reference} is due on {weekday_day(owed.due_on)}"
        super().__init__(parent, "why_this_date", title, width=1072)
        self._page, self._due = page, owed
        px = current_theme().px
        self._rule = rule_sentence(owed)
        self.body.addWidget(Text(self._rule, "body", "text-2", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(px(24))
        self.calendar = LedgerCalendar(owed, today, page.points)
        pane = ScrollPane("ledger_pane", "Calendar", ground="surface", margin=0)
        pane.body.addWidget(self.calendar)
        pane.body.addStretch(1)
        pane.setMinimumWidth(self.calendar.sizeHint().width() + px(14))
        pane.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pane = pane
        self.list = QListWidget()
        name_widget(self.list, "ledger_list", "Each day, counted or not, and why")
        self.list.addItems(list(ledger_lines(owed, page.points)))
        self.list.setMinimumWidth(min(pane.minimumWidth(), self.room.width() // 3))
        self.list.hide()
        row.addWidget(pane, 3)
        row.addWidget(self.list, 2)
        row.addWidget(self._beside(), 2)
        self.body.addLayout(row, 1)
        self.legend = QWidget()
        self._legend()
        self.as_list = self.add_button("As a list", then=self._turn)
        self.as_list.set_icon("scroll-text")
        copy = self.add_button("Copy", then=self._copy)
        copy.set_icon("copy")
        close = self.add_button("Close", MAIN, then=self.accept)
        wanted = min(px(480), max(px(300), self.calendar.sizeHint().height()))
        pane.setMinimumHeight(min(wanted, self.most_high))
        if px(1072) > self.room.width():
            # The calendar does not fit: the list says the same.
            self._turn()
        close.setFocus(Qt.FocusReason.OtherFocusReason)

    def text(self) -> str:
        """Everything that the dialog says, as lines."""
        adds = [f"{words}: {number}" for words, number in sums(self._due)]
        return "\n".join(
            [self.accessibleName(), self._rule, "", *ledger_lines(self._due, self._page.points), "", *adds]
        )

    def _turn(self) -> None:
        listed = self.list.isHidden()
        self.list.setVisible(listed)
        self._pane.setVisible(not listed)
        self.legend.setVisible(not listed)
        self.as_list.setText("As a calendar" if listed else "As a list")
        if listed:
            self.list.setCurrentRow(0)
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())

    def _legend(self) -> None:
        px = current_theme().px
        legend = Flow(self.legend, gap=px(8))
        shown: list[QWidget] = [Text("12", "small-strong", "accent")]
        shown.append(Text("A day’s number, where it is counted", "small", "text-2"))
        kinds = [("Weekend", "sunken"), ("Bank holiday", "amber-tint")]
        if self._due.begins > self._due.received:
            kinds.append(("Before the answer", "violet-tint"))
        if self._due.paused:
            kinds.append(("Paused", "violet-tint"))
        for words, fill in kinds:
            edge = {"sunken": "edge", "amber-tint": "amber", "violet-tint": "violet"}[fill]
            shown += [Swatch(fill, edge), Text(words, "small", "text-2")]
        for one in shown:
            legend.addWidget(one)
        self.column.addWidget(self.legend)

    def _beside(self) -> QWidget:
        px = current_theme().px
        pane = ScrollPane("ledger_beside", "How it adds up", ground="surface", margin=0)
        column = pane.body
        column.setSpacing(px(10))
        _add_points(column, self._page.points)
        out = holidays_in(self._due.ledger)
        if out:
            column.addWidget(Text("Bank holidays that did not count", "strong"))
            for one in out:
                column.addWidget(Line())
                column.addLayout(_holiday_rows(one))
        for pause in self._page.case.pauses:
            column.addWidget(Line())
            asked_for = pause.restarts
            link = ", answered on" if asked_for else " to"
            till = f"{link} {short_day(pause.until, pause.since)}" if pause.until else ", and not yet over"
            asked = self._page.agreement.clock.ask(pause.ask)
            words = f"{'Asked on' if asked_for else 'Paused from'} {day(pause.since)}{till}"
            icon = "rotate-ccw" if pause.restarts else "pause"
            column.addWidget(IconText(icon, words, "violet", "small-label", wrap=True))
            if asked is not None:
                column.addWidget(Text(asked.label, "small", "text-2", wrap=True))
            column.addWidget(Text(pause.reason, "small", "text-2", wrap=True))
        for extension in self._page.case.extensions:
            column.addWidget(Line())
            for style, words in _extension_words(self._page, self._due, extension):
                column.addWidget(Text(words, style, "text-2" if style == "small" else "text", wrap=True))
        column.addWidget(Line())
        column.addWidget(Text("How it adds up", "strong"))
        rows = sums(self._due)
        for words, number in rows:
            last = (words, number) == rows[-1]
            line = QHBoxLayout()
            style = "small-strong" if last else "small"
            line.addWidget(Text(words, style, "text" if last else "text-2", wrap=True), 1)
            line.addWidget(Text(str(number), "small-strong"))
            if last:
                column.addWidget(Line())
            column.addLayout(line)
        more = self._page.extending.words if self._page.extending is not None and self._page.extending.left else ""
        for words in (*_otherwise(self._page, self._due), *([more] if more else [])):
            column.addWidget(Text(words, "small", "text-2", wrap=True))
        column.addStretch(1)
        return pane


def _add_points(column: QVBoxLayout, points: Sequence[Point]) -> None:
    """The points on the way to the due date, each with its day; nothing where there is the due date alone."""
    if len(points) < 2:
        return
    column.addWidget(Text("On the way", "strong"))
    for one in points:
        line = QHBoxLayout()
        line.addWidget(IconText("flag", one.name.capitalize(), "text-2", "small-label"), 1)
        provisional = ", provisional" if one.provisional else ""
        line.addWidget(Text(f"{weekday_day(one.on).rsplit(' ', 1)[0]}{provisional}", "small", "text-2"))
        column.addLayout(line)
    column.addWidget(Line())


def _holiday_rows(one: LedgerDay) -> QVBoxLayout:
    px = current_theme().px
    column = QVBoxLayout()
    column.setSpacing(px(4))
    for holiday in one.holidays:
        head = QHBoxLayout()
        head.addWidget(Text(holiday.name, "small-label", wrap=True), 1)
        head.addWidget(Text(weekday_day(one.on).rsplit(" ", 1)[0], "small", "text-2"))
        column.addLayout(head)
        tags = QWidget()
        flow = Flow(tags, px(4))
        for nation in NATIONS.values():
            there = nation in holiday.nations
            look = TagLook(_SHORT.get(nation, nation), "check" if there else "minus", "outlined" if there else "faint")
            tag = Tag(look)
            tag.setAccessibleName(f"{nation}: {'a bank holiday' if there else 'a working day'}")
            flow.addWidget(tag)
        column.addWidget(tags)
    return column


def _otherwise(page: CasePage, owed: Due) -> tuple[str, ...]:
    """What the date would be without the pauses, the answers and the extensions."""
    moved_by = [("the pause", bool(owed.paused)), ("the answer", owed.begins > owed.received)]
    moved_by.append(("the extension", bool(owed.extended)))
    names = [name for name, does in moved_by if does]
    if not names:
        return ()
    plain = due(page.agreement.clock, owed.received, owed.calendar, expedited=page.case.row.expedited)
    return (f"Without {join_and(names)} it was due on {weekday_day(plain.due_on)}.",)


def _extension_words(page: CasePage, owed: Due, one: Extension) -> Iterator[tuple[str, str]]:
    """An extension as (style, words): how long, who, when the requester was told, and why."""
    clock = page.agreement.clock
    yield "small-label", f"Extended by {length_words(one.length, clock.kind)}"
    told_by = tell_by(clock, owed.received, owed.calendar, page.case.pauses, expedited=page.case.row.expedited)
    if told_by is not None and one.told_on > told_by:
        yield "small", f"It does not count: the requester had to be told by {weekday_day(told_by)}."
    reasons = clock.extension.reasons if clock.extension is not None else ()
    yield "small", f"The requester was told on {day(one.told_on)}. Recorded by {one.extended_by_name}."
    yield from (("small", f"{reason.label}.") for reason in reasons if reason.id == one.because)
    yield "small", one.note
