"""Sums of a published table with figures that are only bounded or kept back: checked as far as they let it be told."""

from __future__ import annotations

import pytest

from desktop.policy.publishedtables import check_table

CANNOT_BE = {
    "parts that are too few": (
        "Row,A,B,Total\nX,<5,20,30\n",
        "Row 2, X, Total: 30, but the other columns make at most 24.",
    ),
    "parts that are too few, with the bound itself": (
        "Row,A,B,Total\nX,≤5,20,30\n",
        "Row 2, X, Total: 30, but the other columns make at most 25.",
    ),
    "fewer than, in words": (
        "Row,A,B,Total\nX,fewer than 5,20,30\n",
        "Row 2, X, Total: 30, but the other columns make at most 24.",
    ),
    "a number in words": (
        "Row,A,B,Total\nX,Less than five,20,30\n",
        "Row 2, X, Total: 30, but the other columns make at most 24.",
    ),
    "or fewer": ("Row,A,B,Total\nX,5 or fewer,20,30\n", "Row 2, X, Total: 30, but the other columns make at most 25."),
    "as programs write it": (
        "Row,A,B,Total\nX,<=5,20,30\n",
        "Row 2, X, Total: 30, but the other columns make at most 25.",
    ),
    "from one to another": (
        "Row,A,B,Total\nX,1–7,20,30\n",
        "Row 2, X, Total: 30, but the other columns make at most 27.",
    ),
    "no fewer than one of them": (
        "Row,A,B,Total\nX,1 to 4,20,20\n",
        "Row 2, X, Total: 20, but the other columns make at least 21.",
    ),
    "parts that are too many": (
        "Row,A,B,Total\nX,>5,20,25\n",
        "Row 2, X, Total: 25, but the other columns make at least 26.",
    ),
    "a total that is bounded from above": (
        "Row,N\nX,60\nY,65\nTotal,<120\n",
        "Row 4, Total, N: at most 119, but the rows over it make 125.",
    ),
    "a total that is bounded from below": (
        "Row,N\nX,60\nY,5\nTotal,≥120\n",
        "Row 4, Total, N: at least 120, but the rows over it make 65.",
    ),
    "a total and parts that are bounded": (
        "Row,N\nX,60\nY,65\nZ,<5\nTotal,<120\n",
        "Row 5, Total, N: at most 119, but the rows over it make at least 125.",
    ),
    "a total with a star as part": (
        "Row,N\nX,60\nY,65\nZ,*\nTotal,<120\n",
        "Row 5, Total, N: at most 119, but the rows over it make at least 125.",
    ),
    "a part of its row": (
        "Row,N\nRejected,<5\nof which refused,9\nSent,1\n",
        "Row 2, Rejected, N: at most 4, but “of which refused” alone makes 9.",
    ),
    "a total row of which one figure is a dash": (
        "Row,A,B\nX,1,2\nY,3,4\nTotal,–,7\n",
        "Row 4, Total, B: 7, but the rows over it make 6.",
    ),
}


@pytest.mark.parametrize("what", CANNOT_BE)
def test_a_bounded_sum_that_cannot_be_names_its_cell(what: str) -> None:
    table, fault = CANNOT_BE[what]
    assert check_table(table.encode()).faults == (fault,)


CAN_BE = {
    "a part": ("Row,A,B,Total\nX,<5,20,24\n", 1),
    "a part that is nothing": ("Row,A,B,Total\nX,<5,20,20\n", 1),
    "a total": ("Row,N\nX,60\nY,59\nTotal,<120\n", 1),
    "a total row": ("Row,A,B\nX,60,1\nY,59,2\nTotal,<120,3\n", 2),
    "a total of parts below nought": ("Row,N\nX,-60\nY,<5\nTotal,-62\n", 0),
    "a star of parts below nought": ("Row,N\nX,-60\nTotal,*\nY,2\n", 0),
    "a bound from below": ("Row,A,B,Total\nX,>5,20,90\n", 0),
    "a part that is bounded, of rounded ones": (
        "Row,A,B,Total\nX,<5,20,27\n\nFigures are rounded to the nearest 5.\n",
        1,
    ),
}


@pytest.mark.parametrize("what", CAN_BE)
def test_a_bounded_sum_that_can_be_is_right(what: str) -> None:
    table, sums = CAN_BE[what]
    found = check_table(table.encode())
    assert (found.sums, found.faults) == (sums, ())


def test_it_is_said_that_bounds_let_no_more_be_told() -> None:
    bounded = check_table(b"Row,A,B,Total\nX,<5,20,24\nY,1,2,3\n")
    assert bounded.said == ("2 sums were checked, and each is right, as far as figures such as “<5” let it be told.")
    rounded = check_table(b"Row,A,B,Total\nX,<5,20,24\n\nRounded to the nearest 5.\n")
    assert rounded.said == (
        "1 sum was checked, and each is right, as far as rounding to the nearest 5 and figures such as “<5” let it be"
        " told."
    )


@pytest.mark.parametrize("total", ["–,–,–", "*,*,*", "≥1,>1,≥2"])
def test_a_total_that_is_kept_back_is_a_total_nevertheless(total: str) -> None:
    found = check_table(f"Row,A,B,C\nX,1,2,3\nTotal,{total}\n".encode())
    assert (found.sums, found.faults, found.kept_back) == (0, (), True)
    assert found.said == (
        "There is no total that could be checked. Sums with a figure that is kept back cannot be checked."
    )
    assert found.none_said == "There is no total that could be checked"


SHARES = {
    "in a table of nothing": 'Row,A,B,Total,"A, of all answered"\nX,0,0,0,–\nAll,0,0,0,–\n',
    "of two columns": 'Row,Answered,In time,Late,"In time, of those answered"\nX,0,0,0,–\nAll,0,0,0,–\n',
    "beside others": 'Row,A,B,Total,"A, of all answered"\nX,0,0,0,–\nY,1,1,2,50.0%\nAll,1,1,2,50.0%\n',
    "that is starred": 'Row,Sent,Late,"Late, of all sent"\nX,3,1,*\nY,2,1,50%\nAll,5,2,*\n',
}


@pytest.mark.parametrize("what", SHARES)
def test_a_share_that_is_not_told_is_no_count_that_is_kept_back(what: str) -> None:
    found = check_table(SHARES[what].encode())
    assert (found.faults, found.kept_back) == ((), False)
    assert found.said.endswith("each is right.")


def test_a_table_of_nothing_is_checked_beside_its_shares() -> None:
    table = SHARES["in a table of nothing"].replace("X,0,0,0", "X,0,0,1")
    assert check_table(table.encode()).faults[0] == "Row 2, X, Total: 1, but the other columns make 0."


def test_a_count_that_is_kept_back_beside_a_share_is_said() -> None:
    assert check_table(b'Row,Sent,Late,"Late, of all sent"\nX,3,*,*\nY,2,1,50%\nAll,5,*,*\n').kept_back
