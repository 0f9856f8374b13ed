"""What an attached file is, by its content and never by its name; and a name for it that is safe to show.

Signatures: PDF (ISO 32000-1, 7.5.2), PNG (W3C PNG, 5.2), JPEG (ITU-T T.81, annex B), TIFF 6.0 section 2, ZIP and
Office Open XML packages (ECMA-376 part 2), e-mail (RFC 5322). Nothing here runs, unpacks to disk or follows anything.
"""

from __future__ import annotations

import csv
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO, StringIO

from desktop.policy.pdfparts import carries_active

PDF = "application/pdf"
PDF_ACTIVE = "application/pdf; content=active"
"""A PDF that carries programs or other files: it is taken, and said to be one."""
PDFS = (PDF, PDF_ACTIVE)
PNG = "image/png"
JPEG = "image/jpeg"
TIFF = "image/tiff"
TEXT = "text/plain"
CSV = "text/csv"
EML = "message/rfc822"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

KINDS = {
    PDF: ("PDF", ".pdf"),
    PDF_ACTIVE: ("PDF that carries other files or programs", ".pdf"),
    PNG: ("Picture (PNG)", ".png"),
    JPEG: ("Picture (JPEG)", ".jpg"),
    TIFF: ("Picture (TIFF)", ".tif"),
    TEXT: ("Text", ".txt"),
    CSV: ("Table (CSV)", ".csv"),
    EML: ("E-mail", ".eml"),
    DOCX: ("Word document", ".docx"),
    XLSX: ("Excel workbook", ".xlsx"),
}
"""Each kind that may be attached: its words, and the ending of a saved copy."""

ACCEPTED = "a PDF, a picture (PNG, JPEG or TIFF), text, CSV, an e-mail (EML), or a Word or Excel file without macros"

LONGEST_NAME = 120
MOST_PARTS = 5_000
MOST_UNPACKED = 200 * 1024 * 1024
"""Bytes of a package's parts, unpacked, beyond which it is taken for a trap and not opened."""
MOST_TYPES = 1024 * 1024


class NotAccepted(ValueError):
    """This file is not attached, and why, in words fit to show. ``why`` leaves out what could be attached instead."""

    def __init__(self, why: str, instead: str = "") -> None:
        super().__init__(f"{why} {instead}".strip())
        self.why = why


@dataclass(frozen=True, slots=True)
class _Signature:
    starts: bytes
    what: str


_SIGNED = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG), (b"II*\0", TIFF), (b"MM\0*", TIFF))
_OTHERS = (
    _Signature(b"MZ", "a program for Windows"),
    _Signature(b"\x7fELF", "a program"),
    _Signature(b"\xca\xfe\xba\xbe", "a program"),
    _Signature(b"\xcf\xfa\xed\xfe", "a program"),
    _Signature(b"#!", "a script"),
    _Signature(b"\xd0\xcf\x11\xe0", "a file of an older Office or Outlook, which may carry macros"),
    _Signature(b"{\\rtf", "rich text, which may carry programs"),
    _Signature(b"Rar!", "an archive"),
    _Signature(b"7z\xbc\xaf", "an archive"),
    _Signature(b"\x1f\x8b", "an archive"),
)
_TEXT_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_PIECE = 256 * 1024
_HEADER = re.compile(r"[!-9;-~]+:")
_LETTER_HEADS = {"from", "to", "subject", "date", "received", "message-id", "mime-version"}
_DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)
_MACROS = ("vbaproject", "vbadata", "macrosheets/", "activex/")


def kind_of(content: bytes) -> str:
    """The media type of a file's bytes. Raises NotAccepted."""
    if not content:
        raise NotAccepted("The file is empty.")
    for starts, kind in _SIGNED:
        if content.startswith(starts):
            return PDF_ACTIVE if kind == PDF and carries_active(content) else kind
    for other in _OTHERS:
        if content.startswith(other.starts):
            raise NotAccepted(f"This is {other.what}.", f"Attach {ACCEPTED}.")
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package(content)
    text = decoded(content)
    if text is None:
        raise NotAccepted("The desk does not know this kind of file.", f"Attach {ACCEPTED}.")
    if _is_mail(text):
        return EML
    return CSV if _is_table(text) else TEXT


