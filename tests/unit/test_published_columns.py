"""Which columns of a published table belong to a total, or are a part of another, and by which words they are known."""

from __future__ import annotations

import pytest

from desktop.policy.publishedtables import check_table


@pytest.mark.parametrize(
    ("table", "faults"),
    [
        (
            "Kind,Approved,of which traced,Rejected\nPolice,5,9,1\nNCA,5,5,1\n",
            ("Row 2, Police, Approved: 5, but “of which traced” alone makes 9.",),
        ),
        (
            "Kind,Approved,of which traced,of which late,Rejected,Total\nPolice,5,3,6,1,6\n",
            ("Row 2, Police, Approved: 5, but “of which late” alone makes 6.",),
        ),
        (
            "Kind,Traced,Rejected,Total,Of which late\nPolice,5,1,6,7\n",
            ("Row 2, Police, Total: 6, but “Of which late” alone makes 7.",),
        ),
        (
            "Kind,Approved,(of which traced),Rejected\nPolice,<5,5,1\n",
            ("Row 2, Police, Approved: at most 4, but “(of which traced)” alone makes 5.",),
        ),
        (
            "Body,Received,Brought forward,Answered,of which late,Carried forward\nPolice,10,4,9,10,5\n",
            ("Row 2, Police, Answered: 9, but “of which late” alone makes 10.",),
        ),
        ("Kind,Approved,of which traced,of which %,Rejected,Total\nPolice,5,4,80,1,6\n", ()),
        ("Kind,Notes,of which traced,Rejected\nPolice,none,4,1\n", ()),
        ("Kind,Approved,of which traced,Rejected\nPolice,5,*,1\nNCA,*,4,1\n", ()),
    ],
)
def test_a_column_is_no_more_than_the_one_that_it_is_a_part_of(table: str, faults: tuple[str, ...]) -> None:
    assert check_table(table.encode()).faults == faults


FORWARD = [
    ("Opening balance", "Closing balance"),
    ("b/f", "c/f"),
    ("B/F", "C/F"),
    ("B/fwd", "C/fwd"),
    ("Balance b/f", "Balance c/f"),
    ("Balance brought forward", "Balance carried forward"),
    ("Brought fwd", "Carried fwd"),
    ("Opening balance (b/f)", "Closing balance (c/f)"),
    ("Brought forward:", "Carried forward:"),
]


@pytest.mark.parametrize(("brought", "carried"), FORWARD)
def test_what_is_brought_and_carried_forward_has_other_words(brought: str, carried: str) -> None:
    beside = f"Body,{brought},Received,Answered,Withdrawn,{carried}\nPolice,4,10,9,1,"
    assert check_table(f"{beside}4\n".encode()).faults == ()
    assert check_table(f"{beside}5\n".encode()).faults == (
        "Row 2, Police, Received: 14 with what stands beside it in the sum, but the other columns make 15.".replace(
            "Received", brought
        ),
    )
    over = f"Row,Police\nReceived,10\n{brought},4\nAnswered,9\nWithdrawn,1\n{carried},"
    assert (check_table(f"{over}4\n".encode()).sums, check_table(f"{over}4\n".encode()).faults) == (1, ())
    assert check_table(f"{over}5\n".encode()).faults == (
        "Row 2, Received, Police: 14 with what stands beside it in the sum, but the other rows make 15.",
    )


def test_the_register_is_known_by_other_words() -> None:
    lines = "Received,10\nb/f,4\nTotal to deal with,14\nTraced,9\nTotal processed,9\nc/f,5\nTotal accounted for,14\n"
    assert (check_table(f"Row,Police\n{lines}".encode()).sums, check_table(f"Row,Police\n{lines}".encode()).faults) == (
        4,
        (),
    )
    assert check_table(f"Row,Police\n{lines}".replace("b/f,4", "b/f,5").encode()).faults == (
        "Row 4, Total to deal with, Police: 14, but what was received and brought forward makes 15.",
    )


