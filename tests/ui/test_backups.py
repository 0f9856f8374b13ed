"""Administration, Backups: how things stand, a backup, a restore that two people ask for, and the key."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Event

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from db import swapping
from db.records import Role, State
from desktop.casework.keptfolders import KNOWN, kept_of
from desktop.casework.recovery import ChangeKey, change_key
from desktop.casework.sample import sample_password
from desktop.security.keys import PassphraseHome, make_recovery, new_code
from desktop.ui.admin.backups import BackupsPart
from desktop.ui.admin.recovery import SheetDialog
from desktop.ui.admin.storekey import TO_KEEP
from desktop.ui.admin.view import AdminPage
from desktop.ui.kit.notices import Banner
from desktop.ui.recorddialog import RecordDialog
from desktop.ui.working import SLOW
from tests.fixtures import KEY, Office
from tests.store.backing import backed_up
from tests.store.disposing import destroyed, many_closed, state_of
from tests.ui.page_window import Make, Window, close, make_page, nameless, press_in, words_of

__all__ = ["make_page"]


def part_of(window: Window[AdminPage]) -> BackupsPart:
    """The part, shown."""
    window.view.show_part("backups")
    window.settle()
    part = window.view.part("backups")
    assert isinstance(part, BackupsPart)
    return part


def dialog_of(window: Window[AdminPage]) -> RecordDialog:
    window.until(lambda: isinstance(QApplication.activeModalWidget(), RecordDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, RecordDialog)
    return dialog


def test_a_backup_is_written_and_an_old_one_replaced(make_page: Make, office: Office, tmp_path: Path) -> None:
    gone, _ = many_closed(office, 2)
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    part = part_of(window)
    assert "There is no backup that can be reached." in words_of(part)
    assert not part.replace.isVisible()
    part.back_up_to(tmp_path / "backups")
    window.settle()
    assert "The last backup was made today, and read back as it was written." in words_of(part)
    assert next((tmp_path / "backups").glob("desk-*.db")).name in words_of(part)
    assert not nameless(window.view)
    destroyed(office, gone)
    part.refresh()
    window.settle()
    assert "1 file is older than the last destruction and holds people who were destroyed since" in words_of(part)
    assert "The last backup was made 2 weeks ago. What was done since is in no copy." in words_of(part)
    part.replace.click()
    window.settle()
    assert "The last backup was made today, and read back as it was written." in words_of(part)
    assert "destroyed since" not in words_of(part)


def asks_for_both(dialog: RecordDialog, button: str) -> None:
    """Presses a button with neither user name nor password typed."""
    press_in(dialog, button)
    assert dialog.fields["second"].message.words() == "Give the user name of a records officer or the guardian."
    assert dialog.fields["password"].message.words() == "Give the password of whoever confirms this."


def goes_back(window: Window[AdminPage], part: BackupsPart, second: str, read: Callable[[QDialog], None]) -> None:
    """Goes back to the store that a restore replaced, by keyboard; this officer confirms it."""
    part.undo.setFocus()
    window.press(Qt.Key.Key_Return)
    asked = dialog_of(window)
    kept = swapping.replaced_files(window.session.desk.store.path.parent)[-1]
    assert f"{kept.name} holds 2 cases" in words_of(asked)
    assert "would be carried over" in words_of(asked)
    asks_for_both(asked, "go_back")
    asked.fields["second"].focus()
    window.type(second)
    QTest.keyClick(asked, Qt.Key.Key_Tab)
    window.type(sample_password())
    window.in_dialog(read, lambda: press_in(asked, "go_back"))


def test_a_restore_says_what_it_changes_and_two_people_do_it(make_page: Make, office: Office, tmp_path: Path) -> None:
    gone, _ = many_closed(office, 2)
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    part = part_of(window)
    part.back_up_to(tmp_path / "backups")
    window.settle()
    file = next((tmp_path / "backups").glob("desk-*.db"))
    destroyed(office, gone)
    part.look_at(file)
    dialog = dialog_of(window)
    said = words_of(dialog)
    assert "1 case that came back with it would be destroyed again: TR-000001-7." in said
    assert "would be carried over" in said
    asks_for_both(dialog, "restore_it")
    dialog.fields["second"].set_value(office.guardian.user.username)
    dialog.fields["password"].set_value("not this one")
    press_in(dialog, "restore_it")
    window.settle()
    assert QApplication.activeModalWidget() is dialog
    assert "The user name or the password is not right" in dialog.fields["password"].message.words()
    assert dialog.text("second") == office.guardian.user.username
    assert dialog.text("password") == "not this one"
    told: list[str] = []

    def read(one: QDialog) -> None:
        told.append(words_of(one))
        one.close()

    assert swapping.replaced_files(tmp_path / "desk") == ()
    dialog.fields["password"].set_value(sample_password())
    left: list[bool] = []
    window.session.replaced.connect(lambda: left.append(True))
    window.in_dialog(read, lambda: press_in(dialog, "restore_it"))
    assert "Sign in again." in told[-1]
    assert left == [True]
    assert state_of(office, gone) is State.DESTROYED
    part.refresh()
    window.settle()
    assert "A restore waits to be confirmed" in words_of(part)
    goes_back(window, part, office.officers[0].user.username, read)
    assert "The store of before is back" in told[-1]
    assert "is the store now" in told[-1]
    assert len(swapping.replaced_files(tmp_path / "desk")) == 2
    assert state_of(office, gone) is State.DESTROYED
    part.refresh()
    window.settle()
    window.in_dialog(lambda sure: press_in(sure, "yes"), part.confirm.click)
    assert swapping.replaced_files(tmp_path / "desk") == ()
    assert not part.undo.isVisible()


def test_a_backup_under_an_earlier_key_asks_for_the_sheet_of_its_day(
    make_page: Make, office: Office, tmp_path: Path
) -> None:
    sheet = make_recovery(tmp_path / "desk", KEY, secrets.token_bytes)
    old = backed_up(office, tmp_path / "backups")
    command = ChangeKey(
        code=new_code(secrets.token_bytes), second=office.guardian.user.username, password=sample_password()
    )
    change_key(office.desk(Role.ADMINISTRATOR), command)
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    part = part_of(window)
    assert "1 copy is under an earlier key of the store, or damaged" in words_of(part)
    part.look_at(old)
    asked = dialog_of(window)
    assert asked.objectName() == "earlier_key"
    press_in(asked, "go_on")
    assert asked.fields["recovery"].message.words() == "Type the recovery key."
    asked.fields["recovery"].focus()
    window.type(new_code(secrets.token_bytes))
    press_in(asked, "go_on")
    window.settle()
    assert "does not open this backup" in asked.fields["recovery"].message.words()
    asked.fields["recovery"].set_value("")
    asked.fields["recovery"].focus()
    window.type(sheet)
    press_in(asked, "go_on")
    window.until(lambda: (dialog := QApplication.activeModalWidget()) and dialog.objectName() == "restore")
    dialog = dialog_of(window)
    dialog.fields["second"].set_value(office.guardian.user.username)
    dialog.fields["password"].set_value(sample_password())
    window.in_dialog(close, lambda: press_in(dialog, "restore_it"))
    assert len(swapping.replaced_files(tmp_path / "desk")) == 1


def test_the_key_is_kept_here_under_a_passphrase_typed_twice(make_page: Make, office: Office) -> None:
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    part = part_of(window)
    part.keys.keep.setFocus()
    window.press(Qt.Key.Key_Return)
    dialog = dialog_of(window)
    assert not nameless(dialog)
    dialog.fields["passphrase"].set_value("seven green umbrellas wait")
    dialog.fields["again"].set_value("seven green umbrellas")
    press_in(dialog, "keep_it")
    window.settle()
    assert "The two passphrases differ." in words_of(dialog)
    dialog.fields["again"].set_value("seven green umbrellas wait")
    press_in(dialog, "keep_it")
    window.until(lambda: QApplication.activeModalWidget() is None)
    window.settle()
    assert "It opens with the passphrase that is asked for at each start." in words_of(part)


def test_the_key_is_changed_once_its_sheet_is_kept(make_page: Make, office: Office, tmp_path: Path) -> None:
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    part = part_of(window)
    assert "This computer does not keep it" in words_of(part.keys)
    part.keys.change.setFocus()
    window.press(Qt.Key.Key_Return)
    window.until(lambda: isinstance(QApplication.activeModalWidget(), SheetDialog))
    shown = QApplication.activeModalWidget()
    assert isinstance(shown, SheetDialog)
    assert shown.done_button.off_reason
    shown.step.save(tmp_path / "next.pdf")
    shown.step.tick.click()
    shown.done_button.click()
    dialog = dialog_of(window)
    assert "passphrase" not in dialog.fields
    assert not nameless(dialog)
    dialog.fields["second"].set_value(office.caseworker.user.username)
    dialog.fields["password"].set_value(sample_password())
    press_in(dialog, "change_it")
    window.settle()
    assert "records officer or the guardian confirms" in dialog.fields["second"].message.words()
    assert dialog.text("password") == sample_password()
    dialog.fields["second"].set_value(office.officers[0].user.username)
    press_in(dialog, "change_it")
    window.until(lambda: QApplication.activeModalWidget() is None)
    window.settle()
    assert office.entry.store.key != KEY
    assert (tmp_path / "next.pdf").read_bytes().startswith(b"%PDF")
    assert "It was printed or saved." in words_of(part.recovery)
    office.register()


def test_a_key_whose_sheet_nobody_wants_is_not_changed(make_page: Make, office: Office) -> None:
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    part = part_of(window)
    part.keys.change.click()
    window.until(lambda: isinstance(QApplication.activeModalWidget(), SheetDialog))
    shown = QApplication.activeModalWidget()
    assert isinstance(shown, SheetDialog)
    press_in(shown, "cancel")
    window.until(lambda: QApplication.activeModalWidget() is None)
    window.settle()
    assert office.entry.store.key == KEY


def test_a_store_opened_with_its_sheet_says_so_until_its_key_is_kept(make_page: Make, office: Office) -> None:
    office.entry.store.by_sheet = True
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    told = [one for one in window.view.findChildren(Banner) if one.isVisible() and one.sentence.text() == TO_KEEP]
    assert len(told) == 1
    told[0].followed.emit()
    window.settle()
    part = window.view.part("backups")
    assert isinstance(part, BackupsPart)
    assert part.keys.keep.hasFocus()
    assert "each start asks for the recovery sheet" in words_of(part.keys)
    part.keys.keep.click()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, RecordDialog)
    dialog.button.click()
    window.settle()
    assert "Give a passphrase." in words_of(dialog.fields["passphrase"])
    for key in ("passphrase", "again"):
        dialog.fields[key].set_value("amber kettle orchard")
    dialog.button.click()
    window.settle()
    assert "It opens with the passphrase" in words_of(part.keys)
    assert TO_KEEP not in words_of(window.view)


def test_a_backup_that_takes_long_says_so(make_page: Make, office: Office, tmp_path: Path) -> None:
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    part = part_of(window)
    held = Event()
    window.session.run(part, lambda _desk: held.wait(20), done=lambda _in_time: None)
    part.back_up_to(tmp_path / "backups")
    assert not part.busy.isVisible(), "what is soon done says nothing"
    window.until(part.busy.isVisible)
    assert "it cannot be stopped half-way" in words_of(part.busy)
    assert part.busy.bar.accessibleName() == part.busy.words.text()
    held.set()
    window.settle()
    assert not part.busy.isVisible()
    assert "read back as it was written" in words_of(part)
    part.look_at(tmp_path / "none.db")
    window.in_dialog(lambda dialog: press_in(dialog, "close"), window.settle)
    window.qtbot.wait(SLOW + 100)
    assert not part.busy.isVisible(), "nor after it failed"


def test_a_folder_that_is_gone_for_good_is_given_up_by_keyboard(
    make_page: Make, office: Office, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        backed_up(office, tmp_path / name)
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    part = part_of(window)
    assert not part.give_up.isVisible()
    for name in ("one", "two"):
        shutil.rmtree(tmp_path / name)
    part.refresh()
    window.settle()
    assert f"2 folders of backups cannot be reached, and the lists there fall behind: {tmp_path}" in words_of(part)
    part.give_up.setFocus()
    window.press(Qt.Key.Key_Return)
    dialog = dialog_of(window)
    assert not nameless(dialog)
    assert "they would come back" in words_of(dialog)
    asks_for_both(dialog, "give_it_up")
    dialog.fields["folder"].set_value(str(tmp_path / "one"))
    dialog.fields["second"].set_value(office.guardian.user.username)
    dialog.fields["password"].set_value("not this one")
    press_in(dialog, "give_it_up")
    window.settle()
    assert "The user name or the password is not right" in dialog.fields["password"].message.words()
    dialog.fields["password"].set_value(sample_password())
    press_in(dialog, "give_it_up")
    window.until(lambda: QApplication.activeModalWidget() is None)
    window.settle()
    assert kept_of(tmp_path / "desk").folders == (tmp_path / "two",)
    assert f"1 folder of backups cannot be reached, and the lists there fall behind: {tmp_path / 'two'}" in words_of(
        part
    )


def test_a_damaged_record_of_where_backups_are_is_told(make_page: Make, office: Office, tmp_path: Path) -> None:
    backed_up(office, tmp_path / "one")
    (tmp_path / "desk" / KNOWN).write_bytes(b"{")
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    assert f"{KNOWN}, which says where backups are kept, is damaged: close the desk" in words_of(part_of(window))


def test_a_recovery_key_that_is_too_short_is_told_as_such(make_page: Make, office: Office, tmp_path: Path) -> None:
    sheet = make_recovery(tmp_path / "desk", KEY, secrets.token_bytes)
    old = backed_up(office, tmp_path / "backups")
    command = ChangeKey(
        code=new_code(secrets.token_bytes), second=office.guardian.user.username, password=sample_password()
    )
    change_key(office.desk(Role.ADMINISTRATOR), command)
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    part_of(window).look_at(old)
    asked = dialog_of(window)
    asked.fields["recovery"].set_value(sheet[:9])
    press_in(asked, "go_on")
    window.settle()
    assert asked.fields["recovery"].message.words().endswith("were typed. Type every group on the sheet.")


def test_the_change_of_the_key_says_of_each_empty_field_what_belongs_in_it(make_page: Make, office: Office) -> None:
    home = office.entry.store.path.parent
    PassphraseHome(home, secrets.token_bytes).put(KEY, "seven green umbrellas wait")
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    part = part_of(window)
    part.keys.change.click()
    window.until(lambda: isinstance(QApplication.activeModalWidget(), SheetDialog))
    shown = QApplication.activeModalWidget()
    assert isinstance(shown, SheetDialog)
    shown.step.save(home.parent / "next.pdf")
    shown.step.tick.click()
    shown.done_button.click()
    dialog = dialog_of(window)
    asks_for_both(dialog, "change_it")
    assert dialog.fields["passphrase"].message.words() == "Give the passphrase that opens the store."
    dialog.close()


def test_a_disk_that_fails_as_a_restore_is_confirmed_is_no_mistake_of_ours(
    make_page: Make, office: Office, tmp_path: Path
) -> None:
    path = backed_up(office, tmp_path / "backups")
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    part_of(window).look_at(path)
    dialog = dialog_of(window)
    dialog.fields["second"].set_value(office.guardian.user.username)
    dialog.fields["password"].set_value(sample_password())
    # What the fresh file would be made in cannot be made.
    (tmp_path / "desk" / swapping.STAGING).write_bytes(b"")
    told: list[str] = []

    def read(one: QDialog) -> None:
        told.append(words_of(one))
        one.close()

    window.in_dialog(read, lambda: press_in(dialog, "restore_it"))
    assert "A file cannot be read or written" in told[0]
    assert swapping.replaced_files(tmp_path / "desk") == ()
    dialog.close()
