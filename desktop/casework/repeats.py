"""Whether one officer or unit has lately asked about many people: a fact for the reviewer, which bars nothing."""

from __future__ import annotations

from datetime import timedelta

from db import lists
from db.records import Answers, Case
from db.store import Tx
from desktop.casework.projection import text_of
from desktop.policy.agreements import Agreement
from desktop.policy.people import name_key
from desktop.policy.wording import day

OFFICER, UNIT = "officer", "unit"


def askers(answers: Answers) -> list[tuple[str, str]]:
    """Who asks, as the store finds their other requests: (kind, normalised value) pairs."""
    body = name_key(text_of(answers, "requester.body"))
    found = []
    for kind, key in ((OFFICER, "requester.officer"), (UNIT, "requester.unit")):
        who = name_key(text_of(answers, key))
        if body and who:
            found.append((kind, f"{body}|{who}"))
    return found


def repeats(tx: Tx, agreement: Agreement, case: Case) -> tuple[str, ...]:
    """How many people the officer, and the unit, asked about in the days up to this request, where that is many."""
    received = case.row.received_on
    if received is None or agreement.field("person.family_name") is None:
        return ()
    answers = case.submissions[-1].snapshot if case.submissions else case.answers
    rule = agreement.repeats
    since = received - timedelta(days=rule.days)
    found = []
    for kind, value in askers(answers):
        most = rule.officer if kind == OFFICER else rule.unit
        people = lists.people_asked_about(tx, kind, value, since, received)
        if people > most:
            who = text_of(answers, f"requester.{kind}")
            found.append(
                f"{who}, {text_of(answers, 'requester.body')}, asked about {people} people from {day(since)} to "
                f"{day(received)}. More than {most} is brought to your attention: is each request about one person?"
            )
    return tuple(found)
