"""The PDF of a report: accessible, archival, whole on its pages, and the same for the same report."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from db.records import LetterKind
from desktop.cli import run
from desktop.letters.pages import render
from desktop.letters.reportpages import report_pdf
from desktop.letters.words import why_not_in_welsh
from desktop.policy.answertables import AnswerTable
from desktop.policy.letterkinds import WITH_FIGURES
from desktop.policy.reports import Chart, Grid, GridRow, Report
from tests.letters.conformance import problems, read_aloud, structure
from tests.letters.factory import bilingual, letter
from tests.letters.reading import Char, chars_of, metadata_of, pages_of, text_of
from tests.letters.reading import sizes_of as types_of
from tests.letters.test_conformance import _content, _drop, _first
from tests.letters.test_scripts import NAMES

COLUMNS = ("Home Office", "Police", "National Crime Agency", "Total")
LINES = (
    GridRow("Received", ()),
    GridRow("Brought forward", ()),
    GridRow("Total to deal with", (), whole=True),
    GridRow("Approved – Trace", (), whole=True),
    GridRow("of which traced", (), inset=True),
    GridRow("of which more than one possible", (), inset=True),
    GridRow("Total processed", (), whole=True),
)
WORD = "Unverhältnismäßigkeitsgrundsatz" * 12
SENTENCE = "The procedure was followed, and the test of the public interest was not met. " * 12


def grid(number: int = 1, columns: tuple[str, ...] = COLUMNS, rows: tuple[GridRow, ...] = LINES) -> Grid:
    """A table in which no two figures are the same."""
    made = tuple(
        replace(row, cells=tuple(number * 10_000 + at * 100 + n for n in range(len(columns))))
        for at, row in enumerate(rows)
    )
    return Grid(f"Table of month {number}", "Tracing requests", columns, made, note=f"A note under table {number}.")


def chart(of: int = 0, many: int = 3) -> Chart:
    counts = tuple(range(1, many + 1))
    categories = tuple(f"Month {n}" for n in counts)
    return Chart("Received and answered", categories, (("Received", counts), ("Answered", counts[::-1])), grid=of)


def report(
    *grids: Grid, charts: tuple[Chart, ...] = (), notes: tuple[str, ...] = ("No figure is kept back.",)
) -> Report:
    days, span = "January to March 2016", (date(2016, 1, 1), date(2016, 3, 31))
    where = "Meridian Health Records"
    return Report("Tracing requests", days, grids, notes, where, date(2017, 6, 12), span, "none", charts)


def starred() -> Report:
    """With words, figures that are not shown, shares, and cells that are empty."""
    rows = (GridRow("Kept back", ("*", "", "12.5 %", "Prevention of crime")), GridRow("Shown", (1204, 0, "–", "")))
    return report(Grid("Kept back", "Of", COLUMNS, rows))


VARIANTS: dict[str, Callable[[], Report]] = {
    "usual": lambda: report(grid(1), grid(2)),
    "charts": lambda: report(grid(1), grid(2), charts=(chart(0), chart(1, 90))),
    "a column more than a page has": lambda: report(grid(1), grid(2, tuple(f"Body number {n}" for n in range(9)))),
    "very many columns": lambda: report(grid(1, tuple(f"Body number {n}" for n in range(41)))),
    "stars and words": starred,
    "no table": report,
    "no row": lambda: report(Grid("Nothing", "Of", COLUMNS, ())),
    "no column": lambda: report(Grid("Titles alone", "Of", (), (GridRow("A", ()), GridRow("B", ())))),
    "nothing at all": lambda: report(notes=()),
    "long words": lambda: report(
        Grid(WORD, WORD, (WORD, "Police"), (GridRow(WORD, (WORD, 1)), GridRow("A", (2, 3))), WORD),
        charts=(Chart(WORD, (WORD, "B"), ((WORD, (1, 2)), ("C", (3, 4))), 0),),
        notes=(WORD,),
    ),
    "long sentences": lambda: report(
        Grid(SENTENCE, SENTENCE, (SENTENCE, "Of"), (GridRow(SENTENCE * 9, (SENTENCE * 9, SENTENCE)),) * 3, SENTENCE),
        notes=(SENTENCE * 9,) * 3,
    ),
    "every script": lambda: report(
        Grid("Scripts", "Script", tuple(NAMES.values())[:2], tuple(GridRow(one, (1, 2)) for one in NAMES.values())),
        charts=(Chart("Scripts", tuple(NAMES.values()), (("Names", tuple(range(len(NAMES)))),), 0),),
    ),
    "fifty pages": lambda: report(*(grid(n) for n in range(1, 151))),
}  # fmt: skip


def sizes_of(pdf: bytes) -> list[tuple[int, int]]:
    """Each page's width and height, in millimetres."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [tuple(round(one * 25.4 / 72) for one in page.get_size()) for page in document]
    finally:
        document.close()


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_report_conforms(variant: str) -> None:
    assert problems(report_pdf(VARIANTS[variant]())) == []


