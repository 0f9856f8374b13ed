"""The words of a Word or Excel file (ECMA-376): no pictures, no formats, no formulas, and nothing that runs.

The parts are parsed piece by piece; a part that declares an entity, or unpacks to too much, is not read.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO
from xml.parsers import expat

MOST_READ = 20 * 1024 * 1024
"""Bytes of a file's parts, unpacked, beyond which it is not read."""
_DAMAGED = (
    expat.ExpatError,
    zipfile.BadZipFile,
    zlib.error,
    LookupError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
_PIECE = 64 * 1024
_LEFT_OUT = "Words and numbers alone: formats, dates as they are shown, pictures and formulas are left out."
_SHEET = re.compile(r"xl/worksheets/sheet(\d{1,4})\.xml", re.IGNORECASE)


class NotRead(ValueError):
    """The file is damaged, or sets a trap."""


class _Reader:
    """Gathers text while a part is parsed; a subclass says what its elements mean."""

    def read(self, package: zipfile.ZipFile, name: str, before: int = 0) -> int:
        """Parses one part, and returns how many bytes that makes with those `before`. Raises NotRead."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = lambda tag, given: self.start(tag.rpartition(" ")[2], given)
        parser.EndElementHandler = lambda tag: self.end(tag.rpartition(" ")[2])
        parser.CharacterDataHandler = self.words
        parser.EntityDeclHandler = self._entity
        size = before
        try:
            with package.open(name) as part:
                while piece := part.read(_PIECE):
                    size += len(piece)
                    if size > MOST_READ:
                        raise NotRead
                    parser.Parse(piece, False)
                parser.Parse(b"", True)
        except _DAMAGED as error:
            raise NotRead from error
        return size

    def start(self, tag: str, given: dict[str, str]) -> None:
        """An element begins."""
        raise NotImplementedError

    def end(self, tag: str) -> None:
        """An element ends."""
        raise NotImplementedError

    def words(self, text: str) -> None:
        """Text within an element."""
        raise NotImplementedError

    def _entity(self, *_given: object) -> None:
        raise NotRead


class _Document(_Reader):
    """Paragraphs of a Word file, a line each."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._text = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        self._text = tag == "t"
        if tag in ("tab", "br", "cr"):
            self.found.append("\t" if tag == "tab" else "\n")

    def end(self, tag: str) -> None:
        self._text = False
        if tag in ("p", "tr"):
            self.found.append("\n")

    def words(self, text: str) -> None:
        if self._text:
            self.found.append(text)


class _Strings(_Reader):
    """The shared strings of a workbook, in their order."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._text = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        self._text = tag == "t"
        if tag == "si":
            self.found.append("")

    def end(self, tag: str) -> None:
        self._text = False

    def words(self, text: str) -> None:
        if self._text and self.found:
            self.found[-1] += text


class _Sheet(_Reader):
    """Rows of a sheet, a line each, cells with a tab between."""

    def __init__(self, strings: list[str]) -> None:
        self.found: list[str] = []
        self._strings = strings
        self._row: list[str] = []
        self._cell = self._kind = ""
        self._text = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        self._text = tag in ("v", "t")
        if tag == "c":
            self._cell, self._kind = "", given.get("t", "")

    def end(self, tag: str) -> None:
        self._text = False
        if tag == "c":
            shared = self._kind == "s" and self._cell.isdecimal() and int(self._cell) < len(self._strings)
            self._row.append(self._strings[int(self._cell)] if shared else self._cell)
        elif tag == "row":
            self.found.append("\t".join(self._row))
            self._row = []

    def words(self, text: str) -> None:
        if self._text:
            self._cell += text


def word_text(content: bytes) -> str:
    """The words of a Word file. Raises NotRead."""
    with _opened(content) as package:
        document = _Document()
        document.read(package, "word/document.xml")
    return f"{_LEFT_OUT}\n\n{''.join(document.found)}"


def workbook_text(content: bytes) -> str:
    """The cells of an Excel file, sheet by sheet. Raises NotRead."""
    with _opened(content) as package:
        names = package.namelist()
        strings = _Strings()
        size = strings.read(package, "xl/sharedStrings.xml") if "xl/sharedStrings.xml" in names else 0
        sheets = sorted((int(found[1]), name) for name in names if (found := _SHEET.fullmatch(name)))
        said = [_LEFT_OUT]
        for number, name in sheets:
            sheet = _Sheet(strings.found)
            size = sheet.read(package, name, size)
            said += ["", f"Sheet {number}", *sheet.found]
    return "\n".join(said)


def _opened(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(BytesIO(content))
    except _DAMAGED as error:
        raise NotRead from error
