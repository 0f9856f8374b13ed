"""The real desk on a large store, in a process of its own: what people wait for, measured. Prints JSON.

python -m tests.bench.desk FOLDER

Milliseconds from what somebody does to what is painted; a name that ends in "_bare" is the same query by itself.
"""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from sqlalchemy.dialects import sqlite

from db.engine import connect
from db.lists import register_query
from db.records import Outcome, State
from db.records_views import RegisterFilter
from db.store import FILE
from desktop.app import DeskApp
from desktop.casework.sample import sample_password, sample_users
from desktop.settings import Settings
from desktop.ui.mainwindow import MainWindow
from desktop.ui.rolepages import PAGES
from desktop.ui.tourhands import Probe
from tests.bench import reports
from tests.bench.start import KEY, resident

SIZE = (1366, 768)
SORTS = ("reference", "state", "family_name", "born", "requester", "due_on")
"""What the heads of the register's columns offer."""
_OTHERS = (("daniel.osei", "review"), ("priya.nair", "retention"), ("joan.birch", "admin"))
"""Who opens the windows that a caseworker has not."""
FRAMES = 200
READING = 0.5
"""Seconds for which somebody looks at a case at least."""
ALONE = 12.0
"""Seconds after which the desk has given back what it no longer needs."""
PATIENCE = 600
"""Seconds until something is taken not to come."""


