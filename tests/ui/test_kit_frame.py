"""The frame: navigation by keys, its widths, the search field, and F6 round the panes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.frame import MainFrame
from desktop.ui.kit.button import Button
from desktop.ui.kit.navigation import DEFAULT_ITEMS
from desktop.ui.theme import Theme
from tests.ui.waiting import PATIENCE

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Page(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.list, self.side = Button(f"{name} list"), Button(f"{name} side")
        column = QVBoxLayout(self)
        column.addWidget(self.list)
        column.addWidget(self.side)

    def panes(self) -> list[QWidget]:
        return [self.list, self.side]


@pytest.fixture
def frame(qtbot: QtBot, theme: Theme) -> MainFrame:
    """A frame of 1366 by 768 with four pages."""
    made = MainFrame()
    made.show_items(DEFAULT_ITEMS)
    qtbot.addWidget(made)
    for key in ("work", "register", "review", "case"):
        made.add_page(key, Page(key))
    made.show_page("work")
    made.show_person("Ruth Adeyemi", "Caseworker")
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow, timeout=PATIENCE)
    return made


def press(frame: MainFrame, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Presses a key wherever the keyboard is."""
    QTest.keyClick(QApplication.focusWidget() or frame, key, modifiers)


def test_numbers_navigate(frame: MainFrame) -> None:
    went: list[str] = []
    frame.navigate.connect(went.append)
    frame.setFocus()
    for key in (Qt.Key.Key_1, Qt.Key.Key_3, Qt.Key.Key_6):
        press(frame, key, CTRL)
    assert went == ["work", "register", "admin"]


def test_pressing_an_item_asks_and_does_not_go_by_itself(frame: MainFrame) -> None:
    went: list[str] = []
    frame.navigate.connect(went.append)
    QTest.mouseClick(frame.navigation.buttons["register"], Qt.MouseButton.LeftButton)
    assert went == ["register"]
    assert frame.navigation.buttons["work"].isChecked()
    frame.show_page("register")
    assert frame.navigation.buttons["register"].isChecked()
    assert frame.current_key() == "register"


def test_a_case_stands_under_the_page_that_it_was_opened_from(frame: MainFrame) -> None:
    frame.show_page("case", "work")
    assert frame.navigation.buttons["work"].isChecked()
    assert frame.navigation.narrow


@pytest.mark.parametrize(
    ("page", "width", "scale", "narrow", "pixels"),
    [
        ("work", 1366, 100, False, 208),
        ("register", 1366, 100, True, 56),
        ("register", 1600, 100, False, 208),
        ("work", 1000, 100, True, 48),
        ("work", 1366, 200, True, 96),
    ],
)
def test_the_navigation_is_as_wide_as_there_is_room(
    frame: MainFrame, theme: Theme, page: str, width: int, scale: int, narrow: bool, pixels: int
) -> None:
    theme.set_text_scale(scale)
    frame.resize(width, 768)
    frame.show_page(page)
    assert frame.navigation.narrow is narrow
    assert frame.navigation.width() == pixels


def test_ctrl_b_is_remembered_over_pages(frame: MainFrame) -> None:
    frame.setFocus()
    seen = []
    for page in ("register", "review"):
        press(frame, Qt.Key.Key_B, CTRL)
        seen.append(frame.navigation.narrow)
        frame.show_page(page)
        seen.append(frame.navigation.narrow)
    assert seen == [True, True, False, False]


def test_search_is_found_by_key_and_told(frame: MainFrame) -> None:
    typed: list[str] = []
    entered: list[str] = []
    frame.search.connect(typed.append)
    frame.search_entered.connect(entered.append)
    frame.setFocus()
    press(frame, Qt.Key.Key_K, CTRL)
    assert frame.top.search.hasFocus()
    QTest.keyClicks(frame.top.search, "ko")
    press(frame, Qt.Key.Key_Return)
    press(frame, Qt.Key.Key_Escape)
    assert typed == ["k", "ko", ""]
    assert entered == ["ko"]


