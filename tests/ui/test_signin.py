"""Signing in, the lock, and what stands in the way of opening the store."""

from __future__ import annotations

import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from db.store import FILE
from db.swapping import MARK
from desktop.casework.accounts import reset_password
from desktop.casework.setup import SAMPLE_MARK
from desktop.ui.gate import NewPasswordPage, PassphrasePage, ProblemPage
from desktop.ui.lock import LockPage
from desktop.ui.opening import trouble
from desktop.ui.signin import VERSION, PeopleCard
from desktop.ui.startup import SAMPLE_FILE, STORE_FILE, SWAP_MARK
from tests.ui.desk_app import PASSWORD, Hands, hands, running

__all__ = ["hands"]


def test_the_names_of_files_are_those_of_the_store() -> None:
    assert (STORE_FILE, SAMPLE_FILE, SWAP_MARK) == (FILE, SAMPLE_MARK, MARK)


def test_the_version_is_that_of_the_project() -> None:
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")
    assert f'version = "{VERSION}"' in project


def test_a_caseworker_signs_in_with_the_keyboard(hands: Hands) -> None:
    hands.opened()
    hands.type("ruth.adeyemi")
    hands.key(Qt.Key.Key_Return)
    hands.type(PASSWORD)
    hands.key(Qt.Key.Key_Return)
    hands.until(lambda: hands.desk.main is not None)
    assert hands.main.current_key() == "work"
    assert not hands.card.password.text()


def test_what_is_typed_before_the_store_is_open_waits_for_it(hands: Hands) -> None:
    hands.card.sign_in_as("ruth.adeyemi", PASSWORD)
    assert hands.desk.entry is None
    hands.until(lambda: hands.desk.main is not None)


def test_a_wrong_password_is_said_beside_the_field(hands: Hands) -> None:
    hands.opened()
    hands.card.sign_in_as("ruth.adeyemi", "not-this-one")
    hands.settle()
    assert "not right" in hands.card.password.field.message.words()
    assert "4 tries left" in hands.card.password.field.message.words()
    assert hands.focus() is hands.card.password.field.edit
    assert hands.card.password.text() == ""
    assert hands.desk.main is None


@pytest.mark.parametrize(("username", "password", "wrong"), [("", "x", "username"), ("ruth", "", "password")])
def test_both_are_needed(hands: Hands, username: str, password: str, wrong: str) -> None:
    hands.opened()
    hands.card.sign_in_as(username, password)
    focused = hands.focus()
    assert focused is not None
    assert focused.objectName() == wrong
    assert focused.property("problem")


def test_a_password_is_shown_and_hidden(hands: Hands) -> None:
    row = hands.card.password
    row.show_button.click()
    assert row.field.edit.echoMode() == QLineEdit.EchoMode.Normal
    assert row.show_button.accessibleName() == "Hide the password"
    row.show_button.click()
    assert row.field.edit.echoMode() == QLineEdit.EchoMode.Password


def test_a_sample_store_offers_every_role(hands: Hands) -> None:
    hands.opened()
    people = hands.desk.startup.sign_in.people()
    assert isinstance(people, PeopleCard)
    assert [row.button.label() for row in people.rows][:2] == ["Sign in as Ruth", "Sign in as Daniel"]
    people.rows[1].button.click()
    hands.until(lambda: hands.desk.main is not None)
    hands.settle()
    assert hands.main.current_key() == "review"


def test_a_first_password_is_changed_at_once(hands: Hands) -> None:
    hands.sign_in("sam.kerrigan")
    ruth = 1
    hands.desk.worker.run(reset_password, hands.desk.session.desk, ruth, "moss-lamp-orbit")
    hands.settle()
    hands.desk.sign_out()
    hands.card.sign_in_as("ruth.adeyemi", "moss-lamp-orbit")
    hands.settle()
    page = hands.desk.window.stack.currentWidget()
    assert isinstance(page, NewPasswordPage)
    for first, second, said in (
        ("moss-lamp-orbit", "moss-lamp-orbit", "differs from the old"),
        ("short", "short", "at least 10"),
        ("fern-coal-river", "fern-coal-rivet", "differ"),
    ):
        page.new.field.set_value(first)
        page.again.field.set_value(second)
        page.button.click()
        hands.settle()
        assert said in page.new.field.message.words() + page.again.field.message.words()
    page.again.field.set_value("fern-coal-river")
    page.button.click()
    hands.until(lambda: hands.desk.main is not None)


def test_help_for_who_cannot_sign_in(hands: Hands) -> None:
    hands.opened()
    said = []

    def read() -> None:
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        said.append(dialog.accessibleName())
        dialog.close()

    QTimer.singleShot(100, read)
    hands.card.cannot.click()
    assert said == ["If you cannot sign in"]


