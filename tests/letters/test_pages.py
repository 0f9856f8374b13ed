"""The pages of each letter, read back from the PDF."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from db.records import LetterKind
from desktop.letters.facts import ItemRow, LetterFacts
from desktop.letters.pages import missing_glyphs, render, render_sheet
from desktop.letters.window import SEEN
from desktop.letters.words import words
from desktop.policy.wording import day
from tests.letters.conformance import problems
from tests.letters.factory import KINDS, bilingual, letter, organisation, png, sheet
from tests.letters.reading import (
    GOLDEN,
    MM,
    Char,
    as_golden,
    chars_of,
    fonts_of,
    lines_of,
    metadata_of,
    pages_of,
    read_by_content,
    sizes_of,
    text_of,
)

ROOT = Path(__file__).parents[2]
PAGES = dict.fromkeys(KINDS, 2) | dict.fromkeys(
    (LetterKind.NO_TRACE, LetterKind.REFUSAL, LetterKind.REJECTION, LetterKind.NOT_PERMITTED), 1
)
BODY_HEAD, BODY_FOOT = 20.4, 297 - 26.5
"""Where the text of a further page begins and ends, in millimetres from its top."""
FONTS = {b"AAAAAA+NotoSans-Regular", b"AAAAAA+NotoSans-Bold"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_reads_as_it_was_agreed(kind: LetterKind) -> None:
    golden = (GOLDEN / f"{kind.value}.txt").read_text("utf-8")
    assert as_golden(render(letter(kind))) == golden


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_has_its_marking_reference_and_number(kind: LetterKind) -> None:
    facts = letter(kind)
    pdf = render(facts)
    pages = pages_of(pdf)
    assert len(pages) == PAGES[kind]
    for number, page in enumerate(pages, start=1):
        lines = lines_of(chars_of(pdf, number - 1))
        assert lines[0][1] == lines[-1][1] == facts.marking
        assert lines[0][0] < 12
        assert lines[-1][0] > 288
        assert lines[-2][1] == f"{facts.reference}Page{number}of{len(pages)}"
        assert page.count(f"Page {number} of {len(pages)}") == 1
    assert pages[-1].count("End of letter") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_stands_outside_the_margins(kind: LetterKind) -> None:
    within_margins(render(letter(kind, organisation=organisation(logo=png(300, 100)), signature=png(90, 30))))


def within_margins(pdf: bytes, pages: int | None = None) -> None:
    """Text between 20 and 190 mm; between the marking and the foot nothing but text, the first page's from 18 mm."""
    count = len(pypdfium2.PdfDocument(pdf))
    for page in range(min(pages or count, count)):
        for char in chars_of(pdf, page):
            # Some letters reach a hair beyond their own width.
            assert char.left > 19.5, char
            assert char.right < 190.5, char
            furniture = char.bottom < 12.5 or char.top > 274
            assert furniture or 17.5 < char.top < char.bottom < 271.8, char


@pytest.mark.parametrize("kind", KINDS)
def test_every_font_is_embedded(kind: LetterKind) -> None:
    pdf = render(letter(kind))
    assert fonts_of(pdf) == FONTS
    assert pdf.count(b"/FontFile2") == 2


def test_a_document_says_its_title_its_organisation_its_language_and_its_date_and_nothing_else() -> None:
    pdf = render(letter(LetterKind.DISCLOSURE, number=93))
    assert metadata_of(pdf) == {
        "Title": "Letter 93 TR-000146-2",
        "Author": "Meridian Health Records",
        "CreationDate": "D:20170612000000Z",
        "ModDate": "D:20170612000000Z",
    }
    assert b"/Lang (en-GB)" in pdf


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_facts_give_the_same_bytes(kind: LetterKind) -> None:
    facts = letter(kind, organisation=organisation(logo=png(40, 20)))
    assert render(facts) == render(letter(kind, organisation=organisation(logo=png(40, 20))))


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_another_process_gives_the_same_bytes(seed: str) -> None:
    """Whatever order its sets have: of a letter with a logo, in two languages, and with a name to be shaped."""
    code = (
        "import hashlib; from db.records import LetterKind; from desktop.letters.pages import render; "
        "from tests.letters.factory import bilingual, organisation, png; "
        "ours = organisation(logo=png(40, 20)); name = '\u0645\u062d\u0645\u062f'; "
        "facts = bilingual(LetterKind.DISCLOSURE, organisation=ours, salutation=name); "
        "print(hashlib.sha256(render(facts)).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed, "LANG": "cy_GB.UTF-8", "TZ": "Asia/Tokyo"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    facts = bilingual(
        LetterKind.DISCLOSURE, organisation=organisation(logo=png(40, 20)), salutation="\u0645\u062d\u0645\u062f"
    )
    assert done.stdout.strip() == hashlib.sha256(render(facts)).hexdigest()


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_that_was_read_is_the_page_that_is_issued(kind: LetterKind) -> None:
    """A number changes nothing that is printed, a date nothing but the date."""
    preview = pages_of(render(letter(kind)))
    assert pages_of(render(letter(kind, number=93))) == preview
    later = pages_of(render(letter(kind, dated=date(2017, 6, 19))))
    assert [page.replace("Date\n19 June 2017", f"Date\n{day(letter(kind).dated)}") for page in later] == preview