def test_f6_goes_round_the_panes_and_back(frame: MainFrame) -> None:
    page = frame.page("work")
    assert isinstance(page, Page)
    page.list.setFocus()
    places = []
    for _ in range(4):
        press(frame, Qt.Key.Key_F6)
        focused = QApplication.focusWidget()
        places.append(focused.objectName() if focused is not None else "")
    assert places == ["work_side", "search", "go_work", "work_list"]
    press(frame, Qt.Key.Key_F6, SHIFT)
    assert QApplication.focusWidget() is frame.navigation.buttons["work"]


def test_lock_person_back_and_new_are_told(frame: MainFrame, qtbot: QtBot) -> None:
    with qtbot.waitSignal(frame.lock, timeout=PATIENCE):
        QTest.mouseClick(frame.top.lock, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(frame.person_menu, timeout=PATIENCE):
        QTest.mouseClick(frame.top.person, Qt.MouseButton.LeftButton)
    frame.setFocus()
    with qtbot.waitSignal(frame.back, timeout=PATIENCE):
        press(frame, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    with qtbot.waitSignal(frame.new_request, timeout=PATIENCE):
        press(frame, Qt.Key.Key_N, CTRL)


def test_counts_recent_cases_and_the_foot_are_shown(frame: MainFrame, qtbot: QtBot) -> None:
    frame.show_counts({"work": 11, "review": 0})
    assert frame.navigation.buttons["work"].accessibleName() == "My work, 11"
    assert frame.navigation.buttons["review"].accessibleName() == "Review queue"
    frame.show_recent([(148, "TR-000148-6"), (146, "TR-000146-2")])
    frame.show_saved("Saving…", "loader")
    frame.show_organisation("Meridian Health Records")
    assert frame.navigation.saved.accessibleName() == "Saving…"
    recent = frame.findChild(QWidget, "recent_tr_000148_6")
    assert recent is not None
    with qtbot.waitSignal(frame.open_case, timeout=PATIENCE) as told:
        QTest.keyClick(recent, Qt.Key.Key_Return)
    assert told.args == [148]


@pytest.mark.parametrize("width", [1366, 1000])
@pytest.mark.parametrize(("count", "drawn"), [(7, "7"), (99, "99"), (1234, "99+")])
def test_the_rail_shows_counts_too(frame: MainFrame, width: int, count: int, drawn: str) -> None:
    frame.resize(width, 768)
    frame.show_page("review")
    button = frame.navigation.buttons["review"]
    assert frame.navigation.narrow
    without = button.grab().toImage()
    frame.show_counts({"review": count})
    assert button.accessibleName() == f"Review queue, {count:,}"
    assert f"Review queue, {count:,}" in button.toolTip()
    assert button.badge() == drawn
    assert button.rect().contains(button.badge_rect())
    assert button.grab().toImage() != without
    frame.show_counts({})
    assert button.badge() == ""
    assert "," not in button.toolTip()
    assert button.grab().toImage() == without


def test_beside_its_words_a_count_needs_no_badge(frame: MainFrame) -> None:
    frame.show_counts({"review": 7})
    button = frame.navigation.buttons["review"]
    assert not frame.navigation.narrow
    assert (button.badge(), button.toolTip()) == ("", "")


def test_what_can_be_reached_has_a_name(frame: MainFrame) -> None:
    frame.show_sample(True)
    for widget in frame.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            assert widget.objectName(), widget
            assert widget.accessibleName(), widget.objectName()


@pytest.mark.parametrize("scheme", ["light", "dark", "high_contrast"])
def test_the_corner_of_the_page_is_rounded(frame: MainFrame, theme: Theme, scheme: str) -> None:
    theme.set_scheme(scheme)
    image = frame.grab().toImage()
    corner = frame.stack.mapTo(frame, frame.stack.rect().topLeft())
    assert image.pixelColor(corner.x(), corner.y()).name().upper() == theme.hex("chrome")