def test_what_was_reopened_comes_in_beside_what_was_received() -> None:
    lines = "Received,10\nBrought forward,4\nReopened,2\nTotal to deal with,16\nTraced,9\nTotal processed,9\n"
    register = f"Row,Police\n{lines}Withdrawn,3\nCarried forward,4\nTotal accounted for,16\n"
    assert check_table(register.encode()).faults == ()
    assert check_table(register.replace("Reopened,2", "Reopened,1").encode()).faults == (
        "Row 5, Total to deal with, Police: 16, but what was received, brought forward and reopened makes 15.",
    )
    beside = "Body,Opening balance,Received,Re-opened cases,Closed,Closing balance\nPolice,4,10,2,11,{}\n"
    flow = beside.replace("Closed", "Answered")
    assert check_table(flow.format(5).encode()).faults == ()
    assert len(check_table(flow.format(4).encode()).faults) == 1


def test_balances_of_two_years_beside_each_other_are_no_one_flow() -> None:
    head = "Opening balance,Received,Answered,Closing balance"
    assert check_table(f"Body,{head},{head}\nPolice,1,2,1,2,2,5,3,4\n".encode()).faults == ()
    assert check_table(b"Body,Opening balance,b/f,Received,Answered,c/f\nPolice,1,1,2,1,2\n").faults == ()


NO_PART = {
    "a population, left of the total": "Name,Population,A,B,Total\nx,10000,1,2,3\ny,20000,2,3,5\n",
    "in one row": "Name,Population,A,B,Total\nx,10000,1,2,3\n",
    "with a row of all": "Name,Population,A,B,Total\nx,10000,1,2,3\ny,20000,2,3,5\nTotal,30000,3,5,8\n",
    "with nothing in the row of all": "Name,Population,A,B,Total\nx,10000,1,2,3\ny,20000,2,3,5\nTotal,,3,5,8\n",
    "a rank, right of the total": "Name,A,B,Total,Rank\nx,1,2,3,2\ny,2,3,5,1\nTotal,3,5,8,\n",
    "what is not known, right of the total": "Name,A,B,Total,Late\nx,1,2,3,1\ny,2,3,5,0\nTotal,3,5,8,1\n",
    "both sides": "Name,Population 2024,A,B,Total,Rank\nx,10000,1,2,3,1\ny,20000,2,3,5,2\n",
    "a year": "Name,Year,A,B,Total\nx,2016,1,2,3\ny,2016,2,3,5\nTotal,,3,5,8\n",
    "a financial year, right of the total": "Name,A,B,Total,Financial year\nx,1,2,3,2016\ny,2,3,5,2017\n",
    "a code": "Name,ONS code,A,B,Total\nx,101,1,2,3\ny,102,2,3,5\nTotal,–,3,5,8\n",
    "an id": "Name,Body ID,A,B,Total\nx,101,1,2,3\ny,102,2,3,5\nAll,,3,5,8\n",
    "a whole rate": "Name,A,B,Total,Rate per 1000\nx,1,2,3,4\ny,2,3,5,1\nTotal,3,5,8,3\n",
    "requests per head": "Name,A,B,Total,Per 10,000\nx,1,2,3,4\ny,2,3,5,1\n".replace("10,000", "10 000"),
    "whole shares between": "Name,A,A (%),B,B (%),Total\nx,1,33,2,67,3\ny,2,40,3,60,5\n",
    "a population between": "Name,A,Population,B,Total\nx,1,10000,2,3\ny,2,20000,3,5\n",
    "an average": "Name,Average age,A,B,Total\nx,41,1,2,3\ny,50,2,3,5\n",
    "staff in full-time equivalents": "Name,FTE,A,B,Total\nx,41,1,2,3\ny,50,2,3,5\n",
    "a cost": "Name,A,B,Total,Cost (£)\nx,1,2,3,500\ny,2,3,5,700\n",
    "a total over its columns, with a rank": "Name,Rank,Total,A,B\nx,1,3,1,2\ny,2,5,2,3\n",
    "a rank in words too": "Name,Rank,A,B,Total\nx,1=,1,2,3\ny,1=,2,1,3\n",
    "several totals": "Name,Population,A,B,Total made,C,D,Total sent,Rank\nx,9000,1,2,3,4,5,9,1\ny,8,1,1,2,3,4,7,2\n",
}


