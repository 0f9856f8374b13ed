"""The canvas that letters and forms are written on: it shapes every name, wherever on a page it stands."""

from __future__ import annotations

from itertools import accumulate

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from desktop.letters.shaping import Face, Run, pieces_of


class ShapingCanvas(Canvas):  # type: ignore[misc]  # ReportLab has no types
    """A canvas that shapes whatever is written on it in one of our faces."""

    def beginText(self, x: float = 0, y: float = 0, direction: str | None = None) -> PDFTextObject:
        """The object that ReportLab writes each line and string through."""
        return _ShapedText(self, x, y, direction=direction)


class _ShapedText(PDFTextObject):  # type: ignore[misc]  # ReportLab has no types
    def _formatText(self, text: str) -> str:
        """The operators that show the text."""
        face = pdfmetrics.getFont(self._fontname)
        if not isinstance(face, Face) or face.is_plain(text):
            return str(super()._formatText(text))
        return " ".join(
            super(_ShapedText, self)._formatText(piece) if isinstance(piece, str) else self._shown(piece)
            for piece in pieces_of(text.replace("\n", " "), face)
        )

    def _shown(self, runs: list[Run]) -> str:
        """Each run at its place, in reading order. The leading is said with it, as ReportLab does with each font: it is
        what the next line moves down by.
        """
        doc, size = self._canvas._doc, self._fontsize
        lefts = list(accumulate((run.advance for run in runs), initial=0))
        operators = [f"{self._leading:g} TL"]
        pen = 0
        for left, run in sorted(zip(lefts, runs, strict=False), key=lambda placed: placed[1].start):
            shown = []
            for subset, codes in run.face.splitString(run.codes(), doc):
                font = run.face.getSubsetInternalName(subset, doc)
                shown.append(f"{font} {size:g} Tf [{pen - left} <{codes.hex()}>] TJ")
                pen = left
            # The characters of such a string are in the reverse of their reading order (ISO 32000-1, 14.8.2.3.3).
            operators += ["/ReversedChars BMC", *shown, "EMC"] if run.rtl else shown
            pen = left + run.advance
        if pen != lefts[-1]:
            operators.append(f"[{pen - lefts[-1]}] TJ")
        self._curSubset = -1  # So that what follows names its own font again.
        return " ".join(operators)
