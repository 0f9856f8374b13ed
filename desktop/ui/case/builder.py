"""Forms made ahead of need, a few fields at a time: no key ever waits for a section to be put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

from desktop.ui.case.form import SectionForm


class Builder(QObject):
    """Goes through the sections between the events of the window, the one that is wanted first."""

    def __init__(self, make: Callable[[str], SectionForm | None], parent: QObject) -> None:
        super().__init__(parent)
        self._make = make
        self._keys: list[str] = []
        self._then: Callable[[], None] | None = None
        self._form: SectionForm | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    def start(self, wanted: str, order: Sequence[str], then: Callable[[], None]) -> None:
        """Makes `wanted`, calls `then`, and makes the others in the order in which they will be come to."""
        at = order.index(wanted) if wanted in order else 0
        self._keys = [*order[at:], *order[:at]]
        self._form = None
        self._then = then
        self._timer.start()

    def give_way(self) -> None:
        """Something is shown already: what was to be shown first no longer is. The making goes on."""
        self._then = None

    def stop(self) -> None:
        """Makes no more."""
        self._timer.stop()
        self._keys, self._form, self._then = [], None, None

    def _go_on(self) -> None:
        if self._form is None and self._keys:
            self._form = self._make(self._keys.pop(0))
        elif self._form is None:
            self._timer.stop()
        if self._form is not None and not self._form.build_more():
            return
        self._form = None
        if self._then is not None:
            then, self._then = self._then, None
            then()