def test_the_lock_covers_the_desk_until_the_password(hands: Hands) -> None:
    hands.sign_in("ruth.adeyemi")
    hands.desk.window.setWindowTitle("TR-000001-7 – Tracing Desk")
    hands.desk.lock()
    page = hands.desk.window.stack.currentWidget()
    assert isinstance(page, LockPage)
    assert hands.desk.window.windowTitle() == "Tracing Desk"
    words = " ".join(one.accessibleName() for one in page.findChildren(QWidget))
    assert "Ruth" not in words
    page.secret.field.set_value("wrong-password")
    page.submit()
    hands.settle()
    assert "4 tries left" in page.secret.field.message.words()
    page.secret.field.set_value(PASSWORD)
    page.submit()
    hands.settle()
    assert hands.desk.window.stack.currentWidget() is hands.main
    assert not hands.desk.locked


def test_a_desk_that_was_left_is_let_go_of_with_its_lists(hands: Hands) -> None:
    hands.sign_in("ruth.adeyemi")
    hands.main.go_to("register")
    hands.settle()
    register = weakref.ref(hands.main.page("register"))
    assert register() is not None
    QTimer.singleShot(0, hands.desk.sign_out)
    hands.until(lambda: register() is None)


def test_too_many_wrong_passwords_sign_out(hands: Hands) -> None:
    hands.sign_in("ruth.adeyemi")
    hands.desk.lock()
    page = hands.desk.window.page("lock")
    assert isinstance(page, LockPage)
    for _ in range(5):
        page.secret.field.set_value("wrong-password")
        page.submit()
        hands.settle()
    assert hands.desk.main is None
    assert hands.desk.window.stack.currentWidget() is hands.desk.startup.sign_in


def test_the_lock_cancels_an_open_dialog(hands: Hands) -> None:
    hands.sign_in("ruth.adeyemi")
    QTimer.singleShot(100, hands.desk.lock)
    hands.desk.window.show_keys()
    assert hands.desk.locked


def test_a_person_of_another_name_signs_in_from_the_lock(hands: Hands) -> None:
    hands.sign_in("ruth.adeyemi")
    hands.desk.lock()
    page = hands.desk.window.page("lock")
    assert isinstance(page, LockPage)
    page.other.click()
    hands.sign_in("daniel.osei")
    assert hands.main.current_key() == "review"


def test_a_damaged_store_is_three_sentences_and_another_try(qtbot: QtBot, sample_copy: Path) -> None:
    whole = (sample_copy / STORE_FILE).read_bytes()
    (sample_copy / STORE_FILE).write_bytes(b"no store" * 600)
    with running(qtbot, sample_copy) as hands:
        hands.settle()
        page = hands.desk.window.stack.currentWidget()
        assert isinstance(page, ProblemPage)
        assert "key does not open" in page.words()
        (sample_copy / STORE_FILE).write_bytes(whole)
        page.retry.click()
        hands.sign_in("ruth.adeyemi")


def test_a_store_without_its_key_offers_the_recovery_sheet(qtbot: QtBot, sample_copy: Path) -> None:
    (sample_copy / SAMPLE_FILE).unlink()
    (sample_copy / "store.id").write_text("0" * 32, "ascii")
    (sample_copy / "store.key").unlink()
    with running(qtbot, sample_copy) as hands:
        hands.settle()
        page = hands.desk.window.stack.currentWidget()
        assert isinstance(page, ProblemPage)
        assert not page.recovery.isHidden()


def test_a_passphrase_is_asked_for(qtbot: QtBot, sample_copy: Path) -> None:
    (sample_copy / SAMPLE_FILE).unlink()
    (sample_copy / "store.id").write_text("0" * 32, "ascii")
    with running(qtbot, sample_copy) as hands:
        hands.settle()
        page = hands.desk.window.stack.currentWidget()
        assert isinstance(page, PassphrasePage)
        page.secret.field.set_value("not the passphrase")
        page.submit()
        hands.settle()
        assert "does not open" in page.secret.field.message.words()
        page.secret.field.set_value(PASSWORD)
        page.submit()
        hands.settle()
        assert hands.desk.window.stack.currentWidget() is hands.desk.startup.sign_in
        hands.sign_in("ruth.adeyemi")


def test_a_mistake_of_ours_is_no_trouble_of_the_environment() -> None:
    assert trouble(ValueError("x")) is None


def test_theme_and_size_are_remembered(qtbot: QtBot, sample_copy: Path) -> None:
    with running(qtbot, sample_copy) as hands:
        hands.desk.theme.set_scheme("dark")
        hands.desk.window.scale_text(1)
    with running(qtbot, sample_copy) as hands:
        assert hands.desk.theme.scheme == "dark"
        assert hands.desk.theme.text_scale == 125
    kept = (sample_copy / "window.json").read_text("utf-8")
    assert "ruth" not in kept


def test_keys_of_every_window(hands: Hands) -> None:
    hands.opened()
    hands.desk.window.scale_text(1)
    hands.desk.window.scale_text(-1)
    assert hands.desk.theme.text_scale == 100
    seen: list[str] = []

    def read() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is not None:
            seen.append(dialog.accessibleName())
            dialog.close()

    QTimer.singleShot(100, read)
    hands.desk.window.show_keys()
    assert seen == ["All keys"]