@pytest.mark.parametrize("what", NO_PART)
def test_a_column_that_measures_something_else_is_no_part_of_a_total(what: str) -> None:
    table = NO_PART[what]
    found = check_table(table.encode())
    assert found.faults == ()
    assert found.sums >= table.count("\n") - 1
    at = table.split("\n")[0].split(",").index("B")
    line = table.split("\n")[1].split(",")
    line[at] = str(int(line[at]) + 7)
    wrong = "\n".join([table.split("\n")[0], ",".join(line), *table.split("\n")[2:]])
    assert any("Row 2, x" in one for one in check_table(wrong.encode()).faults)


BELONG = {
    "a column that was left out": (
        "Kind,Traced,Not traced,Rejected,Total\nPolice,5,9,1,16\n",
        ("Row 2, Police, Total: 16, but the other columns make 15.",),
    ),
    "the first column, in every row": (
        "Kind,Traced,Not traced,Rejected,Total\nPolice,5,9,1,10\nNCA,3,2,1,3\n",
        (
            "Row 2, Police, Total: 10, but the other columns make 15.",
            "Row 3, NCA, Total: 3, but the other columns make 6.",
        ),
    ),
    "reasons that speak of codes and years": (
        "Kind,No ID,Wrong code,Missing year,Total\nPolice,5,9,1,16\n",
        ("Row 2, Police, Total: 16, but the other columns make 15.",),
    ),
    "what a request was about": (
        "Kind,Age,Race,Day,Night,Cost limit,Total\nPolice,1,2,3,4,5,14\n",
        ("Row 2, Police, Total: 14, but the other columns make 15.",),
    ),
    "two years": (
        "Kind,Last year,This year,Total\nPolice,5,9,15\n",
        ("Row 2, Police, Total: 15, but the other columns make 14.",),
    ),
    "every row of a total with columns on both sides": (
        "Kind,A,B,Total,Late\nPolice,5,9,16,1\nNCA,1,1,4,1\n",
        (
            "Row 2, Police, Total: 16, but the columns before it make 14.",
            "Row 3, NCA, Total: 4, but the columns before it make 2.",
        ),
    ),
    "one column before a total": (
        "Kind,Traced,Total,Not traced\nPolice,5,5,9\n",
        ("Row 2, Police, Total: 5, but the other columns make 14.",),
    ),
    "a population that is no sum of its rows": (
        "Name,Population,A,B,Total\nx,10000,1,2,3\ny,20000,2,3,5\nTotal,30001,3,5,8\n",
        ("Row 4, Total, Population: 30,001, but the rows over it make 30,000.",),
    ),
    "a total of rows beside codes": (
        "Row,Code,A,B,Total\nTraced,101,5,6,11\nNot,102,5,4,9\nTotal,,10,11,21\n",
        (
            "Row 4, Total, B: 11, but the rows over it make 10.",
            "Row 4, Total, Total: 21, but the rows over it make 20.",
        ),
    ),
}


@pytest.mark.parametrize("what", BELONG)
def test_a_column_that_belongs_to_a_total_is_not_left_out(what: str) -> None:
    table, faults = BELONG[what]
    assert check_table(table.encode()).faults == faults


OTHER_TIME = {
    "of the year before": "Row,A,B,Total,Total last year\nX,1,2,3,9\nY,1,2,3,7\nTotal,2,4,6,16\n",
    "of the year before, over it": "Row,Previous total,A,B,Total\nX,9,1,2,3\nY,7,1,2,3\nTotal,16,2,4,6\n",
    "a change with its sign": "Row,A,B,Total,Change\nX,1,2,3,-9\nY,1,2,3,+4\nTotal,2,4,6,-5\n",
    "a change alone": "Row,A,B,Total,Change\nX,1,2,3,-9\nY,1,2,3,+9\n",
}


@pytest.mark.parametrize("what", OTHER_TIME)
def test_a_total_of_another_time_is_no_sum_of_these_columns(what: str) -> None:
    table = OTHER_TIME[what]
    found = check_table(table.encode())
    assert (found.faults, found.unread, found.sums > 0) == ((), (), True)
    assert check_table(table.replace("X,1,2,3", "X,1,2,4").replace("X,9,1,2,3", "X,9,1,2,4").encode()).faults
