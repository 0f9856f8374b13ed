"""The certificate in Administration: what is shown, how it is replaced, and the check of a letter."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from db.records import Role, State
from desktop.casework import issuing
from desktop.casework.certificates import certificates
from desktop.casework.sample import MovingClock
from desktop.ui.admin.certificate import CertificatePart
from desktop.ui.admin.view import AdminPage
from desktop.ui.kit.notices import Banner
from desktop.ui.recorddialog import RecordDialog
from tests.fixtures import Office
from tests.letters.signers import PASSWORD, from_authority
from tests.store.test_certificates import lose_password
from tests.ui.page_window import Make, Window, make_page, nameless, press_in, words_of

__all__ = ["make_page"]


def part_of(window: Window[AdminPage]) -> CertificatePart:
    """The part, shown."""
    window.view.show_part("certificate")
    window.settle()
    part = window.view.part("certificate")
    assert isinstance(part, CertificatePart)
    return part


def dialog_of(window: Window[AdminPage]) -> RecordDialog:
    window.until(lambda: isinstance(QApplication.activeModalWidget(), RecordDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, RecordDialog)
    return dialog


def warnings(window: Window[AdminPage]) -> list[str]:
    return [one.sentence.text() for one in window.view.findChildren(Banner) if one.isVisible()]


def test_it_is_shown_and_made_anew_by_keyboard(make_page: Make, office: Office, qtbot: QtBot) -> None:
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    part = part_of(window)
    said = words_of(part)
    assert "Each letter is signed with it when it is issued." in said
    assert "Meridian Health Records" in said
    assert "by the desk itself" in said
    assert not nameless(window.view)
    assert not warnings(window)
    part.make.setFocus()
    window.press(Qt.Key.Key_Return)
    dialog = dialog_of(window)
    press_in(dialog, "make_it")
    window.settle()
    assert "Give your reasons for replacing the certificate." in words_of(dialog)
    # The summary of what is wrong has taken the keyboard, as it does everywhere.
    dialog.fields["because"].focus()
    window.type("The key may have been seen.")
    press_in(dialog, "make_it")
    window.until(lambda: QApplication.activeModalWidget() is None)
    window.settle()
    assert "The key may have been seen." in words_of(part)
    assert len(certificates(office.desk(Role.ADMINISTRATOR)).held) == 2


def test_one_is_imported_and_what_is_wrong_stands_beside_the_field(
    make_page: Make, office: Office, tmp_path: Path
) -> None:
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    part = part_of(window)
    path = tmp_path / "letters.p12"
    path.write_bytes(from_authority())
    part.bring_in(path)
    dialog = dialog_of(window)
    password = dialog.fields["password"].findChild(QLineEdit)
    assert password is not None
    assert password.echoMode() is QLineEdit.EchoMode.Password
    assert password.hasFocus()
    dialog.fields["because"].set_value("Recipients’ readers know it.")
    window.type("wrong")
    press_in(dialog, "import_it")
    window.settle()
    assert "The password does not open this file" in words_of(dialog)
    password.setFocus()
    password.selectAll()
    window.type(PASSWORD)
    press_in(dialog, "import_it")
    window.until(lambda: QApplication.activeModalWidget() is None)
    window.settle()
    assert "Invented Authority" in words_of(part)


def test_every_part_warns_of_the_end_and_of_a_lost_password(make_page: Make, office: Office) -> None:
    end = certificates(office.desk(Role.ADMINISTRATOR)).held[0].facts.valid_to
    clock = office.entry.clock
    assert isinstance(clock, MovingClock)
    clock.at = end - timedelta(days=10)
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    assert window.view.current() == "people"
    assert any("ends on 10 June 2031" in one for one in warnings(window))
    banner = next(one for one in window.view.findChildren(Banner) if one.isVisible())
    banner.link.click()
    window.settle()
    assert window.view.current() == "certificate"
    clock.at = end + timedelta(days=1)
    window.view.refresh()
    window.settle()
    assert "No letter can be issued." in words_of(window.view)


def test_a_lost_password_is_said(make_page: Make, office: Office) -> None:
    lose_password(office)
    office.entry.secrets.forget(certificates(office.desk(Role.ADMINISTRATOR)).held[0].facts.fingerprint[:16])
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    assert any("does not open here" in one for one in warnings(window))


def test_a_letter_is_checked(make_page: Make, office: Office, tmp_path: Path) -> None:
    done = office.in_state(State.ISSUED)
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    pdf = issuing.read_letter(office.caseworker, done.case_id)
    good.write_bytes(pdf)
    bad.write_bytes(pdf[:2000] + bytes([pdf[2000] ^ 1]) + pdf[2001:])
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    part = part_of(window)
    said: list[str] = []

    def answer(dialog: RecordDialog) -> None:
        said.append(words_of(dialog))
        press_in(dialog, "close")

    for path in (good, bad):

        def look(path: Path = path) -> None:
            part.look(path)
            window.settle()

        window.in_dialog(answer, look)
    assert "Nothing is wrong with this letter" in said[0]
    assert "with its certificate of now" in said[0]
    assert "Something is wrong with this letter" in said[1]


def test_the_page_for_recipients_is_saved(make_page: Make, office: Office, tmp_path: Path) -> None:
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    part = part_of(window)
    part.save(tmp_path / "page.pdf")
    window.settle()
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF-")
