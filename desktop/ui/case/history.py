"""Everything that happened to a case, the latest first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from desktop.casework.casepage import HistoryLine
from desktop.policy.wording import plural
from desktop.ui.case.dialog import Dialog
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import MAIN
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme


class HistoryDialog(Dialog):
    """A list of who did what and when, read with the arrows."""

    def __init__(self, reference: str, lines: Sequence[HistoryLine], parent: QWidget) -> None:
        super().__init__(f"History of {reference}", "history", parent, width=672)
        count = plural(len(lines), "entry", "entries")
        words = f"{count} of the journal, the latest first. Nobody can change them."
        self.body.addWidget(Text(words, "body", "text-2"))
        self.list = QListWidget()
        name_widget(self.list, "history_list", f"History of {reference}")
        self.list.setUniformItemSizes(True)
        self.list.setMinimumHeight(320)
        for line in lines:
            item = QListWidgetItem(f"{line.when[:1].upper()}{line.when[1:]}: {line.who} {line.what}")
            item.setSizeHint(QSize(0, current_theme().px(32)))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, item.text())
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.body.addWidget(self.list, 1)
        self.add("Close", MAIN, then=self.accept)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
