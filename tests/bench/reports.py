"""The reports of the desk on a large store: from the key that asks for one to its figures painted, and what goes on
meanwhile. Milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from statistics import quantiles
from time import perf_counter
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.policy.publication import Per
from desktop.ui.mainwindow import MainWindow
from desktop.ui.reports.asking import Asking
from desktop.ui.reports.part import ReportPart
from desktop.ui.reports.view import ReportsPage
from desktop.ui.tourhands import Probe
from tests.bench.lines import Line

WHO = "priya.nair"
"""A records officer: sees the reports of the whole desk."""
_YEARS_AGO = (1, 16)
"""The years that are asked for: what is counted of one whose cases were destroyed must not wait for all since."""
_LONG = 20
"""Years that take long: what people do meanwhile is measured."""
_TYPED = ("kowalski", "okafor")


class Seen(Protocol):
    """The desk, and what somebody sees of it: ``tests.bench.desk.Watched``."""

    figures: dict[str, Any]

    @property
    def main(self) -> MainWindow:
        """The desk of whoever is signed in."""

    def until(self, test: Callable[[], object]) -> None:
        """Lets the desk work until something is so."""

    def settle(self) -> None:
        """Until the store has answered everything, and all of it is painted."""

    def sign_in(self, username: str) -> None:
        """Signs in, in the place of whoever sits there."""

    def typed(self, words: str) -> list[float]:
        """Types into the search field: from each key to what it finds painted."""


def measure(seen: Seen, probe: Probe) -> None:
    """Each report, and what people do while one takes long."""
    found = seen.figures
    seen.sign_in(WHO)
    # Where they come from is there, and whoever sat there before is gone: neither is of the reports.
    seen.main.go_to("register")
    seen.settle()
    with probe.during("today"):
        found["report_today"] = [_shown(seen, "today")]
        # The first time, the page itself is made.
        found["report_today"].append(_shown(seen, "today"))
        _shown(seen, "publication")
        for part in ("publication", "oversight"):
            probe.watch(part)
            _page(seen).tabs.buttons[part].click()
            seen.settle()
            found[f"report_{part}"] = [_asked(seen, part, *_year(seen, ago)) for ago in _YEARS_AGO]
        probe.watch("a long report")
        found["report_search"], found["report_cancel"] = _meanwhile(seen)
    found |= {"report_block": probe.longest, "report_during": probe.longest_during}


def lines(found: Mapping[str, Any]) -> Iterator[Line]:
    """What was measured, beside its limits."""
    for key, what in (
        ("today", "The desk today, opened"),
        ("publication", "The publication register of a year"),
        ("oversight", "The oversight report of a year"),
    ):
        yield Line(f"{what}, from key to painted", max(found[f"report_{key}"]), 0.0, "ms", 1000, False)
    what = f"Longest block of the window's thread ({found['report_during']})"
    yield Line(what, found["report_block"], 0.0, "ms", 50, False)
    yield Line("Search as typed while a report is counted, p95", found["report_search"], 0.0, "ms", 50, False)
    yield Line("A report cancelled, until nothing of it goes on", found["report_cancel"], 0.0, "ms", 200, False)


def _page(seen: Seen) -> ReportsPage:
    page = seen.main.page("reports")
    assert isinstance(page, ReportsPage)
    return page


def _year(seen: Seen, ago: int) -> tuple[date, date]:
    year = seen.main.session.desk.today().year - ago
    return date(year, 1, 1), date(year, 12, 31)


def _shown(seen: Seen, key: str) -> float:
    """From another page to the figures of a report."""
    seen.main.go_to("register")
    seen.settle()
    start = perf_counter()
    seen.main.go_to("reports")
    page = _page(seen)
    if page.current() != key:
        # A key for the page, and another one for its tab.
        seen.settle()
        start = perf_counter()
        page.tabs.buttons[key].click()
        seen.until(lambda: page.current() == key)
    part = page.part(key)
    part.stale = True
    part.refresh()
    return _painted(seen, part, start)


def _asked(seen: Seen, key: str, first: date, last: date) -> float:
    """From Enter in the fields to the figures."""
    part, asking = _filled(seen, key, first, last)
    seen.settle()
    start = perf_counter()
    QTest.keyClick(asking.fields["last"].controls()[0], Qt.Key.Key_Return)
    return _painted(seen, part, start)


def _filled(seen: Seen, key: str, first: date, last: date) -> tuple[ReportPart, Asking]:
    part = _page(seen).part(key)
    asking: Asking = getattr(part, "asking")  # noqa: B009 - the desk today asks for nothing
    asking.what.set_days(first, last)
    if "per" in asking.fields:
        asking.fields["per"].set_value(Per.MONTH.value)
    return part, asking


def _painted(seen: Seen, part: ReportPart, start: float) -> float:
    seen.until(part.whole)
    # With the events that come next it is painted.
    QApplication.processEvents()
    return (perf_counter() - start) * 1000


def _meanwhile(seen: Seen) -> tuple[float, float]:
    """While a report of many years is counted: the keys in the search field, p95; then how soon it is stopped."""
    today = seen.main.session.desk.today()
    part, asking = _filled(seen, "oversight", today.replace(year=today.year - _LONG, day=1), today)
    asking.button.click()
    keys = [took for words in _TYPED for took in seen.typed(words)]
    if not part.counting.running:
        # So few cases are counted before anybody can stop it.
        asking.button.click()
    start = perf_counter()
    part.counting.cancel.click()
    assert not part.counting.running
    seen.until(lambda: not seen.main.session.worker.busy)
    return quantiles(keys, n=20)[-1], (perf_counter() - start) * 1000