@pytest.mark.parametrize("variant", VARIANTS)
def test_everything_stands_between_the_margins_and_nothing_on_another(variant: str) -> None:
    pdf = report_pdf(VARIANTS[variant]())
    for number, (width, height) in enumerate(sizes_of(pdf)):
        if number > 12:
            break
        chars = [one for one in chars_of(pdf, number) if one.bottom > one.top]
        assert all(one.left >= 19 and one.right <= width - 18 and 15 < one.top < height - 16 for one in chars)
        placed: dict[tuple[float, float], str] = {}
        for one in chars:
            place = (round(one.left, 1), round(one.base, 1))
            assert placed.setdefault(place, one.char) == one.char or variant == "every script"


def test_a_chart_with_the_title_of_its_table_is_named_once() -> None:
    said = text_of(report_pdf(report(grid(1), charts=(replace(chart(0), title="Table of month 1"),))))
    assert said.count("Table of month 1") == 1
    assert "Received and answered" in text_of(report_pdf(report(grid(1), charts=(chart(0),))))


def test_a_report_has_all_that_it_is_of() -> None:
    made = report(grid(1), grid(2), charts=(chart(0),))
    said = text_of(report_pdf(made))
    for one in made.grids:
        words = [one.title, one.note, *one.columns, *(row.title for row in one.rows)]
        words += [f"{cell:,}" for row in one.rows for cell in row.cells if isinstance(cell, int)]
        assert [word for word in words if word not in said] == []
    for word in ("Meridian Health Records", "January to March 2016. Made on 12 June 2017.", "No figure is kept back."):
        assert word in said
    assert "Page 1 of 2" in said


def test_no_column_of_a_wide_table_is_lost() -> None:
    made = grid(1, tuple(f"Body number {n}" for n in range(41)))
    pages = pages_of(report_pdf(report(made)))
    said = " ".join(" ".join(pages).split())
    assert all(f"{cell:,}" in said for row in made.rows for cell in row.cells if isinstance(cell, int))
    assert "Columns 1 to " in said
    assert said.count("Received") == said.count("Columns ")


def test_no_word_of_a_head_is_broken_that_fits() -> None:
    columns = ("CCRC", "HM Coroner", "Court Order", "Home Office (under review)", "Police", "NHSCFA", "NCA", "Total")
    named = (*LINES, GridRow("of which more than one possible person", (), inset=True))
    small = tuple(replace(row, cells=(0, 0, 0, 4, 22, 0, 0, 26)) for row in named)
    words = pages_of(report_pdf(report(Grid("January 2016 to December 2026", "Tracing requests", columns, small))))[0]
    # Twice in the titles of rows.
    assert words.split().count("Total") == 3


def test_a_page_lies_where_its_table_is_wide() -> None:
    wide = tuple(f"Body number {n}" for n in range(9))
    assert sizes_of(report_pdf(report(grid(1)))) == [(210, 297)]
    assert sizes_of(report_pdf(report(grid(1, wide)))) == [(297, 210)]
    sizes = sizes_of(report_pdf(report(grid(1), grid(2, wide), grid(3))))
    assert sizes == [(210, 297), (297, 210), (210, 297)]


