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


def test_balances_of_two_years_beside_each_other_are_no_one_flow() -> None:
    head = "Opening balance,Received,Answered,Closing balance"
    assert check_table(f"Body,{head},{head}\nPolice,1,2,1,2,2,5,3,4\n".encode()).faults == ()
    assert check_table(b"Body,Opening balance,b/f,Received,Answered,c/f\nPolice,1,1,2,1,2\n").faults == ()
