"""What of a report can be saved, and which days its words mean."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.policy.disclosurecontrol import NHS, NONE, Control
from desktop.policy.publication import Per
from desktop.policy.savedreports import ReportKind, WantedReport, decoded, encoded, table_word
from desktop.policy.spans import SPAN_WORDS, Span, span_days

TODAY = date(2026, 6, 10)
TABLES = ("Tracing requests", "Debt reports")
DAYS = st.dates(date(2000, 1, 1), date(2040, 1, 1))
CONTROLS = st.sampled_from([NONE, NHS, Control(3), Control(100)])


@st.composite
def wanted_reports(draw: st.DrawFn) -> WantedReport:
    """Any report that a window can ask for on a day."""
    span = draw(st.none() | st.sampled_from(Span))
    first, last = span_days(span, TODAY) if span is not None else sorted((draw(DAYS), draw(DAYS)))
    if draw(st.booleans()):
        control = draw(CONTROLS)
        return WantedReport(report=ReportKind.OVERSIGHT, span=span, first=first, last=last, control=control)
    return WantedReport(
        report=ReportKind.PUBLICATION,
        span=span,
        first=first,
        last=last,
        control=draw(CONTROLS),
        table=draw(st.sampled_from(TABLES)),
        per=draw(st.sampled_from(Per)),
    )


@given(wanted_reports())
def test_what_is_saved_comes_back(wanted: WantedReport) -> None:
    assert decoded(encoded(wanted), TODAY, TABLES) == wanted


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (Span.THIS_MONTH, "2026-06-01", "2026-06-10"),
        (Span.LAST_MONTH, "2026-05-01", "2026-05-31"),
        (Span.THIS_QUARTER, "2026-04-01", "2026-06-10"),
        (Span.LAST_QUARTER, "2026-01-01", "2026-03-31"),
        (Span.THIS_YEAR, "2026-01-01", "2026-06-10"),
        (Span.LAST_YEAR, "2025-01-01", "2025-12-31"),
        (Span.THIS_FINANCIAL_YEAR, "2026-04-01", "2026-06-10"),
        (Span.LAST_FINANCIAL_YEAR, "2025-04-01", "2026-03-31"),
    ],
)
def test_which_days_a_word_means(span: Span, first: str, last: str) -> None:
    assert span_days(span, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


@given(st.sampled_from(["month", "quarter", "year", "financial_year"]), DAYS)
def test_what_was_last_ends_the_day_before_what_is_now(unit: str, today: date) -> None:
    begins, ends = span_days(Span(f"this_{unit}"), today)
    first, last = span_days(Span(f"last_{unit}"), today)
    assert begins <= today == ends
    assert first <= last == begins - timedelta(days=1)
    assert span_days(Span(f"this_{unit}"), last) == (first, last)


def test_a_financial_year_begins_in_april() -> None:
    assert span_days(Span.THIS_FINANCIAL_YEAR, date(2026, 3, 31))[0] == date(2025, 4, 1)
    assert span_days(Span.THIS_FINANCIAL_YEAR, date(2026, 4, 1))[0] == date(2026, 4, 1)
    assert SPAN_WORDS[Span.LAST_FINANCIAL_YEAR] == "Last financial year"


def test_it_is_said_in_words() -> None:
    month = WantedReport(
        report=ReportKind.PUBLICATION,
        span=Span.LAST_MONTH,
        first=date(2026, 5, 1),
        last=date(2026, 5, 31),
        control=NHS,
        table="Tracing requests",
        per=Per.MONTH,
    )
    assert month.said == "Tracing requests by month: last month, 1 to 7 kept back (NHS)"
    year = WantedReport(
        report=ReportKind.OVERSIGHT, first=date(2016, 1, 1), last=date(2016, 12, 31), control=Control(10)
    )
    assert year.said == "Oversight: 2016, below 10 kept back"


def test_a_table_that_is_no_more_is_counted_no_more() -> None:
    wanted = WantedReport(
        report=ReportKind.PUBLICATION, first=TODAY, last=TODAY, control=NONE, table="Tracing requests"
    )
    assert decoded(encoded(wanted), TODAY, ["Debt reports"]) is None
    assert table_word("Ffigurau’r gŵyn – 2 ") == "ffiguraur-gwyn-2"


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "nothing",
        '{"report": "today", "control": "none", "span": "last_month"}',
        '{"report": "oversight", "control": "none"}',
        '{"report": "oversight", "control": "none", "span": "last_decade"}',
        '{"report": "oversight", "control": "none", "first": "2026-02-01", "last": "2026-01-01"}',
        '{"report": "oversight", "control": "below-2", "span": "last_month"}',
        '{"report": "oversight", "control": "none", "span": "last_month", "title": "kowalczyk"}',
        '{"report": "publication", "control": "none", "span": "last_month", "table": "tracing-requests"}',
        '{"report": 1, "control": "none", "span": "last_month"}',
    ],
)
def test_anything_else_is_not_read(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the words
        decoded(text, TODAY, TABLES)
