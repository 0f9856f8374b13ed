"""Whatever was typed prints: as text, in full, between the margins."""

from __future__ import annotations

import pytest

from db.records import LetterKind
from desktop.casework.issuing import preview_of
from desktop.letters.facts import ItemRow, LetterError
from desktop.letters.pages import missing_glyphs, render
from tests.letters.factory import letter, organisation
from tests.letters.reading import pages_of, text_of
from tests.letters.test_pages import within_margins

LONG = 100_000
TEXTS = {
    "one word": "x" * LONG,
    "wide words": "WWWW " * (LONG // 5),
    "lines": "a\n" * 5_000,
    "markup": "<b>bold</b> & <font color='red'>red</font> <para> </para> <br/> &amp; ]]> <!-- \" '",
    "a link": '<a href="mailto:desk@example.org">here</a><img src="/etc/hostname"/>',
    "directions": "\u202eabc\u202c \u200f\u2066x\u2069 \u200dzero\u200d width\u200b \ufeff",
    "soft hyphens": "a\u00ad" * 10_000,
    "spaces that do not break": "a\u00a0" * 10_000,
    "marks": "e" + "\u0301" * 2_000,
    "nothing a page can show": "a\ud800b\x00c\x07\udfff\x1b[31m",
    "figures and letters": "1 a" * 5_000,
    "braces": "{person} {nothing} { } %s %(x)s",
    "a formula": "=HYPERLINK(1) +1 -1 @x",
}
FIELDS = (
    "their_reference", "salutation", "person", "purpose", "gateway", "caseworker", "retention",
)  # fmt: skip
ORGANISATION = ("name", "team", "address", "phone", "email", "hours", "signatory_name", "signatory_title")
SHORT = {name: text for name, text in TEXTS.items() if len(text) < 500}


@pytest.mark.parametrize("hostile", TEXTS.values(), ids=TEXTS)
def test_an_item_prints_whatever_it_is(hostile: str) -> None:
    rows = (ItemRow("Name", hostile, "14 May 2012"), ItemRow("Address", "27 Ropewalk Court", "19 January 2016"))
    for items in (rows, (*rows, *rows[1:] * 2)):  # As paragraphs, and as a table.
        pdf = render(letter(LetterKind.DISCLOSURE, items=items))
        within_margins(pdf, pages=2)
        assert "27 Ropewalk Court" in text_of(pdf)
        assert "End of letter" in pages_of(pdf)[-1]


@pytest.mark.parametrize("hostile", TEXTS.values(), ids=TEXTS)
def test_reasons_and_address_print_whatever_they_are(hostile: str) -> None:
    pdf = render(letter(LetterKind.REFUSAL, reasons=(hostile,), recipient=("Eastmoor Constabulary", hostile)))
    within_margins(pdf, pages=2)
    assert "End of letter" in pages_of(pdf)[-1]


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("hostile", SHORT.values(), ids=SHORT)
def test_every_field_prints_whatever_it_is(name: str, hostile: str) -> None:
    within_margins(render(letter(LetterKind.DISCLOSURE, **{name: hostile})))


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_prints_at_any_length(name: str) -> None:
    within_margins(render(letter(LetterKind.DISCLOSURE, **{name: "x" * 20_000})), pages=3)


@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
@pytest.mark.parametrize("name", ["marking", "reference"])
def test_what_stands_in_one_line_at_the_edges_is_never_cut(name: str, large: bool) -> None:
    for shown in (*SHORT.values(), "OFFICIAL-SENSITIVE: PERSONAL DATA"):
        facts = letter(LetterKind.DISCLOSURE, large_print=large, **{name: shown})
        made = preview_of(facts)
        if made.pdf:
            within_margins(made.pdf)
            assert "…" not in text_of(made.pdf)
        else:
            assert len(shown) > 50
            assert "too long for one line of 12 points" in " ".join(made.problems)
    with pytest.raises(LetterError, match=name):
        render(letter(LetterKind.DISCLOSURE, large_print=large, **{name: "x" * 20_000}))


@pytest.mark.parametrize("name", ORGANISATION)
def test_the_letterhead_prints_whatever_it_is(name: str) -> None:
    for hostile in (*SHORT.values(), "W" * 5_000, "Long words of a name " * 50):
        within_margins(render(letter(LetterKind.REFUSAL, organisation=organisation(**{name: hostile}))), pages=2)


def test_markup_is_printed_as_it_was_typed() -> None:
    for name in ("markup", "a link"):
        pdf = render(letter(LetterKind.DISCLOSURE, person=TEXTS[name]))
        assert " ".join(TEXTS[name].split()) in text_of(pdf)
        assert b"/URI" not in pdf
        assert b"/Subtype /Link" not in pdf


def test_nothing_of_a_long_text_is_lost() -> None:
    words = [f"w{n}" for n in range(4_000)]
    for facts in (
        letter(LetterKind.REFUSAL, reasons=(" ".join(words),)),
        letter(LetterKind.DISCLOSURE, items=(ItemRow("Name", " ".join(words), "14 May 2012"),)),
        letter(LetterKind.DISCLOSURE, items=(ItemRow("Name", "\n".join(words), "14 May 2012"),)),
        letter(LetterKind.REFUSAL, recipient=(" ".join(words),)),
        letter(LetterKind.REFUSAL, their_reference=" ".join(words)),
    ):
        printed = set(text_of(render(facts)).split())
        assert not [word for word in words if word not in printed]


def test_what_has_no_shape_is_reported() -> None:
    assert missing_glyphs(letter(LetterKind.REFUSAL, reasons=("a\ud800b\x00c",))) == ("\ufffd",)
    assert missing_glyphs(letter(LetterKind.REFUSAL, reasons=(TEXTS["directions"],))) == ()
