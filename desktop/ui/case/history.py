"""Everything that happened to a case, the latest first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from desktop.casework.casepage import HistoryLine
from desktop.policy.wording import plural
from desktop.ui.dialogs import Dialog
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import MAIN
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

_SHORT = 60
"""So many characters fit on a line, whatever they are."""


class HistoryDialog(Dialog):
    """A list of who did what and when, read with the arrows."""

    def __init__(self, reference: str, lines: Sequence[HistoryLine], parent: QWidget) -> None:
        super().__init__(parent, "history", f"History of {reference}", width=672)
        count = plural(len(lines), "entry", "entries")
        words = f"{count} of the journal, the latest first. Nobody can change them."
        self.body.addWidget(Text(words, "body", "text-2"))
        self.list = QListWidget()
        name_widget(self.list, "history_list", f"History of {reference}")
        self.list.setWordWrap(True)
        self.list.setLayoutMode(QListWidget.LayoutMode.Batched)
        self.list.setMinimumHeight(320)
        theme = current_theme()
        metrics, room = theme.metrics("body"), QRect(0, 0, self.width() - theme.px(80), 10_000)
        for line in lines:
            item = QListWidgetItem(_said(line))
            # To measure takes time, and a long history is of short lines.
            wraps = bool(line.reasons) or len(item.text()) > _SHORT
            high = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, item.text()).height() if wraps else 0
            item.setSizeHint(QSize(0, max(theme.px(32), high + theme.px(14))))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, item.text())
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.body.addWidget(self.list, 1)
        self.add_button("Close", MAIN, then=self.accept)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)


def _said(line: HistoryLine) -> str:
    what = f"{line.when[:1].upper()}{line.when[1:]}: {line.who} {line.what}"
    return f"{what}\nReasons: {line.reasons}" if line.reasons else what
