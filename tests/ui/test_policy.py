"""The page of agreements, its dialog, and the case that a change waits for: by keyboard, on a real store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from db.records import Role, State
from desktop.casework.casepage import case_page
from desktop.casework.policymoves import ChangePolicy, change_policy
from desktop.policy.agreements import decode
from desktop.ui.admin.agreements import AgreementsPart
from desktop.ui.admin.policydialog import PolicyDialog
from desktop.ui.admin.view import AdminPage
from desktop.ui.background import Worker
from desktop.ui.case.wholeagreement import paragraphs
from desktop.ui.kit.button import Button
from desktop.ui.kit.field import Field
from desktop.ui.kit.notices import Banner
from desktop.ui.session import Session
from desktop.ui.theme import Theme
from tests.fixtures import Office
from tests.ui.case_window import Window, make_window, window
from tests.unit.test_count_rules import LATER

__all__ = ["make_window", "window"]

POLICE = "law-enforcement-tracing"
TODAY = date(2026, 6, 10)
WHY = "The parties are revising the agreement."
Make = Callable[[Role], AgreementsPart]


@pytest.fixture
def make(qtbot: QtBot, theme: Theme, office: Office) -> Iterator[Make]:
    """Makes the page for a role and gives its part with the police's agreement selected."""
    workers = []
    pages = []

    def part_of(role: Role) -> AgreementsPart:
        worker = Worker()
        workers.append(worker)
        page = AdminPage(Session(office.desk(role), theme, worker))
        qtbot.addWidget(page)
        pages.append(page)
        page.resize(1158, 720)
        page.show()
        page.activateWindow()
        page.show_part("agreements")
        worker.drain()
        part = page.part("agreements")
        assert isinstance(part, AgreementsPart)
        rows = [part.model.row(row) for row in range(part.model.rowCount())]
        part.table.selectRow(next(at for at, row in enumerate(rows) if row is not None and row.agreement.id == POLICE))
        return part

    yield part_of
    for worker in workers:
        worker.stop()


def press(name: str) -> None:
    """Presses a button of the dialog that is open."""
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    button = dialog.findChild(Button, name)
    assert button is not None
    button.click()


def dialog_of(part: AgreementsPart) -> PolicyDialog:
    """The dialog that the part opened."""
    found = part.window().findChild(PolicyDialog)
    assert found is not None
    return found


def said(field: Field) -> str:
    """The message under a field."""
    return field.message.words()


def off(dialog: PolicyDialog) -> str:
    """Why the change cannot be made yet."""
    return dialog.button.off_reason


def settle(part: AgreementsPart) -> None:
    for _ in range(3):
        part._session.worker.drain()
        QApplication.processEvents()


def test_a_guardian_sees_what_it_means_before_it_is_done(make: Make, office: Office) -> None:
    touched, before = office.register(received=TODAY), office.register(received=date(2026, 6, 9))
    part = make(Role.GUARDIAN)
    part.buttons["suspend"].click()
    dialog = dialog_of(part)
    assert off(dialog) == "See first what it means."
    QTest.keyClicks(dialog.because.edit, WHY)
    dialog.look.click()
    settle(part)
    assert "It touches 1 open case." in dialog.means.text()
    assert "1 other open case came before and stays as it is." in dialog.means.text()
    assert not off(dialog)
    # Another day is another question.
    dialog.on.boxes["day"].setFocus()
    QTest.keyClick(dialog.on.boxes["day"], Qt.Key.Key_Backspace)
    assert off(dialog)
    QTest.keyClicks(dialog.on.boxes["day"], "0")
    dialog.look.click()
    settle(part)
    dialog.button.click()
    settle(part)
    line = part.current()
    assert line is not None
    assert line.stands == "Suspended since 10 June 2026"
    assert [one.row.id for one in line.touched] == [touched.case_id]
    assert part.buttons["suspend"].off_reason == "It is suspended already."
    assert case_page(office.guardian, before.case_id).case.row.state is State.DRAFT


def test_the_pane_says_where_an_agreement_is_counted(make: Make) -> None:
    part = make(Role.ADMINISTRATOR)
    said = [one.text() for one in part._facts.findChildren(QLabel)]
    assert "Tracing requests: Police, NHSCFA" in said
    assert "Rejected\nRefused\nApproved – Trace\nApproved – No Trace\nMore than one possible\nWithdrawn" in said
    agreement = next(line.agreement for line in part._lines.values() if line.agreement.id == POLICE)
    whole = [words for _style, words in paragraphs(agreement, agreement.versions[0])]
    assert "Counted in the table “Tracing requests”, under Police and NHSCFA." in whole
    assert "Refused, published as “Rejected”" in whole
    assert "Withdrawn, not counted as processed" in whole


def test_a_change_of_how_requests_are_counted_is_shown_with_its_day(make: Make, office: Office) -> None:
    counted = decode(office.entry.agreements.get(POLICE).text + LATER, "own.toml")
    whole = [words for _style, words in paragraphs(counted, counted.versions[0])]
    assert "Counted in the table “Tracing requests”, under Police and NHSCFA." in whole
    assert "Counted from 1 April 2025 in the table “Tracing requests”, under Forces." in whole
    assert f"Version 2, {counted.statistics.rules[1].mark}" in whole
    office.entry.agreements.put(counted, 0)
    part = make(Role.ADMINISTRATOR)
    said = [one.text() for one in part._facts.findChildren(QLabel)]
    assert "Tracing requests: Forces" in said
    assert "From 1 April 2025; another way before" in said


def test_what_is_wrong_is_said_beside_the_field(make: Make) -> None:
    part = make(Role.GUARDIAN)
    part.buttons["suspend"].click()
    dialog = dialog_of(part)
    dialog.look.click()
    assert said(dialog.because) == "Say why, in words that a letter may use."
    QTest.keyClicks(dialog.because.edit, WHY)
    dialog.on.set_value({"day": "1", "month": "1", "year": "1999"})
    dialog.look.click()
    settle(part)
    assert "not in its last version" in said(dialog.on)
    assert off(dialog)
    dialog.reject()


def test_an_administrator_reads_and_does_not_change(make: Make, office: Office) -> None:
    office.register(received=TODAY)
    change_policy(office.guardian, ChangePolicy(agreement_id=POLICE, kind="suspend", takes_effect=TODAY, because=WHY))
    part = make(Role.ADMINISTRATOR)
    line = part.current()
    assert line is not None
    assert line.stands == "Suspended since 10 June 2026"
    assert line.touched == ()
    assert not any(button.isVisible() for button in part.buttons.values())


def test_the_case_says_what_changed_and_a_caseworker_takes_it_in(window: Window, office: Office) -> None:
    done = office.register(received=TODAY)
    change_policy(office.guardian, ChangePolicy(agreement_id=POLICE, kind="suspend", takes_effect=TODAY, because=WHY))
    window.open(done)
    banner = window.view.findChild(Banner, "case_notice")
    assert banner is not None
    assert banner.sentence.text() == f"Its agreement has changed. It would be held. {WHY}"
    QTimer.singleShot(100, lambda: press("yes"))
    banner.followed.emit()
    window.until(lambda: window.stored_page().case.row.state is State.HELD)
