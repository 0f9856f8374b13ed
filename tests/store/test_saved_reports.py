"""Saved reports in the store: whose they are, what they are counted of, and what none of them can hold."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import count

import pytest
from hypothesis import given, settings
from sqlalchemy import text

from db import journal
from db.errors import RuleKept
from db.migrations import guards
from db.records import Role
from db.records_views import RegisterFilter
from desktop.casework.desk import Desk, Invalid, Refused
from desktop.casework.savedfilters import SaveFilter, save_filter, saved_filters
from desktop.casework.savedreports import (
    GONE,
    SaveReport,
    delete_report,
    rename_report,
    save_report,
    saved_report,
    saved_reports,
)
from desktop.casework.savedviews import RenameView
from desktop.policy.agreements import Agreements
from desktop.policy.disclosurecontrol import NHS, NONE
from desktop.policy.publication import Per
from desktop.policy.savedreports import ReportKind, WantedReport, encoded
from desktop.policy.spans import Span, span_days
from tests.fixtures import Office
from tests.unit.test_saved_reports import wanted_reports

YEAR = WantedReport(report=ReportKind.OVERSIGHT, first=date(2016, 1, 1), last=date(2016, 12, 31), control=NONE)
GOOD = '{"report":"oversight","control":"none","span":"last_month"}'


def table(desk: Desk, title: str = "Tracing requests", span: Span | None = Span.LAST_MONTH) -> WantedReport:
    first, last = span_days(Span.LAST_MONTH, desk.today())
    return WantedReport(
        report=ReportKind.PUBLICATION,
        span=span,
        first=first,
        last=last,
        control=NHS,
        table=title,
        per=Per.MONTH,
    )


def save(desk: Desk, name: str = "board", wanted: WantedReport = YEAR, *, everyones: bool = False) -> int:
    return save_report(desk, SaveReport(name=name, wanted=wanted, everyones=everyones))


def names(desk: Desk) -> list[tuple[str, bool, bool]]:
    return [(one.name, one.everyones, one.may_change) for one in saved_reports(desk)]


def test_ones_own_are_ones_own_and_everyones_are_everyones(office: Office) -> None:
    admin = office.desk(Role.ADMINISTRATOR)
    save(office.caseworker)
    save(admin, "quarter", table(admin), everyones=True)
    assert names(office.caseworker) == [("board", False, True), ("quarter", True, False)]
    assert names(office.desk(Role.AUDITOR)) == [("quarter", True, False)]
    with pytest.raises(Refused, match="saves a report for everyone"):
        save(office.caseworker, "mine", everyones=True)
    with pytest.raises(Refused, match="only an administrator renames or deletes"):
        delete_report(office.caseworker, saved_reports(admin)[0].id)
    with pytest.raises(Refused, match="saved report is not there"):
        delete_report(admin, saved_reports(office.caseworker)[0].id)


def test_filters_and_reports_are_apart(office: Office) -> None:
    desk = office.caseworker
    one = save_filter(desk, SaveFilter(name="board", wanted=RegisterFilter(open_only=True)))
    other = save(desk, "board")
    assert [found.id for found in saved_filters(desk)] == [one]
    assert [found.id for found in saved_reports(desk)] == [other]
    with pytest.raises(Refused):
        delete_report(desk, one)


def test_last_month_is_the_last_month_of_the_day_on_which_it_is_counted(office: Office) -> None:
    desk = office.caseworker
    save(desk, wanted=table(desk))
    (one,) = saved_reports(desk)
    assert one.wanted == table(desk)
    later = replace(desk, clock=lambda: desk.clock().replace(year=desk.today().year + 1))
    (then,) = saved_reports(later)
    assert then.wanted is not None
    assert (then.wanted.first, then.wanted.last) == span_days(Span.LAST_MONTH, later.today())
    assert then.wanted.first.year > one.wanted.first.year


def test_a_table_in_which_no_agreement_counts_any_more_says_so(office: Office) -> None:
    desk = office.caseworker
    save(desk, wanted=table(desk, "Debt reports"))
    save(desk, "tracing", table(desk))
    left = replace(desk, agreements=Agreements(one for one in desk.agreements.all() if one.id != "nhs-debt-report"))
    assert [(one.name, one.wanted is None) for one in saved_reports(left)] == [("board", True), ("tracing", False)]
    with pytest.raises(Refused, match=GONE):
        saved_report(left, "board")
    assert saved_report(left, " TRACING ") == table(desk)
    with pytest.raises(Refused, match="no saved report of this name"):
        saved_report(left, "none")
    with pytest.raises(Refused, match=GONE):
        save(left, "again", table(desk, "Debt reports"))


def test_ones_own_comes_before_everyones(office: Office) -> None:
    admin = office.desk(Role.ADMINISTRATOR)
    save(admin, wanted=table(admin), everyones=True)
    save(office.caseworker)
    assert saved_report(office.caseworker, "board") == YEAR
    assert saved_report(office.reviewer, "board") == table(admin)


def test_a_name_is_no_persons_and_is_taken_once(office: Office) -> None:
    for name in ("Anna Kowalczyk", "943 476 5919", ""):
        with pytest.raises(Invalid):
            save(office.caseworker, name)
    number = save(office.caseworker)
    with pytest.raises(Invalid, match="You have a report of this name already"):
        save(office.caseworker, " BOARD ")
    rename_report(office.caseworker, RenameView(view_id=number, name="quarterly"))
    assert names(office.caseworker) == [("quarterly", False, True)]


def test_the_journal_says_that_and_never_the_name(office: Office) -> None:
    number = save(office.caseworker)
    rename_report(office.caseworker, RenameView(view_id=number, name="other"))
    delete_report(office.caseworker, number)
    with office.entry.store.read() as tx:
        said = list(journal.entries(tx, limit=1000))[-3:]
    assert [one.action for one in said] == ["save_report_choices", "rename_saved_report", "delete_saved_report"]
    assert {repr(dict(one.data)) for one in said} == {repr({"everyones": False, "report": number})}
    assert saved_reports(office.caseworker) == ()


def test_sql_deletes_none_that_the_journal_does_not_tell_of(office: Office) -> None:
    save(office.caseworker)
    other = save(office.caseworker, "other")
    with pytest.raises(RuleKept), office.entry.store.write() as tx:
        tx.execute(text("DELETE FROM saved_view"))
    delete_report(office.caseworker, other)
    # What was told last is of another.
    with pytest.raises(RuleKept), office.entry.store.write() as tx:
        tx.execute(text("DELETE FROM saved_view"))
    assert names(office.caseworker) == [("board", False, True)]


class TestWhatItHolds:
    """Choices and real days, whoever writes them."""

    @pytest.mark.parametrize(
        "choices",
        [
            "{}",
            '{"report":"today","control":"none","span":"last_month"}',
            '{"report":"oversight","span":"last_month"}',
            '{"report":"oversight","control":"none"}',
            '{"report":"oversight","control":"none","span":"kowalczyk"}',
            '{"report":"oversight","control":"none","span":"last_month","first":"2026-01-01"}',
            '{"report":"oversight","control":"none","first":"2026-01-01"}',
            '{"report":"oversight","control":"none","first":"2026-02-30","last":"2026-03-01"}',
            '{"report":"oversight","control":"none","first":"2026-03-02","last":"2026-03-01"}',
            '{"report":"oversight","control":"below-2","span":"last_month"}',
            '{"report":"oversight","control":"below-101","span":"last_month"}',
            '{"report":"oversight","control":"below-3x","span":"last_month"}',
            '{"report":"oversight","control":"none","span":"last_month","per":"all"}',
            '{"report":"oversight","control":"none","span":"last_month","table":"kowalczyk"}',
            '{"report":"oversight","control":"none","span":"last_month","title":"kowalczyk"}',
            '{"report":"oversight","control":"none","span":"last_month","report":"kowalczyk"}',
            '{"report":"publication","control":"none","span":"last_month","table":"tracing-requests"}',
            '{"report":"publication","control":"none","span":"last_month","per":"week","table":"tracing-requests"}',
            '{"report":"publication","control":"none","span":"last_month","per":"all"}',
            '{"report":"publication","control":"none","span":"last_month","per":"all","table":["kowalczyk"]}',
            '{"report":"publication","control":"none","span":"last_month","per":"all","table":"About Kowalczyk"}',
            '{"report":"publication","control":"none","span":"last_month","per":"all","table":"9434765919"}',
        ],
    )
    def test_the_database_refuses_whatever_else(self, office: Office, choices: str) -> None:
        json.loads(choices)
        with pytest.raises(RuleKept):
            insert(office, choices)

    def test_a_sound_row_goes_in(self, office: Office) -> None:
        """Without it, whatever is refused above might be for another reason."""
        insert(office, GOOD)
        assert len(saved_reports(office.caseworker)) == 1

    def test_the_database_takes_whatever_a_window_can_ask_for(self, office: Office) -> None:
        numbers = count()

        @settings(max_examples=60, deadline=None)
        @given(wanted_reports())
        def check(wanted: WantedReport) -> None:
            insert(office, encoded(wanted), f"report {next(numbers)}")

        check()

    def test_each_word_of_the_lists_is_known_to_the_database(self) -> None:
        """A new one needs a migration."""
        trigger = guards()["saved_view_report"]
        assert all(f"'{one.value}'" in trigger for kind in (Span, Per, ReportKind) for one in kind)


def insert(office: Office, choices: str, name: str = "board") -> None:
    """A row, past the desk."""
    sql = (
        "INSERT INTO saved_view (kind, name, name_key, owner_id, choices, saved_by, saved_at)"
        " VALUES ('report', :name, :name, :by, :choices, :by, '2026-06-10T09:00:00.000000Z')"
    )
    with office.entry.store.write() as tx:
        tx.execute(text(sql), {"by": office.caseworker.user.id, "choices": choices, "name": name})
