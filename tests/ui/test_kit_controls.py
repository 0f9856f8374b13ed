"""Buttons, segments, chips, tabs, notices, and the ring around whatever has the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from db.records import Met, Outcome, Role, State
from desktop.ui.kit.button import DESTRUCTIVE, MAIN, PLAIN, QUIET, Button, Link
from desktop.ui.kit.chip import Chip
from desktop.ui.kit.focus import FocusRing
from desktop.ui.kit.notices import Banner, EmptyState, Toast
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.segmented import Segment, Segmented
from desktop.ui.kit.tabs import Tab, Tabs
from desktop.ui.kit.tag import met_look, outcome_look, role_look, state_look
from desktop.ui.theme import Theme
from tests.ui.keyboard import focused
from tests.ui.waiting import PATIENCE

ANSWERS = (Segment("met", "Met"), Segment("not_met", "Not met", "x"), Segment("cant_tell", "Can’t tell"))


def put(host: QWidget, *widgets: QWidget) -> None:
    """Puts widgets into an open window."""
    column = QVBoxLayout(host)
    for widget in widgets:
        column.addWidget(widget)
        widget.show()
    QApplication.processEvents()


@pytest.mark.parametrize("kind", [MAIN, PLAIN, QUIET, DESTRUCTIVE])
@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_keys_press_a_button_only_while_it_is_on(host: QWidget, kind: str, key: Qt.Key) -> None:
    button = Button("Submit for review", kind, "check")
    put(host, button)
    pressed: list[bool] = []
    button.triggered.connect(lambda: pressed.append(True))
    button.setFocus()
    QTest.keyClick(button, key)
    assert pressed == [True]
    button.set_off("Finish 9 sections first")
    QTest.keyClick(button, key)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == [True]
    assert button.hasFocus()
    assert "Finish 9 sections first" in button.accessibleDescription()
    assert "Finish 9 sections first" in button.toolTip()
    button.set_off("")
    QTest.keyClick(button, key)
    assert pressed == [True, True]


def test_a_busy_button_keeps_its_width_and_cannot_be_pressed(host: QWidget) -> None:
    button = Button("Issue the letter", MAIN, "stamp")
    put(host, button)
    pressed: list[bool] = []
    button.triggered.connect(lambda: pressed.append(True))
    wide = button.width()
    button.set_busy(True)
    QApplication.processEvents()
    assert button.width() == wide
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == []
    button.set_busy(False)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == [True]


def test_ampersands_are_words_and_no_mnemonics(host: QWidget) -> None:
    button = Button("Print & save")
    put(host, button)
    assert button.accessibleName() == "Print & save"
    assert button.label() == "Print & save"
    assert button.shortcut().isEmpty()


def test_a_tooltip_shows_text_as_typed(host: QWidget) -> None:
    button = Button("Approve")
    put(host, button)
    button.set_off("<script>x</script> is not met")
    assert "&lt;script&gt;" in button.toolTip()


@pytest.mark.parametrize("scale", [100, 150, 200])
def test_targets_are_at_least_24_high(host: QWidget, theme: Theme, scale: int) -> None:
    theme.set_text_scale(scale)
    put(host, button := Button("Save"), link := Link("Why this date?"), chip := Chip("Open", removable=True))
    for widget in (button, link, chip):
        assert widget.height() >= 24 * scale / 100


def test_arrows_move_and_space_chooses(host: QWidget) -> None:
    answer = Segmented(ANSWERS, "Answer to criterion 4")
    put(host, answer)
    chosen: list[str] = []
    answer.changed.connect(chosen.append)
    answer.buttons["met"].setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Right)
    assert focused() is answer.buttons["not_met"]
    assert answer.value() == ""
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    QTest.keyClick(focused(), Qt.Key.Key_Left)
    assert (answer.value(), chosen) == ("not_met", ["not_met"])
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert chosen == ["not_met", "met"]


def test_tab_goes_to_the_chosen_segment_and_then_leaves(host: QWidget) -> None:
    before, after = QLineEdit(), QLineEdit()
    answer = Segmented(ANSWERS, "Answer")
    put(host, before, answer, after)
    answer.set_value("cant_tell")
    before.setFocus()
    QTest.keyClick(before, Qt.Key.Key_Tab)
    assert focused() is answer.buttons["cant_tell"]
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert focused() is after


def test_a_chip_goes_by_its_cross_or_delete(host: QWidget) -> None:
    chip = Chip("Tom Hale", "known as", removable=True)
    put(host, chip)
    told: list[str] = []
    chip.removed.connect(lambda: told.append("removed"))
    chip.clicked.connect(lambda: told.append("clicked"))
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 8, chip.height() // 2))
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(8, chip.height() // 2))
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    assert told == ["removed", "clicked", "removed"]
    assert chip.accessibleName() == "Tom Hale known as"


def test_arrows_change_tabs_and_counts_are_spoken(host: QWidget) -> None:
    tabs = Tabs([Tab("request", "Request"), Tab("changes", "What changed", 3), Tab("letter", "Letter")])
    put(host, tabs)
    changed: list[str] = []
    tabs.changed.connect(changed.append)
    tabs.buttons["request"].setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Right)
    QTest.keyClick(focused(), Qt.Key.Key_End)
    QTest.keyClick(focused(), Qt.Key.Key_Right)
    assert changed == ["changes", "letter", "request"]
    tabs.set_count("changes", 4)
    assert tabs.buttons["changes"].accessibleName() == "What changed, 4"


@pytest.mark.parametrize("scheme", ["light", "dark", "high_contrast"])
def test_everything_that_is_shown_as_a_tag_has_words_and_an_icon(theme: Theme, scheme: str) -> None:
    theme.set_scheme(scheme)
    looks = [*map(state_look, State), *map(outcome_look, Outcome), *map(role_look, Role), *map(met_look, ("", *Met))]
    for look in looks:
        assert look.words
        assert not theme.pixmap(look.icon).isNull()


def test_how_a_case_was_decided_has_no_colour_of_its_own() -> None:
    decided = (State.APPROVED, State.REFUSED, State.REJECTED, State.RELEASED)
    assert {state_look(state).look for state in decided} == {"outlined"}
    assert {outcome_look(outcome).look for outcome in Outcome} == {"outlined"}


def test_a_toast_acts_once_and_goes(host: QWidget) -> None:
    toast = Toast(host)
    done: list[bool] = []
    toast.say("TR-000148-6 was submitted", "Open", lambda: done.append(True))
    assert toast.words() == "TR-000148-6 was submitted"
    link = toast.findChild(Link, "toast_action")
    assert link is not None
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    assert done == [True]
    assert toast.words() == ""


def test_a_toast_waits_under_the_focus(host: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Toast, "SECONDS", 0.02)
    toast = Toast(host)
    monkeypatch.setattr(toast, "underMouse", lambda: False)
    toast.say("Letter 93 was issued", "Open", lambda: None)
    link = toast.findChild(Link, "toast_action")
    assert link is not None
    link.setFocus()
    qtbot.wait(60)
    assert toast.words()
    link.clearFocus()
    qtbot.waitUntil(lambda: not toast.words(), timeout=PATIENCE)


def test_a_banner_and_an_empty_list_lead_on(host: QWidget, qtbot: QtBot) -> None:
    banner = Banner("warning", "Bank holidays are known to 31 December 2028.", "Why this date?")
    empty = EmptyState("list-checks", "Nothing is waiting for you", "All is decided.", "Open the register")
    put(host, banner, empty)
    with qtbot.waitSignal(banner.followed, timeout=PATIENCE):
        QTest.keyClick(banner.link, Qt.Key.Key_Return)
    with qtbot.waitSignal(empty.acted, timeout=PATIENCE):
        QTest.keyClick(empty.button, Qt.Key.Key_Space)


def test_the_ring_stands_2_px_off_and_follows(host: QWidget) -> None:
    button, field = Button("Submit"), QLineEdit()
    put(host, button, field)
    ring = FocusRing(host)
    button.setFocus()
    around = QRect(button.mapTo(host, QPoint(0, 0)), button.size())
    assert ring.isVisible()
    assert ring.geometry() == around.adjusted(-4, -4, 4, 4)
    button.move(button.x() + 10, button.y())
    assert ring.x() == button.x() - 4
    field.setFocus()
    assert ring.isHidden()
    field.setProperty("focusRing", "problem")
    assert ring.isVisible()


def test_the_ring_outlives_what_it_stood_around(host: QWidget) -> None:
    first, second = Button("First"), Button("Second")
    put(host, first, second)
    ring = FocusRing(host)
    first.setFocus()
    first.deleteLater()
    QApplication.sendPostedEvents(first, 52)
    second.setFocus()
    assert ring.isVisible()


def test_what_gets_the_focus_is_brought_into_sight(host: QWidget) -> None:
    pane = ScrollPane("form", "Form")
    edits = [QLineEdit() for _ in range(40)]
    for edit in edits:
        pane.body.addWidget(edit)
    put(host, pane)
    edits[0].setFocus()
    for _ in range(39):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert focused() is edits[-1]
    top = edits[-1].mapTo(pane.viewport(), QPoint(0, 0)).y()
    assert 0 <= top < pane.viewport().height()
    assert pane.horizontalScrollBar().maximum() == 0 or not pane.horizontalScrollBar().isVisible()
