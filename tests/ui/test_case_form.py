"""The form of a case: what is typed is kept, whatever happens; what is wrong is said beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QWidget

from db.errors import StoreBusy
from db.records import Role, State
from desktop.ui.case.form import SectionForm
from desktop.ui.kit.button import Link
from desktop.ui.theme import Theme
from tests.fixtures import Office
from tests.ui.case_window import ALT, CTRL, SHIFT, Window, focused, make_window, window
from tests.ui.waiting import PATIENCE

__all__ = ["make_window", "window"]


def form(window: Window) -> SectionForm:
    """The section that is open."""
    shown = window.view.parts[window.view.part]
    assert isinstance(shown, SectionForm)
    return shown


def test_what_is_typed_is_saved_within_a_second(window: Window, office: Office) -> None:
    window.open(office.register(), "person")
    window.tab_to("person_family_name")
    window.press(Qt.Key.Key_End)
    window.type("-Hale")
    assert window.view.draft.unsaved() == {"person.family_name": str(form(window).fields["person.family_name"].value())}
    window.saved()
    assert str(window.stored()["person.family_name"]).endswith("-Hale")
    assert window.view.foot.saved.text().startswith("Saved at ")


def test_typing_without_a_pause_is_saved_meanwhile(window: Window, office: Office) -> None:
    window.open(office.register(), "necessity")
    window.tab_to("necessity_statement")
    saves: list[object] = []
    window.view.draft.saved.connect(saves.append)

    def typed_on() -> bool:
        window.type("x")
        return bool(saves)

    window.qtbot.waitUntil(typed_on, timeout=PATIENCE)
    window.saved()
    assert window.stored()["necessity.statement"] == form(window).fields["necessity.statement"].value()


def test_a_save_leaves_the_keyboard_where_it_is(window: Window, office: Office) -> None:
    window.open(office.register(), "person")
    edit = window.tab_to("person_given_names")
    assert isinstance(edit, QLineEdit)
    window.press(Qt.Key.Key_Home)
    window.type("Li")
    window.saved()
    assert focused() is edit
    assert edit.cursorPosition() == 2
    window.type(" Wen")
    window.saved()
    assert str(window.stored()["person.given_names"]).startswith("Li Wen")


def test_what_was_typed_survives_leaving_at_once(window: Window, office: Office) -> None:
    first, second = office.register(), office.register(person=1)
    window.open(first, "person")
    window.tab_to("person_nationality")
    window.press(Qt.Key.Key_A, CTRL)
    window.type("Welsh")
    window.open(second, "person")
    window.open(first, "person")
    assert window.stored()["person.nationality"] == "Welsh"


def test_flush_calls_back_after_the_last_keystroke_is_stored(window: Window, office: Office) -> None:
    window.open(office.register(), "person")
    window.tab_to("person_passport")
    window.type("123456789")
    left: list[object] = []
    window.view.flush(lambda: left.append(window.view.draft.unsaved()))
    window.until(lambda: left)
    assert left == [{}]
    assert window.stored()["person.passport"] == "123456789"


def test_a_change_from_a_second_session_is_never_overwritten(window: Window, office: Office) -> None:
    done = office.register()
    window.open(done, "person")
    office.save(done, person__nationality="Irish")
    window.tab_to("person_nationality")
    window.press(Qt.Key.Key_A, CTRL)
    window.type("Scottish")
    window.until(lambda: window.view.findChild(QWidget, "conflict"))
    assert window.stored()["person.nationality"] == "Irish"
    again = window.find("conflict").findChild(Link)
    assert again is not None
    again.setFocus()
    window.press(Qt.Key.Key_Return)
    window.until(lambda: window.view.findChild(QWidget, "conflict") is None)
    window.until(lambda: window.view.part)
    assert form(window).fields["person.nationality"].value() == "Irish"
    assert window.view.middle.kept.values == {"person.nationality": "Scottish"}
    window.find("kept_copy_person_nationality").setFocus()
    window.press(Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == "Scottish"
    window.find("kept_back_person_nationality").setFocus()
    window.press(Qt.Key.Key_Return)
    window.saved()
    assert window.stored()["person.nationality"] == "Scottish"


def test_a_change_elsewhere_is_shown_where_nobody_types(window: Window, office: Office) -> None:
    done = office.register()
    window.open(done, "person")
    window.tab_to("person_family_name")
    office.save(done, person__nationality="Irish")
    window.view.refresh()
    window.until(lambda: form(window).fields["person.nationality"].value() == "Irish")
    assert focused().objectName() == "person_family_name"


@pytest.mark.parametrize(
    "text",
    [
        'O\'Brien "Bobby" <b>Tables</b> &amp; --',
        '=HYPERLINK("http://x.example")',
        "\u0627\u0644\u0627\u0633\u0645 \u200e\u200f name",
        "a\u200db\u200cc",
        "x" * 200,
    ],
)
def test_hostile_text_is_kept_as_typed(window: Window, office: Office, text: str) -> None:
    window.open(office.register(), "person")
    edit = window.tab_to("person_family_name")
    window.press(Qt.Key.Key_A, CTRL)
    QGuiApplication.clipboard().setText(text)
    window.press(Qt.Key.Key_V, CTRL)
    window.saved()
    assert window.stored()["person.family_name"] == text
    assert isinstance(edit, QLineEdit)
    assert edit.text() == text


@pytest.mark.parametrize("text", ["a\x07b", "a\u202eb", "x" * 100_000])
def test_what_cannot_be_kept_is_refused_beside_the_field_and_the_rest_is_saved(
    window: Window, office: Office, text: str
) -> None:
    done = office.register()
    window.open(done, "person")
    before = window.stored()["person.family_name"]
    window.tab_to("person_family_name")
    window.press(Qt.Key.Key_A, CTRL)
    QGuiApplication.clipboard().setText(text)
    window.press(Qt.Key.Key_V, CTRL)
    window.tab_to("person_passport")
    window.type("P1")
    window.until(lambda: "person.passport" not in window.view.draft.unsaved())
    window.settle()
    # The box itself holds no more than this.
    text = text[:32_767]
    assert window.stored()["person.passport"] == "P1"
    field = form(window).fields["person.family_name"]
    assert field.value() == text
    assert field.message.kind == "error"
    assert window.stored()["person.family_name"] == before
    assert window.view.draft.unsaved() == {"person.family_name": text}
    assert window.view.unsaved
    assert "cannot be kept" in window.view.foot.trouble.text()


def test_a_wrong_day_is_said_as_it_is_typed_and_listed_with_a_link(window: Window, office: Office) -> None:
    window.open(office.register(), "person")
    for part, text in (("day", "31"), ("month", "6"), ("year", "1984")):
        window.tab_to(f"person_born_{part}")
        window.press(Qt.Key.Key_A, CTRL)
        window.type(text)
    field = form(window).fields["person.born"]
    assert field.message.words() == "June has 30 days. Check the day with the requester."
    window.tab_to("person_gender")
    summary = form(window).summary
    assert summary.isVisible()
    assert "Date of birth: June has 30 days" in summary.accessibleName()
    link = summary.findChild(QWidget, "problem_person_born")
    assert link is not None
    link.setFocus()
    window.press(Qt.Key.Key_Return)
    assert focused().objectName() == "person_born_day"
    window.saved()
    assert window.view.sections.rows["person"].row.words == "1 problem"
    window.press(Qt.Key.Key_A, CTRL)
    window.type("30")
    assert field.message.words() == ""
    window.saved()
    assert window.view.sections.rows["person"].row.words == "Complete"


def test_a_partial_date_is_said_only_after_it_is_left(window: Window, office: Office) -> None:
    done = office.register(person__born={"day": "", "month": "", "year": "", "unknown": False})
    window.open(done, "person")
    window.tab_to("person_born_month")
    window.type("3")
    window.tab_to("person_born_year")
    window.type("1979")
    field = form(window).fields["person.born"]
    assert field.message.words() == ""
    window.tab_to("person_gender")
    assert "tick “Part not known”" in field.message.words()
    window.press(Qt.Key.Key_Tab, SHIFT)
    assert focused().objectName() == "person_born_unknown"
    window.press(Qt.Key.Key_Space)
    assert field.message.words() == ""
    window.saved()
    born = window.stored()["person.born"]
    assert isinstance(born, Mapping)
    assert born["unknown"] is True


def test_the_check_digit_is_told(window: Window, office: Office) -> None:
    window.open(office.register(), "person")
    window.tab_to("person_nhs_number")
    window.press(Qt.Key.Key_A, CTRL)
    window.type("943 476 591")
    field = form(window).fields["person.nhs_number"]
    assert field.message.kind != "error"
    window.type("8")
    window.press(Qt.Key.Key_Tab)
    assert field.message.words() == "The last figure does not fit the others. Check the number with the requester."
    window.press(Qt.Key.Key_Tab, SHIFT)
    window.press(Qt.Key.Key_End)
    window.press(Qt.Key.Key_Backspace)
    window.type("9")
    assert field.message.words() == "The check digit is right"


@pytest.mark.parametrize(
    ("state", "role", "reason"),
    [
        (State.SUBMITTED, Role.CASEWORKER, "The request is fixed: it is with the reviewer."),
        (State.SUBMITTED, Role.REVIEWER, "Only a caseworker may change the request now."),
        (State.RETURNED, Role.CASEWORKER, "A case in the state “Returned” does not let anyone change the request."),
        (State.ISSUED, Role.CASEWORKER, "A case in the state “Issued” does not let anyone change the request."),
    ],
)
def test_a_form_that_is_fixed_says_why(
    make_window: Callable[..., Window], office: Office, state: State, role: Role, reason: str
) -> None:
    window = make_window(role)
    window.open(office.in_state(state), "person")
    assert form(window).fixed == reason
    field = form(window).fields["person.family_name"]
    fixed = field.findChild(QWidget, "field_person_family_name_fixed")
    assert fixed is not None
    assert fixed.isVisible()
    assert fixed.accessibleDescription() == reason
    assert not field.controls()[0].isVisible()


def test_changing_an_approved_request_asks_first_and_makes_the_approval_void(window: Window, office: Office) -> None:
    done = office.in_state(State.APPROVED)
    window.open(done, "person")
    link = window.find("case_notice").findChild(Link)
    assert link is not None
    link.setFocus()
    answer_next_dialog(window, "cancel")
    window.press(Qt.Key.Key_Return)
    window.activate()
    assert form(window).fixed
    link.setFocus()
    answer_next_dialog(window, "yes")
    window.press(Qt.Key.Key_Return)
    window.activate()
    assert not form(window).fixed
    assert window.stored_page().case.row.state is State.APPROVED
    window.tab_to("person_passport")
    window.type("P7")
    window.saved()
    page = window.stored_page()
    assert page.case.row.state is State.DRAFT
    assert all(one.void for one in page.case.decisions)
    assert focused().objectName() == "person_passport"
    assert not form(window).fixed


def answer_next_dialog(window: Window, button: str) -> None:
    """Presses a button of the next dialog that opens, by its object name."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        pressed = dialog.findChild(QWidget, button)
        assert pressed is not None
        pressed.setFocus()
        window.press(Qt.Key.Key_Return)

    QTimer.singleShot(50, window.view, answer)


