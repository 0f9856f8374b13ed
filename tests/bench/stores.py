"""A large store for measuring: invented rows written straight into the tables, without the guards."""

from __future__ import annotations

import random
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, text

from db.casefile import keep_agreement, put_answers
from db.migrations import guards
from db.records import Answers, Role
from db.schema import cases, identifier
from db.store import Store, Tx, create_store
from desktop.casework.accounts import users
from desktop.casework.desk import Entry
from desktop.casework.projection import identifiers, indexed, project
from desktop.casework.sample import complete_answers, fill_people, sample_data
from desktop.casework.setup import entry_for
from desktop.policy.agreements import Agreement, load_agreements
from desktop.policy.references import reference
from tests.fixtures import KEY

CLOSED = ("issued", "issued", "issued", "issued", "withdrawn")
OPEN = ("draft", "submitted", "approved", "sent_back", "recorded")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def large_store(folder: Path, count: int) -> Store:
    """A store of `count` cases over ten years, most of them closed."""
    folder.mkdir(mode=0o700, parents=True)
    store = create_store(folder, KEY)
    entry = entry_for(store, folder, KEY, lambda: NOW)
    fill_people(entry, sample_data())
    caseworker = next(user.id for user in users(entry) if user.role is Role.CASEWORKER)
    agreement = entry.agreements.get("law-enforcement-tracing")
    maker = _Rows(entry, agreement, caseworker, count)
    with store.write() as tx:
        for name in guards():
            tx.exec_driver_sql(f"DROP TRIGGER {name}")
        keep_agreement(tx, agreement.content_hash, agreement.id, agreement.text)
        for start in range(1, count + 1, 5000):
            maker.write(tx, range(start, min(start + 5000, count + 1)))
        tx.execute(text("INSERT INTO meta VALUES ('sequence.case.TR', :n)"), {"n": str(count)})
        drafts = tx.execute(select(cases.c.id).where(cases.c.state == "draft").limit(50)).scalars().all()
        for case_id in drafts:
            put_answers(tx, case_id, maker.answers(case_id), caseworker, NOW)
        for statement in guards().values():
            tx.exec_driver_sql(statement)
    return store


class Models:
    """A few invented requests, one after the other."""

    def __init__(self) -> None:
        seen = load_agreements().get("law-enforcement-tracing").at(2, date(2026, 1, 5))
        self.models = [complete_answers(seen, "police", n, date(2026, 1, 5)) for n in range(18)]

    def answers(self, number: int) -> Answers:
        """The answers of one case."""
        return self.models[number % len(self.models)]


class _Rows(Models):
    """Makes the rows."""

    def __init__(self, entry: Entry, agreement: Agreement, caseworker: int, count: int) -> None:
        super().__init__()
        self.entry = entry
        self.agreement = agreement
        self.caseworker = caseworker
        self.count = count
        self.chance = random.Random(7)

    def write(self, tx: Tx, numbers: range) -> None:
        """Writes some cases, what they are found by, and their words."""
        rows = [self.row(number) for number in numbers]
        tx.execute(insert(cases), rows)
        keys = [
            {"case_id": number, "kind": kind, "value": f"{value}{number % 997}"}
            for number in numbers
            for kind, value in identifiers(self.answers(number))
        ]
        tx.execute(insert(identifier), keys)
        tx.execute(
            text(
                "INSERT INTO search (rowid, reference, names, born, numbers, requester_reference) VALUES"
                " (:rowid, :reference, :names, :born, :numbers, :requester_reference)"
            ),
            [self.words(row) for row in rows],
        )

    def words(self, row: dict[str, Any]) -> dict[str, Any]:
        """A case's entry in the index."""
        found = indexed(row["reference"], self.answers(row["id"]))
        names = f"{row['given_names']} {row['family_name']}"
        return {**asdict(found), "rowid": row["id"], "names": names}

    def row(self, number: int) -> dict[str, Any]:
        """A case's row: the last 2,000 are open."""
        still_open = number > self.count - 2000
        state = self.chance.choice(OPEN if still_open else CLOSED)
        received = NOW.date() if still_open else date(2016, 1, 4) + timedelta(days=number * 3900 // self.count)
        row = project(self.agreement, self.answers(number), self.entry.calendars, ()).values()
        return {
            **row,
            "received_on": received,
            "due_on": received + timedelta(days=self.chance.randrange(20, 32)),
            "family_name": f"{row['family_name']}-{self.chance.randrange(5000)}",
            "id": number,
            "reference": reference("TR", number),
            "kind": "tracing",
            "agreement_id": self.agreement.id,
            "agreement_hash": self.agreement.content_hash,
            "state": state,
            "outcome": "traced" if state in ("issued", "recorded") else None,
            "caseworker_id": self.caseworker,
            "created_by": self.caseworker,
            "created_at": NOW,
            "changed_by": self.caseworker,
            "changed_at": NOW - timedelta(minutes=number % 10_000),
            "version": 1,
            "submission": 0,
            "sent_back": 0,
            "closed_on": None if still_open else received,
            "salt": b"s" * 32,
        }
