"""What a case's row and index say, worked out again from the records that they follow from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from db import lists, search
from db.casereads import (
    NoSuchCase,
    agreements_pinned,
    answers_of_each,
    load_case,
    pinned_agreement,
    salts_as_they_stand,
)
from db.disposal import beside_run
from db.errors import StoreDamaged
from db.health import case_ids, identifiers_of
from db.journal import answers_bound, commitment
from db.records import Case, CaseRow, Json, Outcome
from db.store import Tx
from db.timers import TimerRule, of_other_rules, rebased
from desktop.casework.current import catch_up
from desktop.casework.desk import Entry
from desktop.casework.pinned import decoded
from desktop.casework.projection import identifiers, indexed, listed, project
from desktop.casework.repeats import askers
from desktop.policy.agreements import Agreement, AgreementError, RetentionRule
from desktop.policy.life import CLOSED
from desktop.policy.retention import months_in, trigger_of

_AT_ONCE = 500
"""Cases whose rows are read by one statement."""


def recounted(entry: Entry, tx: Tx) -> tuple[str, ...]:
    """Cases whose due date, identifiers or what lists say of them are not those of their answers, agreement, pauses and
    extensions, or whose answers are not those that the journal is bound to.

    The due date of a closed case stays as it was, whatever bank holidays became known since.
    """
    catch_up(entry.agreements, entry.calendars, tx)
    ids = case_ids(tx)
    return tuple(
        fault for start in range(0, len(ids), _AT_ONCE) for fault in _of_each(entry, tx, ids[start : start + _AT_ONCE])
    )


def _of_each(entry: Entry, tx: Tx, ids: Sequence[int]) -> Iterator[str]:
    told = _told(tx, ids)
    for case_id in ids:
        try:
            case = load_case(tx, case_id)
        except NoSuchCase:
            yield f"case number {case_id} names an account that is not there, so it cannot be read"
            continue
        try:
            agreement = decoded(pinned_agreement(tx, case.agreement_hash), case.row.agreement_id)
        except (AgreementError, StoreDamaged):
            yield f"the agreement that {case.row.reference} is under cannot be read"
            continue
        yield from _faults(entry, agreement, case)
        yield from _found_by(case.row, told[case_id])


def _faults(entry: Entry, agreement: Agreement, case: Case) -> Iterator[str]:
    row = case.row
    if type(row.version) is not int:
        yield f"the version of {row.reference} is no number: it was changed"
    if row.state not in CLOSED and row.received_on is not None:
        seen = agreement.at(row.agreement_version, row.received_on)
        owed = project(seen, case.answers, entry.calendars, case.pauses, case.extensions)
        if (row.due_on, row.provisional) != (owed.due_on, owed.provisional):
            counted = owed.due_on.isoformat() if owed.due_on else "no day"
            stands = row.due_on.isoformat() if row.due_on else "no day"
            found = f"{row.reference} is due on {stands}, and its records give {counted}"
            yield found if stands != counted else f"{found}: whether that is provisional was changed"
    if row.kind != agreement.kind:
        yield f"{row.reference} is of another kind than its agreement"


@dataclass(frozen=True, slots=True)
class _Told:
    """What tells of a case."""

    answers: Mapping[str, Json]
    found_by: set[tuple[str, str]]
    bound: Mapping[str, str]
    """By the journal."""
    salt: object


def _told(tx: Tx, ids: Sequence[int]) -> dict[int, _Told]:
    answers, numbers, bound = answers_of_each(tx, ids), identifiers_of(tx, ids), answers_bound(tx, ids)
    return {
        case_id: _Told(answers[case_id], numbers[case_id], bound[case_id], salt)
        for case_id, salt in salts_as_they_stand(tx, ids).items()
    }


def _found_by(row: CaseRow, told: _Told) -> Iterator[str]:
    if any(getattr(row, name) != said for name, said in listed(told.answers).items()):
        yield f"what lists say of {row.reference} is not what its answers say"
    if told.found_by != {one for one in (*identifiers(told.answers), *askers(told.answers)) if one[1]}:
        yield f"what {row.reference} is found by was changed"
    salt = told.salt
    if not isinstance(salt, bytes):
        yield f"what binds the answers of {row.reference} to the journal was changed"
    elif any(commitment(salt, key, told.answers.get(key)) != said for key, said in told.bound.items()):
        yield f"an answer of {row.reference} is another one than the journal says was given"


def against_run(entry: Entry, tx: Tx, run_id: int) -> Iterator[str]:
    """What was changed of the cases of a run, or of the open requests that may keep some of them: their timers, and by
    what holds and these find them.
    """
    yield from other_timers(tx, run_id)
    for agreement_id, kind in lists.kinds(tx):
        if not entry.agreements.has(agreement_id) or entry.agreements.get(agreement_id).kind != kind:
            yield f"cases under {agreement_id} are of another kind than it"
    ids = beside_run(tx, run_id)
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        told = _told(tx, some)
        for row in lists.rows_of(tx, some):
            yield from _found_by(row, told[row.id])


def other_timers(tx: Tx, run_id: int | None = None) -> tuple[str, ...]:
    """Cases, also destroyed ones, or those of a run, whose timer runs by another rule or from another day than their
    agreement says, or by another period than the rule under which it was put since.
    """
    rules: list[TimerRule] = []
    for content_hash, agreement_id in agreements_pinned(tx):
        try:
            rule = decoded(pinned_agreement(tx, content_hash), agreement_id).retention
        except AgreementError:
            # What cannot be read is told where dates are counted.
            continue
        rules += (_timer_rule(content_hash, rule, outcome) for outcome in Outcome)
    others = [f"the timer of {one} is not that of its agreement" for one in of_other_rules(tx, rules, run_id)]
    moved = (one for one, rule, months in rebased(tx, run_id) if months != months_in(rule))
    return (*others, *(f"the timer of {one} counts by another period than its rule says" for one in moved))


def _timer_rule(content_hash: str, rule: RetentionRule, outcome: Outcome) -> TimerRule:
    return TimerRule(
        content_hash,
        outcome.value,
        rule.years * 12 + rule.months,
        rule.appealed_years * 12 or None,
        rule.trigger,
        rule.longstop_years * 12 or None,
        rule.answers,
        trigger_of(rule, outcome, next(iter(rule.answers), "")),
        trigger_of(rule, outcome, ""),
    )


def index_faults(tx: Tx) -> tuple[str, ...]:
    """Cases that the search index does not find by what they hold, and entries of it that are of no case."""
    held = dict(search.contents(tx))
    found: list[str] = []
    for start in range(0, len(ids := case_ids(tx)), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        answers = answers_of_each(tx, some)
        for row in lists.rows_of(tx, some):
            said = held.pop(row.id, None)
            if said is None:
                found.append(f"{row.reference} is not in it")
            elif said != indexed(row.reference, answers[row.id]):
                found.append(f"it finds {row.reference} by other words than those of its answers")
    found += [f"it has an entry of no case, number {one}" for one in held]
    return tuple(found)
