"""Tables that people send: what can be read, and what is said of the rest."""

from __future__ import annotations

import csv
import random
import tempfile
import zipfile
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from desktop.policy.tables import MOST_COLUMNS, MOST_ROWS, NotATable, read_table, safe_cell, write_csv
from desktop.policy.workbooks import write_workbook

PLAIN = "Surname,Born\nOkafor,1986\n"


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        b"\n\n" + PLAIN.encode(),
        workbook(["Surname", "Born"], ["Okafor", 1986]),
        workbook([], ["Surname", "Born"], [], ["Okafor", 1986.0]),
    ],
)
def test_the_same_table_in_any_of_its_clothes(content: bytes) -> None:
    table = read_table(content)
    assert table.headings == ("Surname", "Born")
    assert [row.cells for row in table.rows] == [("Okafor", "1986")]


def test_windows_text_keeps_its_letters_and_rows_keep_their_numbers() -> None:
    table = read_table('Surname,Town\n\nNúñez,"Weir\nStreet"\n,\nŠ,x\n'.encode("cp1252"))
    assert [(row.number, row.cells) for row in table.rows] == [(3, ("Núñez", "Weir\nStreet")), (5, ("Š", "x"))]


def test_days_of_a_workbook_are_told_as_days() -> None:
    found = read_table(workbook(["A", "B", "C"], [date(1990, 3, 14), datetime(2026, 6, 1, 9, 30), True]))  # noqa: DTZ001
    assert found.rows[0].cells == ("1990-03-14", "2026-06-01 09:30", "yes")
    assert found.rows[0].ticks == {2}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'Surname\n"' + b"A" * 200_000 + b'"\n', "Row 2: the text in a cell is longer than 10,000 characters. Mend"),
        (b"\0\1\2\xff" * 40, "The desk does not know this kind of file. A table is a CSV file or"),
        (b"MZ" + b"\0" * 60, "A table is a CSV file or"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_of_a_table(content: bytes, said: str) -> None:
    with pytest.raises(NotATable) as refused:
        read_table(content)
    assert said in str(refused.value)
    assert "Attach" not in str(refused.value)
    assert "limit" not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty"),
        (b"Surname,Born\n", "no row under them"),
        (b'Surname,Born\n"Okafor,1986\n', "Row 2: a quotation mark is not closed"),
        (b"%PDF-1.4 not a table", "This is no table"),
        (b"MZ" + bytes(60), "a program for Windows"),
        (bytes(range(256)) * 4, "does not know this kind"),
        (PLAIN.encode() + b"x" * 10_001 + b",1\n", "longer than 10,000 characters"),
        ((",".join("abc" for _ in range(MOST_COLUMNS + 1)) + "\n1\n").encode(), "more than 200 columns"),
        (b"A,B\n" + b"1,2\n" * (MOST_ROWS + 1), "more than 20,000 rows"),
        ("Surname,Town\nNúñez,Møss\n".encode().replace(b"\xc3\xb8", b"\xc3"), "Row 2: a character is broken"),
        (workbook(["A", "B"], ["1", "2"])[:-200], "damaged"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(content: bytes, message: str) -> None:
    with pytest.raises(NotATable, match=message):
        read_table(content)


def test_a_formula_is_told_where_it_stands_and_the_rest_is_read() -> None:
    table = read_table(workbook(["A", "B"], ["1", "=1+1"], ["2", "3"]))
    assert [row.formulas for row in table.rows] == [frozenset({1}), frozenset()]


def test_what_a_spreadsheet_would_run_is_told_in_text_as_in_a_workbook() -> None:
    csv_rows = b'A,B\n=1+1,x\n"=HYPERLINK(""x"")",x\n@SUM(A1),x\n+cmd|\' /C calc\'!A0,x\n#N/A,x\n#REF!,x\n\'=x,x\n'
    assert [row.formulas for row in read_table(csv_rows).rows] == [frozenset({0})] * 6 + [frozenset()]
    plain = b"A,B\n+44 1632 960001,x\n-,x\n@example.police.uk,x\n#12,x\n- none,x\n"
    assert [row.formulas for row in read_table(plain).rows] == [frozenset()] * 5
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["A", "B"])
    sheet.append(["#N/A", "x"])
    sheet["A2"].data_type = "e"
    out = BytesIO()
    book.save(out)
    assert read_table(out.getvalue()).rows[0].formulas == {0}


def test_a_title_or_a_cover_sheet_is_not_taken_for_the_table() -> None:
    titled = workbook(["Requests of May"], [], ["Surname", "Born"], ["Okafor", 1986])
    table = read_table(titled)
    assert (table.headings, table.head, [row.number for row in table.rows]) == (("Surname", "Born"), 3, [4])
    assert table.beginnings[0] == (1, "Requests of May")
    assert read_table(titled, head=4 - 3).headings == ("Requests of May",)
    with pytest.raises(NotATable, match="Row 2 is empty"):
        read_table(titled, head=2)
    assert read_table(b"Requests of May\nSurname,Born,Town\nOkafor,1986,\n").headings == ("Surname", "Born", "Town")
    book = Workbook()
    cover = book.active
    assert cover is not None
    cover.append(["Cover"])
    for name, state in (("Lists", "hidden"), ("Requests", "visible")):
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        sheet.append(["Surname", "Born"])
        sheet.append([name, 1986])
    out = BytesIO()
    book.save(out)
    table = read_table(out.getvalue())
    assert (table.sheet, table.sheets, table.guessed_sheet) == ("Requests", ("Sheet", "Lists", "Requests"), True)
    assert read_table(out.getvalue(), "Lists").rows[0].cells == ("Lists", "1986")
    with pytest.raises(NotATable, match="no sheet “X”"):
        read_table(out.getvalue(), "X")


def test_a_file_that_ends_in_the_middle_of_a_row_says_so() -> None:
    whole = b"A,B,C\n1,2,3\n4,5"
    assert [row.breaks_off for row in read_table(whole).rows] == [False, True]
    assert [row.breaks_off for row in read_table(whole + b"\n").rows] == [False, False]
    assert not read_table(b"A,B\n1,2").rows[0].breaks_off


def test_a_spreadsheet_s_own_first_line_says_the_separator() -> None:
    assert read_table(b"sep=;\nA;B\n1,5;2\n").rows[0].cells == ("1,5", "2")


def test_a_workbook_with_macros_or_of_endless_size_is_not_opened() -> None:
    whole = workbook(["A", "B"], ["1", "2"])
    for name, data, message in (
        ("xl/vbaProject.bin", b"x", "macros"),
        ("xl/worksheets/sheet9.xml", bytes(210 * 1024 * 1024), "far more than it should"),
    ):
        out = BytesIO(whole)
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
            package.writestr(name, data)
        with pytest.raises(NotATable, match=message):
            read_table(out.getvalue())


@given(st.lists(st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1), min_size=2, max_size=5))
def test_d24_cells_that_begin_as_formulas_are_made_safe_and_come_back(cells: list[str]) -> None:
    written = write_csv(["A", "B", "C", "D", "E"][: len(cells)], [cells])
    for cell in next(csv.reader(StringIO(written.decode("utf-8-sig").split("\r\n", 1)[1], newline=""))):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    if any(cell.strip() for cell in cells) and len(cells) > 1:
        assert read_table(written).rows[0].cells == tuple(_without_end(cells))