class Watched:
    """The desk, and what somebody sees of it."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        self.app = app
        self.figures: dict[str, Any] = {}
        self.raw: Any = connect(folder / FILE, KEY)
        """A connection of its own, for the bare queries; it keeps no pages while the desk's memory is measured."""
        self.raw.execute("PRAGMA cache_size = -100")
        self.asked: dict[str, list[RegisterFilter]] = {}
        """The lists that were asked for, by the name of their figures."""
        self.probe = Probe(app)
        # Wakes whoever waits for events.
        self._beat = QTimer(app, interval=1)
        self._beat.start()
        self.desk = DeskApp(app, Settings(folder), idle_minutes=600)
        self.desk.window.resize(*SIZE)
        start = perf_counter()
        self.desk.start()
        self.until(lambda: self.desk.entry is not None)
        self.figures["opened"] = _since(start)

    @property
    def main(self) -> MainWindow:
        """The desk of whoever is signed in."""
        assert self.desk.main is not None
        return self.desk.main

    @property
    def register(self) -> Any:
        """Its register, a RegisterView: what it takes to import that is a part of what is measured."""
        return self.main.page("register")

    def until(self, test: Callable[[], object]) -> None:
        """Lets the desk work until something is so."""
        end = perf_counter() + PATIENCE
        while not test():
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if perf_counter() > end:
                raise RuntimeError("it did not come")

    def settle(self) -> None:
        """Until the store has answered everything, and all of it is painted."""
        for _ in range(3):
            self.until(lambda: not self.desk.worker.busy)
            self.app.processEvents()

    def sign_in(self, username: str) -> None:
        """Signs in, in the place of whoever sits there."""
        if self.desk.main is not None:
            # Within an event, as by the menu: Qt deletes nothing that is left outside of one.
            QTimer.singleShot(0, self.desk.sign_out)
            self.until(lambda: self.desk.main is None)
        self.settle()
        self.desk.startup.sign_in.card.sign_in_as(username, sample_password())
        self.until(lambda: self.desk.main is not None)
        self.read()

    def read(self, seconds: float = READING) -> None:
        """Until all is there, and somebody has looked at it: what a window makes ahead meanwhile is made."""
        self.settle()
        end = perf_counter() + seconds
        self.until(lambda: perf_counter() > end)

    # The register

    def listed(self, does: Callable[[], object], name: str) -> tuple[float, float]:
        """From what is done to the list's first rows painted, and to all of it being there."""
        self.settle()
        before = self.register.asked
        start = perf_counter()
        with self.probe.during(name):
            does()
            self.until(lambda: self.register.asked > before and self.register.shows_rows)
            self.register.table.viewport().repaint()
            painted = _since(start)
            self.until(lambda: not self.desk.worker.busy)
        return painted, _since(start)

    def floors(self) -> None:
        """The same lists by the bare queries, after what the desk takes of memory is known."""
        self.raw.execute("PRAGMA cache_size = -8000")
        for name, filters in self.asked.items():
            self.figures[f"{name}_bare"] = [self._bare(one) for one in filters]

    def _bare(self, wanted: RegisterFilter) -> float:
        """The ids of a list by the same query, and nothing else: the better of two."""
        compiled = register_query(wanted).compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
        took = []
        for _ in range(2):
            start = perf_counter()
            array("q", chain.from_iterable(self.raw.execute(str(compiled))))
            took.append(_since(start))
        return min(took)

    def lists(self) -> None:
        """The register opened, in each order, and narrowed in each way."""
        self.settle()
        start = perf_counter()
        with self.probe.during("opened"):
            # As the navigation does.
            self.main.navigate.emit("register")
            self.until(lambda: self.main.current_key() == "register" and self.register.shows_rows)
            self.register.table.viewport().repaint()
        self.figures["register_opened"] = _since(start)
        everything = RegisterFilter()
        self.listed(partial(self.register.filters.set, everything), "filtered")
        self.main.go_to("work")
        self.settle()
        self.figures["opened_whole"] = [self.listed(partial(self.main.go_to, "register"), "opened again")[1]]
        self.asked["opened"] = [everything]
        sorts = [replace(everything, sort=one, descending=way) for one in SORTS for way in (True, False)]
        self._each("sorted", sorts)
        today = self.main.session.desk.today()
        who = self.register.filters.choices("requester")
        name = who[len(who) // 2][0]
        narrowed = [
            RegisterFilter(open_only=True),
            RegisterFilter(state=State.ISSUED),
            RegisterFilter(outcome=Outcome.TRACED),
            RegisterFilter(agreement_id="home-office-tracing"),
            RegisterFilter(requester=name),
            RegisterFilter(due_from=today, due_to=today + timedelta(days=7)),
            RegisterFilter(text="kow"),
        ]
        self._each("filtered", narrowed)
        self.figures |= {"longest_block": self.probe.longest, "longest_during": self.probe.longest_during}

    def _each(self, name: str, filters: list[RegisterFilter]) -> None:
        """Each twice, of which the better counts, as of the bare query: what the first reads from the disk, whichever
        of the two comes first, the second has at hand.
        """
        rounds = [[self.listed(partial(self.register.filters.set, one), name) for one in filters] for _ in range(2)]
        painted, whole = zip(*(map(min, zip(*both, strict=True)) for both in zip(*rounds, strict=True)), strict=True)
        self.figures |= {f"{name}_painted": list(painted), f"{name}_whole": list(whole)}
        self.asked[name] = filters

    def scrolls(self) -> None:
        """Every frame, by the wheel and by jumps of the scroll bar."""
        self.listed(partial(self.register.filters.set, RegisterFilter(sort="reference")), "scrolled")
        table = self.register.table
        bar, middle = table.verticalScrollBar(), QPointF(400, 200)
        frames = []
        for number in range(2 * FRAMES):
            start = perf_counter()
            if number < FRAMES:
                wheel = QWheelEvent(
                    middle, table.viewport().mapToGlobal(middle), QPoint(), QPoint(0, -360), Qt.MouseButton.NoButton,
                    Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
                )  # fmt: skip
                self.app.sendEvent(table.viewport(), wheel)
            else:
                bar.setValue(number * 7919 * 1013 % max(bar.maximum(), 1))
            table.viewport().repaint()
            frames.append(_since(start))
            start = perf_counter()
            self.app.processEvents()
            frames.append(_since(start))
        self.figures["frames"] = _p95(frames)

    # Search, and cases

    def searches(self) -> None:
        """Every key of what somebody types into the search field, to what it finds painted."""
        keys = []
        for words in self._what_is_typed():
            keys += self.typed(words)
            self.settle()
        self.figures["search"] = _p95(keys)

    def typed(self, words: str) -> list[float]:
        """Types into the search field: from each key to what it finds painted."""
        field, popup = self.main.top.search, self.main.results
        field.setFocus()
        keys = []
        for letter in words:
            start = perf_counter()
            key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, letter)
            self.app.sendEvent(field, key)
            self.until(lambda: popup.shows(field.text()))
            popup.repaint()
            keys.append(_since(start))
        popup.close_and_clear()
        return keys

    def _what_is_typed(self) -> Iterator[str]:
        query = (
            "SELECT family_name, reference, born, requester_reference, value FROM cases JOIN identifier"
            " ON case_id = cases.id AND identifier.kind = 'nhs_number' WHERE state = 'issued' ORDER BY cases.id LIMIT 5"
        )
        for name, reference, born, theirs, number in self.raw.execute(query).fetchall():
            yield name[:6]
            yield reference
            yield born[:4]
            yield number
            yield theirs

    def cases(self) -> None:
        """Cases opened, and who else asked about the person."""
        some = [row[0] for row in self.raw.execute("SELECT id FROM cases WHERE state = 'submitted' LIMIT 9")]
        opened = []
        for case_id in some:
            self.read()
            start = perf_counter()
            self.main.open(case_id)
            self.until(lambda case_id=case_id: self._is_open(case_id))  # type: ignore[misc]
            self.desk.window.repaint()
            opened.append(_since(start))
        # The first time, the page itself is made.
        self.figures["case_first"], self.figures["case"] = opened[0], median(opened[1:])

    def _is_open(self, case_id: int) -> bool:
        view: Any = self.main.stack.currentWidget()
        page = getattr(view, "page", None)
        return page is not None and page.case.row.id == case_id and bool(view.part)

    def every_window(self) -> None:
        """Opens each window once, by whoever may: what memory that leaves the desk with, once it is left alone."""
        row = self.raw.execute("SELECT id FROM cases WHERE state = 'issued' ORDER BY id DESC LIMIT 1").fetchone()
        self.main.open(row[0], "letter")
        self.settle()
        self.main.go_to("reports")
        self.settle()
        for username, key in _OTHERS:
            self.sign_in(username)
            self.main.go_to(key)
            self.settle()
        self.read(ALONE)
        self.figures["mib"] = resident()

    def pages(self) -> None:
        """Each page of each role opened anew, until all that it asks for is there."""
        for one in sample_users():
            self.sign_in(one.username)
            for key in PAGES[one.role]:
                start = perf_counter()
                self.main.go_to(key)
                if key == "retention":
                    self.until(self._lists_timers)
                    self.figures[f"page_{one.role.value}_{key}_painted"] = _since(start)
                self.settle()
                self.figures[f"page_{one.role.value}_{key}"] = _since(start)

    def _lists_timers(self) -> bool:
        """Whether the first of the timers is there, beneath the head of its group."""
        page: Any = self.main.page("retention")
        return page.table.paged.row(1) is not None


def _since(start: float) -> float:
    return (perf_counter() - start) * 1000


def _p95(took: list[float]) -> float:
    return quantiles(took, n=20)[-1]


def main(folder: Path) -> None:
    """Measures, and prints."""
    app = QApplication([])
    watched = Watched(app, folder)
    watched.sign_in("ruth.adeyemi")
    watched.lists()
    watched.scrolls()
    watched.searches()
    watched.cases()
    watched.every_window()
    watched.floors()
    watched.pages()
    reports.measure(watched, Probe(app))
    watched.desk.stop()
    sys.stdout.write(json.dumps(watched.figures) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
