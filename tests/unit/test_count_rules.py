"""How requests are counted changes, and what was counted before stays as it was."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.policy.agreements import (
    AgreementError,
    LaterRule,
    Statistics,
    StatisticsRow,
    decode,
    load_agreements,
)
from desktop.policy.publication import OTHER, Counted, Layout, Per, Period, periods, sheets
from desktop.policy.sheets import TOTAL, unequal
from resources import resource

FIRST = date(2024, 1, 1)
POLICE = resource("agreements", "law-enforcement-tracing.toml").read_text("utf-8")
KEPT = [
    path
    for path in sorted((Path(__file__).parent / "data" / "kept").glob("*.toml"))
    if "[statistics]" in path.read_text("utf-8")
]
LATER = """
[[statistics.later]]
counts_from = 2025-04-01
source = "A decision of the board"
columns = { police = "Forces", nhscfa = "Forces" }
rows = [
  { title = "Not approved", counts = ["rejected", "refused"] },
  { title = "Approved", counts = ["traced", "no_trace", "more_than_one"] },
  { title = "Withdrawn", counts = ["withdrawn"], processed = false },
]
"""


def test_a_later_rule_counts_from_its_day_on() -> None:
    counted = decode(POLICE + LATER, "own.toml").statistics
    assert [counted.version(date(2025, month, 1)) for month in (3, 4, 5)] == [1, 2, 2]
    assert counted.rules[0].mark == decode(POLICE, "own.toml").statistics.mark
    assert counted.rules[0].mark != counted.rules[1].mark


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ('nhscfa = "Forces"', 'fire = "Fire"', "statistics.later[0].columns", "there is no requester “fire”"),
        (', nhscfa = "Forces"', "", "statistics.later[0].columns", "the requester “nhscfa” has no column"),
        ('"no_trace", ', "", "statistics.later[0].rows", "“no_trace” counts in no row"),
        ('["withdrawn"]', '["withdrawn", "traced"]', "statistics.later[0].rows[2].counts", "counts in two rows"),
        ('"A decision of the board"', '""', "statistics.later[0].source", "cannot be empty"),
        ("counts_from = 2025-04-01", "", "statistics.later[0].counts_from", "this key is missing"),
    ],
)
def test_a_mistake_in_a_later_rule_is_named_with_its_line(old: str, new: str, key: str, message: str) -> None:
    assert old in LATER
    with pytest.raises(AgreementError) as caught:
        decode(POLICE + LATER.replace(old, new, 1), "own.toml")
    assert (caught.value.key, message in caught.value.message) == (key, True)
    assert caught.value.line > POLICE.count("\n")


def test_later_rules_stand_in_the_order_of_their_days() -> None:
    with pytest.raises(AgreementError, match="not after the day of the one before"):
        decode(POLICE + LATER + LATER, "own.toml")
    assert len(decode(POLICE + LATER + LATER.replace("2025", "2026"), "own.toml").statistics.rules) == 3


def test_a_rule_of_before_may_know_what_is_gone_and_not_what_is_new() -> None:
    old = POLICE.replace(', nhscfa = "NHSCFA" }', ', fire = "Fire" }').replace('counts = ["traced"]', 'counts = ["x"]')
    assert len(decode(old + LATER, "own.toml").statistics.rules) == 2
    with pytest.raises(AgreementError, match="no requester"):
        decode(old, "own.toml")


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_no_landed_text_published_an_end_in_another_row(path: Path) -> None:
    """Whoever changes how a shipped agreement counts adds a later rule."""
    kept = decode(path.read_text("utf-8"), path.stem, kept=True).statistics
    now = load_agreements().get(path.stem.partition(".")[0]).statistics
    for then, rule in zip(kept.rules, now.rules, strict=False):
        assert [dict(then.columns), published(then.rows)] == [dict(rule.columns), published(rule.rows)]
    assert len(kept.rules) <= len(now.rules)


def published(rows: tuple[StatisticsRow, ...]) -> dict[str, str]:
    return {end: row.published_as or row.title for row in rows for end in row.counts}


# A plain count of random requests, by random rules

ENDS = ("traced", "no_trace", "refused", "withdrawn")
KINDS = ("police", "court", "unknown")
TITLES = ("A", "B", "C", "D")
DAYS = 360


@st.composite
def counting(draw: st.DrawFn) -> Statistics:
    def rows() -> tuple[StatisticsRow, ...]:
        titles = draw(st.permutations(TITLES))
        into = [titles[draw(st.integers(0, 3))] for _ in ENDS]
        tops = {title for title in titles if draw(st.booleans())} | {titles[0]}
        return tuple(
            StatisticsRow(
                title=title,
                counts=tuple(end for end, row in zip(ENDS, into, strict=True) if row == title),
                published_as="" if title in tops else titles[0],
                processed=draw(st.booleans()),
            )
            for title in titles
        )

    def columns() -> dict[str, str]:
        return {kind: draw(st.sampled_from(("X", "Y", "Z"))) for kind in ("police", "court")}

    starts = sorted(draw(st.sets(st.integers(1, DAYS), max_size=3)))
    later = tuple(
        LaterRule(source="x", columns=columns(), rows=rows(), counts_from=FIRST + timedelta(days=at)) for at in starts
    )
    return Statistics(table="T", source="x", columns=columns(), rows=rows(), later=later)


REQUESTS = st.lists(
    st.tuples(
        st.sampled_from(("one", "two")),
        st.sampled_from(KINDS),
        st.sampled_from(ENDS),
        st.integers(0, DAYS),
        st.none() | st.integers(0, 200),
    ),
    max_size=30,
)
Request = tuple[str, str, str, int, int | None]


def counted(layout: Layout, of: tuple[Period, ...], one: Request) -> Counted:
    agreement, kind, end, came, took = one
    received = FIRST + timedelta(days=came)
    ended = received + timedelta(days=took) if took is not None else None

    def span(on: date) -> int:
        return sum(on >= period.first for period in of) - 1 + (on > of[-1].last)

    def after(on: date) -> int:
        return sum(changed <= on for changed in layout.changed)

    moved = (span(received), span(ended) if ended else None, agreement, kind, end if ended else "", 1)
    return Counted(*moved, after(received), after(ended) if ended else 0)


@settings(max_examples=150, deadline=None)
@given(one=counting(), two=counting(), requests=REQUESTS, per=st.sampled_from(Per))
def test_every_table_adds_up_and_equals_a_plain_count(
    one: Statistics, two: Statistics, requests: list[Request], per: Per
) -> None:
    layout = Layout({"one": one, "two": two})
    of = periods(FIRST + timedelta(days=40), FIRST + timedelta(days=DAYS), per)
    for sheet, days in zip(sheets(layout, of, [counted(layout, of, r) for r in requests], {}), of, strict=True):
        assert unequal(sheet) == ()
        plain: Counter[tuple[str, str]] = Counter()
        for agreement, kind, end, came, took in requests:
            received = FIRST + timedelta(days=came)
            ended = received + timedelta(days=took) if took is not None else date.max
            rules = layout.of[agreement]
            column = rules.rules[rules.version(received) - 1].columns.get(kind, OTHER)
            if days.first <= received <= days.last:
                plain["received", column] += 1
            if received < days.first <= ended:
                plain["brought", column] += 1
            if received <= days.last < ended:
                plain["carried", column] += 1
            if days.first <= ended <= days.last:
                row = next(row for row in rules.rules[rules.version(ended) - 1].rows if end in row.counts)
                plain[row.title, column] += 1
        for at, column in enumerate(sheet.columns):
            if column != TOTAL:
                for line in ("received", "brought", "carried"):
                    assert sheet.figures[line][at] == plain[line, column]
                for title in TITLES:
                    assert own(sheet.figures, title, at) == plain[title, column]
        assert sum(plain.values()) == sum(sheet.figures[line][-1] for line in ("received", "brought", "carried")) + sum(
            own(sheet.figures, title, len(sheet.columns) - 1) for title in TITLES
        )


def own(figures: object, title: str, at: int) -> int:
    """What a row has by itself, without what is folded into it."""
    assert isinstance(figures, dict)
    found = figures.get(f"own:{title}", figures.get(f"row:{title}"))
    return int(found[at]) if found is not None else 0


@settings(max_examples=100, deadline=None)
@given(one=counting(), two=counting(), requests=REQUESTS, change=counting(), per=st.sampled_from(Per))
def test_a_table_of_days_before_a_change_comes_out_the_same(
    one: Statistics, two: Statistics, change: Statistics, requests: list[Request], per: Per
) -> None:
    last = FIRST + timedelta(days=DAYS)
    of = periods(FIRST + timedelta(days=40), last, per)
    added = LaterRule(source="x", columns=dict(change.columns), rows=change.rows, counts_from=last + timedelta(days=1))
    changed = Statistics(
        table=one.table, source=one.source, columns=dict(one.columns), rows=one.rows, later=(*one.later, added)
    )
    before, after = Layout({"one": one, "two": two}), Layout({"one": changed, "two": two})
    then, now = (sheets(each, of, [counted(each, of, r) for r in requests], {}) for each in (before, after))
    assert then == now
