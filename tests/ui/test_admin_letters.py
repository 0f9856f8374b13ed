"""Letters in Administration: what each says, and the parts that are put in the organisation's own words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from db.records import LetterKind, Role
from desktop.casework.ownwords import letter_text
from desktop.policy.letterkinds import TITLES
from desktop.ui.admin.letters import LettersPart
from desktop.ui.admin.view import AdminPage
from desktop.ui.recorddialog import RecordDialog
from tests.fixtures import Office
from tests.ui.page_window import Make, Window, make_page, nameless, press_in, words_of

__all__ = ["make_page"]


def part_of(window: Window[AdminPage]) -> LettersPart:
    window.view.show_part("letters")
    window.settle()
    part = window.view.part("letters")
    assert isinstance(part, LettersPart)
    return part


def choose(window: Window[AdminPage], part: LettersPart, title: str) -> None:
    """Moves down the list to the letter, by keyboard."""
    part.table.setFocus()
    window.press(Qt.Key.Key_Home)
    for _step in range(len(LetterKind)):
        row = part.table.current_row()
        if row is not None and TITLES[row.kind] == title:
            break
        window.press(Qt.Key.Key_Down)
        window.settle()
    window.settle()


def dialog_of(window: Window[AdminPage]) -> RecordDialog:
    window.until(lambda: isinstance(QApplication.activeModalWidget(), RecordDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, RecordDialog)
    return dialog


def test_a_part_is_put_in_own_words_and_back_by_keyboard(make_page: Make, office: Office) -> None:
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    part = part_of(window)
    assert not nameless(window.view)
    choose(window, part, "Refusal letter")
    said = words_of(part)
    assert "You wrote to us on {received} {request_words}." in said
    assert "Give our reference, {reference}." in said
    assert set(part.links) == {"opening"}
    part.links["opening"].setFocus()
    window.press(Qt.Key.Key_Return)
    dialog = dialog_of(window)
    assert "“No-trace letter” says the same" in words_of(dialog)
    dialog.fields["english"].set_value("Thank you for writing.")
    press_in(dialog, "use_these_words")
    window.settle()
    shown = words_of(dialog)
    assert "Keep {governed_by} and {received} and {request_words}" in shown
    assert "Say why" in shown
    english = "Thank you for writing on {received} {request_words}. We tested it against {governed_by}."
    dialog.fields["english"].set_value(english)
    dialog.fields["because"].set_value("Our house style.")
    press_in(dialog, "use_these_words")
    window.until(lambda: QApplication.activeModalWidget() is None)
    window.settle()
    said = words_of(part)
    assert "Thank you for writing on {received}" in said
    assert "In your own words" in said
    assert "Our house style." in said.replace("our house", "Our house")
    assert "Not in Welsh" in said
    choose(window, part, "No-trace letter")
    part.links["opening/back"].setFocus()
    window.press(Qt.Key.Key_Return)
    dialog = dialog_of(window)
    dialog.fields["because"].set_value("It was shorter.")
    press_in(dialog, "use_the_desk_s_words")
    window.until(lambda: QApplication.activeModalWidget() is None)
    window.settle()
    assert letter_text(office.desk(Role.ADMINISTRATOR), LetterKind.REFUSAL).parts["opening"].own is None


def test_every_kind_of_letter_is_listed_and_one_that_is_protected_whole_is_all_locks(
    make_page: Make, office: Office
) -> None:
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    part = part_of(window)
    assert part.table.paged.rowCount() == len(LetterKind)
    for kind in LetterKind:
        choose(window, part, TITLES[kind])
        shown = letter_text(office.desk(Role.ADMINISTRATOR), kind)
        assert set(part.links) == set(shown.parts), kind
    choose(window, part, TITLES[LetterKind.CORRECTION])
    assert not part.links
    assert "{reference}" in words_of(part)


def test_a_protected_part_has_no_link(make_page: Make, office: Office) -> None:
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    part = part_of(window)
    choose(window, part, "Disclosure letter")
    assert set(part.links) == {"opening"}
    assert "Destroy it when you no longer need it, and by {destroy_by} at the latest." in words_of(part)
