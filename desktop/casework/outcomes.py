"""What the search of the records found, and the second person who releases it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from db import casefile
from db.casereads import load_case
from db.records import Action, Case, Finding, Heading, Json, Outcome
from db.store import Tx
from desktop.casework.aboutperson import entries, register_text
from desktop.casework.answerfigures import figures_item, figures_problems, kept
from desktop.casework.bound import bound
from desktop.casework.corrections import corrected_text, need_marked
from desktop.casework.desk import Desk, Done, Invalid, OnCase, Refused, act, case_for, need_reasons
from desktop.casework.letterfacts import facts_for, letter_kind
from desktop.casework.owing import add_owed
from desktop.casework.policymoves import need_current
from desktop.casework.projection import text_of
from desktop.casework.publication import Asked
from desktop.casework.requests import WithReasons, agreement_of, move
from desktop.casework.reviewing import need_independent
from desktop.casework.unprinted import PLAIN, why_unprinted
from desktop.letters.facts import is_blank
from desktop.letters.words import says_too_much
from desktop.policy.agreements import CORRECTIONS_FIELD, REGISTER_FIELD, Agreement, Answer, Item
from desktop.policy.answers import keys_of
from desktop.policy.answertables import PART
from desktop.policy.corrections import corrections_in
from desktop.policy.fields import Problem, check_text
from desktop.policy.life import why_not
from desktop.policy.people import enough_identifiers, not_enough
from desktop.policy.safeguards import tells_where
from desktop.policy.whereabouts import places_of, told_where
from desktop.policy.wording import day, plural
from desktop.policy.wordlists import word_told

EARLIEST = 1900
"""The first year in which a record can have been written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(OnCase):
    """What was found. Values and matched identifiers belong to "traced", the status answer to "status"."""

    outcome: Outcome
    matched: tuple[str, ...] = ()
    """Identifier keys that agree: "name", "born", "gender", "nationality", "address", "nhs_number"…"""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Item key to {"value": str, "recorded_on": str}: only items that were approved for release."""
    status_answer: str = ""
    table: Asked | None = None
    """The figures that go with an answer which takes any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(OnCase):
    """Lets a disclosure go out as it was recorded."""


def approved_items(agreement: Agreement, case: Case) -> tuple[str, ...]:
    """The items that were proposed, approved and may be released, in the agreement's order.

    While a concern keeps the address off, nothing that tells where the person is.
    """
    if not case.submissions:
        return ()
    picked = case.submissions[-1].snapshot.get("release.items")
    wanted = picked if isinstance(picked, list) else []
    return tuple(
        item.id
        for item in agreement.items
        if item.releasable and item.id in wanted and not (case.address_kept_off and tells_where(item.id, item.label))
    )


def kept_off(agreement: Agreement, case: Case) -> tuple[Item, ...]:
    """What was proposed for release and tells where the person is, while a concern keeps that off every letter."""
    if not case.address_kept_off or not case.submissions:
        return ()
    wanted = keys_of(case.submissions[-1].snapshot.get("release.items"))
    return tuple(item for item in agreement.items if item.id in wanted and tells_where(item.id, item.label))


def record(desk: Desk, command: Record) -> Done:
    """Records what was found. Raises Invalid where the rules of disclosure are not met."""

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.RECORD)
        agreement = agreement_of(desk, tx, case)
        problems = record_problems(agreement, case, command)
        if problems:
            raise Invalid(problems)
        if agreement.corrects:
            need_marked(desk, tx, case, case.submissions[-1].snapshot)
        values = {key: dict(value) for key, value in command.values.items()}
        _fill_from_register(desk, tx, agreement, case, values)
        if command.table is not None:
            values[takes_figures(agreement, case, command.status_answer)][PART] = kept(desk, tx, command.table)
        number = casefile.add_finding(
            tx,
            case,
            desk.user.id,
            now,
            outcome=command.outcome,
            matched=command.matched,
            values=values,
            status_answer=command.status_answer,
        )
        personal: dict[str, Json] = {"values": values, "status_answer": command.status_answer}
        data: dict[str, Json] = {
            "finding": number,
            "outcome": command.outcome.value,
            "matched": list(command.matched),
            "items": list(values),
            **bound(tx, case.row.id, personal),
        }
        return move(
            desk,
            tx,
            case,
            Action.RECORD,
            now,
            {"outcome": command.outcome.value},
            heading=Heading.ALTERATION,
            data=data,
        )

    return act(desk, command.command_id, "record", body)


