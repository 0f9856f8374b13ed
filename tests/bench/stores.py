"""A large store for measuring: invented rows written straight into the tables, with the guards lifted while it is made."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select, text

from db.migrations import guards_0001
from db.schema import answer, cases, identifier
from db.store import Store, create_store
from desktop.casework.accounts import users
from desktop.casework.projection import identifiers, indexed, project
from desktop.casework.sample import complete_answers, fill_people, sample_data
from desktop.casework.setup import entry_for
from desktop.policy.references import reference
from tests.fixtures import KEY

STATES = ("issued", "issued", "issued", "issued", "withdrawn", "draft", "submitted", "approved", "sent_back", "recorded")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def large_store(folder: Path, count: int) -> Store:
    """A store of `count` cases over ten years, most of them closed."""
    folder.mkdir(mode=0o700, parents=True)
    store = create_store(folder, KEY)
    entry = entry_for(store, folder, lambda: NOW)
    fill_people(entry, sample_data())
    people = {user.role.value: user.id for user in users(entry)}
    chance = random.Random(7)  # noqa: S311 - repeatable figures, nothing secret
    agreement = entry.agreements.get("law-enforcement-tracing")
    seen = agreement.at(1, date(2026, 1, 5))
    models = [dict(complete_answers(seen, "police", n, date(2026, 1, 5))) for n in range(18)]
    with store.write() as tx:
        for name in guards_0001.names():
            tx.exec_driver_sql(f"DROP TRIGGER {name}")
        tx.execute(
            text("INSERT INTO agreement_text VALUES (:h, :i, :t)"),
            {"h": agreement.content_hash, "i": agreement.id, "t": agreement.text},
        )
        rows, words, keys = [], [], []
        for number in range(1, count + 1):
            answers = models[number % len(models)]
            open_case = number > count - 2000
            state = chance.choice(STATES[5:]) if open_case else chance.choice(STATES[:5])
            received = date(2016, 1, 4) + timedelta(days=number * 3900 // count) if not open_case else NOW.date()
            row = project(agreement, answers, entry.calendars, ()).values()
            row |= {"received_on": received, "due_on": received + timedelta(days=chance.randrange(20, 32))}
            row |= {"family_name": f"{row['family_name']}-{chance.randrange(5000)}"}
            case_reference = reference("TR", number)
            rows.append(
                row
                | {
                    "id": number,
                    "reference": case_reference,
                    "kind": "tracing",
                    "agreement_id": agreement.id,
                    "agreement_hash": agreement.content_hash,
                    "state": state,
                    "outcome": "traced" if state in ("issued", "recorded") else None,
                    "caseworker_id": people["caseworker"],
                    "created_by": people["caseworker"],
                    "created_at": NOW,
                    "changed_by": people["caseworker"],
                    "changed_at": NOW - timedelta(minutes=number % 10_000),
                    "version": 1,
                    "submission": 0,
                    "sent_back": 0,
                    "closed_on": received if state in ("issued", "withdrawn") else None,
                    "salt": b"s" * 32,
                }
            )
            found = indexed(case_reference, answers)
            words.append(
                {
                    "rowid": number,
                    "reference": found.reference,
                    "names": f"{answers['person.given_names']} {row['family_name']}",
                    "born": found.born,
                    "numbers": found.numbers,
                    "requester_reference": found.requester_reference,
                }
            )
            keys += [
                {"case_id": number, "kind": kind, "value": f"{value}{number % 997}"}
                for kind, value in identifiers(answers)
            ]
            if len(rows) == 5000 or number == count:
                tx.execute(insert(cases), rows)
                tx.execute(insert(identifier), keys)
                tx.execute(
                    text(
                        "INSERT INTO search (rowid, reference, names, born, numbers, requester_reference) VALUES"
                        " (:rowid, :reference, :names, :born, :numbers, :requester_reference)"
                    ),
                    words,
                )
                rows, words, keys = [], [], []
        tx.execute(text("INSERT INTO meta VALUES ('sequence.case.TR', :n)"), {"n": str(count)})
        drafts = tx.execute(select(cases.c.id).where(cases.c.state == "draft").limit(50)).scalars().all()
        from db.casefile import put_answers

        for case_id in drafts:
            put_answers(tx, case_id, models[case_id % len(models)], people["caseworker"], NOW)
        for statement in guards_0001.statements():
            tx.exec_driver_sql(statement)
        assert answer is not None
    return store
