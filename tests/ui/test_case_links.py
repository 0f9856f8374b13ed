"""Linked cases in the window: by keyboard, in words, told to both windows, and closed only by a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from db.records import Changed, Relation, Role, State
from desktop.casework import links
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done
from desktop.ui.kit.text import Text
from tests.fixtures import Office
from tests.store.holding import place, same_person
from tests.ui.case_window import CTRL, Window, make_window, open_dialog, window

__all__ = ["make_window", "window"]


def reference_of(office: Office, done: Done) -> str:
    return case_page(office.caseworker, done.case_id).case.row.reference


def said(window: Window) -> str:
    return " ".join(one.text() for one in window.view.side.linked.findChildren(Text))


def duplicate(office: Office, body: str = "") -> tuple[Done, Done]:
    leading, other = office.register(), office.register()
    if body:
        other = office.save(other, requester__body=body)
    command = links.LinkCases(
        command_id="1", case_id=other.case_id, reference=reference_of(office, leading), kind=Relation.DUPLICATE
    )
    links.link_cases(office.caseworker, command)
    return leading, other


def test_a_case_is_linked_by_typing_its_reference(window: Window, office: Office) -> None:
    told: list[Changed] = []
    window.session.changed.connect(told.append)
    first, second = office.register(person=0), office.register(person=5)
    window.open(second, "person")
    window.view.show_beside()
    window.tab_to("link_case")
    window.press(Qt.Key.Key_Return)
    dialog = open_dialog(window.qtbot, "link_dialog")
    window.tab_to("link_them")
    window.press(Qt.Key.Key_Return)
    assert dialog.summary.isVisible()
    window.tab_to("reference")
    window.type("TR-000009-9")
    window.choose("kind", "This case is a duplicate of it")
    window.tab_to("link_them")
    window.press(Qt.Key.Key_Return)
    window.until(lambda: "no case with this reference" in dialog.reference.message.words())
    dialog.reference.set_value(reference_of(office, first).lower())
    window.tab_to("link_them")
    window.press(Qt.Key.Key_Return)
    window.until(lambda: window.view.page and window.view.page.links)
    window.settle()
    assert frozenset({first.case_id, second.case_id}) in [one.cases for one in told]
    assert "This is a duplicate of it" in said(window)
    assert "Linking tells nobody" in said(window)


def test_an_earlier_request_can_be_picked_instead(window: Window, office: Office) -> None:
    first = office.register(received=date(2026, 5, 1))
    window.open(office.register(), "person")
    window.view.deeds.ask_link()
    dialog = open_dialog(window.qtbot, "link_dialog")
    window.tab_to("earlier")
    window.press(Qt.Key.Key_Down)
    window.until(lambda: dialog.reference.value() == reference_of(office, first))
    window.press(Qt.Key.Key_Escape)
    window.settle()


def test_a_linked_case_opens_by_enter_and_its_chain_is_shown(window: Window, office: Office) -> None:
    wanted: list[tuple[int, str]] = []
    window.session.case_wanted.connect(lambda case_id, part: wanted.append((case_id, part)))
    a, b, c = (office.register() for _ in range(3))
    for number, (case, other) in enumerate(((b, a), (c, b))):
        command = links.LinkCases(
            command_id=str(number),
            case_id=case.case_id,
            reference=reference_of(office, other),
            kind=Relation.FOLLOW_UP,
        )
        links.link_cases(office.caseworker, command)
    window.open(b, "person")
    names = [reference_of(office, one) for one in (a, b, c)]
    assert f"Follow-ups, in order: {names[0]}, {names[1]} (this one), {names[2]}" in said(window)
    window.view.show_beside()
    window.tab_to(f"linked_{names[0].lower().replace('-', '_')}")
    window.press(Qt.Key.Key_Return)
    assert wanted == [(a.case_id, "")]


def test_another_requester_is_owed_an_answer_of_its_own(window: Window, office: Office) -> None:
    _leading, other = duplicate(office, "Northern Constabulary")
    window.open(other, "person")
    assert "each is owed an answer of its own" in said(window)


def test_a_duplicate_is_closed_from_the_window_after_asking(window: Window, office: Office) -> None:
    _leading, other = duplicate(office)
    window.open(other, "person")
    assert "each is owed an answer" not in said(window)
    QTimer.singleShot(0, lambda: press_in_dialog(window, "cancel"))
    window.view.deeds.close_duplicate()
    window.settle()
    assert window.stored_page().case.row.state is State.DRAFT
    QTimer.singleShot(0, lambda: press_in_dialog(window, "yes"))
    window.view.deeds.close_duplicate()
    window.until(lambda: window.view.page and window.view.page.case.row.state is State.WITHDRAWN)
    window.settle()


def press_in_dialog(window: Window, name: str) -> None:
    """Presses a button of the question that is open."""
    open_dialog(window.qtbot, "confirm")
    window.tab_to(name)
    window.press(Qt.Key.Key_Return)


def test_a_link_is_ended_from_the_window(window: Window, office: Office) -> None:
    leading, other = duplicate(office)
    window.open(other, "person")
    QTimer.singleShot(0, lambda: press_in_dialog(window, "yes"))
    window.view.deeds.unlink(leading.case_id)
    window.until(lambda: window.view.page and not window.view.page.links)
    window.settle()
    assert "None yet." in said(window)


def test_who_does_not_link_sees_the_links_and_no_buttons(make_window: Callable[..., Window], office: Office) -> None:
    leading, other = duplicate(office)
    window = make_window(Role.REVIEWER)
    window.open(other)
    found = window.view.side.linked.findChildren(QWidget)
    reference = reference_of(office, leading)
    assert f"Open {reference}. This is a duplicate of it. Draft" in [one.accessibleName() for one in found]
    assert not {"link_case", "close_duplicate", "unlink_tr_000001_7"} & {one.objectName() for one in found}


def test_two_windows_show_the_same_links(make_window: Callable[..., Window], office: Office) -> None:
    first, second = office.register(), office.register()
    here, there = make_window(), make_window()
    here.open(first, "person")
    there.open(second, "person")
    here.session.changed.connect(there.session.changed)
    command = links.LinkCases(
        command_id="1", case_id=first.case_id, reference=reference_of(office, second), kind=Relation.RELATED
    )
    here.view.deeds.link_both(links.link_cases, command, first.case_id, "The two cases are linked")
    there.until(lambda: there.view.page and there.view.page.links)
    here.until(lambda: here.view.page and here.view.page.links)
    here.settle()
    there.settle()


def test_turning_to_the_linked_cases_does_not_widen_the_window(window: Window, office: Office) -> None:
    window.view.resize(1024, 720)
    window.open(office.register(), "person")
    window.view.show_beside()
    window.settle()
    window.view.show_form()
    window.settle()
    assert window.view.width() == 1024


def test_what_was_said_of_a_held_person_stays_and_the_window_says_why(window: Window, office: Office) -> None:
    earlier, case = office.register(person=0), office.register(person=0)
    same_person(office, case, earlier, same=True)
    place(office.officers[0], person_of=reference_of(office, case))
    window.open(case, "person")
    assert window.view.page is not None
    reference = window.view.page.earlier[0].row.reference
    window.press(Qt.Key.Key_R, CTRL)
    window.tab_to(f"{reference.lower().replace('-', '_')}_someone_else")
    (told,) = window.answering(lambda: window.press(Qt.Key.Key_Return))
    assert "A hold is about the person of one of these two cases" in told
    assert window.stored_page().earlier[0].same_person is True