def _fill_from_register(
    desk: Desk, tx: Tx, agreement: Agreement, case: Case, values: dict[str, dict[str, str]]
) -> None:
    """What the register holds is never typed: it is read again, from the entries that were approved."""
    for key in values:
        item = agreement.item(key)
        answers = case.submissions[-1].snapshot
        if item is not None and item.from_register:
            text = register_text(entries(desk, tx, case), answers)
            values[key] = {"value": text, "recorded_on": day(desk.today())}
        elif item is not None and item.from_corrections:
            text = corrected_text(desk, tx, case, answers)
            values[key] = {"value": text, "recorded_on": day(desk.today())}


def record_problems(agreement: Agreement, case: Case, command: Record) -> tuple[Problem, ...]:
    """What is wrong with an outcome before it is recorded."""
    found: list[Problem] = []
    kinds = {Outcome.STATUS} if agreement.answers else {Outcome.TRACED, Outcome.NO_TRACE, Outcome.MORE_THAN_ONE}
    if command.outcome not in kinds:
        found.append(Problem("outcome", "Choose what the search found.", hard=True))
    if command.outcome is Outcome.TRACED:
        found += _traced_problems(agreement, case, command)
    elif command.outcome is Outcome.STATUS:
        found += _status_problems(agreement, case, command)
    elif command.values or command.status_answer:
        found.append(Problem("values", "This outcome discloses nothing, so it holds no values.", hard=True))
    for key, value in command.values.items():
        for part in ("value", "recorded_on"):
            found += check_text(f"values.{key}", value.get(part, ""))
    takes = takes_figures(agreement, case, command.status_answer)
    found += figures_problems(command.values, asked=command.table is not None, takes=bool(takes))
    found += _years(case, command)
    answers = case.submissions[-1].snapshot
    for key, value in command.values.items():
        if words := word_told(agreement, answers, f"{value.get('value', '')}\n{value.get('recorded_on', '')}"):
            found.append(Problem(f"values.{key}", words, hard=True))
    for key, hint in _hinted(agreement, case, command.values):
        words = f"A letter never hints at a safeguarding concern. Take out “{hint}”."
        found.append(Problem(f"values.{key}", words, hard=True))
    for key, piece in _where_told(agreement, case, command.values):
        words = f"“{piece}” tells where the person is, and the address is kept off this case. Take it out."
        found.append(Problem(f"values.{key}", words, hard=True))
    return tuple(found)


def _years(case: Case, command: Record) -> Iterator[Problem]:
    """A record is of a year that has been: not of the time before there were any, nor of one that is to come."""
    latest = case.submissions[-1].submitted_at.year + 1
    for key, value in command.values.items():
        for year in re.findall(r"(?<!\d)\d{4}(?!\d)", value.get("recorded_on", "")):
            if not EARLIEST <= int(year) <= latest:
                words = f"It cannot have been recorded in {year}. Check the year."
                yield Problem(f"values.{key}", words, hard=True)


