"""Every letter, in every variant, conforms to PDF/A-2a and PDF/UA-1; a fault of each sort is seen."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from db.records import LetterKind
from desktop.letters.facts import ItemRow, LetterFacts
from desktop.letters.pages import render, render_sheet
from desktop.letters.shaping import pieces_of
from desktop.letters.words import IN_WELSH
from desktop.security.certificates import Identity, make_identity
from desktop.security.signing import sign
from tests.letters.conformance import problems, read_aloud, structure, validated
from tests.letters.drawing import FONTS
from tests.letters.factory import bilingual, letter, organisation, png, sheet
from tests.letters.reading import pages_of
from tests.letters.signers import AT
from tests.letters.test_scripts import NAMES

KINDS = list(LetterKind)
JARS = ("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "javax.activation", "jaxb-api")


def illustrated(facts: LetterFacts) -> LetterFacts:
    """With a logo and a signature."""
    return replace(facts, organisation=organisation(logo=png(300, 100)), signature=png(90, 30))


def long(facts: LetterFacts) -> LetterFacts:
    """With the longest values: five pages and more."""
    line = "A reason at the length of a line or somewhat more, so that it wraps. "
    values = "\n".join(f"Name number {n}" for n in range(1, 120))
    more = ItemRow("Other names " * 6, values, "14 May 2012")
    return replace(
        facts,
        items=(*facts.items, more) if facts.items else (),
        reasons=(*facts.reasons, *[line * 3] * 60) if facts.reasons else (),
        person=line * 40 if facts.person else "",
        status_answer=line * 150 if facts.status_answer else "",
        governed_by=line * 150,
        request_words=line * 150,
        conditions=(line * 60,) if facts.conditions else (),
        rights=(line * 100, line * 100),
        their_reference="EMC/MP/2017/0418, " * 12,
        recipient=tuple(f"{line}{n}" for n in range(12)),
        gateway=line * 150 if facts.gateway else "",
        said=(line * 60, line * 60) if facts.said else (),
        complaint=(line * 60,),
        body=line * 100 if facts.body else "",
        reply_to=line * 150 if facts.reply_to else "",
    )


SAID_BY_US = (
    "agreement_title", "gateway", "governed_by", "request_words", "criterion", "reasons", "conditions", "rights",
    "complaint", "status_answer", "items", "person", "in_welsh",
)  # fmt: skip
"""What a letter in Welsh needs in the words of the list of terms."""

VARIANTS: dict[str, Callable[[LetterFacts], LetterFacts]] = {
    "as it is": lambda facts: facts,
    "large print": lambda facts: replace(facts, large_print=True),
    "illustrated": illustrated,
    "long": long,
    "long large print": lambda facts: long(replace(facts, large_print=True)),
}


@pytest.fixture(scope="module")
def identity() -> Identity:
    return make_identity("Meridian Health Records", AT - timedelta(days=1))


def faults(pdf: bytes, identity: Identity) -> list[str]:
    """What is wrong with a letter before it is signed, and after."""
    return [*problems(pdf), *(f"signed: {one}" for one in problems(sign(pdf, identity, AT)))]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_conforms_before_and_after_signing(kind: LetterKind, variant: str, identity: Identity) -> None:
    pdf = render(VARIANTS[variant](letter(kind)))
    assert faults(pdf, identity) == []
    if variant.startswith("long"):
        assert len(pages_of(pdf)) >= 5


@pytest.mark.parametrize("variant", ["as it is", "illustrated", "long large print"])
@pytest.mark.parametrize("kind", sorted(IN_WELSH))
def test_every_letter_in_two_languages_conforms(kind: LetterKind, variant: str, identity: Identity) -> None:
    facts = VARIANTS[variant](letter(kind))
    facts = replace(facts, **{name: getattr(bilingual(kind), name) for name in SAID_BY_US})
    if variant.startswith("long") and facts.person:
        facts = replace(facts, items=(*facts.items, ItemRow("Name", "Li Wen Ashworth, " * 300, "14 May 2012")))
    pdf = render(facts)
    assert [one for one in ("Annwyl", "Dear") if one not in " ".join(pages_of(pdf))] == []
    assert faults(pdf, identity) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_conforms_in_every_script(
    kind: LetterKind, identity: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them in one letter of each kind, in its greeting and its address; in both prints."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    shutil.copytree(FONTS, tmp_path / "fonts")
    pieces_of.cache_clear()
    every = ", ".join(NAMES.values())
    for large in (False, True):
        recipient = tuple(
            NAMES[one] for one in ("Arabic", "Thai", "Devanagari", "Ethiopic", "Hebrew with points", "Chinese")
        )
        pdf = render(letter(kind, recipient=recipient, salutation=every, caseworker=every, large_print=large))
        assert faults(pdf, identity) == []


def test_the_recovery_sheet_conforms() -> None:
    assert problems(render_sheet(sheet())) == []
    longer = replace(sheet(), groups=sheet().groups[:-1])
    assert problems(render_sheet(longer)) == [], "a last line with fewer groups"


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_is_read_aloud_in_the_order_in_which_it_is_meant(kind: LetterKind, tmp_path: Path) -> None:
    facts = letter(kind)
    said = read_aloud(render(facts), tmp_path)
    expected = (
        facts.marking, "Meridian Health Records", "Disclosure team", facts.organisation.email, "Our reference",
        facts.reference, *facts.recipient, f"Dear {facts.salutation}", "Yours sincerely", "Margaret Ellison",
        "End of letter",
    )  # fmt: skip
    at = 0
    for one in expected:
        assert one in said[at:], f"{one} does not follow {said[:at][-60:]}"
        at = said.index(one, at) + len(one)
    assert said.count(facts.marking) == 1, "the marking at the other edges is furniture"
    assert "Page 1 of" not in said


def test_lines_of_one_paragraph_are_read_with_a_space_between_them(tmp_path: Path) -> None:
    said = read_aloud(render(long(letter(LetterKind.DISCLOSURE))), tmp_path)
    assert "somewhat more, so that it wraps. A reason at the length of a line" in said
    assert "Name number 58 Name number 59 Name number 60" in said, "over the end of a page, too"
    assert "wraps.A" not in said


def test_a_table_has_its_heads_once_and_a_list_its_items(tmp_path: Path) -> None:
    tree = structure(render(long(letter(LetterKind.DISCLOSURE))), tmp_path)
    assert tree.count("/Scope /Column") == 3
    assert tree.count("Table (block)") == 1
    assert tree.count("/Scope /Row") == len(letter(LetterKind.DISCLOSURE).items) + 1
    assert tree.count("LBody (block)") == tree.count("Lbl (block)") == 4
    assert tree.count("H1 (block)") == 1


def test_the_pictures_say_what_they_show() -> None:
    pdf = render(illustrated(letter(LetterKind.REFUSAL)))
    assert b"(Logo of Meridian Health Records)" in pdf
    assert b"(Signature of Margaret Ellison)" in pdf


def test_the_file_says_what_it_was_made_from_and_not_more() -> None:
    facts = letter(LetterKind.DISCLOSURE)
    with pikepdf.open(io.BytesIO(render(facts))) as document:
        assert bytes(document.trailer.ID[0]).hex() == facts.file_id
        xmp = document.Root.Metadata.read_bytes().decode()
    assert "Ashworth" not in xmp
    assert "ReportLab" not in xmp
    assert "pikepdf" not in xmp


# Planted faults


def _first(document: pikepdf.Pdf, kind: str) -> Any:
    waiting = [document.Root.StructTreeRoot.K]
    while waiting:
        element = waiting.pop(0)
        if kind == element.S:
            return element
        kids: Any = element.get("/K", [])
        waiting += [kid for kid in kids if isinstance(kid, Dictionary) and kid.get("/Type") == "/StructElem"]
    raise LookupError(kind)


def _content(document: pikepdf.Pdf, change: Callable[[bytes], bytes]) -> None:
    sheet = document.pages[0]
    sheet.obj.Contents = document.make_stream(change(sheet.Contents.read_bytes()))


def _set(target: Any, key: str, value: Any) -> None:
    target[key] = value


def _drop(target: Any, key: str) -> None:
    del target[key]


def _xmp(document: pikepdf.Pdf, old: bytes, new: bytes) -> None:
    changed = document.Root.Metadata.read_bytes().replace(old, new)
    document.Root.Metadata = document.make_stream(changed, Type=Name.Metadata, Subtype=Name.XML)


FAULTS: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "not marked as tagged": lambda d: _drop(d.Root, "/MarkInfo"),
    "no tree": lambda d: _drop(d.Root, "/StructTreeRoot"),
    "no language": lambda d: _drop(d.Root, "/Lang"),
    "no title in the window": lambda d: _drop(d.Root, "/ViewerPreferences"),
    "no meaning of colours": lambda d: _drop(d.Root, "/OutputIntents"),
    "no description": lambda d: _drop(d.Root, "/Metadata"),
    "not said to be PDF/A": lambda d: _xmp(d, b"pdfaid:part>2<", b"pdfaid:part>9<"),
    "not said to be PDF/UA": lambda d: _xmp(d, b"<pdfuaid:part>1</pdfuaid:part>", b""),
    "another title in XMP": lambda d: _xmp(d, b"TR-000146-2", b"TR-000146-3"),
    "another day in XMP": lambda d: _xmp(d, b"2017-06-12", b"2017-06-13"),
    "a producer": lambda d: _set(d.docinfo, "/Producer", String("A program")),
    "a page that knows no tree": lambda d: _drop(d.pages[0].obj, "/StructParents"),
    "tab order": lambda d: _drop(d.pages[0].obj, "/Tabs"),
    "a transition": lambda d: _set(d.pages[0].obj, "/Trans", Dictionary()),
    "text that is not marked": lambda d: _content(d, lambda c: c.replace(b"/H1 <</MCID", b"/Nothing <</Other", 1)),
    "a number twice": lambda d: _content(d, lambda c: c.replace(b"<</MCID 1>>", b"<</MCID 0>>", 1)),
    "a mark in a mark": lambda d: _content(d, lambda c: c.replace(b"EMC", b"", 1)),
    "something drawn beside the marks": lambda d: _content(d, lambda c: c + b"\n0 0 10 10 re f"),
    "a parent tree that lacks a page": lambda d: _set(d.Root.StructTreeRoot.ParentTree, "/Nums", Array([])),
    "a heading of no rank": lambda d: _set(_first(d, "/H1"), "/S", Name.H3),
    "a picture without words": lambda d: _drop(_first(d, "/Figure"), "/Alt"),
    "an element of no sort": lambda d: _set(_first(d, "/H2"), "/S", Name.Headline),
    "a head cell without a direction": lambda d: _drop(_first(d, "/TH"), "/A"),
    "a font that is not there": lambda d: _drop(_font(d).FontDescriptor, "/FontFile2"),
    "codes without characters": lambda d: _drop(_font(d), "/ToUnicode"),
    "a signature's field outside the tree": lambda d: _drop(d.pages[0].obj.Annots[0], "/StructParent"),
    "a field without a name": lambda d: _drop(d.pages[0].obj.Annots[0], "/TU"),
    "a script": lambda d: _set(d.Root, "/OpenAction", Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))),
    "a file inside": lambda d: d.attachments.__setitem__("a.txt", b"words"),
    "a picture that a viewer smooths": lambda d: _set(_picture(d), "/Interpolate", True),
}


def _font(document: pikepdf.Pdf) -> Any:
    return next(font for font in document.pages[0].resources.Font.values() if "/ToUnicode" in font)


def _picture(document: pikepdf.Pdf) -> Any:
    return next(one for one in document.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_seen(fault: str) -> None:
    """Each of what a letter's file could lack, planted in one that conforms."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(render(illustrated(letter(LetterKind.DISCLOSURE))))) as document:
        FAULTS[fault](document)
        document.save(out, fix_metadata_version=False)
    assert problems(out.getvalue()), fault


