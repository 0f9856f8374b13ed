"""Help: every key, by where it works."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.ui.dialogs import Dialog
from desktop.ui.keys_words import KEYS
from desktop.ui.kit.button import MAIN
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme


class KeysDialog(Dialog):
    """The list of all keys. Esc closes it."""

    def __init__(self, owner: QWidget | None) -> None:
        super().__init__(owner, "keys", "All keys", width=672)
        theme = current_theme()
        px = theme.px
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(24))
        grid.setVerticalSpacing(px(6))
        grid.setColumnStretch(1, 1)
        row = 0
        for where, keys in KEYS:
            if row:
                grid.setRowMinimumHeight(row, px(8))
                row += 1
            grid.addWidget(Text(where, "group"), row, 0, 1, 2)
            row += 1
            for pressed, does in keys:
                grid.addWidget(Text(pressed, "small-label"), row, 0)
                grid.addWidget(Text(does, "small", "text-2", wrap=True), row, 1)
                row += 1
        self.body.addLayout(grid)
        self.body.addStretch(1)
        self.add_button("Close", MAIN, self.accept, "close").setFocus()