def _hinted(agreement: Agreement, case: Case, values: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    """Each typed value that hints at what stands, while a concern does, and the words that hint."""
    for key, value in values.items() if case.concerns else ():
        item = agreement.item(key)
        if item is None or not item.from_register:
            hints = says_too_much(f"{value.get('value', '')}\n{value.get('recorded_on', '')}")
            yield from [(key, hints[0])] if hints else []


def _where_told(agreement: Agreement, case: Case, values: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    """Each value that tells where the person is while a concern keeps that off, and the piece that does.

    What the register fills in names bodies, and no place of the person's.
    """
    if not case.address_kept_off:
        return
    known = places_of(agreement, case)
    for key, value in values.items():
        item = agreement.item(key)
        if item is None or not item.from_register:
            piece = told_where(f"{value.get('value', '')}\n{value.get('recorded_on', '')}", known)
            yield from [(key, piece)] if piece else []


def _traced_problems(agreement: Agreement, case: Case, command: Record) -> list[Problem]:
    found = _matched_problems(case, command)
    allowed = approved_items(agreement, case)
    for key, value in command.values.items():
        if key not in allowed:
            found.append(Problem(f"values.{key}", "This item was not approved for release.", hard=True))
        elif is_blank(value.get("value", "")):
            found.append(Problem(f"values.{key}", "Give what the record says, or take the item out.", hard=True))
    if not command.values:
        found.append(Problem("values", "Give at least one item, or record that there is no trace.", hard=True))
    return found


def _matched_problems(case: Case, command: Record) -> list[Problem]:
    """Whether it rests on one record beyond doubt."""
    found: list[Problem] = []
    if not enough_identifiers(command.matched):
        found.append(Problem("matched", not_enough(command.matched), hard=True))
    if "nhs_number" in command.matched and not text_of(case.submissions[-1].snapshot, "person.nhs_number"):
        found.append(Problem("matched", "The request gave no NHS number, so it cannot agree.", hard=True))
    return found


def carried_items(agreement: Agreement, case: Case, status_answer: str) -> tuple[str, ...]:
    """The items that an answer carries and that were approved for release."""
    answer = agreement.answer(status_answer)
    approved = approved_items(agreement, case)
    return tuple(key for key in answer.items if key in approved) if answer else ()


def takes_figures(agreement: Agreement, case: Case, status_answer: str) -> str:
    """The item with which a table of figures goes into this answer; "" where it takes none."""
    return figures_item(agreement, case, status_answer, carried_items(agreement, case, status_answer))


def _status_problems(agreement: Agreement, case: Case, command: Record) -> list[Problem]:
    answer = agreement.answer(command.status_answer)
    ground = text_of(case.submissions[-1].snapshot, "ground.ground")
    if answer is None or answer not in agreement.answers_on(ground):
        return [Problem("status_answer", "Choose the answer.", hard=True)]
    if against := _against_marks(agreement, case, answer) or _against_told(agreement, case, answer):
        return [Problem("status_answer", against, hard=True)]
    carried = carried_items(agreement, case, command.status_answer)
    found = _matched_problems(case, command) if answer.matched else []
    found += [
        Problem(f"values.{key}", "This answer does not carry this value.", hard=True)
        for key in command.values
        if key not in carried
    ]
    found += [
        Problem(f"values.{key}", "Give what the record says.", hard=True)
        for key in carried
        if is_blank(command.values.get(key, {}).get("value", ""))
    ]
    return found


def _against_marks(agreement: Agreement, case: Case, answer: Answer) -> str:
    """Why an answer does not fit what was approved as wrong. Whatever is wrong is put right, and told."""
    if not agreement.corrects:
        return ""
    wrong = any(one.wrong for one in corrections_in(case.submissions[-1].snapshot.get(CORRECTIONS_FIELD)))
    if answer.corrects and not wrong:
        return "The approved request marks nothing as wrong, so this answer puts nothing right."
    if wrong and not answer.corrects:
        return "The approved request marks something as wrong. Choose an answer that puts it right."
    return ""


def _against_told(agreement: Agreement, case: Case, answer: Answer) -> str:
    """Why an answer does not fit what two people decided to tell of the register, where that was asked for."""
    field = agreement.field(REGISTER_FIELD)
    item = next((one.id for one in agreement.items if one.from_register), "")
    answers = case.submissions[-1].snapshot
    if field is None or item not in keys_of(answers.get("asked.items")):
        return ""
    every = {one.id for one in field.options}
    told = every & keys_of(answers.get(REGISTER_FIELD)) if item in approved_items(agreement, case) else set()
    if told and answer.tells == "nothing":
        return f"The approved request tells them of {plural(len(told), 'request')}. Choose an answer that gives that."
    if told != every and answer.tells == "all":
        return f"The approved request keeps back {plural(len(every - told), 'request')}, so it is not given in full."
    return ""


def unprinted_outcome(desk: Desk, command: Record) -> tuple[Problem, ...]:
    """What in an outcome that is still being written would keep its letter from being printed: soft problems, beside
    each value that is at fault, or beside the outcome where it is the request. Raises Refused as `record` does.
    """
    with desk.store.read() as tx:
        case = load_case(tx, command.case_id)
        if refusal := why_not(desk.user.id, desk.user.role, case, Action.RECORD):
            raise Refused(refusal)
        if not case.submissions or not command.values:
            return ()
        return _problems(desk, tx, case, agreement_of(desk, tx, case), command)


def _problems(desk: Desk, tx: Tx, case: Case, agreement: Agreement, command: Record) -> tuple[Problem, ...]:
    plain = {key: {"value": PLAIN, "recorded_on": PLAIN} for key in command.values}
    now = desk.clock()

    def why(values: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
        finding = Finding(
            number=1,
            outcome=command.outcome,
            recorded_by=desk.user.id,
            recorded_by_name=desk.user.name,
            recorded_at=now,
            matched=command.matched or ("name",),
            values=values,
            status_answer=command.status_answer,
            taken_at=now,
            snapshot_hash=case.submissions[-1].snapshot_hash,
        )
        written = replace(case, finding=finding)
        kind = agreement.answer_letter(text_of(case.submissions[-1].snapshot, "ground.ground"))
        return why_unprinted(facts_for(tx, written, agreement, kind, None, desk.today()))

    request = why(plain)
    found = [Problem("outcome", one, hard=False) for one in request]
    for key, value in command.values.items():
        given = {part: words for part, words in value.items() if words.strip()}
        new = [one for one in why({**plain, key: plain[key] | given}) if one not in request]
        found += [Problem(f"values.{key}", one, hard=False) for one in new]
    return tuple(found)


def release(desk: Desk, command: Release) -> Done:
    """A second person lets the disclosure go out. Raises Refused where its letter could not be printed."""

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.RELEASE)
        agreement = agreement_of(desk, tx, case)
        need_independent(desk, tx, agreement, case, Action.RELEASE)
        need_current(desk, tx, case)
        if why := why_kept_off(agreement, case):
            raise Refused(why)
        facts = facts_for(tx, case, agreement, letter_kind(case, agreement), None, desk.today())
        if unprinted := why_unprinted(facts):
            raise Refused(" ".join(unprinted))
        number = case.finding.number if case.finding else 0
        casefile.add_finding_review(tx, case.row.id, number, Action.RELEASE, desk.user.id, now)
        owed = add_owed(desk, tx, agreement, case)
        return move(desk, tx, case, Action.RELEASE, now, {}, data={"finding": number, "notices": owed})

    return act(desk, command.command_id, "release", body)


def why_kept_off(agreement: Agreement, case: Case) -> str:
    """Why what was recorded may not go out: it tells where the person is, and the guardian did not let that go."""
    if not case.address_kept_off or case.finding is None:
        return ""
    items = [(key, agreement.item(key)) for key in case.finding.values]
    if any(tells_where(key, item.label if item else "") for key, item in items):
        return "The address is kept off this case, and the outcome holds it. Record it again without."
    for _key, piece in _where_told(agreement, case, case.finding.values):
        return f"The address is kept off this case, and “{piece}” in the outcome tells it. Record it again without."
    return ""


def return_outcome(desk: Desk, command: WithReasons) -> Done:
    """A second person sends a recorded outcome back, with reasons."""

    def body(tx: Tx, now: datetime) -> Done:
        case = case_for(tx, desk, command, Action.RETURN_OUTCOME)
        need_independent(desk, tx, agreement_of(desk, tx, case), case, Action.RETURN_OUTCOME)
        reasons = need_reasons(command.reasons, "sending the outcome back")
        number = case.finding.number if case.finding else 0
        casefile.add_finding_review(tx, case.row.id, number, Action.RETURN_OUTCOME, desk.user.id, now, reasons)
        return move(
            desk,
            tx,
            case,
            Action.RETURN_OUTCOME,
            now,
            {"outcome": None},
            data=bound(tx, case.row.id, {"reasons": reasons}),
        )

    return act(desk, command.command_id, "return_outcome", body)
