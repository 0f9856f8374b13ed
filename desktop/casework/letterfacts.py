"""The facts of a case's letter, taken only from what was submitted, decided and recorded."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from db import people
from db.casereads import letter_recipient, salt_of
from db.journal import commitment
from db.records import Action, Answers, Case, Decision, Finding, Json, Leads, LetterKind, Outcome, State
from db.store import Tx
from desktop.casework.desk import Refused
from desktop.casework.ownwords import said_by_us
from desktop.casework.projection import text_of
from desktop.casework.typedwords import against_request
from desktop.letters.facts import ItemRow, LetterFacts
from desktop.policy.addressblock import address_block
from desktop.policy.addresses import PostalAddress
from desktop.policy.agreements import Agreement
from desktop.policy.answers import keys_of
from desktop.policy.answertables import table_in
from desktop.policy.clocks import add_months, clock_words
from desktop.policy.identifiers import postcodes_in
from desktop.policy.letterkinds import GIVING, TO_THE_PERSON
from desktop.policy.retention import period_words
from desktop.policy.safeguards import tells_where
from desktop.policy.salutations import greeting
from desktop.policy.whereabouts import places_of, telling_lines
from desktop.policy.wording import partial_date_words, person_name

MATCHED_WORDS = {
    "name": "name",
    "other_names": "other names",
    "born": "date of birth",
    "gender": "gender",
    "nationality": "nationality",
    "address": "address",
    "nhs_number": "NHS number",
    "home_office_reference": "Home Office reference",
    "passport": "passport number",
    "ni_number": "National Insurance number",
}
"""Identifiers as they read after "the"."""
NOBODY_ASKED = "Nobody has asked us about you in any request that we can tell you about."
"""What the register tells a person of whom it has nothing that is told."""

# "More than one" has a letter of the same shape as "no trace": how many records came near is nothing that it tells.
_NOTHING_FOUND = frozenset({Outcome.NO_TRACE, Outcome.MORE_THAN_ONE})


def letter_kind(case: Case, agreement: Agreement) -> LetterKind:
    """The letter that the case calls for as it stands. Raises Refused before there is anything to say."""
    if case.letter is not None:
        return case.letter.kind
    if case.row.state is State.REJECTED:
        return LetterKind.REJECTION if _permitted(agreement, case) else LetterKind.NOT_PERMITTED
    if case.row.state is State.REFUSED:
        return LetterKind.REFUSAL
    if case.finding is not None and case.row.state in (State.RECORDED, State.RELEASED):
        return _finding_kind(agreement, case.submissions[-1].snapshot, case.finding)
    raise Refused("There is no letter yet: it is written once the request is decided and its outcome recorded.")


def _permitted(agreement: Agreement, case: Case) -> bool:
    """Whether the version of the day of receipt takes any request on."""
    version = agreement.version(case.row.agreement_version)
    return version is not None and version.accepts


def _finding_kind(agreement: Agreement, answers: Answers, finding: Finding) -> LetterKind:
    if finding.outcome in _NOTHING_FOUND:
        return LetterKind.NO_TRACE
    kind = agreement.answer_letter(text_of(answers, "ground.ground"))
    in_part = kind is LetterKind.DISCLOSURE and not_given(agreement, answers, finding.values)
    return LetterKind.PARTIAL_DISCLOSURE if in_part else kind


def not_given(agreement: Agreement, answers: Answers, given: Collection[str]) -> tuple[str, ...]:
    """What was asked for and is not given, whatever the reason: not permitted, not proposed, not there or kept off."""
    asked = keys_of(answers.get("asked.items"))
    return tuple(item.label for item in agreement.items if item.id in asked and item.id not in given)


def facts_for(
    tx: Tx,
    case: Case,
    agreement: Agreement,
    kind: LetterKind,
    number: int | None,
    today: date,
    because_of: tuple[str, ...] | None = None,
) -> LetterFacts:
    """The facts of the letter that answers. `because_of` stands in for a decision that is still being made."""
    if not case.submissions:
        raise Refused("There is no letter yet: the request was not submitted.")
    submitted = case.submissions[-1]
    answers = submitted.snapshot
    if kind is LetterKind.REJECTION and not _permitted(agreement, case):
        kind = LetterKind.NOT_PERMITTED
    snapshot_hash = case.finding.snapshot_hash if case.finding else submitted.snapshot_hash
    facts = common_facts(tx, case, agreement, kind, answers, number, today)
    facts = replace(
        facts,
        snapshot_hash=snapshot_hash,
        file_id=file_id(salt_of(tx, case.row.id), snapshot_hash),
        marking=agreement.marking.disclosure if kind in GIVING else facts.marking,
    )
    if kind in GIVING and case.finding is not None:
        return _disclosing(facts, agreement, answers, case.finding)
    if kind in (LetterKind.REFUSAL, LetterKind.REJECTION, LetterKind.NOT_PERMITTED):
        chosen = because_of if because_of is not None else _decided(case).because_of
        return _refusing(facts, agreement, case, chosen)
    return facts


def common_facts(
    tx: Tx,
    case: Case,
    agreement: Agreement,
    kind: LetterKind,
    answers: Answers,
    number: int | None,
    today: date,
) -> LetterFacts:
    """What every letter of a case is made from, to whoever asked; but for ``snapshot_hash`` and ``file_id``."""
    version = agreement.version(case.row.agreement_version)
    withheld = _withheld(agreement, case) if case.address_kept_off else ()
    return LetterFacts(
        kind=kind,
        organisation=people.organisation_of(tx),
        number=number,
        reference=case.row.reference,
        their_reference=text_of(answers, "requester.reference"),
        recipient=recipient_of(answers),
        salutation=salutation_of(agreement, answers),
        dated=today,
        received=case.row.received_on or today,
        marking=agreement.marking.procedural,
        snapshot_hash="",
        file_id="",
        caseworker=case.row.caseworker,
        agreement_title=agreement.title,
        agreement_version=version.number if version else None,
        agreement_from=version.in_force_from if version else None,
        answer_within=clock_words(agreement.clock),
        request_words=agreement.request_words,
        governed_by=agreement.governed_by,
        rights=_rights(agreement, answers),
        how_to_ask=agreement.how_to_ask,
        address_kept_off=case.address_kept_off,
        unposted=_why_not_posted(answers),
        told_where=against_request(agreement, case, kind),
        withheld=withheld + _sent_to(tx, case),
        refusal_title=agreement.refusal_title,
        in_welsh=text_of(answers, "requester.language") == "cy",
        large_print=answers.get("requester.large_print") is True,
        **said_by_us(tx, agreement, kind, today),
    )


def file_id(salt: bytes, snapshot_hash: str) -> str:
    """What the file of a letter is known by.

    The desk can prove from it what the letter was made from; without the case's salt nobody can try out a guess at
    what was kept from them, such as a safeguarding concern or an address.
    """
    return commitment(salt, "letter", snapshot_hash)


def _sent_to(tx: Tx, case: Case) -> tuple[str, ...]:
    """The lines of the addresses to which we wrote to the person: whoever asked must never learn them from us."""
    to_person = [one for one in case.letters if one.kind in TO_THE_PERSON]
    return telling_lines("\n".join(letter_recipient(tx, one.id) for one in to_person))


def _withheld(agreement: Agreement, case: Case) -> tuple[str, ...]:
    """What the letter may say nowhere: the address that they gave for the person, and whatever we recorded of one."""
    values = case.finding.values.values() if case.finding else ()
    postcodes = [one for value in values for one in postcodes_in(value.get("value", ""))]
    return telling_lines("\n".join((*places_of(agreement, case), *postcodes)))


def _rights(agreement: Agreement, answers: Answers) -> tuple[str, ...]:
    ground = agreement.ground(text_of(answers, "ground.ground"))
    return ground.rights if ground is not None and ground.rights else agreement.rights


def _disclosing(facts: LetterFacts, agreement: Agreement, answers: Answers, finding: Finding) -> LetterFacts:
    """With what is released, under which law, for what, and until when."""
    ground = agreement.ground(text_of(answers, "ground.ground"))
    facts = replace(
        facts,
        gateway=gateway_of(agreement, answers),
        purpose=ground.purpose if ground else agreement.purpose_words,
        taken_at=finding.taken_at,
        destroy_by=add_months(facts.dated, agreement.destroy_within_months),
        retention=f"at least {period_words(agreement.retention)}",
    )
    answer = agreement.answer(finding.status_answer)
    gives = answer is None or answer.gives
    if facts.kind is LetterKind.STATUS_ANSWER:
        return replace(facts, status_answer=_status(agreement, finding), gives=gives)
    if facts.kind not in (LetterKind.DISCLOSURE, LetterKind.PARTIAL_DISCLOSURE):
        return replace(
            facts,
            status_answer=answer.text if answer else "",
            answer_title=(answer.heading if answer else "") or "Our answer to your request",
            answer_note=agreement.answer_note,
            table=table_in(finding.values),
            items=_items(agreement, finding),
            conditions=agreement.conditions if gives else (),
        )
    # That the address they gave agrees with the record would tell them where the person is.
    matched = [key for key in finding.matched if not (facts.address_kept_off and key == "address")]
    return replace(
        facts,
        person=_person(answers),
        items=_items(agreement, finding),
        not_given=not_given(agreement, answers, finding.values),
        matched=tuple(MATCHED_WORDS.get(key, key) for key in matched),
    )


def _decided(case: Case) -> Decision:
    standing = [one for one in case.decisions if not one.void and one.action in (Action.REFUSE, Action.REJECT)]
    if not standing:
        raise Refused("There is no letter yet: the request is not decided.")
    return standing[-1]


def _refusing(facts: LetterFacts, agreement: Agreement, case: Case, because_of: tuple[str, ...]) -> LetterFacts:
    """With what the letter says of the criteria, in the agreement's own words: never what a reviewer wrote inside."""
    rejected = "So we could not accept your request."
    if facts.kind is LetterKind.NOT_PERMITTED:
        version = agreement.version(case.row.agreement_version)
        return replace(facts, criterion=version.because if version else agreement.because_none, reasons=(rejected,))
    rejecting = facts.kind is LetterKind.REJECTION
    said = _said_of(agreement, because_of, rejecting=rejecting)
    if not said:
        raise Refused("There is no letter yet: choose the criterion that the decision rests on.")
    first, *rest = said
    return replace(facts, criterion=first, reasons=(*rest, rejected if rejecting else agreement.refusal_ending))


