"""Published statistics: rates, and tables that add up or do not, each with where it was published."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from desktop.policy.publishedtables import Checked, check_table
from desktop.policy.rates import average, rate
from desktop.policy.tables import NotATable
from desktop.policy.workbooks import write_workbook

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "data" / "addresses_letters.json").read_text("utf-8"))


def of_kind(kind: str) -> list[Any]:
    return [pytest.param(one, id=one["id"]) for one in CASES if one["kind"].startswith(kind)]


def test_the_cases_are_there() -> None:
    found = {one["id"] for one in CASES if one["kind"].startswith("stats_")}
    assert found == {"X120", "X122", "X123", "X124", "X125", "X126", "X127", "X129"}


@pytest.mark.parametrize("case", of_kind("stats_compliance_rate"))
def test_a_published_rate_is_the_one_that_its_counts_make(case: dict[str, Any]) -> None:
    whole = case["input"].get("responses", case["input"].get("received"))
    places = int(case["kind"].removesuffix("dp").rsplit("_", 1)[1])
    assert rate(case["input"]["on_time"], whole, places) == f"{case['expected']}%"


def requests_table(one: dict[str, Any]) -> str:
    return (
        "Period,Total received,On time,Permitted extension,Late,Closed without a response\n"
        f"{one['period']},{one['total']},{one['on_time']},{one['extended']},{one['late']},"
        f"{one['closed_without_response']}\n"
    )


def outcomes_table(one: dict[str, Any]) -> str:
    cells = ",".join(map(str, one["not_held_exempt_released_partial"]))
    return f"Period,Responded,Not held,Exempt,Released,Released in part\n{one['period']},{one['responded']},{cells}\n"


@pytest.mark.parametrize("case", of_kind("stats_reconcile"))
def test_a_published_table_that_does_not_reconcile_is_reported_with_its_cell(case: dict[str, Any]) -> None:
    table = requests_table if case["kind"] == "stats_reconcile_requests" else outcomes_table
    found = check_table(table(case["input"]).encode())
    assert found.sums == 1
    assert (found.faults == ()) is case["expected"]


def test_the_real_table_that_does_not_reconcile_names_its_cell() -> None:
    case = next(one for one in CASES if one["id"] == "X126")
    (fault,) = check_table(outcomes_table(case["input"]).encode()).faults
    assert fault == "Row 2, Jul-Sep, Responded: 58, but the other columns make 57."


WRONG = {
    "a part is more than its row": (
        "Row,Police\nRejected,5\nof which refused,9\nTotal,5\n",
        "Row 2, Rejected, Police: 5, but “of which refused” alone makes 9.",
    ),
    "what came in is not what went out": (
        "Row,Police\nReceived,10\nBrought forward,4\nAnswered,9\nWithdrawn,1\nCarried forward,9\n",
        "Row 2, Received, Police: 14 with what stands beside it in the sum, but the other rows make 19.",
    ),
    "the same, in columns": (
        "Body,Received,Brought forward,Answered,Withdrawn,Carried forward\nPolice,10,4,9,1,3\n",
        "Row 2, Police, Received: 14 with what stands beside it in the sum, but the other columns make 13.",
    ),
    "a sub-total": (
        "Row,Police\nA,5\nB,6\nSub-total,12\nC,1\nTotal,12\n",
        "Row 4, Sub-total, Police: 12, but the rows over it make 11.",
    ),
    "a total that is right by another way of reading in one column": (
        "Row,Police,Court,NCA\nA,5,1,1\nTotal,5,1,1\nB,2,3,1\nTotal,7,3,2\n",
        "Row 5, Total, Court: 3, but the rows over it make 4.",
    ),
    "a part is kept back, and the others are more than the whole": (
        "Row,Police,Court\nA,9,*\nB,*,1\nTotal,7,3\n",
        "Row 4, Total, Police: 7, but the rows over it make at least 9.",
    ),
    "a figure below nought": (
        "Row,Police,Court\nA,\u22125,3\nB,(1),4\nTotal,2,7\n",
        "Row 4, Total, Police: 2, but the rows over it make -6.",
    ),
    "answers are in time or late": (
        'Body,Answered,In time,Late,"In time, of those answered"\nA,1,0,0,–\nB,2,1,1,50.0%\nAll,3,1,1,–\n',
        "Row 2, A, Answered: 1, but the other columns make 0.",
        "Row 4, All, Answered: 3, but the other columns make 2.",
    ),
    "answers are in time, late or without a due date": (
        "Body,Answered,In time,Late,Without a due date\nA,9,4,3,1\n",
        "Row 2, A, Answered: 9, but the other columns make 8.",
    ),
    "a share": (
        'Body,Answered,In time,Late,"In time, of those answered"\nA,3,2,1,66.7%\nB,1,0,1,100.0%\nAll,4,2,2,50%\n',
        "Row 3, B, In time, of those answered: 100.0%, but the figures beside it make 0.0%.",
    ),
    "a total over its rows": (
        "Row,Police,NCA,Total\nTotal,12,22,34\nRejected,1,2,3\nApproved – Trace,10,20,30\n",
        "Row 2, Total, Police: 12, but the rows under it make 11.",
        "Row 2, Total, Total: 34, but the rows under it make 33.",
    ),
    "totals over their rows": (
        "Row,Police,NCA\nGrand total,10,17\nTotal A,5,7\nX,2,3\nY,3,4\nTotal B,6,9\nX,2,4\nY,3,5\n",
        "Row 2, Grand total, NCA: 17, but the rows under it make 16.",
        "Row 6, Total B, Police: 6, but the rows under it make 5.",
    ),
    "a total over its rows, of which one is kept back": (
        "Row,Police\nTotal,9\nA,*\nB,10\n",
        "Row 2, Total, Police: 9, but the rows under it make at least 10.",
    ),
    "a second table": (
        "Table,Body,Requests,Late\nOne,A,3,1\nOne,All,3,1\n\nTable,Body,Sent\nTwo,A,3\nTwo,All,4\n",
        "Row 7, Two, All, Sent: 4, but the rows over it make 3.",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_sum_that_is_wrong_names_its_cell(what: str) -> None:
    table, *faults = WRONG[what]
    assert list(check_table(table.encode()).faults) == faults


RIGHT = {
    "what was received stands beside what was answered": ("Week,Received,Answered\n7 September,1,0\nJuly,3,2\n", 0),
    "sub-totals are no parts": ("Row,Police\nA,5\nB,6\nSub-total,11\nC,1\nSub-total,1\nTotal,12\n", 3),
    "sub-totals are no parts of columns": ("Row,A,B,Sub-total,C,Total\nJuly,1,2,3,4,7\n", 2),
    "parts need not be all of a row": ("Row,Police\nRejected,5\nof which refused,3\nTotal,5\n", 2),
    "received, and nothing became of it": ("Month,Received,Police,Courts\nJuly,3,1,2\n", 1),
    "totals of totals": ("Row,Police\nA,5\nTotal A,5\nB,2\nTotal B,2\nGrand total,7\n", 3),
    "a total over its rows": ("Row,A,B,Total\nTotal,3,5,8\nX,1,2,3\nY,2,3,5\n", 6),
    "a total over its rows and under them": ("Row,A\nTotal,3\nX,1\nY,2\nTotal,3\n", 2),
    "a total over its rows and an average": ("Row,A\nTotal,3\nX,1\nY,2\nAverage,2\n", 1),
    "totals over their rows": ("Row,A,B\nTotal A,3,4\nX,1,1\nY,2,3\nTotal B,9,1\nX,4,0\nY,5,1\n", 4),
    "a row of which every figure is kept back": ("Row,Police\nA,9\nB,*\nTotal,12\n", 0),
    "a total by itself": ("Row,Police\nTotal processed,7\n", 0),
    "a part is kept back, and may be below nought": ("Row,Police\nA,9\nB,*\nC,-1\nTotal,7\n", 0),
    "a figure that is only bounded": ("Row,A,B,Total\nJuly,5,<5,9\nJune,1,2,3\n", 2),
    "answers in another table than the desk's": ("Body,Answered,In time,Late,Extended\nA,9,4,3,2\n", 0),
    "a share in fewer places, and halves either way": (
        'Body,Refused,Sent,"Refused, of all sent"\nA,1,3,33%\nB,1,8,13 %\nC,1,8,12%\nD,0,0,–\nE,*,9,*\n',
        3,
    ),
    "a share whose title names no other column": ('Body,Sent,"Refused, of all"\nA,3,90%\n', 0),
    "a count whose title says of what it is a part": (
        'Body,Refused,Sent,"Refused, of all sent"\nA,1,3,1\nB,1,8,1\nTotal,2,11,2\n',
        3,
    ),
    "rounded figures": ("Row,A,B,Total\nJuly,10,10,15\n\nOthers are rounded to the nearest 5.\n", 1),
}


@pytest.mark.parametrize("what", RIGHT)
def test_a_sum_that_is_right_is_no_fault(what: str) -> None:
    table, sums = RIGHT[what]
    found = check_table(table.encode())
    assert (found.sums, found.faults, found.nearest) == (sums, (), 5 if what == "rounded figures" else 0)


NOT_KNOWN = ["[c]", "c", "~", "-", "–", "x", "*"]
NOT_UNDERSTOOD = [
    *("#", "[z]", "[low]", "..", ":", "n/a", "N/A", "suppressed", "nil", "see note 1"),
    *("10 (5%)", "10%", "£10", "#N/A", "=SUM(B2:D2)", "some words"),
]


@pytest.mark.parametrize("cell", [*NOT_KNOWN, *NOT_UNDERSTOOD])
def test_a_cell_that_is_no_figure_hides_no_fault_and_makes_none(cell: str) -> None:
    last = check_table(f"Row,A,B,C,Total\nX,1,2,3,{cell}\nY,10,20,30,61\nTotal,11,22,33,66\n".encode())
    assert last.faults == ("Row 3, Y, Total: 61, but the other columns make 60.",)
    first = check_table(f"Row,A,B,C,Total\nX,{cell},2,3,16\nY,10,20,30,60\nTotal,21,22,33,76\n".encode())
    assert (first.sums, first.faults) == (5, ())
    row = check_table(f"Row,A,B,Total\nX,{cell},{cell},{cell}\nY,10,20,31\nTotal,11,22,34\n".encode())
    assert "Row 3, Y, Total: 31, but the other columns make 30." in row.faults
    assert not [one for one in row.faults if "Row 2" in one]
    understood = cell in NOT_KNOWN
    assert last.unread == (() if understood else (f"Row 2, X, Total (“{cell}”)",))
    assert first.unread == (() if understood else (f"Row 2, X, A (“{cell}”)",))
    assert first.kept_back is understood
    assert len(row.unread) == (0 if understood else 3)


@pytest.mark.parametrize("mark", ["r", " (r)", "[1]", "*", " [note 1]", "†", "\u00b9", " (revised)", "* [r]"])
def test_a_figure_with_a_mark_is_that_figure(mark: str) -> None:
    found = check_table(f'Row,A,B,Total\nX,10{mark},2,13\nY,"1,000{mark}",1,1001\n'.encode())
    assert (found.sums, found.unread) == (2, ())
    assert found.faults == ("Row 2, X, Total: 13, but the other columns make 12.",)


@pytest.mark.parametrize("between", ["", ",", " ", "\u00a0", "\u2009", "\u202f", "'", "’"])
def test_thousands_are_read_however_they_are_grouped(between: str) -> None:
    lines = ("Body;Figures", f"Police;1{between}234", "Courts;766")
    assert check_table("\n".join([*lines, f"Total;2{between}000"]).encode()).faults == ()
    (said,) = check_table("\n".join([*lines, f"Total;2{between}001"]).encode()).faults
    assert "Total" in said


@pytest.mark.parametrize(
    ("table", "sums", "unread"),
    [
        ("Row,A,B,Total,Notes\nX,1,2,3,revised\nY,1,1,2,12\n", 2, ()),
        ("Row,A,B,Total,Status\nX,1,2,3,open\nY,1,1,2,n/a\n", 2, ()),
        ("Row,A,B,Total,Notes\nX,1,2,3,12\nY,1,1,2,13\n", 2, ()),
        ("Row,A,Late in %,Total\nX,1,0,1\nY,1,100,1\nZ,3,50%,3\n", 3, ()),
        ("Row,Within 20 days,Later,Total\nX,1,2,3\nY,1,1,2\nZ,5%,1,2\n", 2, ("Row 4, Z, Within 20 days (“5%”)",)),
        ("Row,A,B,Total,Average days\nX,1,2,3,10.5\nY,1,1,2,9\n", 2, ()),
        ("Row,A,B,Total\nX,1,2,3\nY,1,1,2\nTotal,2,3,5\nShare of X,50%,67%,60%\n", 6, ()),
        ("Row,A,B,Total\nX,1,2,3\n1,A note under the table\n", 1, ()),
        ("Table,Year,A\nOne,2016,3\nOne,2017,4\nOne,All,7\n", 1, ()),
        ("Table,Ages,A,B,Total\nOne,17,3,1,4\nOne,18 and over,4,1,5\n", 2, ()),
        ("Table,Ages,A,B,Total\nOne,18-24,3,1,4\nTwo,25-34,4,1,5\n", 2, ()),
        # Whether its figures are counts is not known, so none is called wrong.
        ("Row,A,B,Total\nX,1.5,2,4\nY,1,1,2\n", 0, ("Column A (such as “1.5”)",)),
        ("Row,A,B,Total\nX,some words,2,4\nY,other words,1,2\nZ,1,1,2\n", 0, ("Column A (such as “some words”)",)),
    ],
)
def test_a_column_of_words_is_none_of_figures(table: str, sums: int, unread: tuple[str, ...]) -> None:
    found = check_table(table.encode())
    assert (found.sums, found.faults, found.unread) == (sums, (), unread)


SOUND = {
    "others": "Body,2016,2017\nPolice,5,6\nAll others,2,2\n",
    "others and a total": "Body,N\nPolice,5\nAll other bodies,6\nTotal,11\n",
    "whole averages": "Body,N,Average days\nP,5,10\nN,6,12\nTotal,11,11\n",
    "two years beside each other": ",2024,,,2025,,\nBody,Traced,Not,Total,Traced,Not,Total\nP,5,1,6,7,1,8\n"
    "N,1,1,2,3,1,4\nTotal,6,2,8,10,2,12\n",
    "a part and a total of each year": ",2024,,2025,\nBody,Traced,Total,Traced,Total\nPolice,5,6,7,8\nNCA,1,2,4,7\n"
    "Total,6,8,11,15\n",
    "years that stand once": "Year,Body,N\n2016,A,1\n,B,2\n,Total,3\n2017,A,4\n,B,5\n,Total,9\n",
    "a total of some columns": "Body,Granted,Refused,Total resolved,Not held,Total\nA,3,1,4,2,6\nB,7,3,10,4,14\n",
    "a total of some rows": "Body,N\nPolice,5\nNCA,6\nTotal excluding NCA,5\nTotal,11\n",
    "totals before their columns": "Body,Total received,Police,NCA,Total answered,In time,Late\n2016,11,5,6,10,8,2\n"
    "2017,13,7,6,12,9,3\n",
    "rows set in": "Row,N\nAnswered,10\n  Traced,6\n  Not traced,4\nWithdrawn,2\nTotal,12\n",
    "a running total": "Month,Received,Cumulative total\nJan,1,1\nFeb,2,3\nMar,3,6\nTotal,6,\n",
    "codes": "Row,Code,A,B,Total\nTraced,101,5,6,11\nNot,102,5,4,9\nTotal,,10,10,20\n",
}


@pytest.mark.parametrize("what", SOUND)
def test_a_table_that_is_right_is_not_accused_and_one_that_is_wrong_is(what: str) -> None:
    found = check_table(SOUND[what].encode())
    assert found.faults == ()
    assert found.sums > 0 or what in ("others", "rows set in")
    *lines, last = SOUND[what].splitlines()
    wrong = "\n".join([*lines, re.sub(r"\d+(?=,*$)", lambda figure: str(int(figure[0]) + 40), last)])
    assert bool(check_table(wrong.encode()).faults) is (what not in ("others", "whole averages"))


@pytest.mark.parametrize(
    "title", ["Totals", "Sum", "Overall", "2024 total", "Requests total", "*Total*", "Cyfanswm", "GRAND TOTAL", "All"]
)
def test_a_total_is_known_by_its_title(title: str) -> None:
    assert check_table(f"Row,N\nA,1\nB,2\n{title},3\n".encode()).sums == 1
    assert check_table(f"Row,N\nA,1\nB,2\n{title},4\n".encode()).faults


def test_what_could_not_be_read_is_said_by_its_place() -> None:
    found = check_table(b"Row,A,B,Total\nX,#,2,3\nY,1,1,2\n")
    assert (
        found.said
        == "1 sum was checked, and each is right. Sums with a figure that could not be read cannot be checked."
    )
    assert found.not_checked == ("Could not be read as figures: Row 2, X, A (“#”).",)
    rows = "".join(f"{row},..,1,1\n" for row in range(12))
    many = check_table(f"Row,A,B,Total\n{rows}".encode())
    assert many.said == "There is no total that could be checked."
    assert many.not_checked[0].endswith("Row 11, 9, A (“..”); and 2 more.")
    # Of a cell that is in no sum nothing is said.
    assert check_table(b"Row,A,B\nX,#,2\nY,1,1\n").unread == ()


def formulas(*gave: int | None) -> bytes:
    """A workbook with formulas in the total of its rows, and what each gave; None for one that was never worked out."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Row", "A", "B", "Total"])
    for at in range(len(gave)):
        sheet.append([f"Row {at}", 1, 2, f"=SUM(B{at + 2}:C{at + 2})"])
    whole, out = BytesIO(), BytesIO()
    book.save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name).decode()
            for at, one in enumerate(gave):
                there = rf"(:C{at + 2}\)</f>)<v ?/?>(</v>)?"
                data = re.sub(there, rf"\1<v>{'' if one is None else one}</v>", data)
            new.writestr(name, data)
    return out.getvalue()


