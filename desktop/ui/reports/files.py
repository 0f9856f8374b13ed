"""Reports as files: where one goes, and whether a published table adds up."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.casework.reporting import Form, Made
from desktop.policy.publishedtables import Checked
from desktop.policy.wording import plural
from desktop.ui.dialogs import REPORT_WIDTH, Dialog
from desktop.ui.kit.base import slug
from desktop.ui.kit.button import MAIN
from desktop.ui.kit.small import IconText
from desktop.ui.kit.text import Text

_WORDS: Final[Mapping[Form, str]] = {
    Form.CSV: "CSV (*.csv)",
    Form.XLSX: "Workbook (*.xlsx)",
    Form.JSON: "JSON (*.json)",
    Form.PDF: "PDF (*.pdf)",
}
_MOST_FAULTS = 50


def choose_file(owner: QWidget, title: str, *parts: str) -> Made | None:
    """Asks where a report goes, and in which form; None for Cancel. `parts` become the name: they name nobody.

    The system's dialog asks before a file that is there gives way.
    """
    filters = {_WORDS[form]: form for form in Form}
    name = f"{'-'.join(slug(part).replace('_', '-') for part in parts)}.{Form.CSV.value}"
    chosen, kind = QFileDialog.getSaveFileName(owner, title, name, ";;".join(filters))
    return made_of(chosen, filters.get(kind)) if chosen else None


def made_of(chosen: str, kind: Form | None) -> Made:
    """Where the report goes: the end of the file's name says in which form, else the kind that was chosen."""
    path = Path(chosen)
    typed = path.suffix.removeprefix(".").lower()
    for form in Form:
        if typed == form.value:
            return Made(path, form, replace=True)
    form = kind or Form.CSV
    # Nobody was asked about a file of this name.
    return Made(path.with_name(f"{path.name}.{form.value}"), form)


def not_written(error: OSError) -> str:
    """Why there is no file, in words."""
    return f"It cannot be written there: {error.strerror or error}. Choose another folder."


class CheckedDialog(Dialog):
    """Whether a published table adds up, and in which cells it does not."""

    def __init__(self, found: Checked, owner: QWidget) -> None:
        faults = len(found.faults)
        does = "does" if faults == 1 else "do"
        sound = "The table adds up" if found.whole else "What could be checked of the table adds up"
        title = sound if found.sums else found.none_said
        title = f"{plural(faults, 'sum')} of the table {does} not add up" if faults else title
        super().__init__(owner, "checked_table", title, width=REPORT_WIDTH)
        self.add_text(_lead(found))
        for fault in found.faults[:_MOST_FAULTS]:
            self.body.addWidget(IconText("x", fault, "text", "body", icon_colour="red", wrap=True))
        if faults > _MOST_FAULTS:
            self.body.addWidget(Text(f"and {faults - _MOST_FAULTS:,} more", "small", "text-2"))
        for words in found.not_checked:
            self.add_text(words)
        self.add_button("Close", MAIN, self.accept, "close").setFocus()


def _lead(found: Checked) -> str:
    if not found.sums and not found.kept_back:
        return "A row or a column is a total where its title begins or ends with “Total”, or is “All” or “Sum”."
    return found.said
