"""A table of figures goes with an answer, by keyboard, and whoever releases it sees that it does."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from pytestqt.qtbot import QtBot

from db.records import Role, State
from desktop.casework import publication
from desktop.casework.desk import Done
from desktop.casework.outcomes import Record
from desktop.casework.publication import Asked
from desktop.casework.reporting import Form, Made
from desktop.policy.answertables import table_in
from desktop.policy.disclosurecontrol import NHS
from desktop.policy.publication import Per
from desktop.ui.case.nextpart import NextPart
from desktop.ui.case.outcome import OutcomePart
from desktop.ui.case.outcomefigures import FiguresDialog
from tests.fixtures import Office
from tests.journeys.walking import approved
from tests.ui.case_window import CTRL, Window, focused, make_window, open_dialog, window
from tests.ui.page_window import nameless, words_of

__all__ = ["make_window", "window"]

Key = Qt.Key


@pytest.fixture
def foi(office: Office) -> Done:
    """A request under the Act that a second person approved."""
    return approved(office, office.entry.agreements.get("foi"))


def answering(window: Window, done: Done, answer: str = "given") -> OutcomePart:
    """The outcome with an answer chosen and its values typed."""
    window.open(done, "outcome")
    part = window.view.parts["outcome"]
    assert isinstance(part, OutcomePart)
    window.tab_to(next(iter(part.choice.rows.values())).objectName())
    for _ in part.choice.rows:
        if focused().objectName() == f"status_answer_{answer}":
            break
        window.press(Key.Key_Down)
    window.press(Key.Key_Space)
    return part


def asking(window: Window, qtbot: QtBot) -> FiguresDialog:
    """The dialog, opened by keyboard, with its days typed."""
    window.tab_to("attach_figures")
    window.press(Key.Key_Space)
    dialog = open_dialog(qtbot, "figures_dialog")
    assert isinstance(dialog, FiguresDialog)
    for key, on in (("first", date(2026, 1, 1)), ("last", date(2026, 3, 31))):
        dialog.fields[key].set_value({"day": str(on.day), "month": str(on.month), "year": str(on.year)})
    dialog.fields["table"].set_value("Tracing requests")
    return dialog


def test_a_table_is_attached_recorded_and_shown_to_who_releases(window: Window, foi: Done, qtbot: QtBot) -> None:
    part = answering(window, foi)
    assert part.figures.isVisible()
    assert not part.figures.out.isVisible()
    dialog = asking(window, qtbot)
    assert nameless(dialog) == []
    dialog.button.click()
    window.until(lambda: part.figures.asked)
    window.settle()
    window.activate()
    assert part.figures.says.text() == "With the table “Tracing requests, January to March 2026”."
    assert "The table “Tracing requests, January to March 2026”, as it is counted" in words_of(part)
    for key in ("values_information", "values_held"):
        window.tab_to(key)
        window.type("In the table below")
    window.press(Key.Key_Return, CTRL)
    window.until(lambda: window.view.page and window.view.page.case.row.state is State.RECORDED)
    window.settle()
    finding = window.stored_page().case.finding
    assert finding is not None
    table = table_in(finding.values)
    assert table is not None
    assert (table.first, table.last, table.control) == (date(2026, 1, 1), date(2026, 3, 31), "none")
    after = window.view.parts["next"]
    assert isinstance(after, NextPart)
    assert "With the table “Tracing requests, January to March 2026”" in words_of(after)


def test_it_can_be_taken_out_again(window: Window, foi: Done, qtbot: QtBot) -> None:
    part = answering(window, foi)
    asking(window, qtbot).button.click()
    window.until(lambda: part.figures.asked)
    window.settle()
    window.activate()
    window.tab_to("take_figures_out")
    window.press(Key.Key_Space)
    assert part.command().table is None
    assert focused().objectName() == "attach_figures"


def test_an_answer_that_gives_nothing_has_no_room_for_one(window: Window, foi: Done) -> None:
    part = answering(window, foi, "withheld")
    assert not part.figures.isVisible()
    assert part.command().table is None


def test_what_is_wrong_is_said_in_the_dialog(window: Window, foi: Done, qtbot: QtBot) -> None:
    answering(window, foi)
    dialog = asking(window, qtbot)
    dialog.fields["last"].set_value({"day": "1", "month": "1", "year": "2025"})
    window.choose("control", "Below a number")
    assert dialog.fields["below"].isVisible()
    dialog.fields["below"].set_value("2")
    dialog.button.click()
    assert "This is before the first day" in words_of(dialog)
    assert "Give 3 to 100." in words_of(dialog)
    dialog.reject()
    window.settle()


def test_the_number_comes_into_sight_over_what_is_said_of_it(window: Window, foi: Done, qtbot: QtBot) -> None:
    answering(window, foi)
    dialog = asking(window, qtbot)
    dialog.pane.setMaximumHeight(240)
    window.settle()
    dialog.pane.verticalScrollBar().setValue(0)
    window.choose("control", "Below a number")
    window.settle()
    seen = dialog.pane.viewport()
    below, meaning = (
        QRect(one.mapTo(seen, QPoint(0, 0)), one.size()) for one in (dialog.fields["below"], dialog.what.meaning)
    )
    assert below.bottom() < meaning.top()
    assert seen.rect().contains(below)
    assert seen.rect().contains(meaning)
    dialog.reject()
    window.settle()


def test_a_table_that_was_published_in_another_way_is_refused(
    window: Window, foi: Done, qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    other = Asked(table="Tracing requests", first=date(2026, 2, 1), last=date(2026, 2, 28), per=Per.ALL, control=NHS)
    publication.publish(office.desk(Role.GUARDIAN), other, Made(tmp_path / "one.csv", Form.CSV))
    part = answering(window, foi)
    dialog = asking(window, qtbot)
    dialog.button.click()
    window.until(lambda: "published in another way" in words_of(dialog))
    dialog.reject()
    window.settle()
    assert part.figures.asked is None
    assert isinstance(part.command(), Record)