def _said_of(agreement: Agreement, because_of: tuple[str, ...], *, rejecting: bool) -> list[str]:
    """What the letter says of the criteria that a decision rests on.

    One that leads to the guardian is never among them, so that no marker shows through: a rejection leaves it out, and
    a refusal says no more than the criterion whose words the agreement lends it, as any request that fails that one is
    told.
    """
    named = [one for one in agreement.criteria if one.id in because_of]
    spoken = [one for one in named if one.leads is not Leads.ESCALATE]
    if not rejecting and len(spoken) < len(named):
        spoken = [one for one in agreement.criteria if one.id == agreement.borrowed_refusal]
    return [one.refusal for one in spoken]


def recipient_of(answers: Answers) -> tuple[str, ...]:
    """To whom and where the letter goes, one line each, as the window of an envelope shows it."""
    grade, officer = text_of(answers, "requester.grade"), text_of(answers, "requester.officer")
    named = officer if officer.casefold().startswith(grade.casefold()) else f"{grade} {officer}"
    address = answers.get("requester.address")
    typed = address if isinstance(address, dict) else {}
    heads = (named, text_of(answers, "requester.unit"), text_of(answers, "requester.body"))
    return address_block(heads, str(typed.get("lines", "")), str(typed.get("postcode", "")))


