"""The signed-in desk: what each role sees, the keys, the way back, and leaving."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from db.records import Role, State
from db.records_views import RegisterFilter
from desktop.casework.register import register_ids
from desktop.casework.work import review_queue
from desktop.ui.case.nextpart import NextPart
from desktop.ui.case.view import CaseView
from desktop.ui.lock import IdleWatch
from desktop.ui.mywork import MyWorkPage
from desktop.ui.review.view import ReviewView
from desktop.ui.rolepages import PAGES, items_of
from desktop.ui.theme import Theme, current_theme
from desktop.ui.window import DeskWindow
from tests.ui.desk_app import PASSWORD, Hands, hands
from tests.ui.page_window import press_in, words_of

__all__ = ["hands"]

USERS = {
    Role.CASEWORKER: "ruth.adeyemi",
    Role.REVIEWER: "daniel.osei",
    Role.GUARDIAN: "helen.marsh",
    Role.RECORDS_OFFICER: "priya.nair",
    Role.ADMINISTRATOR: "sam.kerrigan",
    Role.AUDITOR: "joan.birch",
}


def press(widget: QWidget, keys: str) -> None:
    """Fires the shortcut of these keys on a window."""
    found = [one for one in widget.findChildren(QShortcut) if one.key() == QKeySequence(keys)]
    assert len(found) == 1, f"{len(found)} shortcuts for {keys}"
    found[0].activated.emit()


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_on_its_own_page(hands: Hands, role: Role) -> None:
    hands.sign_in(USERS[role])
    assert hands.main.current_key() == PAGES[role][0]
    assert tuple(item.key for item in items_of(role)) == PAGES[role]
    for key in PAGES[role][1:]:
        press(
            hands.main,
            f"Ctrl+{ {'work': 1, 'review': 2, 'register': 3, 'retention': 4, 'reports': 5, 'admin': 6}[key] }",
        )
        hands.settle()
        assert hands.main.current_key() == key


def test_an_auditor_reads_the_journal_and_searches_for_nobody(hands: Hands) -> None:
    hands.sign_in(USERS[Role.AUDITOR])
    assert items_of(Role.AUDITOR)[-1].words == "Journal"
    assert not hands.main.top.search.isEnabled()
    assert hands.main.top.search.placeholderText() == "Your role does not search for people"
    # The field's words are chosen anew with each theme.
    scheme = current_theme().scheme
    try:
        for other in ("dark", "light"):
            current_theme().set_scheme(other)
            hands.settle()
            assert hands.main.top.search.placeholderText() == "Your role does not search for people"
    finally:
        current_theme().set_scheme(scheme)


def test_a_case_opens_and_alt_left_goes_back(hands: Hands) -> None:
    hands.sign_in("ruth.adeyemi")
    work = hands.main.page("work")
    assert isinstance(work, MyWorkPage)
    case = work.list.current_case()
    assert case is not None
    titles: list[str] = []
    hands.main.titled.connect(titles.append)
    work.list.setFocus()
    hands.key(Qt.Key.Key_Return)
    hands.settle()
    assert hands.main.current_key() == "case"
    line = work.list.work.line(work.list.currentIndex())
    reference = getattr(getattr(line, "row", None), "reference", "")
    assert hands.desk.window.windowTitle() == f"{reference} – Tracing Desk"
    hands.main.go_back()
    hands.settle()
    assert hands.main.current_key() == "work"
    assert hands.desk.window.windowTitle() == "Tracing Desk"
    assert work.list.current_case() == case


def test_of_pages_asked_for_one_after_the_other_the_last_one_is_shown(hands: Hands) -> None:
    hands.sign_in(USERS[Role.GUARDIAN])
    hands.settle()
    main = hands.main
    for key, others in (("reports", ["register"]), ("review", ["retention"]), ("retention", ["register", "reports"])):
        for one in (*others, key):
            main.navigate.emit(one)
        hands.until(partial(lambda wanted: main.current_key() == wanted, key))
        hands.settle()
        page = main.page(key)
        assert main.current_key() == key
        assert page is not None
        assert page.isVisible()
        focused = hands.focus()
        assert focused is not None
        assert page.isAncestorOf(focused)
    main.go_back()
    hands.until(lambda: main.current_key() == "reports")


@pytest.mark.parametrize("seen_before", [False, True])
def test_the_queue_opens_with_the_case_that_leads_to_it(hands: Hands, seen_before: bool) -> None:
    hands.sign_in("daniel.osei")
    if seen_before:
        hands.main.go_to("review")
        hands.settle()
    desk = hands.desk.session.desk
    last = [row.row.id for row in review_queue(desk) if row.may_decide and row.row.state is State.SUBMITTED][-1]
    hands.main.go_to("register")
    hands.main.open(last)
    view = hands.main.page("case")
    assert isinstance(view, CaseView)
    hands.until(lambda: view.part == "next")
    part = view.parts["next"]
    assert isinstance(part, NextPart)
    assert part.words.text() == "It waits in the review queue for someone to decide, as you may."
    assert view.foot.main.label() == "Open the review queue"
    view.main()
    hands.settle()
    assert hands.main.current_key() == "review"
    review = hands.main.page("review")
    assert isinstance(review, ReviewView)
    hands.until(lambda: review.page is not None and review.page.case.row.id == last)
    current = review.queue.current()
    assert current is not None
    assert current.row.id == last


def test_a_case_is_closed_to_the_list(hands: Hands) -> None:
    hands.sign_in("ruth.adeyemi")
    hands.main.go_to("register")
    hands.main.open(2)
    hands.main.open(3)
    hands.settle()
    press(hands.main, "Ctrl+W")
    hands.settle()
    assert hands.main.current_key() == "register"
    press(hands.main, "Ctrl+W")
    assert hands.main.current_key() == "register"


def test_recent_cases_show_references_alone(hands: Hands) -> None:
    hands.sign_in("ruth.adeyemi")
    hands.main.open(2)
    hands.settle()
    buttons = [one for one in hands.main.navigation.findChildren(QWidget) if one.objectName().startswith("recent_")]
    assert buttons
    assert all(one.accessibleName().startswith(("TR-", "SR-")) for one in buttons)


def test_counts_the_organisation_and_saving(hands: Hands) -> None:
    hands.sign_in("daniel.osei")
    assert int(hands.main.navigation.buttons["review"].count) > 0
    assert hands.main.navigation.organisation.words == "Meridian Health Records"
    hands.desk.session.saving.emit(True)
    assert hands.main.navigation.saved.words == "Saving…"
    hands.desk.session.saving.emit(False)
    assert hands.main.navigation.saved.words == "All changes saved"


def test_what_was_done_is_toasted(hands: Hands) -> None:
    hands.sign_in("ruth.adeyemi")
    hands.desk.session.toasted.emit("TR-000001-7 was submitted")
    assert hands.main.toast.words() == "TR-000001-7 was submitted"
    hands.main.toast.dismiss()


def test_ctrl_k_goes_to_the_search(hands: Hands) -> None:
    hands.sign_in("ruth.adeyemi")
    press(hands.main, "Ctrl+K")
    assert hands.focus() is hands.main.top.search
    assert hands.main.results.isVisible()


def test_ctrl_n_opens_the_dialog_of_a_new_request(hands: Hands) -> None:
    hands.sign_in("ruth.adeyemi")
    hands.main.start_request("nhs-status-check")
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    assert dialog.objectName() == "new_request"
    dialog.close()
    hands.settle()


def test_only_a_caseworker_starts_a_request(hands: Hands) -> None:
    hands.sign_in("daniel.osei")
    hands.main.start_request()
    assert QApplication.activeModalWidget() is None


def test_the_menu_of_the_person(hands: Hands) -> None:
    hands.sign_in("ruth.adeyemi")
    hands.main.top.person.click()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    words = [action.text().split("\t")[0] for action in menu.actions() if action.text()]
    assert words == ["Light, dark or high contrast", "Help", "All keys", "Lock", "Sign out"]
    menu.actions()[-1].trigger()
    menu.close()
    hands.settle()
    assert hands.desk.main is None


def test_what_is_typed_is_saved_before_signing_out(hands: Hands) -> None:
    hands.sign_in("ruth.adeyemi")
    work = hands.main.page("work")
    assert isinstance(work, MyWorkPage)
    flushed: list[str] = []
    # A page that has something to save: the windows of cases have the same two names.
    work.flush = lambda _then: flushed.append("work")  # type: ignore[attr-defined]
    work.unsaved = True  # type: ignore[attr-defined]

    def stay() -> None:
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        dialog.close()

    QTimer.singleShot(100, stay)
    hands.desk.sign_out()
    assert flushed
    assert hands.desk.main is not None
    work.unsaved = False  # type: ignore[attr-defined]
    hands.desk.sign_out()
    assert hands.desk.main is None


def test_an_idle_desk_locks_itself(hands: Hands) -> None:
    hands.desk._idle_minutes = 0.002
    hands.sign_in("ruth.adeyemi")
    hands.until(lambda: hands.desk.locked)


def test_a_key_keeps_the_desk_awake(hands: Hands) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    watch = IdleWatch(app, 1)
    watch._timer.setTimerType(Qt.TimerType.PreciseTimer)
    watch.start()
    hands.until(lambda: watch._timer.remainingTime() < 59_900)
    hands.key(Qt.Key.Key_Shift)
    assert watch._timer.remainingTime() > 59_900
    watch.stop()
    assert not watch._timer.isActive()


def test_a_desk_that_was_stopped_watches_nothing(hands: Hands) -> None:
    hands.sign_in("ruth.adeyemi")
    watch = hands.desk._idle
    assert watch._timer.isActive()
    hands.desk.stop()
    assert not watch._timer.isActive()
    # Nor is it asked about the events of later windows: a timer that runs nevertheless is not started anew by a key.
    watch._timer.setTimerType(Qt.TimerType.PreciseTimer)
    watch._timer.start()
    hands.until(lambda: watch._timer.remainingTime() < 599_900)
    hands.key(Qt.Key.Key_Shift)
    assert watch._timer.remainingTime() <= 599_900
    watch._timer.stop()


def test_every_control_has_a_name(hands: Hands) -> None:
    for role in (Role.CASEWORKER, Role.ADMINISTRATOR):
        hands.sign_in(USERS[role])
        bare = [
            f"{type(one).__name__} {one.objectName()}"
            for one in hands.main.findChildren(QWidget)
            if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isVisible() and not one.accessibleName()
        ]
        assert bare == []
        hands.desk.sign_out()


def test_f6_goes_round_the_panes(hands: Hands) -> None:
    hands.sign_in("ruth.adeyemi")
    seen = set()
    for _ in range(4):
        press(hands.main, "F6")
        focused = hands.focus()
        assert focused is not None
        seen.add(focused.objectName())
    assert {"search", "my_work_list"} <= seen


def test_the_window_is_no_larger_than_the_screen_leaves_room_for(qtbot: QtBot, theme: Theme) -> None:
    window = DeskWindow(theme, lambda: True)
    qtbot.addWidget(window)
    free = window.screen().availableGeometry()
    assert free.height() == 768, "the screen of tests/screens.json"
    assert window.width() == free.width()
    assert window.height() <= free.height() - 30


def open_a_draft(hands: Hands) -> CaseView:
    """Signs in and opens a draft."""
    hands.sign_in("ruth.adeyemi")
    drafts = register_ids(hands.main.session.desk, RegisterFilter(state=State.DRAFT))
    hands.main.open(drafts[0])
    hands.settle()
    view = hands.main.page("case")
    assert isinstance(view, CaseView)
    hands.until(lambda: view.part)
    return view


def type_what_cannot_be_kept(hands: Hands) -> CaseView:
    """Types a hidden mark into a draft: it stays in the window alone."""
    view = open_a_draft(hands)
    view.show_field("person.family_name")
    hands.until(lambda: (found := hands.focus()) is not None and found.objectName() == "person_family_name")
    hands.type("abc\u202etxt")
    assert view.unsaved
    return view


@pytest.mark.parametrize("leaving", ["close", "sign_out"])
def test_what_is_not_saved_is_not_lost_behind_the_lock(hands: Hands, leaving: str) -> None:
    view = type_what_cannot_be_kept(hands)
    hands.desk.lock()
    asked: list[str] = []

    def keep_it() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            # What is typed is on its way to the store first, which may take a while.
            QTimer.singleShot(50, keep_it)
            return
        asked.append(words_of(dialog))
        press_in(dialog, "cancel")

    QTimer.singleShot(50, keep_it)
    if leaving == "close":
        assert not hands.desk.window.close()
    else:
        hands.desk.sign_out()
    assert "Something you typed is not saved" in asked[0]
    assert "abc" not in asked[0]
    assert hands.desk.locked
    assert view.unsaved
    hands.desk._unlock(PASSWORD)
    hands.until(lambda: not hands.desk.locked)
    assert view.unsaved


def test_a_toast_covers_neither_the_sections_of_a_case_nor_its_buttons(hands: Hands) -> None:
    view = open_a_draft(hands)
    hands.main._toast("TR-000026-9 was submitted")
    toast = hands.main.toast
    here = QRect(toast.mapToGlobal(QPoint(0, 0)), toast.size())
    for other in (view.sections, view.foot, view.side):
        assert other.isVisible()
        assert not here.intersects(QRect(other.mapToGlobal(QPoint(0, 0)), other.size()))
