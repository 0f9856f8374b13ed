"""Tables in the shapes in which public bodies publish: sound ones are accused of nothing, and a fault is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.policy.publishedtables import check_table

SOUND = {
    "what came in beside what was closed": ("Quarter,Received,Closed\nQ1,100,98\nQ2,90,95\n", 0),
    "the same in one row": ("Quarter,Received,Closed\nQ1,100,98\n", 0),
    "a target beside what came in": ("Quarter,Received,Target,Closed\nQ1,100,90,98\nQ2,90,90,95\n", 0),
    "what came in over what was closed": ("What,Q1,Q2\nReceived,100,90\nClosed,98,95\n", 0),
    "responses in time": ("Quarter,Requests received,Responded in time,Responded late\nQ1,100,80,18\nQ2,90,70,25\n", 0),
    "sub-totals by name": ("Row,N\nA,5\nB,6\nNorth subtotal,11\nC,10\nD,20\nSouth subtotal,30\nTotal,41\n", 3),
    "a sub-total in Welsh": ("Row,N\nA,5\nB,6\nIs-gyfanswm,11\nC,10\nCyfanswm,21\n", 2),
    "quarters among months": ("Month,N\nApr,1\nMay,2\nJun,3\nQ1,6\nJul,4\nAug,5\nSep,6\nQ2,15\nTotal,21\n", 1),
    "quarters among months, in columns": ("Body,Apr,May,Jun,Q1,Jul,Aug,Sep,Q2,Total\nx,1,2,3,6,4,5,6,15,21\n", 1),
    "quarters among months that say that they are totals": (
        "Month,N\nApr,1\nMay,2\nJun,3\nQ1 total,6\nJul,4\nAug,5\nSep,6\nQ2 total,15\nTotal,21\n",
        3,
    ),
    "figures rounded, in other words": (
        "Body,A,B,Total\nx,10,10,25\ny,20,5,25\n\nAll are rounded to nearest five.\n",
        2,
    ),
    "the oldest of each": ("Month,Requests,Oldest case\nApr,10,30\nMay,12,40\nTotal,22,40\n", 1),
    "halves of a year": ("Body,H1,H2,Year total\nx,1,2,3\ny,2,3,5\n", 2),
    "two nations together": ("Nation,N\nEngland,10\nWales,5\nEngland and Wales,15\nScotland,4\nUK total,19\n", 1),
    "parts of what was answered in a flow": (
        "Body,B/f,Received,Answered,In time,Late,Withdrawn,C/f\nx,5,10,8,6,2,1,6\ny,6,10,9,9,0,1,6\n",
        4,
    ),
    "what is open at both ends": (
        "Month,Open at start of month,Received,Closed,Open at end of month\nApr,5,10,8,7\nMay,7,9,10,6\n",
        3,
    ),
    "what is no count beside a total": (
        (
            "Name,A,B,Total,Year to date,Longest wait,Requests per member of staff\nx,1,2,3,9,40,2\n"
            "y,2,3,5,12,30,3\nTotal,3,5,8,21,40,3\n"
        ),
        6,
    ),
    "a backlog beside a total": (
        "Quarter,Total requests,Granted,Refused,Backlog\nQ1,100,60,40,12\nQ2,90,50,40,9\nQ3,80,50,30,4\n",
        3,
    ),
    "what is resolvable": (
        (
            "Government body,Total requests received,Requests resolvable,Granted,Withheld\nA,100,80,60,20\n"
            "B,50,40,30,10\nC,70,50,40,10\nTotal,220,170,130,40\n"
        ),
        4,
    ),
    "two years and the change": (
        "Body,2023 total,2022 total,Change\nA,10,8,2\nB,7,9,-2\nC,4,4,0\nTotal,21,21,0\n",
        3,
    ),
    "the same total told twice": (
        "Month,Male,Female,Under 18,18 and over,Total\nJan,3,4,2,5,7\nFeb,1,2,1,2,3\nMar,2,2,2,2,4\n",
        6,
    ),
    "what is left of what came and went": ("Month,In,Out,Net total\nJan,5,3,2\nFeb,6,7,-1\nMar,4,4,0\n", 0),
    "the first of many, and all of them": ("Body,A,B,C\nx,10,20,30\ny,9,19,29\nTotal,90,80,95\n", 0),
    "rows that are averages": (
        "Row,Jan,Feb,Total\nReceived,5,6,11\nAverage days,9,7,8\nLongest wait in days,40,50,50\n",
        1,
    ),
    "days that are averages": ("Body,Requests,Days\nA,5,31\nB,4,29\nTotal,9,30\n", 1),
    "days that are a sum": ("Body,Requests,Days\nA,5,31\nB,4,29\nTotal,9,60\n", 2),
    "what is carried over, alone": ("Month,Received,Carried over\nJan,5,2\nFeb,6,4\nTotal,11,4\n", 1),
    "all, and then its parts": ("Body,Requests,Disclosed,Not,Total\nA,3,1,2,3\nB,5,2,3,5\nTotal,8,3,5,8\n", 10),
    "requests of which each is counted more than once": (
        "Exemption,Times\ns12,5\ns21,7\ns40,20\nTotal requests where one was used,25\n",
        0,
    ),
    "shares of the total": ("Outcome,N,%\nGranted,50,50%\nPartly,30,30%\nRefused,20,20%\nTotal,100,100%\n", 5),
    "people, each once": ("Month,Requests,Unique individuals\nJan,5,4\nFeb,4,3\nTotal,9,6\n", 1),
    "decisions that are as many as what came, but in one month": (
        "Month,Received,Approved,Refused\nJan,3,1,2\nFeb,4,2,2\nMar,5,2,2\n",
        0,
    ),
    "a note that sums need not add up": ("Body,N\nA,3\nB,4\nTotal,8\nFigures may not sum due to rounding\n", 1),
    "provisional figures": ("Row,A,B,Total\nX,5p,9,14\nY,1p,2e,3b\n", 2),
    "a target before the figures": ("Body,Target,A,B,Total\nX,90,1,2,3\nY,90,2,3,5\nTotal,90,3,5,8\n", 6),
    "numbered rows": ("No,Council,Requests\n1,Leeds,50\n2,Hull,30\n,Total,80\n", 1),
    "parts of what was answered": ("Row,Police\nAnswered,10\nIn time,8\nLate,2\n", 1),
}
"""Each with how many sums are checked in it."""


@pytest.mark.parametrize("what", SOUND)
def test_a_sound_table_is_accused_of_nothing(what: str) -> None:
    table, sums = SOUND[what]
    found = check_table(table.encode())
    assert (found.faults, found.sums) == ((), sums)


WRONG = {
    "numbered rows": (
        "No,Council,Requests\n1,Leeds,50\n2,Hull,30\n,Total,90\n",
        "Row 4, Total, Requests: 90, but the rows over it make 80.",
    ),
    "what was answered beside what came in": (
        "Body,Received,Answered,In time,Late\nx,12,10,8,3\ny,9,9,8,1\n",
        "Row 2, x, Answered: 10, but its parts make 11.",
    ),
    "the same in rows": (
        "Row,Police\nReceived,12\nAnswered,10\nIn time,8\nLate,3\n",
        "Row 3, Answered, Police: 10, but its parts make 11.",
    ),
    "cases brought forward, and requests received": (
        "Body,Cases brought forward,Requests received,Answered,Withdrawn,Carried forward\nx,5,10,8,1,7\n",
        "Row 2, x, Cases brought forward: 15 with what stands beside it in the sum, but the other columns make 16.",
    ),
    "hyphens, and what is new": (
        "Body,Brought-forward,New,Answered,Withdrawn,Carried-forward\nx,5,10,8,1,7\n",
        "Row 2, x, Brought-forward: 15 with what stands beside it in the sum, but the other columns make 16.",
    ),
    "from one quarter to the next": (
        (
            "Body,Brought forward from previous quarter,Received,Answered,Withdrawn,Carried forward to next "
            "quarter\nx,5,10,8,1,7\n"
        ),
        (
            "Row 2, x, Brought forward from previous quarter: 15 with what stands beside it in the sum, but the "
            "other columns make 16."
        ),
    ),
    "a total in Welsh": (
        "Corff,Nifer\nA,1\nB,2\nY cyfanswm,4\n",
        "Row 4, Y cyfanswm, Nifer: 4, but the rows over it make 3.",
    ),
    "totals in Welsh": (
        "Corff,Nifer\nA,1\nB,2\nCyfansymiau,4\n",
        "Row 4, Cyfansymiau, Nifer: 4, but the rows over it make 3.",
    ),
    "a sub-total by its name": (
        "Row,N\nA,5\nB,6\nNorth subtotal,12\nC,10\nD,20\nSouth subtotal,30\nTotal,41\n",
        "Row 4, North subtotal, N: 12, but the rows over it make 11.",
    ),
    "a share before what is counted": (
        "Body,% in time,Requests\nA,90%,2\nB,95%,3\nTotal,93%,6\n",
        "Row 4, Total, Requests: 6, but the rows over it make 5.",
    ),
    "a whole share before what is counted": (
        "Body,% in time,Requests\nA,90,3\nB,80,5\nTotal,85,9\n",
        "Row 4, Total, Requests: 9, but the rows over it make 8.",
    ),
    "one of two tellings of a total": (
        "Month,Male,Female,Under 18,18 and over,Total\nJan,3,4,2,5,7\nFeb,1,2,1,3,3\nMar,2,2,2,2,4\n",
        "Row 3, Feb, Total: 3, but the columns of one breakdown make 4.",
    ),
    "a share of the total": (
        "Outcome,N,%\nGranted,50,50%\nPartly,30,30%\nRefused,20,25%\nTotal,100,100%\n",
        "Row 4, Refused, %: 25%, but “N” of that in “Total” makes 20%.",
    ),
    "what was received, in one row of three": (
        "Body,Received,Disclosed,Not,Pending\nA,10,5,3,2\nB,20,10,5,6\nC,5,5,0,0\nTotal,35,20,8,8\n",
        "Row 3, B, Received: 20, but the other columns make 21.",
        "Row 5, Total, Received: 35, but the other columns make 36.",
    ),
    "a share whose title has the end of another": (
        "Q,Received,Done,Done on time,% on time\nQ1,99,90,80,89%\nQ2,99,110,88,80%\nQ3,99,80,72,90%\nQ4,99,99,80,80%\n",
        "Row 5, Q4, % on time: 80%, but “Done on time” of “Done” makes 81%.",
    ),
    "days that are more than any average": (
        "Body,Requests,Days\nA,5,31\nB,4,29\nTotal,9,61\n",
        "Row 4, Total, Days: 61, but the rows over it make 60.",
    ),
    "more than rounding can make": (
        "Body,N\nA,3\nB,4\nTotal,9\nTotals do not sum because of rounding.\n",
        "Row 4, Total, N: 9, but the rows over it make 7.",
    ),
    "a total that is everywhere a little off": (
        "Body,A,B,Total\nx,40,20,61\ny,30,10,41\nz,20,10,31\n",
        "Row 2, x, Total: 61, but the other columns make 60.",
        "Row 3, y, Total: 41, but the other columns make 40.",
        "Row 4, z, Total: 31, but the other columns make 30.",
    ),
    "an average before it": (
        "Body,Average days,Requests\nA,1.5,2\nB,2.5,3\nTotal,2.1,6\n",
        "Row 4, Total, Requests: 6, but the rows over it make 5.",
    ),
    "months of one year, and their total": (
        "Year,Month,N\n2025,Apr,5\n2025,May,6\n,Total,12\n",
        "Row 4, Total, N: 12, but the rows over it make 11.",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_fault_is_named(what: str) -> None:
    table, *faults = WRONG[what]
    assert list(check_table(table.encode()).faults) == faults


def test_a_quarter_that_says_that_it_is_a_total_is_checked() -> None:
    down = "Month,N\nApr,1\nMay,2\nJun,3\nQ1 total,7\nJul,4\nAug,5\nSep,6\nQ2 total,15\nTotal,21\n"
    assert "Row 5, Q1 total, N: 7, but the rows over it make 6." in check_table(down.encode()).faults
    across = "Body,Apr,May,Jun,Q1 total,Jul,Aug,Sep,Q2 total,Year total\nx,1,2,3,{},4,5,6,15,21\n"
    assert check_table(across.format(6).encode()).faults == ()
    (fault,) = check_table(across.format(7).encode()).faults
    assert fault.startswith("Row 2, x, Q1 total: 7, but ")


def test_a_total_that_nothing_beside_it_makes_is_named() -> None:
    found = check_table(SOUND["two years and the change"][0].encode())
    assert found.not_checked == (
        "Not checked, as no figures beside them make them: Column 2023 total; Column 2022 total.",
    )
    down = check_table(SOUND["the first of many, and all of them"][0].encode())
    assert down.not_checked == ("Not checked, as no figures beside them make them: Row 4, Total.",)
    assert down.said == "There is no total that could be checked."


@pytest.mark.parametrize("title", ["% in time", "In time (%)", "Percentage in time", "In time %", "Per cent in time"])
@pytest.mark.parametrize("sign", ["%", ""])
def test_a_share_whose_title_names_one_column_is_one_of_the_column_that_the_rows_tell(title: str, sign: str) -> None:
    rows = f"A,9,4,3,1,75{sign}\nB,9,4,2,2,50{sign}\nC,8,3,1,2,33{sign}\nD,7,5,4,1,{{}}{sign}\n"
    table = f"Body,Received,Answered,In time,Late,{title}\n{rows}"
    assert check_table(table.format(80).encode()).faults == ()
    assert check_table(table.format(81).encode()).faults == (
        f"Row 5, D, {title}: 81{sign}, but “In time” of “Answered” makes 80%.",
    )
    # Where half of the rows are shares of something else, of what it is one is not known.
    assert check_table(table.replace("50", "51").format(81).encode()).faults == ()


@given(st.lists(st.lists(st.integers(0, 60), min_size=3, max_size=3), min_size=1, max_size=6), st.data())
def test_one_figure_that_was_changed_is_always_named(body: list[list[int]], data: st.DataObject) -> None:
    rows = [[*one, sum(one)] for one in body]
    rows.append([sum(row[at] for row in rows) for at in range(4)])
    titles = [*(f"Body {at}" for at in range(len(body))), "Total"]

    def table() -> bytes:
        lines = (",".join([title, *map(str, row)]) for title, row in zip(titles, rows, strict=True))
        return "\n".join(["Body,Granted,Refused,Not held,Total", *lines]).encode()

    sound = check_table(table())
    assert (sound.faults, sound.not_checked, sound.sums) == ((), (), len(rows) + 4)
    row, column = data.draw(st.sampled_from(rows)), data.draw(st.integers(0, 3))
    row[column] += data.draw(st.integers(1, 200))
    wrong = check_table(table())
    assert len(wrong.faults) == 2
    assert all(titles[rows.index(row)] in one or "Total" in one for one in wrong.faults)