def _why_not_posted(answers: Answers) -> str:
    """Why a letter to whoever asked cannot go by post; "" where someone could be found by the address."""
    address = answers.get("requester.address")
    typed = address if isinstance(address, dict) else {}
    # Whoever it goes to has a line of their own.
    to = PostalAddress(f"x\n{typed.get('lines', '')}\n{typed.get('postcode', '')}", abroad=True)
    if to.is_nowhere:
        return "It cannot be posted: the request says that they have no fixed abode."
    if len(to.lines) < 2:
        return "It cannot be posted: the request has no postal address."
    if not to.has_enough_lines and to.bfpo_number is None:
        return "It cannot be posted: the postal address in the request is not whole."
    return ""


def salutation_of(agreement: Agreement, answers: Answers) -> str:
    """Whom the letter greets: a rank or title with the family name, or the whole name where there is neither."""
    if agreement.field("requester.officer") is None:
        # Someone who asks for themselves.
        return greeting("", text_of(answers, "requester.body"))
    grade = text_of(answers, "requester.grade") if agreement.kind == "tracing" else ""
    return greeting(grade, text_of(answers, "requester.officer"))


def gateway_of(agreement: Agreement, answers: Answers) -> str:
    """The law that lets the data pass, as it reads after "under"."""
    chosen = text_of(answers, "ground.gateway")
    titles = {one.id: one.title for one in agreement.gateways}
    return titles.get(chosen, next(iter(titles.values()), ""))


def _person(answers: Answers) -> str:
    name = person_name(text_of(answers, "person.given_names"), text_of(answers, "person.family_name"))
    born: Json = answers.get("person.born")
    words = partial_date_words(born)
    return f"{name}, born {words}" if words != "Not known" else f"{name}, date of birth not known"


def _items(agreement: Agreement, finding: Finding | None) -> tuple[ItemRow, ...]:
    values = finding.values if finding else {}
    return tuple(
        ItemRow(
            item.label,
            values[item.id].get("value", ""),
            values[item.id].get("recorded_on", "") or "Not recorded",
            tells_where(item.id, item.label),
            item.from_register,
        )
        for item in agreement.items
        if item.id in values
    )


def _status(agreement: Agreement, finding: Finding | None) -> str:
    answer = agreement.answer(finding.status_answer) if finding else None
    if answer is None or finding is None:
        return ""
    parts = [answer.text]
    for key in answer.items:
        item = agreement.item(key)
        if item is not None and key in finding.values:
            parts.append(f"{item.label}: {finding.values[key].get('value', '').rstrip('.')}.")
    return " ".join(parts)
