"""What an attached file is, by its bytes: the kinds that are taken, and hostile ones that are not."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.policy import filekinds
from desktop.policy.filekinds import NotAccepted, decoded, kind_of, safe_name, size_words

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
MAIL = "From: a@b.example\r\nSubject: Request\r\n folded\r\n\r\nDear all"


def package(**parts: str) -> bytes:
    """A ZIP file; "__" in a name stands for a slash and "_dot_" for a dot."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return held.getvalue()


TYPES = "<Types><Default Extension='xml' ContentType='application/xml'/></Types>"


def office_file(part: str, types: str = TYPES, **more: str) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", types)
        made.writestr(part, "<x/>")
        for name, text in more.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\n", filekinds.PDF),
        (PNG, filekinds.PNG),
        (b"\xff\xd8\xff\xe0" + bytes(20), filekinds.JPEG),
        (b"II*\0" + bytes(20), filekinds.TIFF),
        (b"MM\0*" + bytes(20), filekinds.TIFF),
        ("Zoë asked on 1 June.".encode(), filekinds.TEXT),
        ("Zoë asked".encode("cp1252"), filekinds.TEXT),
        ("Zoë asked".encode("utf-16"), filekinds.TEXT),
        (b'reference,name\nA1,Smith\nA2,"Jones, Ann"\n', filekinds.CSV),
        (b"a;b\n1;2\n", filekinds.CSV),
        (MAIL.encode(), filekinds.EML),
        (b"Dear all: yes\nRegards: no\n", filekinds.TEXT),
        (office_file("word/document.xml"), filekinds.DOCX),
        (office_file("xl/workbook.xml"), filekinds.XLSX),
    ],
)
def test_a_kind_is_known_by_its_content(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind
    assert kind in filekinds.KINDS


BOMB = BytesIO()
with zipfile.ZipFile(BOMB, "w", zipfile.ZIP_DEFLATED) as _bomb:
    _bomb.writestr("[Content_Types].xml", TYPES)
    for _number in range(3):
        _bomb.writestr(f"word/{_number}.xml", bytes(90 * 1024 * 1024))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"MZ\x90\0" + bytes(60), "a program for Windows"),
        (b"\x7fELF\x02\x01\x01", "a program"),
        (b"#!/bin/sh\nrm -rf /\n", "a script"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "older Office"),
        (b"{\\rtf1\\ansi}", "rich text"),
        (b"Rar!\x1a\x07", "an archive"),
        (bytes(100), "does not know"),
        (b"text with a \0 in it", "does not know"),
        (package(readme_dot_txt="x"), "an archive"),
        (package(word__document_dot_xml="x"), "an archive"),
        (b"PK\x03\x04 and nothing", "damaged"),
        (office_file("word/document.xml")[:-30], "damaged"),
        (office_file("word/document.xml", word__vbaProject_dot_bin="x"), "macros"),
        (office_file("xl/workbook.xml", xl__macrosheets__sheet1_dot_xml="x"), "macros"),
        (office_file("word/document.xml", TYPES.replace("application/xml", "x.macroEnabled.main+xml")), "macros"),
        (office_file("word/document.xml", types="\udc80".encode("utf-8", "surrogatepass").decode("latin-1")), ""),
        (office_file("xl/workbook.xml", types=" " * (filekinds.MOST_TYPES + 1)), "far more"),
        (BOMB.getvalue(), "far more"),
    ],
)
def test_what_is_not_taken_is_refused_in_words(content: bytes, words: str) -> None:
    if not words:
        assert kind_of(content) == filekinds.DOCX
        return
    with pytest.raises(NotAccepted, match=words) as error:
        kind_of(content)
    assert str(error.value).endswith(".")


def test_a_part_named_twice_is_not_opened() -> None:
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr("[Content_Types].xml", TYPES)
        made.writestr("word/document.xml", "a")
        with pytest.warns(UserWarning, match="Duplicate name"):
            made.writestr("word/document.xml", "b")
    with pytest.raises(NotAccepted, match="twice"):
        kind_of(held.getvalue())


def test_the_bomb_is_small_and_costs_little() -> None:
    assert len(BOMB.getvalue()) < 1024 * 1024


def answered(content: bytes) -> bool:
    """Whether there is a known kind, or a sentence that says why not; any other error is a mistake of ours."""
    try:
        return kind_of(content) in filekinds.KINDS
    except NotAccepted as error:
        return str(error).endswith(".")


@given(st.binary(max_size=400))
def test_any_bytes_have_a_kind_or_a_reason(content: bytes) -> None:
    assert answered(content)


@given(st.integers(0, 2000), st.integers(0, 255))
def test_a_damaged_package_has_a_kind_or_a_reason(at: int, byte: int) -> None:
    whole = bytearray(office_file("xl/workbook.xml"))
    whole[at % len(whole)] = byte
    assert answered(bytes(whole))


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("request.pdf", "request.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\someone\\request.pdf", "request.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u2066a\u2069b\u200d\u200e.pdf", "ab.pdf"),
        ("two\nlines\t.pdf", "two lines .pdf"),
        ("nul\0byte.pdf", "nulbyte.pdf"),
        ("lone\udc80surrogate.pdf", "lonesurrogate.pdf"),
        ("...", "Without a name"),
        ("", "Without a name"),
        ("/", "Without a name"),
        ("Дело № 5.pdf", "Дело № 5.pdf"),
    ],
)
def test_a_name_is_safe_to_show(given_name: str, shown: str) -> None:
    assert safe_name(given_name) == shown


def test_a_long_name_keeps_its_ending() -> None:
    shown = safe_name("x" * 500 + ".pdf")
    assert len(shown) == filekinds.LONGEST_NAME
    assert shown.endswith("….pdf")


@given(st.text(max_size=300))
def test_any_name_can_be_shown(name: str) -> None:
    shown = safe_name(name)
    assert 0 < len(shown) <= filekinds.LONGEST_NAME
    assert "/" not in shown
    assert "\\" not in shown
    assert safe_name(shown) == shown
    shown.encode()


def test_sizes_in_words() -> None:
    assert [size_words(n) for n in (412, 38 * 1024, 10 * 1024 * 1024, 2_500_000)] == [
        "412 bytes",
        "38 KB",
        "10 MB",
        "2.4 MB",
    ]


def test_text_is_read_in_the_encodings_that_are_taken() -> None:
    assert decoded("\ufeffZoë".encode()) == "Zoë"
    assert decoded("Zoë".encode("utf-16")) == "Zoë"
    assert decoded("Zoë".encode("cp1252")) == "Zoë"
    assert decoded(b"\x81\x8d") is None
