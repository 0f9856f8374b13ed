"""Help: pages to read, found by their words, and opened at the one that belongs to where the keyboard is."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, QUrl
from PySide6.QtGui import QFont, QPalette, QTextBlock, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QTextBrowser, QVBoxLayout, QWidget

from desktop.ui.dialogs import Dialog
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import MAIN, PLAIN
from desktop.ui.kit.inputs import LineField
from desktop.ui.theme import current_theme
from resources import resource

_WHERE = {
    "sign_in_card": "cannot-sign-in",
    "passphrase_page": "passphrase-forgotten",
    "recovery_page": "keyring-lost",
    "restore_page": "store-damaged",
    "administrator_page": "no-administrator",
    "problem_page": "trouble",
    "journal_part": "journal",
    "backups_part": "backups",
    "certificate_part": "certificate",
    "letters_part": "words",
    "agreements_part": "agreements",
    "holidays_part": "agreements",
    "requesters_part": "requesters",
    "reports_page": "reports",
    "figure_page": "reports",
    "retention_page": "retention",
    "holds_part": "holds",
    "runs_part": "destruction",
    "review_page": "review",
    "letter_page": "letters",
}
"""The page of help for what stands in the window, by its object name."""
FIRST = "request"


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One page: its key, its title and all of its words, as Markdown."""

    key: str
    title: str
    words: str


def help_pages() -> tuple[HelpPage, ...]:
    """The shipped pages in their order: ``resources/help/NN-KEY.md``, each with its title in the first line."""
    pages = []
    for file in sorted(resource("help").iterdir(), key=lambda one: one.name):
        if file.name.endswith(".md"):
            words = file.read_text(encoding="utf-8")
            title = words.partition("\n")[0].removeprefix("# ").strip()
            pages.append(HelpPage(file.name.removesuffix(".md").partition("-")[2], title, words))
    return tuple(pages)


def page_for(widget: QWidget | None) -> str:
    """The key of the page that belongs to where the keyboard is."""
    while widget is not None:
        if widget.objectName() in _WHERE:
            return _WHERE[widget.objectName()]
        widget = widget.parentWidget()
    return FIRST


class HelpDialog(Dialog):
    """The pages at the left, the chosen one at the right. Esc closes it."""

    def __init__(self, owner: QWidget | None, key: str) -> None:
        super().__init__(owner, "help", "Help", width=960)
        px = current_theme().px
        self._pages = help_pages()
        self.search = LineField("find", "Find in the help")
        self.search.edited.connect(self._filter)
        self.contents = QListWidget()
        name_widget(self.contents, "help_pages", "Pages of the help")
        for page in self._pages:
            item = QListWidgetItem(page.title, self.contents)
            item.setSizeHint(QSize(0, px(28)))
        self.contents.currentItemChanged.connect(self._show)
        self.text = QTextBrowser()
        name_widget(self.text, "help_text", "The page")
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setOpenLinks(False)
        self.text.anchorClicked.connect(self._follow)
        self.text.document().setDocumentMargin(px(4))
        side = QVBoxLayout()
        side.addWidget(self.search)
        side.addWidget(self.contents, 1)
        row = QHBoxLayout()
        row.setSpacing(px(24))
        row.addLayout(side, 1)
        row.addWidget(self.text, 2)
        self.text.setMinimumHeight(min(px(440), self.most_high))
        self.body.addLayout(row)
        self.add_button("All keys", PLAIN, self._keys, "keys")
        self.add_button("Close", MAIN, self.accept, "close")
        self.open_page(key)
        self.contents.setFocus()

    def open_page(self, key: str) -> None:
        """Shows a page by its key."""
        for row, page in enumerate(self._pages):
            if page.key == key:
                self.contents.item(row).setHidden(False)
                self.contents.setCurrentRow(row)

    def _show(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        page = self._pages[self.contents.row(item)]
        theme = current_theme()
        self.text.document().setDefaultFont(theme.font("body"))
        palette = self.text.palette()
        palette.setColor(QPalette.ColorRole.Link, theme.colour("accent"))
        self.text.setPalette(palette)
        self.text.setMarkdown(page.words)
        name_widget(self.text, "help_text", page.title)
        self._set_type()
        self.text.moveCursor(QTextCursor.MoveOperation.Start)

    def _set_type(self) -> None:
        """Headings and lines as the desk has them."""
        theme = current_theme()
        block = self.text.document().begin()
        while block.isValid():
            cursor = QTextCursor(block)
            lines = QTextBlockFormat()
            lines.setLineHeight(120, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            lines.setBottomMargin(theme.px(8))
            level = block.blockFormat().headingLevel()
            if level:
                cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
                face = QTextCharFormat()
                face.setFont(theme.font("section" if level == 1 else "group"))
                cursor.setCharFormat(face)
                lines.setTopMargin(0 if level == 1 else theme.px(16))
            _upright(block)
            cursor.mergeBlockFormat(lines)
            block = block.next()

    def _filter(self, _key: str, _value: object) -> None:
        """Leaves the pages that have every word that was typed; the first of them is shown."""
        wanted = str(self.search.value()).casefold().split()
        first = -1
        for row, page in enumerate(self._pages):
            has = all(word in page.words.casefold() for word in wanted)
            self.contents.item(row).setHidden(not has)
            first = row if has and first < 0 else first
        current = self.contents.currentRow()
        if first >= 0 and (current < 0 or self.contents.item(current).isHidden()):
            self.contents.setCurrentRow(first)

    def _follow(self, url: QUrl) -> None:
        self.open_page(url.fileName().removesuffix(".md").partition("-")[2])

    def _keys(self) -> None:
        from desktop.ui.keys import KeysDialog

        KeysDialog(self).exec()


def _upright(block: QTextBlock) -> None:
    """What a page stresses is heavier, never slanted."""
    face = QTextCharFormat()
    face.setFontItalic(False)
    face.setFontWeight(QFont.Weight.DemiBold)
    slanted, at, end = [], block.begin(), block.end()
    while at != end:
        part = at.fragment()
        if part.charFormat().fontItalic():
            slanted.append((part.position(), part.position() + part.length()))
        at += 1
    cursor = QTextCursor(block)
    for first, last in slanted:
        cursor.setPosition(first)
        cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(face)
