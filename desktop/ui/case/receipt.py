"""A corrected date of receipt: it waits until its field is left, and until whoever corrects it has seen what moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from db.records import Json
from desktop.casework.casepage import CasePage
from desktop.casework.whatifs import if_received
from desktop.policy.fields import parse_date
from desktop.policy.ledger import Due
from desktop.policy.whatif import WhatIf, what_if
from desktop.policy.wording import weekday_day
from desktop.ui.case.form import SectionForm
from desktop.ui.case.whatifpanel import WhatIfPanel
from desktop.ui.dialogs import Dialog
from desktop.ui.kit.button import MAIN
from desktop.ui.kit.field import Field

if TYPE_CHECKING:
    from desktop.ui.case.view import CaseView

KEY = "received.on"


class ReceiptDialog(Dialog):
    """Old date and new date, and why; Cancel has the focus."""

    corrected = Signal()

    def __init__(self, reference: str, change: WhatIf, owner: QWidget) -> None:
        super().__init__(owner, "correct_receipt", f"Correct the date of receipt of {reference}?")
        self.panel = WhatIfPanel()
        self.body.addWidget(self.panel)
        self.panel.show_change(change)
        self.add_text("The history keeps that it was changed, and by whom.")
        self.add_button("Correct it", MAIN, then=self._go)
        self.add_button("Cancel").setFocus(Qt.FocusReason.OtherFocusReason)

    def _go(self) -> None:
        self.corrected.emit()
        self.accept()


class Receipt(QObject):
    """Stands between the field "received.on" of a case and its draft."""

    def __init__(self, view: CaseView) -> None:
        super().__init__(view)
        self._view = view
        self._typed: Json = None
        self.waits = False
        """Whether a date was typed that is not saved yet."""
        self._asking = False
        self._case_id = 0
        self._known: Json = None
        self._due: Due | None = None

    def follow(self, page: CasePage) -> None:
        """Remembers the last whole date of the case and what was due by it: half a date does not lose them."""
        if page.case.row.id != self._case_id:
            self._case_id, self._known, self._due, self.waits = page.case.row.id, None, None, False
        if page.due is not None:
            self._known, self._due = page.case.answers.get(KEY), page.due

    def take(self, value: Json) -> bool:
        """Takes what is typed; True where it waits, because there was a whole date before."""
        self.waits = self._due is not None and parse_date(value) != self._due.received
        self._typed = value
        typed, field = parse_date(value), self._field()
        if self.waits and field is not None and typed is not None and typed <= self._view.session.desk.today():
            field.show_problem("Not saved yet. Go on to the next field to see what it changes.", hard=False)
        return self.waits

    def leave(self) -> None:
        """The field was left: asks, where the date is another one; half a date, or a wrong one, is kept as typed."""
        page, typed = self._view.page, parse_date(self._typed)
        if not self.waits or self._asking or page is None:
            return
        if typed is None or typed > self._view.session.desk.today():
            self._keep(self._typed)
            return
        after = if_received(page, self._view.session.desk.calendars, typed).after
        dialog = ReceiptDialog(page.case.row.reference, what_if(self._due, after), self._view)
        self._asking = True
        dialog.corrected.connect(lambda: self._keep(self._typed))
        dialog.rejected.connect(self._back)
        dialog.finished.connect(self._over)
        dialog.open()

    def _field(self) -> Field | None:
        forms = (form for form in self._view.parts.values() if isinstance(form, SectionForm))
        return next((form.fields[KEY] for form in forms if KEY in form.fields), None)

    def _over(self) -> None:
        self._asking = False

    def _keep(self, value: Json) -> None:
        self.waits = False
        self._view.keep(KEY, value)

    def _back(self) -> None:
        view, known = self._view, self._known
        if (field := self._field()) is not None:
            field.set_value(known)
        self._keep(known)
        if self._due is not None:
            view.session.toasted.emit(f"Received {weekday_day(self._due.received)}, as before")