def decoded(content: bytes) -> str | None:
    """A text file's words, in UTF-8, UTF-16 with its mark, or Windows-1252; None for what is no text."""
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Piece by piece: one long search would hold up every other thread of the program.
        pieces = (text[at : at + _PIECE] for at in range(0, len(text), _PIECE))
        return None if any(_TEXT_CONTROLS.search(piece) for piece in pieces) else text
    return None


def safe_name(name: str) -> str:
    """A file's name as it may be shown: without its folders, control characters and marks that turn text round.

    The longest names keep their ending.
    """
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    shown = "".join(" " if one.isspace() else one for one in last if one.isspace() or _visible(one))
    shown = " ".join(shown.split()).strip(". ")
    if len(shown) > LONGEST_NAME:
        stem, dot, ending = shown.rpartition(".")
        keep = f"…{dot}{ending}" if dot and len(ending) <= 8 else "…"
        shown = (stem if dot else shown)[: LONGEST_NAME - len(keep)] + keep
    return shown or "Without a name"


def _visible(one: str) -> bool:
    # Cc controls, Cf marks of direction and joiners, Cs lone surrogates, Co and Cn what nobody can read.
    return not unicodedata.category(one).startswith("C")


def size_words(size: int) -> str:
    """Such as "412 bytes", "38 KB" or "2.4 MB"."""
    if size < 1024:
        return f"{size} bytes"
    if size < 1024 * 1024:
        return f"{round(size / 1024)} KB"
    return f"{size / 1024 / 1024:.1f} MB".replace(".0 ", " ")


def _package(content: bytes) -> str:
    """A Word or Excel file, looked at without unpacking more than its list of contents."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
            names = {one.filename.lower() for one in parts}
            if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED:
                raise NotAccepted("This file unpacks to far more than it should. It is not opened.")
            if len(names) != len(parts):
                raise NotAccepted("This file names a part of it twice. It is not opened.")
            if any(one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for one in parts):
                raise NotAccepted("This file is packed in a way that Word and Excel do not use. It is not opened.")
            if any(one.flag_bits & 1 for one in parts):
                raise NotAccepted("This file is locked with a password. Ask for one without.")
            types = _content_types(package)
    except _DAMAGED as error:
        if isinstance(error, NotAccepted):
            raise
        raise NotAccepted("This file is damaged: it cannot be opened.") from error
    if any(mark in name for name in names for mark in _MACROS) or "macroenabled" in types or "vbaproject" in types:
        raise NotAccepted("This file holds macros, which are programs. Ask for a PDF, or for one without macros.")
    if types and "word/document.xml" in names:
        return DOCX
    if types and "xl/workbook.xml" in names:
        return XLSX
    raise NotAccepted("This is an archive.", f"Attach what is in it: {ACCEPTED}.")


def _content_types(package: zipfile.ZipFile) -> str:
    """What the package says its parts are; "" where it does not say."""
    try:
        listed = package.getinfo("[Content_Types].xml")
    except KeyError:
        return ""
    with package.open(listed) as part:
        said = part.read(MOST_TYPES + 1)
    if len(said) > MOST_TYPES:
        raise NotAccepted("This file unpacks to far more than it should. It is not opened.")
    return said.decode("utf-8").lower()


def _is_mail(text: str) -> bool:
    """Whether it begins with the header fields of a message, two of the usual ones at least."""
    seen = set()
    for line in text[:_PIECE].lstrip("\r\n").splitlines()[:200]:
        if not line.strip():
            break
        if line[0] in " \t":
            continue
        if not (found := _HEADER.match(line)):
            return False
        seen.add(found.group()[:-1].lower())
    return len(seen & _LETTER_HEADS) >= 2


def _is_table(text: str) -> bool:
    """Whether each of its first lines has the same number of cells, two at least."""
    head = "\n".join(text[:_PIECE].splitlines()[:20])
    for comma in (",", ";", "\t"):
        try:
            rows = [row for row in csv.reader(StringIO(head), delimiter=comma) if row]
        except csv.Error:
            continue
        if len(rows) > 1 and len(rows[0]) > 1 and len({len(row) for row in rows}) == 1:
            return True
    return False