def test_a_refusal_and_a_no_trace_letter_look_alike() -> None:
    refusal, no_trace = render(letter(LetterKind.REFUSAL)), render(letter(LetterKind.NO_TRACE))
    assert len(pages_of(refusal)) == len(pages_of(no_trace))
    places = [[round(bottom) for bottom, _ in lines_of(chars_of(pdf, 0))] for pdf in (refusal, no_trace)]
    assert places[0] == places[1], "line for line at the same height"


def test_the_side_column_pushes_the_text_down_and_never_overlaps_it() -> None:
    pdf = render(letter(LetterKind.REFUSAL, their_reference="EMC/MP/2017/0418, " * 20))
    within_margins(pdf)
    chars = chars_of(pdf, 0)
    side = [char for char in chars if char.left > 129.5 and char.bottom < 200]
    heading = next(bottom for bottom, line in lines_of(chars) if line.startswith("Wecannotgive"))
    assert heading > 110
    assert not [char for char in side if heading - 1 < char.bottom < heading + 1 and char.left > 180]


LONG_NAMES = (
    "The Royal Borough of Northbridge and Westmere Integrated Health and Care Records Partnership NHS Foundation Trust",
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch Community Council",
    "Records of " + "Northbridge and Westmere " * 12 + "Council",
)


@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
@pytest.mark.parametrize("logo", [None, png(900, 100)], ids=["plain", "logo"])
@pytest.mark.parametrize("name", LONG_NAMES, ids=["long", "one word", "endless"])
def test_a_letterhead_keeps_every_word_in_12_points_and_clear_of_the_window(
    name: str, logo: bytes | None, large: bool
) -> None:
    email = "tracing.team.and.information.governance@northbridge-trust.nhs.example"
    body = organisation(name=name, logo=logo, email=email)
    for marking, reference in (
        ("OFFICIAL-SENSITIVE: PERSONAL AND COMMERCIAL", "TR-000146-2"),
        ("PERSONAL", "TR-1234567-10"),
    ):
        facts = letter(LetterKind.NO_TRACE, organisation=body, large_print=large, marking=marking, reference=reference)
        pdf = render(facts)
        within_margins(pdf)
        read = read_by_content(pdf)
        assert "".join(name.split()) in "".join(read.split())
        assert email in read.replace("\n", "")
        assert "…" not in read
        assert min(sizes_of(pdf)) >= 12
        for one in chars_of(pdf, 0):
            if one.left < 110 and one.top < SEEN.top:
                assert one.bottom < SEEN.top, one


@pytest.mark.parametrize("kind", KINDS)
def test_large_print_is_of_18_points_but_for_the_address_in_its_window(kind: LetterKind) -> None:
    sizes = sizes_of(render(letter(kind, large_print=True)))
    assert min(sizes - {12, 14, 16}) == 18
    assert min(sizes_of(render(letter(kind)))) == 12


def test_in_large_print_the_date_stands_in_one_line_in_both_languages() -> None:
    read = pages_of(render(bilingual(LetterKind.NO_TRACE, large_print=True)))[0]
    assert "\nDyddiad / Date: 12 Mehefin 2017 / 12 June 2017\n" in read


def test_an_address_for_mail_breaks_after_its_at() -> None:
    email = "tracing.team@northbridge-trust.nhs.uk"
    lines = render(letter(LetterKind.NO_TRACE, organisation=organisation(email=email)))
    assert "tracing.team@\nnorthbridge-trust.nhs.uk\n" in pages_of(lines)[0]


def test_a_logo_and_a_signature_are_drawn() -> None:
    logo = png(120, 60, grey=10)
    facts = letter(LetterKind.REFUSAL)
    plain = shades(render(facts))
    with_logo = shades(render(replace(facts, organisation=organisation(logo=logo))))
    signed = shades(render(replace(facts, signature=logo)))
    assert min(with_logo.crop((60, 60, 200, 130)).tobytes()) < 40
    assert plain.tobytes() != with_logo.tobytes() != signed.tobytes()


