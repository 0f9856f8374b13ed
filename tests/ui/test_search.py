"""The search field: as one types, by keys, and what is said when there is nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from db import lists
from db.records import Role
from db.search import matching
from desktop.ui.background import Worker
from desktop.ui.kit.inputs import LineEdit
from desktop.ui.search import WHAT, SearchPopup, born_words
from desktop.ui.session import Session
from desktop.ui.theme import Theme
from tests.fixtures import Office
from tests.ui.waiting import PATIENCE


class Desk:
    """A window with a search field, and hands on it."""

    def __init__(self, qtbot: QtBot, session: Session) -> None:
        self.qtbot, self.session = qtbot, session
        self.window = QWidget()
        self.edit = LineEdit()
        self.other = LineEdit()
        column = QVBoxLayout(self.window)
        column.addWidget(self.edit)
        column.addWidget(self.other)
        column.addStretch(1)
        self.window.resize(1000, 700)
        qtbot.addWidget(self.window)
        self.popup = SearchPopup(self.edit, self.window)
        self.popup.begin(session)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitExposed(self.window)
        self.edit.setFocus()

    def type(self, text: str) -> None:
        """Types, and waits for what is found."""
        QTest.keyClicks(self.edit, text)
        self.qtbot.waitUntil(lambda: not self.session.worker.busy, timeout=PATIENCE)

    def press(self, key: Qt.Key) -> None:
        """Presses a key in the field."""
        QTest.keyClick(self.edit, key)


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme, sample_office: Office) -> Iterator[Desk]:
    """The field on the sample store."""
    worker = Worker()
    yield Desk(qtbot, Session(sample_office.desk(Role.CASEWORKER), theme, worker))
    worker.stop()


def test_an_empty_field_says_what_can_be_searched(desk: Desk) -> None:
    assert desk.popup.isVisible()
    assert desk.popup.words() == WHAT
    assert desk.popup.list.isHidden()


def test_names_are_found_as_one_types(desk: Desk, qtbot: QtBot) -> None:
    desk.type("kowal")
    assert {row.family_name for row in desk.popup.model.rows} == {"Kowalczyk", "Kowalik"}
    assert "found. Enter opens." in desk.popup.words()
    with qtbot.waitSignal(desk.popup.opened, timeout=PATIENCE) as opened:
        second = desk.popup.model.rows[1]
        desk.press(Qt.Key.Key_Down)
        desk.press(Qt.Key.Key_Return)
    assert opened.args == [second.id]
    assert desk.popup.isHidden()
    assert desk.edit.text() == ""


@pytest.mark.parametrize("typed", ["TR-000014", "1984", "NSP/ECU"])
def test_references_and_dates_are_found(desk: Desk, typed: str) -> None:
    desk.type(typed)
    assert desk.popup.model.rows


def test_arrows_go_round(desk: Desk) -> None:
    desk.type("kowal")
    count = len(desk.popup.model.rows)
    desk.press(Qt.Key.Key_Up)
    assert desk.popup.list.currentIndex().row() == count - 1
    assert desk.edit.accessibleDescription() == desk.popup.model.data(desk.popup.model.index(count - 1))


def test_nothing_found_is_said(desk: Desk) -> None:
    desk.type("zzzz")
    assert "Nothing found for “zzzz”" in desk.popup.words()
    desk.press(Qt.Key.Key_Return)
    assert desk.popup.isVisible()


def test_escape_ends_the_search(desk: Desk) -> None:
    desk.type("kowal")
    desk.press(Qt.Key.Key_Escape)
    assert desk.popup.isHidden()
    assert not desk.edit.hasFocus()


def test_leaving_the_field_closes_the_list(desk: Desk) -> None:
    desk.type("kowal")
    desk.other.setFocus()
    assert desk.popup.isHidden()


def test_a_stale_answer_is_dropped(desk: Desk) -> None:
    desk.edit.setText("kowal")
    desk.popup._ask()
    desk.edit.setText("zzzz")
    desk.popup._ask()
    desk.session.worker.drain()
    assert desk.popup.model.rows == ()


def test_a_role_that_does_not_search_is_told(qtbot: QtBot, theme: Theme, sample_office: Office) -> None:
    worker = Worker()
    desk = Desk(qtbot, Session(sample_office.desk(Role.AUDITOR), theme, worker))
    desk.type("kowal")
    assert desk.popup.words() == "Your role does not search for people."
    worker.stop()


def test_rows_are_painted_and_spoken(desk: Desk, qtmodeltester: ModelTester) -> None:
    desk.type("kowal")
    assert not desk.popup.grab().isNull()
    qtmodeltester.check(desk.popup.model)
    assert "born 22 March 2001" in str(desk.popup.model.data(desk.popup.model.index(0)))


@pytest.mark.parametrize(
    ("born", "words"), [("1984-06-30", "30 June 1984"), ("1984-06", "June 1984, day not known"), ("", "Not known")]
)
def test_dates_of_birth_in_words(born: str, words: str) -> None:
    assert born_words(born) == words


def test_what_is_still_to_come_is_not_opened_unseen(desk: Desk, qtbot: QtBot) -> None:
    desk.type("kowal")
    QTest.keyClicks(desk.edit, "i")
    with qtbot.assertNotEmitted(desk.popup.opened):
        desk.press(Qt.Key.Key_Return)
    desk.session.worker.drain()
    assert {row.family_name for row in desk.popup.model.rows} == {"Kowalik"}
    with qtbot.waitSignal(desk.popup.opened, timeout=PATIENCE):
        desk.press(Qt.Key.Key_Return)


def test_quick_fingers_make_no_queue(desk: Desk) -> None:
    QTest.keyClicks(desk.edit, "kowalik")
    assert len(desk.session.worker._asked) == 1
    desk.session.worker.drain()
    assert desk.popup.shows("kowalik")
    assert {row.family_name for row in desk.popup.model.rows} == {"Kowalik"}


@pytest.mark.parametrize("typed", ["{day:02}/{month:02}/{year}", "{day}.{month}.{year}", "{day}-{month}-{year}"])
def test_a_date_of_birth_is_found_as_it_is_written_here(office: Office, typed: str) -> None:
    done = office.register(person__born={"day": "7", "month": "11", "year": "1960"})
    office.register(person__born={"day": "11", "month": "7", "year": "1960"})
    with office.entry.store.read() as tx:
        found = tx.execute(matching(typed.format(day=7, month=11, year=1960))).scalars().all()
    assert found == [done.case_id]


def test_a_reference_is_found_without_its_hyphens(office: Office) -> None:
    done = office.register()
    office.register()
    with office.entry.store.read() as tx:
        (reference,) = (row.reference for row in lists.rows_of(tx, [done.case_id]))
        bare = reference.replace("-", "")
        assert tx.execute(matching(bare)).scalars().all() == [done.case_id]
        assert tx.execute(matching(bare.lower())).scalars().all() == [done.case_id]


def test_what_looks_like_a_day_may_be_the_requesters_reference(office: Office) -> None:
    done = office.register(requester__reference="12/3/2016")
    office.register()
    with office.entry.store.read() as tx:
        assert tx.execute(matching("12/3/2016")).scalars().all() == [done.case_id]