def test_a_table_is_heard_cell_by_cell_with_its_heads(tmp_path: Path) -> None:
    pdf = report_pdf(report(grid(1)))
    tree = structure(pdf, tmp_path)
    assert tree.count("Table (block)") == 1
    assert tree.count("/Scope /Column") == 5
    assert tree.count("/Scope /Row") == len(LINES)
    assert tree.count(" TD\n") == len(LINES) * 4
    said = read_aloud(pdf, tmp_path)
    order = ("Tracing requests", "Table of month 1", "Home Office", "Total", "Received", "10,000", "10,001", "Brought",
             "10,100", "Total processed", "10,603", "A note under", "Notes", "No figure")  # fmt: skip
    at = 0
    for one in order:
        assert one in said[at:], one
        at = said.index(one, at) + len(one)
    assert "Page 1" not in said


def test_the_head_stands_on_each_page_and_is_heard_once(tmp_path: Path) -> None:
    rows = tuple(GridRow(f"Line {n}", ()) for n in range(80))
    pdf = report_pdf(report(grid(1, rows=rows)))
    pages = pages_of(pdf)
    assert len(pages) >= 3
    assert all("Home Office" in page for page in pages[:-1])
    assert read_aloud(pdf, tmp_path).count("Home Office") == 1
    assert structure(pdf, tmp_path).count("/Scope /Column") == 5


def test_a_chart_is_a_figure_that_says_its_figures() -> None:
    with pikepdf.open(io.BytesIO(report_pdf(report(grid(1), charts=(chart(0),))))) as document:
        figure = _first(document, "/Figure")
        said = str(figure.Alt)
    assert said.startswith("Received and answered. Month 1: Received 1, Answered 3; Month 2: ")


def test_figures_with_their_unit_stand_at_the_right_as_figures_do() -> None:
    ages, ends = ("3 working days", "1,980 working days", "–"), ("Held", "Held by the guardian", "1")
    rows = tuple(GridRow("A", (at, age, end)) for at, (age, end) in enumerate(zip(ages, ends, strict=True)))
    made = Grid("Who waits", "For", ("Late", "Age of the oldest", "End"), rows)
    assert [made.is_figures(at) for at in range(3)] == [True, True, False]
    chars = chars_of(report_pdf(report(made)), 0)
    lines: dict[float, list[Char]] = {}
    for one in chars:
        lines.setdefault(round(one.base, 1), []).append(one)
    said = {"".join(one.char for one in line): line for line in lines.values()}
    rights = [said[f"A{at}{''.join(age.split())}{''.join(end.split())}"][len(f"A{at}{''.join(age.split())}") - 1].right
              for at, (age, end) in enumerate(zip(ages, ends, strict=True))]  # fmt: skip
    assert max(rights) - min(rights) < 0.5


@pytest.mark.parametrize("before", [0, 20])
def test_a_note_stands_on_a_page_with_a_row_of_its_table(before: int) -> None:
    for many in range(1, 50):
        first = [grid(9, rows=tuple(GridRow(f"Other {n}", ()) for n in range(before)))] if before else []
        one = replace(grid(1, rows=tuple(GridRow(f"Line {n}", ()) for n in range(many))), note=f"How: {SENTENCE}")
        (page,) = [page for page in pages_of(report_pdf(report(*first, one))) if "How:" in page]
        assert "Line" in page.split("How:")[0], many


def test_sums_are_bold_and_other_rows_are_not() -> None:
    pdf = report_pdf(report(grid(1)))
    bold = _bold(pdf)
    assert "Totaltodealwith10,200" in bold
    assert "ofwhichtraced" not in bold
    assert "Received" not in bold


