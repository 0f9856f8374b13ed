"""What letters show of the organisation: the same form at the first start and in Administration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from db.records import Json, Organisation
from desktop.casework.accounts import logo_problem
from desktop.letters.pictures import MOST_BYTES
from desktop.policy.fields import Problem
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import QUIET, Button
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import LineField, TextField
from desktop.ui.theme import current_theme

NOBODY = Organisation("", "", "", "", "", "", "", "")


class _Preview(QWidget):
    """The logo as large as letters print it, on the white of the paper."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = current_theme()
        self._image = QImage()
        self.setFixedSize(self._theme.px(196), self._theme.px(60))
        name_widget(self, "logo_preview", "No logo")

    def show_image(self, data: bytes | None) -> None:
        """Shows a picture, or that there is none."""
        self._image = QImage.fromData(data) if data else QImage()
        self.setAccessibleName("No logo" if self._image.isNull() else "The logo as letters show it")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws paper, edge and picture."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        empty = self._image.isNull()
        painter.fillRect(self.rect(), self._theme.colour("sunken") if empty else Qt.GlobalColor.white)
        painter.setPen(self._theme.colour("line"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if empty:
            painter.setPen(self._theme.colour("text-3"))
            painter.setFont(self._theme.font("small"))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), "No logo")
            return
        room = self.rect().adjusted(8, 8, -8, -8)
        size = self._image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        room.setSize(size)
        room.moveCenter(self.rect().center())
        painter.drawImage(room, self._image)


class LogoField(Field):
    """The picture of the letterhead. Its value is whether there is one; `data` holds the bytes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.data: bytes | None = None
        self.choose = Button("Choose a file…", icon="image", name="choose_logo")
        self.remove = Button("Remove", QUIET, "trash-2", name="remove_logo")
        self._preview = _Preview()
        super().__init__(
            "logo", "Logo", note="if you have one", hint="PNG or JPEG, up to 500 KB, printed 45 by 12 mm at most."
        )
        row = QHBoxLayout()
        row.setSpacing(self.theme.px(16))
        row.addWidget(self._preview)
        buttons = QVBoxLayout()
        buttons.addWidget(self.choose)
        buttons.addWidget(self.remove)
        row.addLayout(buttons)
        row.addStretch(1)
        self.body.addLayout(row)
        self.choose.triggered.connect(self._choose)
        self.remove.triggered.connect(lambda: self._changed(None))
        self.set_data(None)

    def set_data(self, data: bytes | None) -> None:
        """Shows a logo. Fires nothing."""
        self.data = data
        self._preview.show_image(data)
        self.remove.setVisible(data is not None)

    def take(self, path: Path) -> None:
        """Takes a file as the logo, or says beside the field why not."""
        try:
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError as error:
            self.show_problem(f"The file cannot be read: {error.strerror}.")
            return
        problem = logo_problem(data)
        if problem:
            self.show_problem(problem)
        else:
            self._changed(data)

    def value(self) -> Json:
        """Whether there is a logo."""
        return self.data is not None

    def set_value(self, value: Json) -> None:
        """Only takes a logo away; see `set_data`."""
        if not value:
            self.set_data(None)

    def controls(self) -> list[QWidget]:
        """The two buttons."""
        return [self.choose, self.remove]

    def _choose(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(self, "Choose the logo", "", "Pictures (*.png *.jpg *.jpeg)")
        if chosen:
            self.take(Path(chosen))

    def _changed(self, data: bytes | None) -> None:
        self.clear_problem()
        self.set_data(data)
        self.emit_edited()


_PLACES = (
    ("name", 0, 0, 3), ("team", 0, 3, 3), ("address", 1, 0, 3), ("logo", 1, 3, 3), ("phone", 2, 0, 3),
    ("email", 2, 3, 3), ("hours", 3, 0, 3), ("hours_welsh", 3, 3, 3), ("signatory_name", 4, 0, 2),
    ("signatory_title", 4, 2, 2), ("signatory_title_welsh", 4, 4, 2),
)  # fmt: skip
"""Each field with its row, its first column and how many of six it takes."""
_BESIDE = 560
"""From this width on fields stand beside each other."""


class OrganisationForm(QWidget):
    """Every field of the organisation. `edited` fires for what the user does."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = current_theme().px
        self._alone: bool | None = None
        self.fields: dict[str, Field] = {
            "name": LineField("name", "Organisation"),
            "team": LineField("team", "Team", note="such as Tracing Desk"),
            "address": TextField("address", "Address", hint="As it stands on letters, the postcode last.", lines=3),
            "phone": LineField("phone", "Telephone"),
            "email": LineField("email", "E-mail"),
            "hours": LineField("hours", "When it is answered", note="such as 9am to 5pm"),
            "hours_welsh": LineField("hours_welsh", "The same in Welsh", note="if you write in Welsh"),
            "signatory_name": LineField("signatory_name", "Letters are signed by"),
            "signatory_title": LineField("signatory_title", "Their title"),
            "signatory_title_welsh": LineField("signatory_title_welsh", "Their title in Welsh"),
        }
        self.logo = LogoField()
        self.fields["logo"] = self.logo
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(14))
        self._place(alone=False)
        for field in self.fields.values():
            field.edited.connect(self._field_edited)
        before: QWidget | None = None
        for key, _row, _column, _across in _PLACES:
            for control in self.fields[key].controls():
                if before is not None:
                    QWidget.setTabOrder(before, control)
                before = control
        self.setFocusProxy(self.fields["name"].controls()[0])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, each field has a row of its own."""
        super().resizeEvent(event)
        self._place(alone=self.width() < current_theme().px(_BESIDE))

    def _place(self, *, alone: bool) -> None:
        if alone is self._alone:
            return
        self._alone = alone
        for column in range(6):
            self._grid.setColumnStretch(column, 0 if alone and column else 1)
        for number, (key, row, column, across) in enumerate(_PLACES):
            self._grid.removeWidget(self.fields[key])
            at = (number, 0, 1, 1) if alone else (row, column, 1, across)
            self._grid.addWidget(self.fields[key], *at)

    def organisation(self, sample: bool = False) -> Organisation:
        """What was typed."""
        typed = {key: str(field.value()) for key, field in self.fields.items() if key != "logo"}
        return replace(NOBODY, **typed, logo=self.logo.data, sample=sample)

    def show_organisation(self, organisation: Organisation) -> None:
        """Shows this one. Fires nothing."""
        for key, field in self.fields.items():
            if key != "logo":
                field.set_value(getattr(organisation, key))
            field.clear_problem()
        self.logo.set_data(organisation.logo)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Says beside the fields what is wrong, and goes to the first."""
        for field in self.fields.values():
            field.clear_problem()
        for problem in reversed(problems):
            if problem.field in self.fields:
                self.fields[problem.field].show_problem(problem.message, problem.hard)
                self.fields[problem.field].focus()

    def _field_edited(self, key: str) -> None:
        self.fields[key].clear_problem()
        self.edited.emit()
