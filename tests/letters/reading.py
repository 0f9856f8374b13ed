"""Reading a letter's PDF back, as a reader of the page would."""

from __future__ import annotations

import ctypes
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

MM = 72 / 25.4
GOLDEN = Path(__file__).parent / "golden"
"""What every kind of letter reads like, as it was agreed."""


@dataclass(frozen=True, slots=True)
class Char:
    """A character, its box and the line it stands on, in millimetres from the left and from the top of the page."""

    char: str
    left: float
    top: float
    right: float
    bottom: float
    base: float


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, a line to a line."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_text(page.get_textpage()) for page in document]
    finally:
        document.close()


def as_golden(pdf: bytes) -> str:
    """The pages as a golden text has them."""
    return "\f\n".join(f"{page}\n" for page in pages_of(pdf))


def text_of(pdf: bytes) -> str:
    """All the text, with one space wherever there is a space or the end of a line."""
    return " ".join(" ".join(pages_of(pdf)).split())


def chars_of(pdf: bytes, page: int) -> list[Char]:
    """The visible characters of a page, counted from 0."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        sheet = document[page]
        height, textpage = sheet.get_height(), sheet.get_textpage()
        chars = []
        for index in range(textpage.count_chars()):
            char = chr(pdfium.FPDFText_GetUnicode(textpage, index))
            if char.strip():
                left, bottom, right, top = textpage.get_charbox(index)
                x, y = ctypes.c_double(), ctypes.c_double()
                pdfium.FPDFText_GetCharOrigin(textpage, index, x, y)
                places = (left, height - top, right, height - bottom, height - y.value)
                chars.append(Char(char, *(place / MM for place in places)))
        return chars
    finally:
        document.close()


def lines_of(chars: list[Char]) -> list[tuple[float, str]]:
    """The characters in lines, each with how far its base is from the top; lines are told apart by 1 mm."""
    lines: list[list[Char]] = []
    for char in sorted(chars, key=lambda one: (one.base, one.left)):
        if lines and char.base - lines[-1][0].base < 1:
            lines[-1].append(char)
        else:
            lines.append([char])
    return [(line[0].base, "".join(one.char for one in sorted(line, key=lambda one: one.left))) for line in lines]


def fonts_of(pdf: bytes) -> set[bytes]:
    """The names of the fonts that a PDF of ours asks for."""
    return set(re.findall(rb"/BaseFont /([^ \r\n]+)", pdf))


def sizes_of(pdf: bytes) -> set[float]:
    """The sizes of type on the pages, in points."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        shown = [one for page in document.pages for one in pikepdf.parse_content_stream(page, "Tf")]
    return {float(one.operands[1]) for one in shown}


def metadata_of(pdf: bytes) -> dict[str, Any]:
    """The document's own description of itself, without what is empty."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return dict(document.get_metadata_dict(skip_empty=True))
    finally:
        document.close()


def _text(textpage: Any) -> str:
    """A page's text without the space that ends a line for a reader of the whole paragraph."""
    return re.sub(r" (?=\n|$)", "", str(textpage.get_text_range()).replace("\r\n", "\n").replace("\u00a0", " "))


def read_by_content(pdf: bytes) -> str:
    """The text of all pages as ISO 32000-1 reads it: in the order of the content, each code by its font's ToUnicode
    map, and reversed where it is marked as such. A line to a line.
    """
    lines: list[str] = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for one in document.pages:
            maps = {str(name): unicodes(font) for name, font in one.Resources.Font.items()}
            current: dict[int, str] = {}
            reverse = False
            line = ""
            for instruction in pikepdf.parse_content_stream(one):
                operands: Any = instruction.operands
                match str(instruction.operator):
                    case "BMC":
                        reverse = str(operands[0]) == "/ReversedChars" or reverse
                    case "EMC":
                        reverse = False
                    case "Tf":
                        current = maps[str(operands[0])]
                    case "Tj" | "TJ":
                        shown = operands if str(instruction.operator) == "Tj" else operands[0]
                        for string in shown:
                            if isinstance(string, pikepdf.String):
                                chars = [current[code] for code in bytes(string)]
                                line += "".join(map(mirrored, reversed(chars))) if reverse else "".join(chars)
                    case "T*" | "ET":
                        lines.append(line)
                        line = ""
    return "\n".join(lines)


def mirrored(char: str) -> str:
    """The bracket that faces the other way."""
    return char.translate(str.maketrans("()[]", ")(]["))


def unicodes(font: Any) -> dict[int, str]:
    """Which characters each code of a font stands for."""
    told = font.ToUnicode.read_bytes().decode()
    pairs = re.findall(r"<([0-9A-F]{2})> <([0-9A-F]+)>", told.partition("beginbfchar")[2])
    return {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}


def notdefs(pdf: bytes) -> int:
    """How often a page shows a code that no character stands for."""
    return read_by_content(pdf).count("\0")
