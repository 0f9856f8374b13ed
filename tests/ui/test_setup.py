"""The first start on an empty folder, by the widgets, to a signed-in administrator."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.casework.accounts import sign_in
from desktop.casework.recoverysheets import SheetState, sheet_state
from desktop.casework.setup import is_sample, open_recovered
from desktop.ui.setup.organisation import OrganisationForm
from desktop.ui.setup.steps import strength_words
from desktop.ui.setup.wizard import SetupPage
from desktop.ui.theme import Theme
from tests.ui.desk_app import CTRL, Hands, running
from tests.ui.page_window import press_in, words_of
from tests.ui.waiting import PATIENCE

DETAILS = {
    "name": "Meridian Health Records",
    "team": "Disclosure team",
    "address": "Castlegate House\nNorthbridge NB1 4QT",
    "phone": "01632 960148",
    "email": "tracing@meridian.example",
    "hours": "9am to 5pm",
    "signatory_name": "Margaret Ellison",
    "signatory_title": "Head of Disclosure",
}
FIRST, PASSPHRASE = "moss-lamp-orbit", "three sad ponies run"


@pytest.fixture
def empty(qtbot: QtBot, tmp_path: Path) -> Iterator[tuple[Hands, SetupPage]]:
    """The desk on an empty folder."""
    with running(qtbot, tmp_path / "new") as hands:
        page = hands.desk.window.page("setup")
        assert isinstance(page, SetupPage)
        hands.settle()
        yield hands, page


def to_key(page: SetupPage) -> None:
    """Fills the steps before the key."""
    page.next.click()
    for name, value in DETAILS.items():
        page.organisation.form.fields[name].set_value(value)
    page.next.click()
    page.administrator.name.set_value("Sam Kerrigan")
    page.administrator.username.set_value("sam.kerrigan")
    page.administrator.password.field.set_value(FIRST)
    page.administrator.again.field.set_value(FIRST)
    page.next.click()
    assert page.at == 3


def to_sheet(hands: Hands, page: SetupPage) -> None:
    """Makes the store."""
    to_key(page)
    page.key.passphrase.field.set_value(PASSPHRASE)
    page.key.again.field.set_value(PASSPHRASE)
    page.next.click()
    hands.settle()
    assert page.at == 4


def test_a_store_is_made_and_its_administrator_signs_in(empty: tuple[Hands, SetupPage]) -> None:
    hands, page = empty
    to_sheet(hands, page)
    assert page.next.off_reason
    page.next.click()
    assert page.at == 4
    page.sheet.tick.click()
    page.next.click()
    hands.settle()
    assert hands.desk.window.stack.currentWidget() is hands.desk.startup.sign_in
    assert hands.desk.startup.sign_in.people() is None
    hands.sign_in("sam.kerrigan", FIRST)
    assert hands.main.current_key() == "admin"
    folder = hands.desk.settings.path()
    assert not is_sample(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_sheet_that_is_saved_opens_the_store(empty: tuple[Hands, SetupPage], tmp_path: Path) -> None:
    hands, page = empty
    to_sheet(hands, page)
    copy = tmp_path / "sheet.pdf"
    page.sheet.save(copy)
    assert page.sheet.message.kind == "good"
    assert copy.read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert page._created is not None
    hands.settle()
    entry = open_recovered(hands.desk.settings.path(), page._created.recovery_code)
    entry.store.close()
    page._created.entry.store.close()


def closing(hands: Hands, name: str) -> str:
    """Closes the window, and presses a button of the question that comes; "" where none comes, else its words."""
    asked: list[str] = []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is not None:
            asked.append(words_of(dialog))
            focus = dialog.focusWidget()
            assert focus is not None
            assert focus.objectName() == "cancel"
            press_in(dialog, name)

    QTimer.singleShot(100, answer)
    hands.desk.window.close()
    return " ".join(asked)


def state_of(page: SetupPage, hands: Hands) -> SheetState:
    """What the store knows of its sheet."""
    hands.settle()
    assert page._created is not None
    return sheet_state(sign_in(page._created.entry, "sam.kerrigan", FIRST))


def test_the_window_does_not_close_over_a_sheet_without_asking(empty: tuple[Hands, SetupPage]) -> None:
    hands, page = empty
    to_sheet(hands, page)
    assert "neither printed nor saved" in closing(hands, "cancel")
    assert hands.desk.window.isVisible()
    assert page.at == 4
    assert "never again" in closing(hands, "yes")
    assert not hands.desk.window.isVisible()
    assert state_of(page, hands) is SheetState.MADE
    assert page._created is not None
    page._created.entry.store.close()


@pytest.mark.parametrize("how", ["saved", "ticked"])
def test_the_window_closes_once_the_sheet_is_kept(empty: tuple[Hands, SetupPage], tmp_path: Path, how: str) -> None:
    hands, page = empty
    to_sheet(hands, page)
    if how == "saved":
        page.sheet.save(tmp_path / "sheet.pdf")
        assert state_of(page, hands) is SheetState.KEPT
    else:
        page.sheet.tick.click()
    hands.desk.window.close()
    assert not hands.desk.window.isVisible()
    assert state_of(page, hands) is SheetState.KEPT
    assert page._created is not None
    page._created.entry.store.close()


def test_a_set_up_that_has_made_nothing_closes_at_once(empty: tuple[Hands, SetupPage]) -> None:
    hands, page = empty
    to_key(page)
    hands.desk.window.close()
    assert not hands.desk.window.isVisible()


def test_a_sheet_that_cannot_be_saved_says_so(empty: tuple[Hands, SetupPage], tmp_path: Path) -> None:
    hands, page = empty
    to_sheet(hands, page)
    page.sheet.save(tmp_path / "nowhere" / "sheet.pdf")
    assert page.sheet.message.kind == "error"
    assert page._created is not None
    page._created.entry.store.close()


def test_what_letters_need_is_asked_for(empty: tuple[Hands, SetupPage]) -> None:
    hands, page = empty
    page.next.click()
    page.next.click()
    assert page.at == 1
    fields = page.organisation.form.fields
    assert fields["name"].message.words() == "Give the organisation’s name."
    assert fields["team"].message.words() == "Give the name of the team that answers."
    assert not fields["logo"].message.words()
    assert hands.focus() is fields["name"].controls()[0]


def test_weak_and_different_passwords_are_refused(empty: tuple[Hands, SetupPage]) -> None:
    _hands, page = empty
    to_key(page)
    page.back.click()
    page.administrator.password.field.set_value("password12")
    page.next.click()
    assert "guessed first" in page.administrator.password.field.message.words()
    page.administrator.password.field.set_value("fern-coal-river")
    page.next.click()
    assert "differ" in page.administrator.again.field.message.words()
    assert page.at == 2


def test_the_passphrase_is_typed_twice(empty: tuple[Hands, SetupPage]) -> None:
    _hands, page = empty
    to_key(page)
    page.key.passphrase.field.set_value(PASSPHRASE)
    page.next.click()
    assert page.at == 3
    assert "differ" in page.key.again.field.message.words()
    page.key.passphrase.field.set_value("short")
    page.next.click()
    assert "at least" in page.key.passphrase.field.message.words()


def test_a_keyring_needs_no_passphrase(empty: tuple[Hands, SetupPage]) -> None:
    _hands, page = empty
    page.key.show_keyring(True)
    assert page.key.passphrase.isHidden()
    assert page.key.ready()
    assert page.key.chosen() == ""


def test_the_key_step_waits_for_the_keyring_to_be_found(qtbot: QtBot, theme: Theme) -> None:
    from desktop.ui.setup.steps import KeyStep

    step = KeyStep()
    qtbot.addWidget(step)
    assert not step.ready()


@pytest.mark.parametrize(
    ("passphrase", "kind"), [("short", "hint"), ("moss-lamp-or", "warning"), ("moss-lamp-orbit-tin", "good")]
)
def test_strength_in_words(passphrase: str, kind: str) -> None:
    assert strength_words(passphrase)[0] == kind


def test_a_logo_is_taken_or_refused(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    form = OrganisationForm()
    qtbot.addWidget(form)
    picture = tmp_path / "logo.png"
    image = QImage(40, 20, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    assert image.save(str(picture))
    with qtbot.waitSignal(form.edited, timeout=PATIENCE):
        form.logo.take(picture)
    assert form.organisation().logo == picture.read_bytes()
    form.logo.take(tmp_path / "none.png")
    assert "cannot be read" in form.logo.message.words()
    form.logo.remove.click()
    assert form.organisation().logo is None


def test_enter_in_a_line_of_text_goes_on(empty: tuple[Hands, SetupPage]) -> None:
    hands, page = empty
    hands.key(Qt.Key.Key_Return)
    fields = page.organisation.form.fields
    for name, value in DETAILS.items():
        fields[name].set_value(value)
    fields["team"].set_value("")
    fields["name"].focus()
    hands.key(Qt.Key.Key_Return)
    assert page.at == 1
    assert fields["team"].message.words() == "Give the name of the team that answers."
    assert hands.focus() is fields["team"].controls()[0]
    hands.type("Disclosure team")
    hands.key(Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    assert page.at == 2
    page.administrator.name.set_value("Sam Kerrigan")
    page.administrator.username.set_value("sam.kerrigan")
    page.administrator.password.field.set_value(FIRST)
    page.administrator.again.field.set_value(FIRST)
    page.administrator.username.focus()
    QTest.keyClick(hands.focus() or page, Qt.Key.Key_Return, CTRL)
    assert page.at == 3


def test_enter_in_the_address_is_a_line_and_goes_on_with_ctrl(empty: tuple[Hands, SetupPage]) -> None:
    hands, page = empty
    page.next.click()
    fields = page.organisation.form.fields
    for name, value in DETAILS.items():
        fields[name].set_value(value)
    fields["address"].focus()
    hands.key(Qt.Key.Key_Return, text="\r")
    assert page.at == 1
    assert "\n" in str(fields["address"].value()).replace(DETAILS["address"], "")
    QTest.keyClick(hands.focus() or page, Qt.Key.Key_Return, CTRL)
    assert page.at == 2


def test_the_keyboard_alone_leads_from_the_first_page_to_the_store(empty: tuple[Hands, SetupPage]) -> None:
    hands, page = empty
    assert hands.focus() is page.next
    hands.key(Qt.Key.Key_Return)
    assert page.at == 1
    for name, value in DETAILS.items():
        page.organisation.form.fields[name].set_value(value)
    page.next.click()
    page.administrator.name.set_value("Sam Kerrigan")
    page.administrator.username.set_value("sam.kerrigan")
    for row in (page.administrator.password, page.administrator.again):
        row.setFocus()
        hands.type(FIRST)
    hands.key(Qt.Key.Key_Return)
    assert page.at == 3
    for row in (page.key.passphrase, page.key.again):
        row.setFocus()
        hands.type(PASSPHRASE)
    hands.key(Qt.Key.Key_Return)
    hands.settle()
    assert page.at == 4
    assert page._created is not None
    page._created.entry.store.close()


def test_nothing_typed_is_cut_and_an_e_mail_address_looks_like_one(empty: tuple[Hands, SetupPage]) -> None:
    _hands, page = empty
    page.next.click()
    fields = page.organisation.form.fields
    for name, value in DETAILS.items():
        fields[name].set_value(value)
    fields["name"].set_value("Meridian " * 30)
    fields["email"].set_value("not-an-email")
    page.next.click()
    assert page.at == 1
    assert fields["name"].value() == "Meridian " * 30
    assert fields["name"].message.words() == "This is 270 characters long. The most is 200: shorten it."
    assert "e-mail address" in fields["email"].message.words()
    fields["name"].set_value(DETAILS["name"])
    fields["email"].set_value(DETAILS["email"])
    page.next.click()
    assert page.at == 2


def test_a_key_without_its_store_is_not_set_up_over(qtbot: QtBot, sample_copy: Path) -> None:
    (sample_copy / "desk.db").rename(sample_copy.parent / "elsewhere.db")
    before = sorted(sample_copy.iterdir())
    with running(qtbot, sample_copy) as hands:
        assert hands.desk.window.page("setup") is None
        problem = hands.desk.window.page("problem")
        assert problem is not None
        assert "holds the key of a store, but not its file desk.db" in words_of(problem)
        (sample_copy.parent / "elsewhere.db").rename(sample_copy / "desk.db")
        press_in(problem, "retry")
        hands.opened()
        assert hands.desk.window.page("problem") is None
    assert {one.name for one in before} <= {one.name for one in sample_copy.iterdir()}
