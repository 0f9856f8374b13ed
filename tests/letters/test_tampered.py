"""Letters that somebody tampered with, as `tracing-desk verify FILE` tells of them: each is reported."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject
from pyhanko.pdf_utils.generic import pdf_string as string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from db.records import LetterKind
from desktop.cli import run
from desktop.letters.pages import render
from desktop.security.certificates import Identity, make_identity
from desktop.security.signing import sign
from tests.letters.factory import letter
from tests.letters.signers import AT

Change = Callable[[bytes, Identity], bytes]


@pytest.fixture(scope="module")
def identity() -> Identity:
    return make_identity("Meridian Health Records", AT - timedelta(days=1))


@pytest.fixture(scope="module")
def signed(identity: Identity) -> bytes:
    return sign(render(letter(LetterKind.DISCLOSURE)), identity, AT)


@pytest.fixture
def verify(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[bytes], str]:
    """What the command says of a file; "" where it is good."""

    def told(pdf: bytes) -> str:
        file = tmp_path / "letter.pdf"
        file.write_bytes(pdf)
        status = run(["--data-dir", str(tmp_path / "none"), "verify", str(file)])
        said = capsys.readouterr().out
        assert (status == 1) is ("Do not rely on it." in said or "not signed" in said)
        return said if status else ""

    return told


def test_a_letter_as_it_was_issued_is_good(signed: bytes, verify: Callable[[bytes], str]) -> None:
    assert verify(signed) == ""


def test_each_of_100_changes_of_one_byte_is_reported(signed: bytes, verify: Callable[[bytes], str]) -> None:
    dice = random.Random(4)
    for n in range(100):
        at = dice.randrange(n * len(signed) // 100, (n + 1) * len(signed) // 100)
        assert verify(signed[:at] + bytes([signed[at] ^ 1 << dice.randrange(8)]) + signed[at + 1 :]), at


def places(signed: bytes) -> dict[str, range]:
    """The bytes of a signature's dictionary that the signature itself does not cover, or that say what it covers."""
    gap = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\s*\]", signed)
    value = re.search(rb"/Contents <([0-9A-F]+)>", signed)
    assert gap is not None
    assert value is not None
    padding = len(value[1]) - len(value[1].rstrip(b"0"))
    return {
        "the range": range(gap.start(), gap.end()),
        "the brackets": range(value.start(1) - 1, value.start(1)),
        "the closing bracket": range(value.end(1), value.end(1) + 1),
        "the padding": range(value.end(1) - min(padding, 40), value.end(1)),
    }


@pytest.mark.parametrize("place", ["the range", "the brackets", "the closing bracket", "the padding"])
def test_a_byte_of_what_the_signature_does_not_cover_is_reported(
    place: str, signed: bytes, verify: Callable[[bytes], str]
) -> None:
    for at in places(signed)[place]:
        for other in (signed[at] ^ 1, ord("0") if signed[at] != ord("0") else ord("1"), ord(" ")):
            if other != signed[at]:
                assert verify(signed[:at] + bytes([other]) + signed[at + 1 :]), (place, at, other)


def updated(signed: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The letter with an incremental update, as an attack of the "shadow" sort appends one."""
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(signed)
    return out.getvalue()


def _page(writer: IncrementalPdfFileWriter) -> Any:
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    writer.update_container(page)
    return page


def _field(writer: IncrementalPdfFileWriter) -> None:
    box = ArrayObject(map(NumberObject, (100, 100, 300, 120)))
    field = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Tx"),
            NameObject("/T"): string("Address"),
            NameObject("/V"): string("9 Tannery Yard"),
            NameObject("/Rect"): box,
        }
    )
    placed = writer.add_object(field)
    form = writer.root["/AcroForm"]
    form["/Fields"].append(placed)
    writer.update_container(form["/Fields"])
    _page(writer)["/Annots"].append(placed)


def _note(writer: IncrementalPdfFileWriter) -> None:
    note = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/FreeText"),
            NameObject("/Contents"): string("It is another address."),
            NameObject("/Rect"): ArrayObject(map(NumberObject, (100, 300, 400, 330))),
        }
    )
    _page(writer)["/Annots"].append(writer.add_object(note))


def _annotation(writer: IncrementalPdfFileWriter) -> None:
    field = writer.root["/AcroForm"]["/Fields"][0].get_object()
    field["/Rect"] = ArrayObject(map(NumberObject, (0, 0, 600, 800)))
    writer.update_container(field)


def _content(writer: IncrementalPdfFileWriter) -> None:
    _page(writer)["/Contents"] = writer.add_object(StreamObject(stream_data=b"q Q"))


def _info(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/Lang"] = string("cy")
    writer.update_root()


UPDATES = {"a form field": _field, "a note": _note, "an annotation": _annotation, "a page": _content, "a word": _info}


@pytest.mark.parametrize("what", UPDATES)
def test_an_update_that_changes_what_is_shown_is_reported(
    what: str, signed: bytes, verify: Callable[[bytes], str]
) -> None:
    said = verify(updated(signed, UPDATES[what]))
    assert "Something was added to it after it was signed." in said


def test_the_signature_of_another_letter_is_reported(
    signed: bytes, identity: Identity, verify: Callable[[bytes], str]
) -> None:
    other = sign(render(letter(LetterKind.DISCLOSURE, reference="TR-000147-0")), identity, AT)
    mine, theirs = (re.search(rb"/Contents <([0-9A-F]+)>", one) for one in (signed, other))
    assert mine is not None
    assert theirs is not None
    swapped = signed[: mine.start(1)] + theirs[1] + signed[mine.end(1) :]
    assert len(swapped) == len(signed)
    assert "It was changed after it was signed." in verify(swapped)


def test_a_letter_that_was_written_anew_is_reported(signed: bytes, verify: Callable[[bytes], str]) -> None:
    """Changed and saved whole: no byte stands where it did, and the signature is still in the file."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed)) as document:
        document.pages[0].obj.Contents = document.make_stream(b"q Q")
        document.save(out)
    assert verify(out.getvalue())


def test_a_letter_without_its_signature_is_reported(signed: bytes, verify: Callable[[bytes], str]) -> None:
    end = signed.index(b"%%EOF") + len(b"%%EOF\n")
    assert "It is not signed." in verify(signed[:end])


def test_a_second_signature_by_another_body_is_reported(signed: bytes, verify: Callable[[bytes], str]) -> None:
    """The letter of before it was signed, changed, and signed by someone with a certificate of the same name."""
    end = signed.index(b"%%EOF") + len(b"%%EOF\n")
    unsigned = signed[:end]
    forged = sign(unsigned, make_identity("Meridian Health Records", AT - timedelta(days=1)), AT)
    # Alone, it is a good letter of whoever has that fingerprint: only the desk’s store knows that it is not its own.
    assert verify(forged) == ""
    assert len(PdfFileReader(io.BytesIO(forged)).embedded_signatures) == 1
    assert verify(signed + forged[end:])