def test_criteria_go_by_keys(window: Window, office: Office) -> None:
    empty = {"answer": "", "reasons": "", "evidence": []}
    window.open(office.register(criteria__authorised=empty, criteria__tried=empty), "criteria")
    criteria = form(window).criteria
    assert criteria is not None
    assert criteria.opened == "authorised"
    window.press(Qt.Key.Key_2, ALT)
    window.type("No countersignature.")
    window.press(Qt.Key.Key_F4)
    assert criteria.opened == "tried"
    window.press(Qt.Key.Key_4, ALT)
    window.type("Dates are missing.")
    window.saved()
    stored = window.stored()
    assert stored["criteria.authorised"] == {"answer": "not_met", "reasons": "No countersignature.", "evidence": []}
    assert window.view.side.verdict.title.text() == "Reject it"
    assert criteria.editor.isVisible()
    assert not criteria.rows["tried"].isVisible()
    assert criteria.rows["authorised"].isVisible()


def test_a_long_message_wraps_and_cuts_nothing_of_the_form(window: Window, office: Office) -> None:
    window.open(office.register(), "person")
    before = form(window).width()
    window.tab_to("person_family_name")
    window.type("abc\u202etxt")
    window.press(Qt.Key.Key_Tab)
    window.tab_to("person_nhs_number")
    window.type("999 123 4560")
    window.press(Qt.Key.Key_Tab)
    shown = form(window)
    window.until(lambda: len(shown.summary.findChildren(Link)) == 2)
    window.settle()
    assert shown.width() == before
    for link in shown.summary.findChildren(Link):
        assert link.height() >= link.heightForWidth(link.width())
        assert link.mapTo(shown.summary, link.rect().bottomRight()).x() < shown.summary.width()


@pytest.mark.parametrize("scale", [100, 200])
def test_why_something_is_not_saved_is_read_whole(window: Window, office: Office, theme: Theme, scale: int) -> None:
    window.open(office.register(), "person")
    window.view.window().resize(1310, 720)
    theme.set_text_scale(scale)
    window.settle()
    foot, wide = window.view.foot, window.view.width()
    foot.show_not_saved(f"Not saved: {StoreBusy.what} {StoreBusy.todo}", retry=True)
    window.settle()
    words = foot.trouble
    assert foot.retry.isVisible()
    assert words.height() >= words.heightForWidth(words.width())
    assert foot.rect().contains(words.mapTo(foot, words.rect().bottomRight()))
    assert window.view.width() == wide
    foot.show_saved(None)
    assert not words.isVisible()