def _without_end(cells: list[str]) -> list[str]:
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    return kept


@pytest.mark.parametrize("start", [*"=+-@＝＋－＠", "\t", "\r", "\n", "'="])
def test_d24_each_start_of_a_formula_is_known(start: str) -> None:
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"


def test_a_share_of_a_workbook_is_read_as_it_is_shown() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Row", "Share", "Exact", "Number"])
    sheet.append(["July", 0.8, 1 / 3, 0.8])
    sheet.append(["August", 1, 0, 2])
    for row in "23":
        sheet[f"B{row}"].number_format, sheet[f"C{row}"].number_format = "0%", "0.00%"
    out = BytesIO()
    book.save(out)
    found = [row.cells for row in read_table(out.getvalue()).rows]
    assert found == [("July", "80%", "33.33%", "0.8"), ("August", "100%", "0.00%", "2")]


def test_400_damaged_files_are_read_or_refused_and_nothing_else() -> None:
    chance = random.Random(11)
    models = [PLAIN.encode() * 20, PLAIN.encode("utf-16"), workbook(["A", "B"], ["Okafor", 1986], ["Núñez", "=x"])]
    models.append(workbook(["Surname", "Born"], ["Okafor", date(1986, 1, 1)]))
    read = 0
    for number in range(400):
        content = bytearray(models[number % len(models)])
        for _ in range(chance.randrange(1, 12)):
            match chance.randrange(3):
                case 0:
                    content[chance.randrange(len(content))] = chance.randrange(256)
                case 1:
                    del content[chance.randrange(len(content)) :]
                    content += b"\0"
                case _:
                    at = chance.randrange(len(content))
                    content[at:at] = content[: chance.randrange(40)]
        try:
            read_table(bytes(content))
            read += 1
        except NotATable as error:
            assert str(error)  # noqa: PT017
    assert 0 < read < 400


class Stopped(Exception):
    """Nobody wants it any more."""


@pytest.mark.parametrize("looks", [0, 3, 12, 17])
def test_a_workbook_is_stopped_at_each_of_its_sheets_and_leaves_nothing(
    looks: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sheets = [(f"Sheet {number}", [("a", 1)] * 20) for number in range(10)]
    left = [looks]

    def meanwhile() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Stopped

    with pytest.raises(Stopped):
        write_workbook(sheets, meanwhile)
    assert list(tmp_path.iterdir()) == []
    # Twice for each: as it is filled, and as it is packed.
    left[0] = 20
    write_workbook(sheets, meanwhile)
    assert left[0] == 0


def test_a_sheet_is_named_whole_words_at_most() -> None:
    titles = [
        "1 October 2026 to 29 November 2026",
        "Disclosures, by gateway and item given",
        "Reasons that repeat word for word",
        "May 2026",
        "x" * 40,
        "x" * 40,
    ]
    found = load_workbook(BytesIO(write_workbook([(one, [["A"]]) for one in titles])))
    assert found.sheetnames == [
        "1 Oct 2026 to 29 Nov 2026",
        "Disclosures, by gateway and",
        "Reasons that repeat word for",
        "May 2026",
        "x" * 31,
        f"{'x' * 29} 2",
    ]
