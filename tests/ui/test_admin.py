"""Administration: people, organisation and journal, through their widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from db.journal import append, last_entry
from db.records import Heading, Role
from desktop.casework.accounts import organisation, sign_in, users
from desktop.casework.deedwords import action_words
from desktop.casework.desk import Refused
from desktop.casework.requesters import PutBody, put_body
from desktop.ui.admin.details import OrganisationPart
from desktop.ui.admin.forms import spoken_password
from desktop.ui.admin.journal import JournalPart
from desktop.ui.admin.people import PeoplePart
from desktop.ui.admin.view import AdminPage
from desktop.ui.background import Worker
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.table import Table
from desktop.ui.session import Session
from desktop.ui.theme import Theme
from tests.fixtures import Office
from tests.ui.waiting import PATIENCE

Make = Callable[..., AdminPage]


@pytest.fixture
def make(qtbot: QtBot, theme: Theme, office: Office) -> Iterator[Make]:
    """Makes the page for a role."""
    workers = []

    def page_of(role: Role = Role.ADMINISTRATOR) -> AdminPage:
        worker = Worker()
        workers.append(worker)
        page = AdminPage(Session(office.desk(role), theme, worker))
        qtbot.addWidget(page)
        page.resize(1158, 720)
        page.show()
        page.activateWindow()
        worker.drain()
        return page

    yield page_of
    for worker in workers:
        worker.stop()


def people_of(page: AdminPage) -> PeoplePart:
    """The part of people."""
    part = page.part("people")
    assert isinstance(part, PeoplePart)
    return part


def journal_of(page: AdminPage) -> JournalPart:
    """The part of the journal."""
    part = page.part("journal")
    assert isinstance(part, JournalPart)
    return part


def select(page: AdminPage, name: str) -> PeoplePart:
    """Selects a person by name."""
    people = people_of(page)
    for row in range(people.model.rowCount()):
        line = people.model.row(row)
        if line is not None and line.user.name == name:
            people.table.selectRow(row)
            return people
    raise AssertionError(f"{name} is not in the table")


def settle(page: AdminPage) -> None:
    """Waits for the store."""
    page._session.worker.drain()


def answer(name: str) -> None:
    """Presses a button of the dialog that opens next."""

    def press() -> None:
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        button = dialog.findChild(QWidget, name)
        assert button is not None
        button.setFocus()
        button.click()  # type: ignore[attr-defined]

    QTimer.singleShot(100, press)


def test_a_person_is_added_and_signs_in(make: Make, office: Office, qtbot: QtBot) -> None:
    page = make()
    people = people_of(page)
    people.add.click()
    form = people.form
    assert form.password.value()
    QTest.keyClicks(form.name.edit, "Amira Osman")
    assert form.username.value() == "amira.osman"
    form.role.set_value("reviewer")
    password = str(form.password.value())
    with qtbot.waitSignal(page._session.toasted, timeout=PATIENCE) as said:
        form.accept.click()
    settle(page)
    assert said.args == ["Amira Osman was added"]
    line = people.current()
    assert line is not None
    assert (line.user.name, line.state) == ("Amira Osman", "First password")
    desk = sign_in(office.entry, "amira.osman", password)
    assert desk.user.role is Role.REVIEWER
    assert desk.user.must_change_password


def test_what_is_wrong_with_a_new_person_is_said_beside_the_fields(make: Make) -> None:
    page = make()
    people = people_of(page)
    people.start_adding()
    people.form.name.set_value("Ruth Adeyemi")
    people.form.username.set_value("ruth.adeyemi")
    people.form.accept.click()
    settle(page)
    assert "already has the user name" in people.form.username.message.words()
    people.form.name.set_value("")
    people.form.password.set_value("short")
    people.form.accept.click()
    settle(page)
    assert people.form.name.message.words() == "Give the person’s name."
    assert "at least 10" in people.form.password.message.words()
    people.form.cancel.click()
    assert people._stack.currentIndex() == 0


@pytest.mark.parametrize("scale", [100, 125, 150, 200])
@pytest.mark.parametrize(("key", "columns"), [("people", 5), ("requesters", 3), ("agreements", 4), ("letters", 2)])
def test_names_are_read_at_each_size_of_text(
    make: Make, theme: Theme, office: Office, scale: int, key: str, columns: int
) -> None:
    put_body(office.desk(Role.ADMINISTRATOR), PutBody(name="Northshire Police", addresses="@police.example"))
    theme.set_text_scale(scale)
    page = make()
    page.resize(1366 - theme.px(48), 720)
    page.show_part(key)
    page._session.worker.drain()
    QApplication.processEvents()
    table = page.part(key).findChild(Table)
    assert table is not None
    assert table.isVisible()
    assert table.columnWidth(0) >= theme.px(150)
    shown = [at for at in range(table.paged.columnCount()) if not table.isColumnHidden(at)]
    assert sum(table.columnWidth(at) for at in shown) <= table.viewport().width()
    assert (len(shown) == columns) if scale == 100 else (scale < 200 or len(shown) == 1)
    panes = [one for one in page.part(key).findChildren(ScrollPane) if one.isVisible()]
    assert all(one.width() >= theme.px(280) for one in panes), "and so is what stands beside"


@pytest.mark.parametrize("scale", [100, 200])
def test_each_field_of_the_organisation_has_room(make: Make, theme: Theme, scale: int) -> None:
    theme.set_text_scale(scale)
    page = make()
    page.resize(1366 - theme.px(48), 720)
    page.show_part("organisation")
    page._session.worker.drain()
    QApplication.processEvents()
    part = page.part("organisation")
    assert isinstance(part, OrganisationPart)
    fields = part.form.fields
    assert all(field.width() >= theme.px(200) for field in fields.values())
    assert (fields["team"].y() == fields["name"].y()) == (scale == 100), "with large text each has its own row"


def test_an_account_is_switched_off_after_a_question_and_on_again(make: Make, office: Office) -> None:
    page = make()
    people = select(page, "Ruth Adeyemi")
    answer("cancel")
    people.switch.click()
    settle(page)
    assert users(office.entry)[0].active
    answer("yes")
    people.switch.click()
    settle(page)
    assert not users(office.entry)[0].active
    with pytest.raises(Refused):
        sign_in(office.entry, "ruth.adeyemi", "sample-desk")
    select(page, "Ruth Adeyemi")
    assert people.switch.label() == "Switch on"
    people.switch.click()
    settle(page)
    assert users(office.entry)[0].active


def test_one_s_own_account_cannot_be_switched_off(make: Make) -> None:
    page = make()
    people = select(page, "Sam Kerrigan")
    assert "Ask another administrator" in people.switch.off_reason
    assert people.new_password.off_reason


def test_a_new_first_password_is_given(make: Make, office: Office) -> None:
    page = make()
    people = select(page, "Ruth Adeyemi")
    people.new_password.click()
    password = str(people.reset.password.value())
    people.reset.accept.click()
    settle(page)
    assert sign_in(office.entry, "ruth.adeyemi", password).user.must_change_password


def test_a_desk_without_a_reviewer_says_whom_to_add(make: Make) -> None:
    page = make()
    people = select(page, "Daniel Osei")
    assert people._few.isHidden()
    answer("yes")
    people.switch.click()
    settle(page)
    assert "Add a reviewer." in people._few.sentence.text()


def test_the_organisation_is_changed_saved_and_undone(make: Make, office: Office, qtbot: QtBot) -> None:
    page = make()
    page.show_part("organisation")
    settle(page)
    part = page.part("organisation")
    form = part.form  # type: ignore[union-attr]
    assert part.save.off_reason  # type: ignore[union-attr]
    QTest.keyClicks(form.fields["team"].controls()[0], " two")
    assert page.unsaved
    part.undo.click()  # type: ignore[union-attr]
    assert form.fields["team"].value() == "Disclosure team"
    assert form.fields["signatory_title_welsh"].value() == "Pennaeth Datgelu"
    QTest.keyClicks(form.fields["hours_welsh"].controls()[0], ", ac eithrio gwyliau banc")
    QTest.keyClicks(form.fields["team"].controls()[0], " one")
    with qtbot.waitSignal(page._session.changed, timeout=PATIENCE) as changed:
        part.save.click()  # type: ignore[union-attr]
    settle(page)
    assert changed.args[0].kinds == {"organisation"}
    assert organisation(office.entry).team == "Disclosure team one"
    assert organisation(office.entry).hours_welsh.endswith("ddydd Gwener, ac eithrio gwyliau banc")
    assert organisation(office.entry).sample
    form.fields["name"].set_value("")
    form.fields["name"].edited.emit("name", "")
    part.save.click()  # type: ignore[union-attr]
    settle(page)
    assert form.fields["name"].message.words() == "Give the organisation’s name."


def test_the_journal_is_newest_first_and_checked(make: Make, office: Office) -> None:
    with office.entry.store.write() as tx:
        for _ in range(250):
            append(tx, at=office.entry.clock(), actor_id=1, action="sign_in", heading=Heading.SYSTEM)
    page = make(Role.AUDITOR)
    settle(page)
    journal = journal_of(page)
    assert page.current() == "journal"
    assert page.tabs.isHidden()
    with office.entry.store.read() as tx:
        last = last_entry(tx)[0]
    assert journal.model.rowCount() == last
    first = journal.model.row(0)
    assert first is not None
    assert first.line.entry.seq == last
    journal.model.row(last - 1)
    settle(page)
    oldest = journal.model.row(last - 1)
    assert oldest is not None
    assert (oldest.line.entry.seq, action_words(oldest.line.entry.action)) == (1, "Made the store")
    assert journal.report.isHidden()
    journal.check.click()
    settle(page)
    assert journal.report.accessibleDescription() == "Everything is sound"


def test_faults_of_the_journal_are_shown(make: Make, office: Office) -> None:
    page = make(Role.AUDITOR)
    path = office.entry.store.path.parent / "left-open"
    path.touch(mode=0o644)
    path.chmod(0o644)
    journal_of(page).check.click()
    settle(page)
    assert "1 fault was found" in journal_of(page).report.accessibleDescription()


def test_nobody_waits_for_the_check_of_the_journal_which_stops_where_the_desk_is_left(make: Make) -> None:
    page = make(Role.AUDITOR)
    settle(page)
    journal, session, gate = journal_of(page), page._session, Event()
    session.worker.run(gate.wait, 10, aside=True)
    journal.check.click()
    seen: list[object] = []
    session.run(page, lambda desk: desk.today(), done=seen.append)
    while not seen:
        QApplication.processEvents()
    assert journal.check.accessibleDescription() == "Working"
    session.leaving.emit()
    gate.set()
    settle(page)
    assert journal.check.accessibleDescription() == ""
    assert not journal.report.isVisible()
    journal.check.click()
    settle(page)
    assert journal.report.isVisible()


def test_an_auditor_sees_the_journal_alone(make: Make) -> None:
    assert make(Role.AUDITOR).keys == ("journal",)


def test_every_control_has_a_name(make: Make) -> None:
    page = make()
    for part in page.keys:
        page.show_part(part)
        settle(page)
        bare = [
            f"{type(one).__name__} {one.objectName()}"
            for one in page.findChildren(QWidget)
            if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isVisible() and not one.accessibleName()
        ]
        assert bare == []
        assert page.panes()


def test_the_models_are_sound(make: Make, qtmodeltester: ModelTester) -> None:
    page = make()
    qtmodeltester.check(people_of(page).model)


def test_a_spoken_password_can_be_read_out() -> None:
    words = spoken_password(lambda count: bytes(range(count)))
    assert len(words) == 19
    assert words.count("-") == 3
    assert words.replace("-", "").isalpha()


def test_no_part_is_larger_than_the_least_screen_at_the_largest_text(make: Make, theme: Theme) -> None:
    theme.set_text_scale(200)
    page = make()
    page.resize(1366 - theme.px(48), 768 - theme.px(48))
    for key in page.keys:
        page.show_part(key)
        page._session.worker.drain()
        QApplication.processEvents()
        least = page.minimumSizeHint()
        assert least.width() <= 1366 - theme.px(48), key
        assert least.height() <= 768 - theme.px(48), key
