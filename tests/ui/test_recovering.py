"""Ways back in before anyone has signed in: a backup over a damaged file, a new administrator, what was cut short."""

from __future__ import annotations

import secrets
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from db import swapping
from db.records import Role
from db.store import FILE
from desktop.casework import accounts, backups
from desktop.casework.recovery import ChangeKey, change_key
from desktop.casework.sample import sample_password
from desktop.casework.setup import open_entry
from desktop.security.keys import make_recovery, new_code
from desktop.ui.gate import ProblemPage
from desktop.ui.kit.inputs import LineField
from desktop.ui.recovering import AdministratorPage, RestorePage
from desktop.ui.setup.wizard import SetupPage
from tests.fixtures import Office
from tests.store.backing import backed_up, sheet_of
from tests.ui.desk_app import PASSWORD, hands, running
from tests.ui.page_window import nameless, press_in, words_of

__all__ = ["hands"]


def with_sheet(folder: Path, backup: Path) -> str:
    """Backs a sample store up and returns the recovery key of its sheet."""
    entry = open_entry(folder, lambda: PASSWORD)
    code = make_recovery(folder, entry.store.key, secrets.token_bytes)
    backups.back_up_unattended(entry, backup)
    entry.store.close()
    return code


def read_next(said: list[str]) -> None:
    """Reads the next message and closes it."""
    dialog = QApplication.activeModalWidget()
    if dialog is None:
        QTimer.singleShot(50, lambda: read_next(said))
        return
    said.append(words_of(dialog))
    dialog.close()


def test_a_damaged_store_is_restored_from_the_first_window(qtbot: QtBot, sample_copy: Path, tmp_path: Path) -> None:
    code = with_sheet(sample_copy, tmp_path / "backups")
    file = next((tmp_path / "backups").glob("desk-*.db"))
    (sample_copy / FILE).write_bytes(b"no store" * 600)
    with running(qtbot, sample_copy) as hands:
        hands.settle()
        problem = hands.desk.window.stack.currentWidget()
        assert isinstance(problem, ProblemPage)
        problem.restore.click()
        page = hands.desk.window.stack.currentWidget()
        assert isinstance(page, RestorePage)
        assert not nameless(page)
        page.button.click()
        assert "Choose the backup’s file." in words_of(page)
        page.fields["file"].set_value(str(file))
        page.fields["code"].set_value(code[:-1] + ("0" if code[-1] != "0" else "1"))
        page.button.click()
        hands.settle()
        assert "Group 8 of the recovery key is not as printed." in words_of(page)
        page.fields["code"].set_value(code)
        page.button.click()
        hands.settle()
        assert "The store here cannot be read" in words_of(page)
        assert (sample_copy / FILE).read_bytes().startswith(b"no store")
        said: list[str] = []
        read_next(said)
        page.button.click()
        hands.until(lambda: said)
        assert "The backup was restored" in said[0]
        assert f"{file.name} is the store now." in said[0]
        hands.opened()
        hands.sign_in("ruth.adeyemi")
    assert len(swapping.replaced_files(sample_copy)) == 1