def test_a_photograph_serves_as_a_logo() -> None:
    out = io.BytesIO()
    Image.new("RGB", (200, 80), "navy").save(out, "JPEG")
    facts = letter(LetterKind.REFUSAL, organisation=organisation(logo=out.getvalue()))
    assert render(facts) == render(facts)


def rules_of(pdf: bytes, page: int) -> list[float]:
    """How far each rule across the text is from the top of a page, in millimetres, without the one of the foot."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        found: list[float] = []
        moved = [0.0]
        for one in pikepdf.parse_content_stream(document.pages[page], "q Q cm l"):
            match str(one.operator):
                case "q":
                    moved.append(moved[-1])
                case "Q":
                    moved.pop()
                case "cm":
                    moved[-1] += float(one.operands[5])
                case _ if float(one.operands[0]) > 300:
                    found.append((841.89 - moved[-1] - float(one.operands[1])) / MM)
    return [rule for rule in found if rule < 271.5]


def lines_of_chars(pdf: bytes, page: int) -> list[list[Char]]:
    """The characters of each line."""
    lines: dict[int, list[Char]] = {}
    for char in chars_of(pdf, page):
        lines.setdefault(round(char.base), []).append(char)
    return list(lines.values())


def shades(pdf: bytes) -> Image.Image:
    """The first page as a picture in grey."""
    rendered: Image.Image = pypdfium2.PdfDocument(pdf)[0].render(scale=1.0).to_pil()
    return rendered.convert("L")


def test_a_long_table_repeats_its_head_and_breaks_only_between_lines() -> None:
    names = "\n".join(f"Name number {n}" for n in range(1, 91))
    facts = letter(LetterKind.DISCLOSURE)
    pdf = render(replace(facts, items=(*facts.items, ItemRow("Other names", names, "14 May 2012"))))
    within_margins(pdf)
    pages = pages_of(pdf)
    assert all(pages[0].count(f"Name number {n}\n") + "".join(pages[1:]).count(f"Name number {n}\n") for n in (1, 90))
    assert [("Item" in page and "Recorded on" in page) for page in pages[:2]] == [True, True]


def test_a_table_of_many_rows_has_its_head_at_the_top_of_each_page_and_nowhere_else() -> None:
    rows = tuple(ItemRow(f"Former name {n}", f"Li Wen Tan {n}", "2 September 2009") for n in range(1, 201))
    pdf = render(letter(LetterKind.DISCLOSURE, items=rows))
    assert problems(pdf) == []
    pages = [page.splitlines() for page in pages_of(pdf)]
    last = next(n for n, page in enumerate(pages) if any("Former name 200" in line for line in page))
    assert last > 7
    for page in pages[1 : last + 1]:
        assert page[0].startswith("Item What our record says") or page[:2] == ["Item", "What our record says"], page[:3]
    assert [sum("What our record says" in line for line in page) for page in pages] == [
        *[1] * (last + 1), *[0] * (len(pages) - last - 1),
    ]  # fmt: skip


def test_a_heading_never_stands_alone_at_the_foot_of_a_page() -> None:
    for extra in range(0, 40, 2):
        reasons = tuple(
            f"This is reason {n}, which says why at the length of a line or somewhat more." for n in range(extra)
        )
        pages = pages_of(render(letter(LetterKind.REFUSAL, reasons=("Your request names two.", *reasons))))
        for page in pages:
            last = page.splitlines()[-3:]
            assert not {"Why", "What you can do next", "Your right to a review"} & set(last[:2]), extra
        assert len(pages[-1].splitlines()) > 4, "the end of the letter is not alone on its page"


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_ends_in_a_title_or_in_the_rule_after_the_signature(kind: LetterKind) -> None:
    for large in (False, True):
        for name in ("Meridian Health Records", *LONG_NAMES):
            body = organisation(name=name, address="Castlegate House\nFloor 7, Wing B\nNorthbridge\nNB1 4QT")
            facts = letter(kind, organisation=body, large_print=large)
            pdf = render(facts)
            title = words(facts).title
            for number, page in enumerate(pages_of(pdf)):
                read = " ".join(page.split())
                assert (title in read) == (f"Dear {facts.salutation}" in read), (name, number)
                under = read.partition(f"Dear {facts.salutation}")[2]
                assert title not in read or len(under.split()) > 20, (name, number)
                ends = max(char.bottom for char in chars_of(pdf, number) if 17 < char.top < 271)
                assert "Yours sincerely" not in page or not [rule for rule in rules_of(pdf, number) if rule > ends]


def test_a_date_a_postcode_and_a_telephone_number_stand_in_one_line() -> None:
    days = [day(date(2016, month, 28)) for month in range(1, 13)]
    rows = tuple(ItemRow("Last known address", f"{n} Ropewalk Court Westmere WM4 8RD", on) for n, on in enumerate(days))
    for kind, large in product((LetterKind.DISCLOSURE, LetterKind.FORWARDING), (False, True)):
        facts = letter(kind, large_print=large, items=rows if kind is LetterKind.DISCLOSURE else ())
        for hours in ("9am to 5pm, Monday to Friday", "9am"):
            for caseworker in ("Ruth", "Ruth Adeyemi", "Ruth Adeyemi of the team", "Ruth Adeyemi of this very team"):
                body = replace(facts.organisation, hours=hours)
                read = "\n".join(pages_of(render(replace(facts, organisation=body, caseworker=caseworker))))
                assert read.count("WM4 8RD") == (12 if kind is LetterKind.DISCLOSURE else 1)
                assert read.count("01632 960148") >= 2
                assert "01632\n" not in read
                assert kind is LetterKind.FORWARDING or not [on for on in days if on not in read]


def test_what_stands_in_two_columns_of_a_table_never_touches() -> None:
    pdf = render(letter(LetterKind.CORRECTION, large_print=True))
    lines = [line for line in lines_of_chars(pdf, 1) if "Ours:" in "".join(one.char for one in line)]
    ours = next(one.left for one in lines[0] if one.char == "O")
    assert ours - max(one.right for one in lines[0] if one.left < ours - 1) > 3


@pytest.mark.parametrize(
    "facts",
    [
        letter(LetterKind.REJECTION),
        letter(
            LetterKind.NO_TRACE, replaces="letter 12 of 3 June 2017", why_replaced="It had an old telephone number."
        ),
        letter(LetterKind.NO_TRACE, in_welsh=True),
        letter(LetterKind.REJECTION, reasons=("Yours has no second signature, which this long sentence says. " * 3,)),
    ],
)
def test_no_letter_ends_on_a_page_with_next_to_nothing(facts: LetterFacts) -> None:
    pages = pages_of(render(facts))
    assert "Yours sincerely" in pages[-1]
    assert not facts.in_welsh or "Yn gywir" in pages[-2]


def test_characters_that_no_font_has_are_found_before_the_letter_is_issued() -> None:
    assert missing_glyphs(letter(LetterKind.DISCLOSURE)) == ()
    odd = ("𐀀 is 𐀀", "a\ud800b", "\U0001f600", "नमस्ते"[:1])
    assert missing_glyphs(letter(LetterKind.DISCLOSURE, matched=odd)) == ("𐀀", "\ufffd", "\U0001f600")


def test_names_of_many_languages_can_be_printed() -> None:
    names = "Zoë Ñúñez Şahin Đặng Łukasz Αθηνά Дмитрий Ωmega Nguyễn Ọlá e\u0301 O’Neill"
    facts = letter(LetterKind.DISCLOSURE, person=names)
    assert missing_glyphs(facts) == ()
    assert "Zoë Ñúñez Şahin Đặng Łukasz Αθηνά Дмитрий Ωmega Nguyễn Ọlá é O’Neill" in text_of(render(facts))


def test_a_recovery_sheet_is_one_page_with_its_key_in_groups() -> None:
    made = sheet()
    pdf = render_sheet(made)
    pages = pages_of(pdf)
    assert len(pages) == 1
    assert " ".join(made.groups[:4]) in pages[0]
    assert " ".join(made.groups[4:]) in pages[0]
    assert "End of sheet" in pages[0]
    assert "12 June 2017" in pages[0]
    assert fonts_of(pdf) == FONTS
    assert render_sheet(made) == pdf
    assert metadata_of(pdf)["Title"] == "Recovery key"
    within_margins(pdf)
    longer = render_sheet(replace(made, groups=made.groups * 2))
    assert len(pages_of(longer)) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
def test_a_letter_fills_its_pages_evenly(kind: LetterKind, large: bool) -> None:
    """What is kept together leaves a page at most a quarter empty (large print: three tenths), and the last page of
    several holds more than a few lines.
    """
    pdf = render(letter(kind, large_print=large))
    height = BODY_FOOT - BODY_HEAD
    feet = [
        BODY_FOOT - max(one.bottom for one in chars_of(pdf, page) if one.bottom < BODY_FOOT)
        for page in range(len(pages_of(pdf)))
    ]
    assert max(feet[:-1], default=0) < height * (0.31 if large else 0.25)
    assert len(feet) == 1 or height - feet[-1] > height * 0.375