def test_a_formula_of_a_workbook_is_what_it_gave() -> None:
    found = check_table(formulas(3, 4, None))
    assert (found.sums, found.faults) == (2, ("Row 3, Row 1, Total: 4, but the other columns make 3.",))
    assert found.unread == ("Row 4, Row 2, Total (“=SUM(B4:C4)”)",)


@pytest.mark.parametrize(
    "file", ['{"tables": [{"rows": []}]}', ' [\n{"a": 1,\n"b": 2}\n]', "%PDF-1.7\n", "Some, words\nof text, here\n"]
)
def test_what_is_no_table_is_told_what_is_one(file: str) -> None:
    with pytest.raises(NotATable, match=r"a CSV file or an Excel workbook \(.xlsx\)"):
        check_table(file.encode())


def test_every_sheet_of_a_workbook_is_checked() -> None:
    def sheet(title: str, total: int) -> tuple[str, list[list[str | int]]]:
        return title, [["Row", "A", "B", "Total"], ["July", 1, 2, total]]

    found = check_table(write_workbook([sheet("2024", 3), sheet("2025", 4), ("Notes", [["Nothing"]])]))
    assert found == Checked(2, ("2025, row 2, July, Total: 4, but the other columns make 3.",))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Checked(0, ()), "There is no total to check."),
        (Checked(1, ("Row 2",)), "1 sum was checked. These are wrong:"),
        (Checked(2, ()), "2 sums were checked, and each is right."),
        (
            Checked(2, (), 5),
            "2 sums were checked, and each is right, as far as rounding to the nearest 5 lets it be told.",
        ),
    ],
)
def test_what_is_said_of_a_check_is_no_more_than_was_checked(found: Checked, said: str) -> None:
    assert found.said == said
    if found.sums and not found.faults:
        kept_back = replace(found, kept_back=True).said
        assert kept_back == f"{said} Sums with a figure that is kept back cannot be checked."


