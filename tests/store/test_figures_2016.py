"""The figures that were published of January to November 2016 come out of a store that has those requests.

Home Office: 8,127 requests, 5,854 approved and traced, 1,583 approved and not traced, fewer than 120 rejected. Police:
339 requests, 73 traced. National Crime Agency: 2,703 requests, 574 traced. What the published figures leave open is
made up here: what was refused, withdrawn, held or answered later.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from db.bulk import insert_many
from db.casefile import keep_agreement
from db.migrations import guards
from db.records import Role
from db.schema import cases
from desktop.casework import oversight, publication
from desktop.casework.publication import Asked
from desktop.policy.disclosurecontrol import NHS, NONE
from desktop.policy.publication import Per, Place
from desktop.policy.references import reference
from tests.fixtures import Office

FIRST, LAST = date(2016, 1, 1), date(2016, 11, 30)
HOME_OFFICE, POLICE, AGENCY = "Home Office (under review)", "Police", "NCA"
ASKED = {
    # Agreement and kind of requester: how many ended in what within the days; the rest later, or not yet.
    # The Home Office's form does not ask what kind of body it is.
    ("home-office-tracing", ""): (
        8127,
        {"traced": 5854, "no_trace": 1383, "more_than_one": 200, "rejected": 90, "refused": 25, "withdrawn": 60},
    ),
    ("law-enforcement-tracing", "police"): (339, {"traced": 73, "no_trace": 180, "rejected": 70, "withdrawn": 10}),
    ("nca-tracing", "nca"): (2703, {"traced": 574, "no_trace": 1900, "refused": 100}),
}
COLUMNS = (
    "id reference kind agreement_id agreement_version agreement_hash state outcome requester_kind received_on due_on"
    " closed_on"
).split()


def rows(office: Office, start: int, agreement_id: str, kind: str) -> Iterator[tuple[Any, ...]]:
    """The requests of one kind of requester, and some of 2015 that were open at its end."""
    chance = random.Random(start)
    agreement = office.entry.agreements.get(agreement_id)
    many, ends = ASKED[agreement_id, kind]
    of = [end for end, count in ends.items() for _ in range(count)]
    of += [""] * (many - len(of))
    chance.shuffle(of)
    number = start

    def row(received: date, closed: date | None, outcome: str) -> tuple[Any, ...]:
        nonlocal number
        number += 1
        state = "withdrawn" if outcome == "withdrawn" else "issued" if closed else chance.choice(("submitted", "held"))
        # Most are destroyed: what stays of them counts.
        state = "destroyed" if closed and chance.random() < 0.7 else state
        name = reference("TR", number)
        due = received + timedelta(days=28)
        head = (number, name, agreement.kind, agreement.id, 1, agreement.content_hash)
        return (*head, state, outcome or None, kind, received, due, closed)

    for end in of:
        received = FIRST + timedelta(days=chance.randrange((LAST - FIRST).days + 1))
        if end:
            yield row(received, received + timedelta(days=chance.randrange((LAST - received).days + 1)), end)
        else:
            later = LAST + timedelta(days=chance.randrange(1, 40))
            yield row(received, later, "traced") if chance.random() < 0.5 else row(received, None, "")
    for _ in range(40):
        yield row(date(2015, 12, 1), date(2016, 12, 5), "no_trace")


@pytest.fixture
def filled(office: Office) -> Office:
    with office.entry.store.write() as tx:
        for name in guards():
            tx.exec_driver_sql(f"DROP TRIGGER {name}")
        made: list[tuple[Any, ...]] = []
        for agreement_id, kind in ASKED:
            agreement = office.entry.agreements.get(agreement_id)
            keep_agreement(tx, agreement.content_hash, agreement.id, agreement.text)
            made += rows(office, len(made), agreement_id, kind)
        by, at = office.caseworker.user.id, datetime.combine(LAST, time(12), UTC)
        same = {"provisional": False, "expedited": False, "version": 1, "submission": 0, "sent_back": 0, "salt": b""}
        same |= dict.fromkeys(("requester", "requester_reference", "family_name", "given_names", "born"), "")
        same |= {"caseworker_id": by, "created_by": by, "created_at": at, "changed_by": by, "changed_at": at}
        insert_many(tx, cases, COLUMNS, made, same)
        for statement in guards().values():
            tx.exec_driver_sql(statement)
    return office


def asked(per: Per) -> Asked:
    return Asked(table="Tracing requests", first=FIRST, last=LAST, per=per, control=NONE)


PUBLISHED = {
    (HOME_OFFICE, "received"): 8127,
    (HOME_OFFICE, "row:Approved – Trace"): 5854,
    (HOME_OFFICE, "row:Approved – No Trace"): 1583,
    (POLICE, "received"): 339,
    (POLICE, "row:Approved – Trace"): 73,
    (AGENCY, "received"): 2703,
    (AGENCY, "row:Approved – Trace"): 574,
}


def test_the_published_figures_come_out(filled: Office) -> None:
    made = publication.publication(filled.caseworker, asked(Per.ALL))
    assert made.faults == ()
    (sheet,) = made.counted
    for (column, line), count in PUBLISHED.items():
        assert sheet.figures[line][sheet.columns.index(column)] == count, (column, line)
        assert len(publication.behind(filled.caseworker, asked(Per.ALL), Place(0, line, column))) == count
    assert 0 < sheet.figures["row:Rejected"][sheet.columns.index(HOME_OFFICE)] < 120
    # What the published figures leave open is in rows of its own.
    rest = 8127 + 40 - 5854 - 1583 - 115 - 60
    assert sheet.figures["carried"][sheet.columns.index(HOME_OFFICE)] == rest


def test_they_are_the_sum_of_the_months(filled: Office) -> None:
    made = publication.publication(filled.caseworker, asked(Per.MONTH))
    assert made.faults == ()
    *months, every = made.counted
    assert len(months) == 11
    for (column, line), count in PUBLISHED.items():
        at = every.columns.index(column)
        assert sum(month.figures[line][at] for month in months) == every.figures[line][at] == count


def test_the_oversight_report_has_them_too(filled: Office) -> None:
    made = oversight.oversight(filled.desk(Role.AUDITOR), FIRST, LAST, NONE)
    requests, _times, ends, *_others = made.grids
    names = filled.entry.agreements
    for (agreement_id, _kind), (many, counts) in ASKED.items():
        title = names.get(agreement_id).short_title
        row = next(one for one in ends.rows if one.title.startswith(title))
        assert row.cells[:6] == tuple(
            counts.get(one, 0) for one in ("traced", "no_trace", "more_than_one", "status", "refused", "rejected")
        )
        received, brought, answered, withdrawn, carried = next(
            one.cells for one in requests.rows if one.title.startswith(title)
        )
        assert (received, brought, withdrawn) == (many, 40, counts.get("withdrawn", 0))
        assert isinstance(answered, int)
        assert answered == sum(counts.values()) - counts.get("withdrawn", 0)
        assert carried == many + 40 - sum(counts.values())


def test_small_figures_are_kept_back_in_every_table_alike(filled: Office) -> None:
    made = oversight.oversight(filled.desk(Role.AUDITOR), FIRST, LAST, NHS)
    for grid in made.grids[:3]:
        for row in grid.rows:
            assert all(not isinstance(cell, int) or cell == 0 or (cell >= 8 and cell % 5 == 0) for cell in row.cells)
    assert made.charts == () or all(chart.grid < len(made.grids) for chart in made.charts)
