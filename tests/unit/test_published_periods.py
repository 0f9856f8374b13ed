"""A published register of several periods: what one carries forward is what the next brings forward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from desktop.policy.publication import Per, Period, periods
from desktop.policy.publishedperiods import days_of
from desktop.policy.publishedtables import check_table
from desktop.policy.workbooks import write_workbook

Figures = dict[str, list[int | str]]
COLUMNS = ("Police", "NCA", "Total")


def register(brought: Sequence[int], received: Sequence[int], answered: Sequence[int]) -> Figures:
    """A table of one period that adds up, with the total of its columns."""
    todo = [one + other for one, other in zip(brought, received, strict=True)]
    carried = [one - other for one, other in zip(todo, answered, strict=True)]
    lines = {
        "Received": received,
        "Brought forward": brought,
        "Total to deal with": todo,
        "Traced": answered,
        "Total processed": answered,
        "Carried forward": carried,
        "of which pending": carried,
        "of which held": [0 for _ in carried],
        "Total accounted for": todo,
    }
    return {name: [*line, sum(line)] for name, line in lines.items()}


def a_year() -> dict[str, Figures]:
    """Three quarters, which carry 3, 5 and 4 forward of Police and 1 of NCA, and the days of all of them."""
    return {
        "January to March 2016": register([2, 1], [9, 4], [8, 4]),
        "April to June 2016": register([3, 1], [10, 0], [8, 0]),
        "July to September 2016": register([5, 1], [6, 7], [7, 7]),
        "January to September 2016": register([2, 1], [25, 11], [23, 11]),
    }


RAISED = ("Brought forward", "Total to deal with", "Carried forward", "of which pending", "Total accounted for")


def raised(tables: dict[str, Figures], title: str, column: int, lines: Sequence[str] = RAISED) -> dict[str, Figures]:
    """With five more in all that a period brings and carries forward, and in its total: each table still adds up."""
    for line in lines:
        for at in (column, -1):
            figure = tables[title][line][at]
            assert isinstance(figure, int)
            tables[title][line][at] = figure + 5
    return tables


def as_csv(tables: Mapping[str, Figures], notes: str = "", columns: Sequence[str] = COLUMNS) -> bytes:
    rows = [
        ",".join([title, line, *map(str, figures)])
        for title, lines in tables.items()
        for line, figures in lines.items()
    ]
    return "\n".join([",".join(["Table", "Tracing requests", *columns]), *rows, "", notes]).encode()


def as_workbook(tables: Mapping[str, Figures]) -> bytes:
    return write_workbook(
        [
            (title, [[title], ["Tracing requests", *COLUMNS], *([line, *figures] for line, figures in lines.items())])
            for title, lines in tables.items()
        ]
    )


def test_periods_that_follow_each_other_are_right() -> None:
    for file in (as_csv(a_year()), as_workbook(a_year())):
        found = check_table(file)
        assert found.faults == ()
        # In each of four tables nine rows with a total and five sums of three columns; then four between tables.
        assert found.sums == 4 * (9 + 5 * 3) + 4 * 3


def test_what_a_period_carries_forward_is_what_the_next_brings_forward() -> None:
    tables = raised(a_year(), "April to June 2016", 0)
    assert check_table(as_csv(tables)).faults == (
        "Row 12, April to June 2016, Brought forward, Police: 8, but January to March 2016 carries forward 3.",
        "Row 12, April to June 2016, Brought forward, Total: 9, but January to March 2016 carries forward 4.",
        "Row 21, July to September 2016, Brought forward, Police: 5, but April to June 2016 carries forward 10.",
        "Row 21, July to September 2016, Brought forward, Total: 6, but April to June 2016 carries forward 11.",
    )
    assert check_table(as_workbook(tables)).faults[0] == (
        "April to June 2016, row 4, Brought forward, Police: 8, but January to March 2016 carries forward 3."
    )


def test_the_first_and_the_last_period_are_those_of_the_whole() -> None:
    whole = "January to September 2016"
    faults = check_table(as_csv(raised(a_year(), "January to March 2016", 1))).faults
    assert f"Row 30, {whole}, Brought forward, NCA: 1, but January to March 2016 brings forward 6." in faults
    faults = check_table(as_csv(raised(a_year(), "July to September 2016", 1))).faults
    assert f"Row 34, {whole}, Carried forward, NCA: 1, but July to September 2016 carries forward 6." in faults
    faults = check_table(as_csv(raised(a_year(), whole, 0))).faults
    assert [one.split(":")[0] for one in faults] == [
        f"Row 30, {whole}, Brought forward, Police",
        f"Row 30, {whole}, Brought forward, Total",
        f"Row 34, {whole}, Carried forward, Police",
        f"Row 34, {whole}, Carried forward, Total",
    ]


@pytest.mark.parametrize("per", [Per.MONTH, Per.QUARTER, Per.YEAR])
@pytest.mark.parametrize("span", [(date(2016, 1, 1), date(2017, 12, 31)), (date(2016, 2, 5), date(2017, 11, 3))])
def test_the_days_of_a_table_are_told_by_its_title(span: tuple[date, date], per: Per) -> None:
    for one in (*periods(*span, per), Period(*span), Period(span[0], span[0])):
        assert days_of(one.title) == one


@pytest.mark.parametrize(
    ("title", "days"),
    [
        ("Jan–Mar 2016", (date(2016, 1, 1), date(2016, 3, 31))),
        (" Oct 2016 - Feb 2017 ", (date(2016, 10, 1), date(2017, 2, 28))),
        ("SEPT 2016", (date(2016, 9, 1), date(2016, 9, 30))),
        ("2016-17", (date(2016, 4, 1), date(2017, 3, 31))),
        ("2016/2017", (date(2016, 4, 1), date(2017, 3, 31))),
        ("FY 1999/00", (date(1999, 4, 1), date(2000, 3, 31))),
        ("Q1 2023/24", (date(2023, 4, 1), date(2023, 6, 30))),
        ("2023-24, Q4", (date(2024, 1, 1), date(2024, 3, 31))),
        ("2016-18", None),
        ("31 February 2016", None),
        ("March to January 2016", None),
        ("January", None),
        ("January to March", None),
        ("Requests", None),
        ("Q3 2026", (date(2026, 7, 1), date(2026, 9, 30))),
        ("0000", None),
        ("0001", None),
        ("9999", None),
        ("", None),
    ],
)
def test_the_days_of_other_titles(title: str, days: tuple[date, date] | None) -> None:
    assert days_of(title) == (None if days is None else Period(*days))


def changed(tables: dict[str, Figures], title: str, line: str, cells: list[int | str]) -> dict[str, Figures]:
    tables[title][line] = cells
    return tables


def test_a_balance_that_is_kept_back_or_rounded_is_checked_as_far_as_it_lets_be_told() -> None:
    bounded = changed(a_year(), "April to June 2016", "Brought forward", ["<3", 1, "<4"])
    assert [one for one in check_table(as_csv(bounded)).faults if "carries forward" in one] == [
        "Row 12, April to June 2016, Brought forward, Police: at most 2, but January to March 2016 carries forward 3.",
        "Row 12, April to June 2016, Brought forward, Total: at most 3, but January to March 2016 carries forward 4.",
    ]
    starred = check_table(as_csv(changed(a_year(), "April to June 2016", "Brought forward", ["*", 1, "*"])))
    assert (starred.faults, starred.kept_back) == ((), True)
    near = raised(a_year(), "April to June 2016", 0)
    assert len(check_table(as_csv(near, "Figures are rounded to the nearest 5.")).faults) == 4
    assert check_table(as_csv(near, "Figures are rounded to the nearest 10.")).faults == ()


SOUND = {
    "tables that do not follow each other": ["January to March 2016", "May 2016", "2018", "2020"],
    "tables of no days": ["First", "Second", "Third", "Fourth"],
    "tables of the same days": ["January 2016", "February 2016", "January 2016 ", "February 2016 "],
}


@pytest.mark.parametrize("what", SOUND)
def test_tables_that_are_not_of_one_register_are_not_compared(what: str) -> None:
    tables = raised(a_year(), "April to June 2016", 0)
    titled = dict(zip(SOUND[what], tables.values(), strict=True))
    assert check_table(as_csv(titled)).faults == ()


def test_columns_are_compared_by_their_titles_in_tables_under_headings_of_their_own() -> None:
    first, second = list(a_year().items())[:2]
    turned = {line: [cells[1], cells[0], 7, int(cells[2]) + 7] for line, cells in second[1].items()}
    del turned["of which held"]
    one, other = as_csv(dict([first])), as_csv({second[0]: turned}, columns=("NCA", "Police", "Courts", "Total"))
    faults = [line for line in check_table(one + other).faults if "carries" in line]
    assert faults == [
        "Row 14, April to June 2016, Brought forward, Total: 11, but January to March 2016 carries forward 4."
    ]


def test_a_title_over_a_table_tells_its_days() -> None:
    def table(title: str, brought: int) -> str:
        lines = ("Received,2", f"Opening balance,{brought}", "Answered,1", f"Closing balance,{brought + 1}")
        return "\n".join([title, "Row,Police", *lines, "", ""])

    assert check_table((table("January 2016", 3) + table("February 2016", 4)).encode()).faults == ()
    assert check_table((table("January 2016", 3) + table("February 2016", 5)).encode()).faults == (
        "Row 11, Opening balance, Police: 5, but January 2016 carries forward 4.",
    )


def beside(months: Sequence[str], brought: str = "1,2,1", answered: str = "2,3,5", carried: str = "2,3,3") -> bytes:
    """Two periods and the days of both as columns of one table."""
    lines = ["Received,3,4,7", f"b/f,{brought}", f"Answered,{answered}", f"c/f,{carried}", "of which held,1,0,0"]
    return "\n".join([",".join(["Row", *months, "Total"]), *lines]).encode()


def under(months: Sequence[str], *lines: str) -> bytes:
    """Two periods and the days of both as rows of one table."""
    rows = [f"{title},{line}" for title, line in zip((*months, "Total"), lines, strict=True)]
    return "\n".join(["Month,b/f,Received,Answered,c/f", *rows]).encode()


@pytest.mark.parametrize(
    "months",
    [
        ("January 2016", "February 2016"),
        ("December", "January"),
        ("Q1", "Q2"),
        ("Quarter 4 2016", "Quarter 1 2017"),
        ("2016", "2017"),
        ("Apr-Jun", "Jul-Sep"),
    ],
)
def test_periods_may_stand_beside_or_under_each_other_in_one_table(months: tuple[str, str]) -> None:
    one, other = months
    assert check_table(beside(months)).faults == ()
    assert check_table(under(months, "1,3,2,2", "2,4,3,3", "1,7,5,3")).faults == ()
    assert check_table(under(months, "1,3,2,2", "2,4,3,3", ",7,5,")).faults == ()
    assert check_table(beside(months, brought="1,2,", carried="2,3,")).faults == ()
    assert check_table(beside(months, brought="1,5,1", answered="2,6,5")).faults == (
        f"Row 3, b/f, {other}: 5, but {one} carries forward 2.",
        "Row 4, Answered, Total: 5, but the other columns make 8.",
    )
    assert check_table(under(months, "1,3,2,2", "5,4,6,3", "1,7,8,0")).faults == (
        f"Row 3, {other}, b/f: 5, but {one} carries forward 2.",
        f"Row 4, Total, c/f: 0, but {other} carries forward 3.",
    )


def test_the_whole_of_periods_in_one_table_is_no_sum_of_what_they_bring_forward() -> None:
    months = ("January 2016", "February 2016")
    assert check_table(beside(months, brought="1,2,3", carried="2,3,5")).faults == (
        "Row 3, b/f, Total: 3, but January 2016 brings forward 1.",
        "Row 5, c/f, Total: 5, but February 2016 carries forward 3.",
    )
    assert check_table(under(months, "1,3,2,2", "2,4,3,3", "3,7,5,5")).faults == (
        "Row 4, Total, b/f: 3, but January 2016 brings forward 1.",
        "Row 4, Total, c/f: 5, but February 2016 carries forward 3.",
    )


def test_months_of_two_years_in_two_tables_are_not_compared() -> None:
    tables = {year: register([2, 3], [9, 4], [8, 3]) for year in ("2016", "2017")}
    assert check_table(as_csv(tables, columns=("January", "February", "Total"))).faults == (
        "Row 3, 2016, Brought forward, Total: 5, but January brings forward 2.",
        "Row 7, 2016, Carried forward, Total: 7, but February carries forward 4.",
        "Row 12, 2017, Brought forward, Total: 5, but January brings forward 2.",
        "Row 16, 2017, Carried forward, Total: 7, but February carries forward 4.",
    )


def test_months_from_the_last_to_the_first_are_read_so_where_their_year_is_told() -> None:
    told, bare = ("February 2016", "January 2016"), ("February", "January")
    for months in (told, bare):
        assert check_table(under(months, "2,4,3,3", "1,3,2,2", "1,7,5,3")).faults == ()
    assert check_table(under(told, "2,4,3,3", "1,3,2,2", "2,7,5,4")).faults != ()


STOCKS = [
    ("Open at start", "Open at end"),
    ("Outstanding at start of period", "Outstanding at end of period"),
    ("Opening caseload", "Closing caseload"),
    ("Cases on hand at the beginning of the year", "Cases on hand at the end of the year"),
    ("Live at start of quarter", "Live at end of quarter"),
]


@pytest.mark.parametrize(("start", "end"), STOCKS)
def test_what_is_open_at_both_ends_is_brought_and_carried_forward(start: str, end: str) -> None:
    table = f"Month,{start},Received,Closed,{end}\nJan,10,5,4,11\nFeb,11,6,3,14\nTotal,10,11,7,14\n"
    found = check_table(table.encode())
    assert (found.sums, found.faults) == (8, ())
    (carried, flow) = check_table(table.replace("Feb,11,6,3,14", "Feb,11,6,3,15").encode()).faults
    assert carried == f"Row 4, Total, {end}: 14, but Feb carries forward 15."
    assert flow.startswith(f"Row 3, Feb, {start}: 17 with what stands beside it")
    down = f"Row,Q1 2023/24,Q2 2023/24\n{start},1,3\nReceived,5,4\nAnswered,4,3\n{end},2,3\n"
    assert f"Row 2, {start}, Q2 2023/24: 3, but Q1 2023/24 carries forward 2." in check_table(down.encode()).faults


@pytest.mark.parametrize(
    "title", ["Backlog", "Pending at month end", "Work in progress", "Outstanding", "Live cases", "Requests in hand"]
)
def test_what_is_there_at_one_time_makes_no_sum_of_months(title: str) -> None:
    down = f"Month,Received,Closed,{title}\nJan,5,4,11\nFeb,6,3,14\nTotal,11,7,14\n"
    assert (check_table(down.encode()).sums, check_table(down.encode()).faults) == (2, ())
    across = f"Row,Jan,Feb,Total\nReceived,5,6,11\n{title},11,14,14\n"
    assert (check_table(across.encode()).sums, check_table(across.encode()).faults) == (1, ())
    # Of bodies it does.
    bodies = f"Body,Received,{title}\nPolice,5,11\nCourts,6,14\nTotal,11,14\n"
    assert check_table(bodies.encode()).faults == (f"Row 4, Total, {title}: 14, but the rows over it make 25.",)
