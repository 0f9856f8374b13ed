"""What stands in a dialog is read to its end by the keyboard, and what went wrong is shown in one."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db.errors import DiskFull
from desktop.policy.fields import Problem
from desktop.ui import dialogs
from desktop.ui.keys import KeysDialog
from desktop.ui.kit.focus import FocusRing
from desktop.ui.kit.inputs import LineField
from desktop.ui.recorddialog import RecordDialog
from desktop.ui.theme import Theme
from tests.ui.page_window import press_in, words_of
from tests.ui.waiting import PATIENCE


def test_a_body_that_scrolls_does_so_by_the_page(qtbot: QtBot, theme: Theme) -> None:
    theme.set_text_scale(200)
    owner = QWidget()
    qtbot.addWidget(owner)
    owner.show()
    dialog = KeysDialog(owner)
    dialog.show()
    qtbot.waitExposed(dialog)
    bar = dialog.pane.verticalScrollBar()
    assert bar.maximum() > 0
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_PageDown)
    assert bar.value() > 0
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_PageUp)
    assert bar.value() == 0
    dialog.reject()


def test_a_mistake_of_ours_and_a_fault_of_the_environment_are_shown(qtbot: QtBot, theme: Theme) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    owner.show()
    said: list[str] = []

    def read() -> None:
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        said.append(words_of(dialog))
        press_in(dialog, "close")

    for show in (
        lambda: dialogs.report(owner, ValueError("Ashworth")),
        lambda: dialogs.environment_error(owner, DiskFull.what, DiskFull.safe, DiskFull.todo),
    ):
        QTimer.singleShot(50, read)
        show()
    assert "The desk made a mistake" in said[0]
    assert "Ashworth" not in said[0]
    assert "The disk is full." in said[1]


def test_the_ring_around_the_summary_of_mistakes_is_whole_at_the_edge_of_the_body(qtbot: QtBot, theme: Theme) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    owner.show()
    dialog = RecordDialog("Keep it?", "keep", "Keep it", {"why": LineField("why", "Why")}, owner)
    dialog.open()
    qtbot.waitExposed(dialog)
    dialog.show_problems([Problem("why", "Say why.", hard=True)])
    (ring,) = dialog.findChildren(FocusRing)
    qtbot.waitUntil(ring.isVisible, timeout=PATIENCE)
    picture = ring.grab().toImage()
    colour = theme.colour("focus").name()
    middle = picture.width() // 2
    edges = (
        (middle, 1),
        (middle, picture.height() - 2),
        (1, picture.height() // 2),
        (picture.width() - 2, picture.height() // 2),
    )
    assert [picture.pixelColor(*at).name() for at in edges] == [colour] * 4
    dialog.reject()
