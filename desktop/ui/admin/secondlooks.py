"""Second looks: which share of decisions goes to another reviewer, who does not know them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.casework.desk import Desk, Invalid
from desktop.casework.secondlooks import set_share, share, typed_share
from desktop.ui.kit.button import PLAIN, Button
from desktop.ui.kit.card import Card
from desktop.ui.kit.inputs import LineField
from desktop.ui.kit.text import Text
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

_WORDS = (
    "This share of approvals, refusals and rejections goes to another reviewer, who sees the request as it was"
    " submitted and not what was decided. The desk draws them by a secret of its own and keeps whether the two agree."
    " No answer waits for it."
)
_HINT = "A whole number from 0 to 100. 0 is off. It holds for decisions from now on."
_OFF = "Nothing was changed."


def _set_typed(desk: Desk, typed: str) -> None:
    set_share(desk, typed_share(typed))


class SecondLooksCard(Card):
    """The share, and the button that sets it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Second looks", parent=parent)
        self._session = session
        self._kept: int | None = None
        px = current_theme().px
        self.body.setSpacing(px(12))
        self.body.addWidget(Text(_WORDS, "body", "text-2", wrap=True))
        self.share = LineField("percent", "Of 100 decisions", hint=_HINT)
        self.share.edit.setMaximumWidth(px(96))
        self.body.addWidget(self.share)
        self.save = Button("Set the share", PLAIN, name="set_second_looks")
        foot = QHBoxLayout()
        foot.addWidget(self.save, 0, Qt.AlignmentFlag.AlignLeft)
        foot.addStretch(1)
        self.body.addLayout(foot)
        self.share.edited.connect(lambda _key, _value: self._settle())
        self.share.edit.returnPressed.connect(self.save.click)
        self.save.triggered.connect(self._set)
        self._settle()

    @property
    def unsaved(self) -> bool:
        """Whether something typed is not set."""
        return self._kept is not None and str(self.share.value()).strip() != str(self._kept)

    def refresh(self) -> None:
        """Reads the share, unless something typed would be lost."""
        if not self.unsaved:
            self._session.run(self, share, done=self._show)

    def _show(self, percent: int) -> None:
        self._kept = percent
        self.share.set_value(str(percent))
        self._settle()

    def _settle(self) -> None:
        self.share.clear_problem()
        self.save.set_off("" if self.unsaved else _OFF)

    def _set(self) -> None:
        self.save.set_busy(True)

        def done(_nothing: None) -> None:
            self.save.set_busy(False)
            self._kept = None
            self.refresh()
            self._session.toasted.emit("The share of second looks was set")

        def failed(error: Exception) -> None:
            self.save.set_busy(False)
            if isinstance(error, Invalid):
                self.share.show_problem(error.problems[0].message)
                self.share.focus()
            else:
                self._session.show_error(self, error)

        self._session.run(self, _set_typed, str(self.share.value()), done=done, failed=failed)
