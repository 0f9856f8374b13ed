"""The pane of the Retention window that tells of one timer."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Changed
from db.records_log import Timer
from desktop.casework.holds import Keeping, keeping
from desktop.casework.register import TimerRow
from desktop.policy.disposal import MOST_YEARS
from desktop.policy.retention import SINCE, WAITS_FOR
from desktop.policy.wording import day
from desktop.ui.case.words import say, short_source
from desktop.ui.disposal.looks import on_run_words
from desktop.ui.keepingcard import KeepingCard
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import Button
from desktop.ui.kit.card import Card, Facts, Ground
from desktop.ui.kit.focus import starts_at
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.small import IconText
from desktop.ui.kit.text import Text
from desktop.ui.retentiontable import ICONS, INKS, what_it_was
from desktop.ui.rolepages import why_no_case
from desktop.ui.session import Session
from desktop.ui.theme import current_theme


class TimerPane(Ground):
    """One timer: its rule, where the rule comes from, and what the date means."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("surface", "left", parent)
        self.session = session
        self._case_id = 0
        px = current_theme().px
        name_widget(self, "timer_pane", "The timer")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        pane = ScrollPane("timer_facts", "The timer", "surface")
        pane.body.setContentsMargins(px(20), px(16), px(20), px(16))
        self.reference = Text("", "section")
        self.what = Text("", "small", "text-2", wrap=True)
        head = QVBoxLayout()
        head.setSpacing(0)
        head.addWidget(self.reference)
        head.addWidget(self.what)
        pane.body.addLayout(head)
        self.countdown = IconText("clock", "", "text", "label", wrap=True)
        pane.body.addWidget(self.countdown)
        self.run = IconText("shredder", "", "text", "label", wrap=True)
        pane.body.addWidget(self.run)
        self.facts = Facts(88)
        pane.body.addWidget(self.facts)
        self.keeping = KeepingCard()
        pane.body.addWidget(self.keeping)
        self.meaning = Card("What the date means", ground="sunken")
        words = (
            "On this day someone looks at the case and decides: destroy it, hand it over and destroy it, or keep it "
            f"longer for a reason, up to {MOST_YEARS} years at a time. Until two people say so, it stays."
        )
        self.meaning.body.addWidget(Text(words, "small", "text-2", wrap=True))
        pane.body.addWidget(self.meaning)
        pane.body.addStretch(1)
        column.addWidget(pane, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(px(20), px(12), px(20), px(16))
        self.open = Button("Open the case", name="open_timer_case")
        self.open.triggered.connect(lambda: session.case_wanted.emit(self._case_id, ""))
        foot.addWidget(self.open, 1)
        column.addLayout(foot)
        starts_at(self, self.open)
        self.open.set_off(why_no_case(session.desk.user.role))
        session.changed.connect(self._changed)
        self.show_timer(None)

    def show_timer(self, row: TimerRow | None) -> None:
        """Shows a timer, or nothing."""
        for widget in (self.what, self.facts, self.meaning, self.open, self.countdown):
            widget.setVisible(row is not None)
        self.keeping.hide()
        self.run.hide()
        if row is None:
            self._case_id = 0
            self.reference.setText("No timer chosen")
            return
        timer = row.timer
        self._case_id = timer.case_id
        self.reference.setText(timer.reference)
        say(self.what, what_it_was(row))
        words = f"Review due {day(timer.due_on)}: {row.countdown[:1].lower()}{row.countdown[1:]}"
        if timer.waits:
            words = f"Waits for {WAITS_FOR[timer.trigger]}. {words}, whether or not it happens"
        self.countdown.show_words(ICONS[row.bucket], words, INKS[row.bucket], "label")
        self.facts.set_facts(
            [
                ("Rule", f"{timer.rule[:1].upper()}{timer.rule[1:]}"),
                ("Started by", _started(timer)),
                ("Agreement", row.agreement),
                ("Source", short_source(timer.source)),
            ]
        )
        self._ask()

    def _ask(self) -> None:
        """What keeps the case, and the run that it is on, which come after the rest."""
        case_id = self._case_id

        def show(found: Keeping) -> None:
            if case_id == self._case_id:
                today = self.session.desk.today()
                self.keeping.show_keeping(found, today)
                self.run.setVisible(found.run is not None)
                if found.run is not None:
                    self.run.show_words("shredder", on_run_words(found.run, today), "text", "label")

        self.session.run(self, keeping, case_id, done=show)

    def _changed(self, changed: Changed) -> None:
        if changed.kinds & {"hold", "run"} and self._case_id:
            self._ask()


def _started(timer: Timer) -> str:
    """What started a timer, and when; later than the closing, that too."""
    closed = f"The case was closed on {day(timer.started_on)}"
    if timer.waits:
        return f"Nothing yet. {closed}"
    happened = timer.happened_on or timer.started_on
    said = f"{SINCE[timer.trigger]} on {day(happened)}"
    return said if happened == timer.started_on else f"{said}. {closed}"