def test_both_sheets_restore_a_backup_of_before_the_key_was_changed(
    qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    home, old = tmp_path / "desk", sheet_of(office)
    file = backed_up(office, tmp_path / "backups")
    newest = new_code(secrets.token_bytes)
    command = ChangeKey(code=newest, second=office.guardian.user.username, password=sample_password())
    change_key(office.desk(Role.ADMINISTRATOR), command)
    office.entry.store.close()
    (home / FILE).write_bytes(b"no store" * 600)
    with running(qtbot, home) as hands:
        hands.desk.theme.set_text_scale(200)
        hands.settle()
        problem = hands.desk.window.stack.currentWidget()
        assert isinstance(problem, ProblemPage)
        problem.restore.click()
        page = hands.desk.window.stack.currentWidget()
        assert isinstance(page, RestorePage)
        asked = page.fields["earlier"]
        assert not asked.isVisible()
        page.fields["file"].set_value(str(file))
        page.fields["code"].set_value(newest)
        page.button.click()
        hands.settle()
        hands.until(lambda: page.viewport().rect().contains(asked.mapTo(page.viewport(), asked.rect().bottomRight())))
        assert "give the recovery key of its day" in page.fields["earlier"].message.words()
        assert not nameless(page)
        hands.type(newest)
        page.button.click()
        hands.settle()
        assert "does not open this backup" in page.fields["earlier"].message.words()
        assert (page.text("code"), page.text("earlier")) == (newest, newest)
        page.fields["earlier"].set_value(old)
        page.button.click()
        hands.settle()
        assert "The store here cannot be read" in words_of(page)
        said: list[str] = []
        read_next(said)
        page.button.click()
        hands.until(lambda: said)
        assert f"{file.name} is the store now." in said[0]
        hands.opened()


def marks_what_is_missing(page: AdministratorPage) -> None:
    assert not nameless(page)
    page.submit()
    wrong = {key for key, field in page.fields.items() if field.message.words()}
    assert wrong == set(page.fields) - {"password"}, "all that is missing is marked at once"
    tops = [page.fields[key].mapTo(page, page.fields[key].rect().topLeft()).y() for key in ("name", "username")]
    assert tops[0] == tops[1], "what stands in one row is level"


def test_two_people_make_an_administrator(qtbot: QtBot, sample_copy: Path, tmp_path: Path) -> None:
    code = with_sheet(sample_copy, tmp_path / "backups")
    with running(qtbot, sample_copy) as hands:
        hands.opened()

        def agree() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is not None:
                press_in(dialog, "make_administrator")

        QTimer.singleShot(100, agree)
        hands.card.cannot.click()
        page = hands.desk.window.stack.currentWidget()
        assert isinstance(page, AdministratorPage)
        marks_what_is_missing(page)
        typed = {
            "code": code,
            "guardian": "helen.marsh",
            "guardian_password": PASSWORD,
            "officer": "helen.marsh",
            "officer_password": PASSWORD,
            "name": "New Administrator",
            "username": "new.admin",
            "password": "password",
        }
        first = page.fields["password"]
        assert len(str(first.value())) == 19, "one is offered that can be read out"
        assert isinstance(first, LineField)
        assert first.edit.echoMode() is QLineEdit.EchoMode.Normal
        for key, value in typed.items():
            page.fields[key].set_value(value)
        page.submit()
        hands.settle()
        assert "Use at least 10 characters" in words_of(page)
        page.fields["password"].set_value("violet hammer orbit")
        page.submit()
        hands.settle()
        assert "The guardian and a records officer make an administrator together." in words_of(page)
        page.fields["officer"].set_value("priya.nair")
        page.fields["officer_password"].set_value("not hers")
        page.submit()
        hands.settle()
        told = page.fields["officer"].message.words()
        assert told.startswith("Records officer: the user name or the password is not right.")
        assert not page.fields["code"].message.words()
        assert not page.fields["guardian"].message.words()
        page.fields["officer_password"].set_value(PASSWORD)
        said: list[str] = []
        read_next(said)
        page.submit()
        hands.until(lambda: said)
        for part in ("New Administrator", "new.admin", "violet hammer orbit"):
            assert part in said[0]
        hands.until(lambda: hands.card.username.value() == "new.admin")
        assert hands.desk.window.stack.currentWidget() is hands.desk.startup.sign_in
        assert hands.desk.entry is not None
        found = [one for one in accounts.users(hands.desk.entry) if one.username == "new.admin"]
        assert [one.role for one in found] == [Role.ADMINISTRATOR]


def test_what_was_cut_short_is_said_at_the_next_start(qtbot: QtBot, sample_copy: Path) -> None:
    (sample_copy / swapping.STAGING).mkdir(mode=0o700)
    said: list[str] = []

    with running(qtbot, sample_copy) as hands:
        read_next(said)
        hands.opened()
        hands.until(lambda: said)
        assert "has been undone: nothing was changed" in said[0]
        hands.sign_in("ruth.adeyemi")


def test_on_another_computer_the_set_up_leads_to_the_backup(qtbot: QtBot, sample_copy: Path, tmp_path: Path) -> None:
    code = with_sheet(sample_copy, tmp_path / "backups")
    with running(qtbot, tmp_path / "new") as hands:
        setup = hands.desk.window.page("setup")
        assert isinstance(setup, SetupPage)
        hands.settle()
        setup.restore.click()
        page = hands.desk.window.stack.currentWidget()
        assert isinstance(page, RestorePage)
        page.back.click()
        again = hands.desk.window.page("setup")
        assert isinstance(again, SetupPage)
        again.restore.click()
        page = hands.desk.window.stack.currentWidget()
        assert isinstance(page, RestorePage)
        page.fields["file"].set_value(str(next((tmp_path / "backups").glob("desk-*.db"))))
        page.fields["code"].set_value(code)
        page.button.click()
        hands.settle()
        assert "There is no store here" in words_of(page)
        said: list[str] = []
        read_next(said)
        page.button.click()
        hands.until(lambda: said)
        assert "The backup was restored" in said[0]
        hands.opened()
        hands.sign_in("ruth.adeyemi")


def test_a_key_that_does_not_fit_leads_to_the_sheet_and_to_a_backup(qtbot: QtBot, sample_copy: Path) -> None:
    (sample_copy / FILE).write_bytes(secrets.token_bytes(8192))
    with running(qtbot, sample_copy) as hands:
        hands.settle()
        problem = hands.desk.window.stack.currentWidget()
        assert isinstance(problem, ProblemPage)
        assert problem.recovery.isVisible()
        assert problem.restore.isVisible()
        assert not nameless(problem)
