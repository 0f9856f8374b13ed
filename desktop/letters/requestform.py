"""Draws a request form that a requester completes in any PDF reader."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph

from desktop.letters.formwords import MARK, NAME_ROWS, SOURCE_ROWS, Question, RequestForm, field_name
from desktop.letters.parts import register_fonts
from desktop.letters.styles import BOLD, REGULAR
from desktop.letters.writing import ShapingCanvas

_MARGIN, _GAP, _HIGH, _FOOT = 56.0, 10.0, 22.0, 56.0
_BOX = {"day": 44.0, "month": 44.0, "year": 64.0}


def render_form(form: RequestForm) -> bytes:
    """The form as PDF."""
    out = BytesIO()
    canvas = ShapingCanvas(out, pagesize=(595.27, 841.89), lang="en-GB")
    canvas.setTitle(form.title)
    canvas.setAuthor(form.organisation.name)
    page = _Page(canvas, form)
    page.begin()
    for group in form.groups:
        page.heading(group.title)
        for question in group.questions:
            page.ask(question)
    page.end()
    canvas.save()
    return out.getvalue()


class _Page:
    """Puts one thing under the other, and begins another page where there is no room."""

    def __init__(self, canvas: Any, form: RequestForm) -> None:
        register_fonts()
        self._canvas, self._form = canvas, form
        self._wide = 595.27 - 2 * _MARGIN
        self._y = 0.0
        self._number = 0

    def begin(self) -> None:
        """The first page: who it is for, and what to know."""
        self._new_page()
        body = self._form.organisation
        self._words(body.name, bold=True)
        self._words(", ".join(line.strip() for line in body.address.splitlines() if line.strip()))
        self._y -= _GAP
        self._words(self._form.title, size=18, bold=True)
        for one in self._form.lead:
            self._words(one)
        # What the form is, for the desk that reads it back.
        hidden = {"fieldFlags": "readOnly", "annotationFlags": "hidden", "fontSize": 1}
        self._text(MARK, "Which form this is", (_MARGIN, 8, 1, 1), value=self._form.mark, **hidden)

    def end(self) -> None:
        """The last words."""
        self._y -= _GAP
        self._words("End of form", bold=True)
        self._foot()

    def heading(self, words: str) -> None:
        """A heading is never the last thing on a page."""
        self._need(110)
        self._y -= _GAP
        self._words(words, size=14, bold=True)

    def ask(self, one: Question) -> None:
        """A question with what it is answered in."""
        drawn = {
            "lines": self._many_lines,
            "choice": self._choice,
            "choices": self._boxes,
            "items": self._boxes,
            "tick": self._tick,
            "date": self._date,
            "partial_date": self._date,
            "names": self._names,
            "address": self._address,
            "sources": self._sources,
        }.get(one.kind, self._line)
        self._need({"address": 150, "names": 130, "sources": 170, "lines": 130}.get(one.kind, 76))
        if one.kind != "tick":
            self._words(one.label, bold=True)
        if one.hint:
            self._words(one.hint)
        drawn(one)
        self._y -= _GAP

    def _line(self, one: Question) -> None:
        self._field(field_name(one.key), one.label, self._wide)

    def _many_lines(self, one: Question) -> None:
        self._field(field_name(one.key), one.label, self._wide, high=72, flags="multiline", most=5000)

    def _choice(self, one: Question) -> None:
        self._y -= _HIGH
        self._pick(field_name(one.key), one.label, _MARGIN, self._wide, one.options)

    def _boxes(self, one: Question) -> None:
        for key, label in one.options:
            self._check(field_name(one.key, key), label, f"{one.label}: {label}")

    def _tick(self, one: Question) -> None:
        self._check(field_name(one.key), one.label, one.label)

    def _date(self, one: Question) -> None:
        self._y -= _HIGH
        x = _MARGIN
        for part, wide in _BOX.items():
            self._canvas.setFont(REGULAR, 12)
            self._canvas.drawString(x, self._y + 6, part.capitalize())
            x += 14 + self._canvas.stringWidth(part.capitalize(), REGULAR, 12) - 6
            self._text(field_name(one.key, part), f"{one.label}: {part}", (x, self._y, wide, _HIGH), maxlen=9)
            x += wide + 16

    def _names(self, one: Question) -> None:
        kinds = (("former", "former name"), ("alias", "alias"), ("spelling", "other spelling"))
        for row in range(NAME_ROWS):
            self._y -= _HIGH
            wide = self._wide - 160
            box = (_MARGIN, self._y, wide, _HIGH)
            self._text(field_name(one.key, str(row), "name"), f"{one.label} {row + 1}", box)
            name = field_name(one.key, str(row), "kind")
            self._pick(name, f"{one.label} {row + 1}: what kind", _MARGIN + wide + 10, 150, kinds)
            self._y -= 4

    def _address(self, one: Question) -> None:
        self._field(field_name(one.key, "lines"), f"{one.label}: lines", self._wide, high=72, flags="multiline")
        self._y -= 4
        self._words("Postcode")
        self._field(field_name(one.key, "postcode"), f"{one.label}: postcode", 120)

    def _sources(self, one: Question) -> None:
        self._words("In each row: what was searched, when, and with what result.")
        parts = (("source", 0.4), ("on", 0.2), ("result", 0.4))
        for row in range(SOURCE_ROWS):
            self._y -= _HIGH
            x = _MARGIN
            for part, share in parts:
                wide = self._wide * share - 6
                said = f"{one.label} {row + 1}: {part}"
                self._text(field_name(one.key, str(row), part), said, (x, self._y, wide, _HIGH))
                x += wide + 6
            self._y -= 4

    def _field(self, name: str, tip: str, wide: float, high: float = _HIGH, flags: str = "", most: int = 200) -> None:
        self._y -= high
        self._text(name, tip, (_MARGIN, self._y, wide, high), fieldFlags=flags, maxlen=most)

    def _text(self, name: str, tip: str, box: tuple[float, float, float, float], **more: Any) -> None:
        """A field in a box of x, y, width and height."""
        x, y, wide, high = box
        said = {"value": "", "maxlen": 200, "fontSize": 12, "annotationFlags": "print", "fieldFlags": ""} | more
        self._canvas.acroForm.textfield(
            name=name, tooltip=tip, x=x, y=y, width=wide, height=high, fontName="Helvetica", borderWidth=0.5, **said
        )

    def _pick(self, name: str, tip: str, x: float, wide: float, options: Sequence[tuple[str, str]]) -> None:
        shown = [("", " "), *((key, label[:90]) for key, label in options)]
        self._canvas.acroForm.choice(
            name=name,
            tooltip=tip,
            value=" ",
            options=[(label, key or " ") for key, label in shown],
            x=x,
            y=self._y,
            width=wide,
            height=_HIGH,
            fontName="Helvetica",
            fontSize=12,
            borderWidth=0.5,
            fieldFlags="combo",
        )

    def _check(self, name: str, label: str, tip: str) -> None:
        self._need(30)
        self._y -= 18
        self._canvas.acroForm.checkbox(
            name=name, tooltip=tip, x=_MARGIN, y=self._y, size=14, borderWidth=0.5, buttonStyle="check"
        )
        before, self._y = self._y, self._y + 16
        self._words(label, indent=22)
        self._y = min(before, self._y)

    def _words(self, words: str, *, size: int = 12, bold: bool = False, indent: float = 0) -> None:
        style = ParagraphStyle("f", fontName=BOLD if bold else REGULAR, fontSize=size, leading=size * 1.3)
        paragraph = Paragraph(escape(words), style)
        _wide, high = paragraph.wrap(self._wide - indent, 10_000)
        self._need(high)
        self._y -= high
        paragraph.drawOn(self._canvas, _MARGIN + indent, self._y)
        self._y -= 3

    def _need(self, room: float) -> None:
        if self._y - room < _FOOT:
            self._foot()
            self._canvas.showPage()
            self._new_page()

    def _new_page(self) -> None:
        self._number += 1
        self._y = 841.89 - _MARGIN

    def _foot(self) -> None:
        self._canvas.setFont(REGULAR, 10)
        self._canvas.drawString(_MARGIN, 32, self._form.title)
        self._canvas.drawRightString(595.27 - _MARGIN, 32, f"Page {self._number}")