def _bold(pdf: bytes) -> str:
    """The characters of the first page that are bold, without spaces."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        textpage = document[0].get_textpage()
        found = ""
        for index in range(textpage.count_chars()):
            name, flags = ctypes.create_string_buffer(80), ctypes.c_int()
            pdfium.FPDFText_GetFontInfo(textpage, index, name, 80, flags)
            found += chr(pdfium.FPDFText_GetUnicode(textpage, index)) if b"Bold" in name.value else ""
        return "".join(found.split())
    finally:
        document.close()


def test_each_table_has_a_bookmark_on_its_page() -> None:
    made = report(*(grid(n) for n in range(1, 8)))
    document = pypdfium2.PdfDocument(report_pdf(made))
    try:
        found = [(one.get_title(), one.get_dest().get_index()) for one in document.get_toc()]
    finally:
        document.close()
    pages = pages_of(report_pdf(made))
    assert [title for title, _ in found] == [*(one.title for one in made.grids), "Notes"]
    assert all(f"\n{title}\n" in f"\n{pages[page]}\n" for title, page in found)


def test_the_file_says_its_title_its_organisation_and_its_day_and_not_more() -> None:
    assert metadata_of(report_pdf(report(grid(1)))) == {
        "Title": "Tracing requests, January to March 2016",
        "Author": "Meridian Health Records",
        "CreationDate": "D:20170612000000Z",
        "ModDate": "D:20170612000000Z",
    }


def test_the_same_report_gives_the_same_bytes_and_another_gives_others() -> None:
    made = report(grid(1), charts=(chart(0),))
    assert report_pdf(made) == report_pdf(replace(made))
    assert report_pdf(made) != report_pdf(replace(made, notes=("Another note.",)))


@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
@pytest.mark.parametrize("kind", sorted(WITH_FIGURES))
def test_a_letter_has_its_table_in_its_own_type(kind: LetterKind, large: bool, tmp_path: Path) -> None:
    grids = (grid(1), grid(2, tuple(f"Body number {n}" for n in range(9))))
    days = (date(2016, 1, 1), date(2016, 3, 31))
    table = AnswerTable("Tracing requests", *days, "all", "none", "January to March 2016", grids, ("A note.",))
    pdf = render(letter(kind, table=table, large_print=large))
    assert problems(pdf) == []
    assert types_of(pdf) <= types_of(render(letter(kind, large_print=large)))
    said = text_of(pdf)
    for one in grids:
        assert f"Tracing requests, {one.title}" in said
        assert all(f"{cell:,}" in said for row in one.rows for cell in row.cells if isinstance(cell, int))
    aloud = read_aloud(pdf, tmp_path)
    assert aloud.index("A note under table 2.") < aloud.index("A note. ")
    for number, (width, _height) in enumerate(sizes_of(pdf)):
        assert all(one.left >= 19 and one.right <= width - 19 for one in chars_of(pdf, number) if one.right > one.left)


def test_a_letter_with_a_table_is_in_english_alone() -> None:
    table = AnswerTable("Tracing requests", date(2016, 1, 1), date(2016, 3, 31), "all", "none", "2016", (grid(1),), ())
    facts = bilingual(LetterKind.SAR_ANSWER)
    assert why_not_in_welsh(facts) == ""
    assert "no Welsh for “Tracing requests, 2016”" in why_not_in_welsh(replace(facts, table=table))


def test_the_command_line_publishes_a_pdf(
    sample_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRACING_DESK_USER", "priya.nair")
    asked = ["--data-dir", str(sample_copy), "report", "publication", "--from", "2026-01-01", "--to", "2026-06-30"]
    out = tmp_path / "table.pdf"
    assert run([*asked, "--by", "quarter", "--format", "pdf", "--out", str(out)]) == 0
    assert problems(out.read_bytes()) == []
    said = text_of(out.read_bytes())
    assert "January to March 2026" in said
    assert "Total accounted for" in said
    capsys.readouterr()
    assert run([*asked, "--format", "pdf"]) == 2
    assert "--out FILE.pdf" in capsys.readouterr().err


FAULTS: dict[str, Callable[[Any], None]] = {
    "a head cell without a direction": lambda d: _drop(_first(d, "/TH"), "/A"),
    "a chart without words": lambda d: _drop(_first(d, "/Figure"), "/Alt"),
    "a figure that is not marked": lambda d: _content(d, lambda c: c.replace(b"/TD <</MCID", b"/Nothing <</Other", 1)),
    "a bar drawn beside the marks": lambda d: _content(d, lambda c: c + b"\n0 0 10 10 re f"),
    "no tree": lambda d: _drop(d.Root, "/StructTreeRoot"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_seen(fault: str) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(report_pdf(report(grid(1), charts=(chart(0),))))) as document:
        FAULTS[fault](document)
        document.save(out, fix_metadata_version=False)
    assert problems(out.getvalue()), fault