def test_saving_a_letter_anew_is_no_fault() -> None:
    """So that what the test above sees is the fault and not the saving."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(render(illustrated(letter(LetterKind.DISCLOSURE))))) as document:
        document.save(out, fix_metadata_version=False)
    assert problems(out.getvalue()) == []


def _preflight() -> list[str]:
    """The call of another validator, of the archival part alone; [] where it is not installed."""
    jars = [Path("/usr/share/java") / f"{name}.jar" for name in JARS]
    if shutil.which("java") is None or not all(jar.exists() for jar in jars):
        return []
    return ["java", "-cp", ":".join(map(str, jars)), "org.apache.pdfbox.preflight.Validator_A1b"]


@pytest.mark.skipif(not _preflight(), reason="needs Debian's packages libpdfbox2-java and a Java")
@pytest.mark.parametrize("variant", ["illustrated", "long large print"])
def test_an_independent_validator_agrees_on_the_archival_part(variant: str, tmp_path: Path) -> None:
    """It knows PDF/A-1b, whose rules for fonts, colours and metadata are those of PDF/A-2. Only a field of no size
    without an appearance is allowed in PDF/A-2 (ISO 19005-2, 6.3.3) and not before.
    """
    file = tmp_path / "letter.pdf"
    facts = VARIANTS[variant](letter(LetterKind.DISCLOSURE))
    with pikepdf.open(io.BytesIO(render(facts))) as document:
        del document.Root.AcroForm
        del document.pages[0].obj.Annots
        _xmp(document, b"pdfaid:part>2<", b"pdfaid:part>1<")
        _xmp(document, b"pdfaid:conformance>A<", b"pdfaid:conformance>B<")
        document.save(
            file,
            force_version="1.4",
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            fix_metadata_version=False,
        )
    done = subprocess.run([*_preflight(), str(file)], capture_output=True, text=True, check=False)
    assert "is a valid PDF/A-1b file" in done.stdout, done.stdout + done.stderr
    assert validated(file.read_bytes()), "and the first validator sees that it is no PDF/A-2a any more"


def _languages(element: Any, outer: str) -> list[str]:
    """The language of each element that has text of its own, in the order of the tree."""
    own = str(element.get("/Lang", outer))
    kids: Any = element.get("/K", [])
    under = [kid for kid in kids if kid.get("/Type") == "/StructElem"] if isinstance(kids, Array) else []
    mine = [own] if isinstance(kids, Array) and any(kid.get("/Type") == "/MCR" for kid in kids) else []
    return [*mine, *(one for kid in under for one in _languages(kid, own))]


@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
def test_welsh_in_the_head_of_a_letter_is_heard_in_welsh(large: bool, tmp_path: Path) -> None:
    recipient = tuple(f"Line number {n}" for n in range(12))
    pdf = render(bilingual(LetterKind.NO_TRACE, recipient=recipient, large_print=large))
    pieces = re.findall(r'^\s*"(.*)"$', structure(pdf, tmp_path), flags=re.MULTILINE)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        told = _languages(document.Root.StructTreeRoot.K, str(document.Root.Lang))
    head = pieces[: next(n for n, said in enumerate(pieces) if said.startswith("Ni allwn"))]
    heard = [said.rstrip(" /") for said, language in zip(head, told, strict=False) if language == "cy"]
    assert sorted(heard) == ["12 Mehefin 2017", "At sylw", "Dyddiad", "Eich cyfeirnod", "Ein cyfeirnod"]