@pytest.mark.parametrize(
    ("table", "kept_back"),
    [
        ("Row,A,B,Total\nJuly,1,2,3\n", False),
        ("Row,A,B,Total\nJuly,1,2,3\nJune,*,2,3\n", True),
        ("Row,A,B,Total\nJuly,1,2,3\nJune,4,5,<10\n", False),
        # Of a figure that is in no sum nothing is said.
        ("Row,A,B,Total\nJuly,1,2,3\n\nRow,Sent\nJune,*\nMay,3\n", False),
    ],
)
def test_that_figures_are_kept_back_is_said_where_a_sum_has_one(table: str, kept_back: bool) -> None:
    found = check_table(table.encode())
    assert found.kept_back is kept_back
    assert ("kept back" in found.said) is kept_back


@pytest.mark.parametrize(
    ("part", "whole", "places", "said"),
    [
        (0, 0, 1, "–"),
        (0, 3, 1, "0.0%"),
        (3, 3, 1, "100.0%"),
        (1, 3, 1, "33.3%"),
        (1, 16, 1, "6.3%"),  # 6.25: half a last place goes up
        (1, 8, 0, "13%"),
        (999, 1000, 0, "100%"),
    ],
)
def test_a_rate(part: int, whole: int, places: int, said: str) -> None:
    assert rate(part, whole, places) == said


def test_an_average() -> None:
    assert (average(7, 20), average(0, 20), average(1, 0)) == ("0.4", "0.0", "–")
