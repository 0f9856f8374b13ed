"""The help opens where one is, is found by its words, and leads nowhere that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QFont, QTextCursor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.help import _WHERE, FIRST, HelpDialog, help_pages, page_for
from desktop.ui.theme import Theme
from tests.ui.desk_app import Hands, hands

__all__ = ["hands"]

LOST = {"keyring-lost", "passphrase-forgotten", "no-administrator", "another-computer", "store-damaged", "sheet-lost"}
"""What can be lost has a page that says the way back."""
UI = Path(__file__).parents[2] / "desktop" / "ui"


def shown(dialog: HelpDialog) -> list[str]:
    rows = [dialog.contents.item(row) for row in range(dialog.contents.count())]
    return [row.text() for row in rows if not row.isHidden()]


def test_each_place_has_its_page_and_each_link_leads_to_one() -> None:
    pages = {page.key: page for page in help_pages()}
    named = set(re.findall(r'"(\w+_(?:page|part|card))"', "".join(f.read_text() for f in UI.rglob("*.py"))))
    assert {FIRST, *_WHERE.values()} <= set(pages)
    assert set(_WHERE) <= named
    assert set(pages) >= LOST
    for page in pages.values():
        assert page.title
        for link in re.findall(r"\]\(([^)]+)\)", page.words):
            assert link.removesuffix(".md").partition("-")[2] in pages, (page.key, link)


@pytest.mark.parametrize("scale", [100, 200])
def test_the_help_is_found_by_words_and_read_by_keyboard(qtbot: QtBot, theme: Theme, scale: int) -> None:
    theme.set_text_scale(scale)
    owner = QWidget()
    qtbot.addWidget(owner)
    dialog = HelpDialog(owner, "holds")
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.text.toPlainText().startswith("Holds\n")
    qtbot.waitExposed(dialog)
    assert dialog.focusWidget() is dialog.contents
    qtbot.keyClick(dialog.contents, Qt.Key.Key_Home)
    assert dialog.text.toPlainText().startswith(f"{help_pages()[0].title}\n")
    qtbot.keyClicks(dialog.search.edit, "erasures backup")
    assert shown(dialog) == [page.title for page in help_pages() if "erasures" in page.words.casefold()]
    assert dialog.text.accessibleName() in shown(dialog)
    dialog.search.edit.clear()
    dialog.search.edit.textEdited.emit("")
    assert len(shown(dialog)) == len(help_pages())


def test_a_link_opens_its_page(qtbot: QtBot, theme: Theme) -> None:
    dialog = HelpDialog(None, FIRST)
    qtbot.addWidget(dialog)
    dialog.text.anchorClicked.emit(QUrl("34-holds.md"))
    assert dialog.text.accessibleName() == "Holds"


def test_f1_opens_the_page_for_where_the_keyboard_is(hands: Hands) -> None:
    hands.sign_in("priya.nair")
    seen: list[str] = []

    def read() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, HelpDialog)
        seen.append(dialog.text.accessibleName())
        dialog.close()

    QTimer.singleShot(100, read)
    hands.desk.window.show_help()
    assert seen == ["What is kept, and how long"]
    assert page_for(None) == FIRST


def test_nothing_is_slanted(qtbot: QtBot, theme: Theme) -> None:
    dialog = HelpDialog(None, FIRST)
    qtbot.addWidget(dialog)
    for page in help_pages():
        dialog.open_page(page.key)
        document = dialog.text.document()
        cursor = QTextCursor(document)
        stressed = set()
        for place in range(1, document.characterCount()):
            cursor.setPosition(place)
            assert not cursor.charFormat().fontItalic(), (page.key, place)
            stressed.add(cursor.charFormat().fontWeight())
        assert page.words.count("*") < 2 or max(stressed) >= QFont.Weight.DemiBold
