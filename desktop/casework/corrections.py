"""What was disclosed about a person, what of it is wrong, and to whom a notice of correction is owed.

UK General Data Protection Regulation, Articles 16 and 19 (each recipient to whom the data were disclosed is told,
unless that is impossible or involves disproportionate effort): https://www.legislation.gov.uk/eur/2016/679
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date

from db import lists, notices
from db.casereads import links_of, load_case
from db.concerns import concerned
from db.notices import Corrected, Given
from db.records import Answers, Case, Json, State
from db.store import Tx
from desktop.casework.desk import Desk, Refused
from desktop.casework.letterfacts import salutation_of
from desktop.policy.agreements import CORRECTIONS_FIELD, Agreement, Option
from desktop.policy.corrections import NOT_TO_BE_USED, Correction, corrections_in
from desktop.policy.wording import day, join_and, lower_first

ANSWER = "answer"
"""Stands for the answer itself, where an agreement answers with one: "TR-000001-7:answer"."""


@dataclass(frozen=True, slots=True)
class Disclosed:
    """One item that one recipient was given in one case, as they last knew it from us."""

    case_id: int
    reference: str
    key: str
    label: str
    value: str
    on: date
    recipient: str
    requester: str
    their_reference: str
    salutation: str
    marking: str
    corrected: str
    """The case that corrected it before, or ""."""

    @property
    def option(self) -> str:
        """The id under which it is marked as wrong."""
        return f"{self.reference}:{self.key}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a notice."""

    label: str
    given: str
    right: str
    reference: str
    their_reference: str
    on: str


@dataclass(frozen=True, slots=True)
class Content:
    """All that a notice says to its recipient, as it was released."""

    recipient: str
    salutation: str
    marking: str
    rows: tuple[Row, ...]
    items: tuple[tuple[int, str], ...]
    """Case id and item key of each."""

    def kept(self) -> dict[str, Json]:
        """As the store keeps it beside the recipient."""
        return {"salutation": self.salutation, "marking": self.marking, "rows": [asdict(one) for one in self.rows]}


def disclosed(desk: Desk, tx: Tx, case: Case) -> tuple[tuple[Disclosed, ...], tuple[str, ...]]:
    """What was given about the person of this case, and the references of the cases of which nothing is left to tell.

    Only cases that someone recorded as being about the same person count.
    """
    same = [other for other, is_same in links_of(tx, case.row.id).items() if is_same]
    before = notices.corrected_in(tx, same)
    destroyed = {row.id: row.reference for row in lists.rows_of(tx, same) if row.state is State.DESTROYED}
    given = [one for one in notices.given_in(tx, same) if one.case_id not in destroyed]
    found = [item for one in given for item in _items(desk, tx, one, before.get(one.case_id, ()))]
    return tuple(found), tuple(sorted(destroyed.values()))


def _items(desk: Desk, tx: Tx, given: Given, before: tuple[Corrected, ...]) -> Iterator[Disclosed]:
    case = load_case(tx, given.case_id)
    finding = case.finding
    agreement = _agreement(desk, case)
    if finding is None or agreement is None:
        return
    values = {key: value.get("value", "") for key, value in finding.values.items() if key in given.items}
    labels = {item.id: item.label for item in agreement.items}
    answer = agreement.answer(finding.status_answer)
    if answer is not None:
        values, labels = {ANSWER: answer.text, **values}, {**labels, ANSWER: "Our answer"}
    answers = case.submissions[-1].snapshot
    for key, value in values.items():
        last = next((one for one in reversed(before) if one.item == key), None)
        yield Disclosed(
            case_id=case.row.id,
            reference=case.row.reference,
            key=key,
            label=labels.get(key, key),
            value=_told(last, case.row.reference, labels.get(key, key)) or value,
            on=given.on,
            recipient=given.recipient,
            requester=case.row.requester or "a body that is not named",
            their_reference=case.row.requester_reference,
            salutation=salutation_of(agreement, answers),
            marking=agreement.marking.disclosure,
            corrected=last.reference if last is not None else "",
        )


def _agreement(desk: Desk, case: Case) -> Agreement | None:
    known = desk.agreements.has(case.row.agreement_id)
    return desk.agreements.get(case.row.agreement_id) if known else None


def _told(last: Corrected | None, reference: str, label: str) -> str:
    """What the recipient was last told in place of it."""
    rows = last.content.get("rows", []) if last is not None else []
    return next((str(one["right"]) for one in rows if (one["reference"], one["label"]) == (reference, label)), "")


def in_danger(tx: Tx, case: Case) -> bool:
    """Whether a safeguarding concern stands in this case, or in any other about the same person."""
    same = [other for other, is_same in links_of(tx, case.row.id).items() if is_same]
    return case.in_danger or bool(concerned(tx, [case.row.id, *same]))


def with_disclosed(desk: Desk, tx: Tx, agreement: Agreement, case: Case) -> Agreement:
    """The agreement with what was disclosed as the options of the field that says what is wrong.

    A case that was destroyed is there as a stub, which cannot be chosen.
    """
    if agreement.field(CORRECTIONS_FIELD) is None:
        return agreement
    found, destroyed = disclosed(desk, tx, case)
    options = [Option(id=one.option, label=_label(one)) for one in found]
    gone = "destroyed at the end of its retention. Nobody knows any more what was given, or to whom."
    options += [Option(id=one, label=f"{one}: {gone}", approved=False) for one in destroyed]
    return agreement.with_options(CORRECTIONS_FIELD, tuple(options))


def _label(one: Disclosed) -> str:
    earlier = f" (as corrected by {one.corrected})" if one.corrected else ""
    value = ", ".join(line.strip() for line in one.value.splitlines() if line.strip())
    return f"{one.reference}, {one.requester}, {day(one.on)}{earlier}\n{one.label}: {value}"


def owed(desk: Desk, tx: Tx, case: Case, answers: Answers) -> tuple[Content, ...]:
    """A notice for each recipient of something that these answers mark as wrong, whatever was told them before."""
    marked = {one.item: one for one in corrections_in(answers.get(CORRECTIONS_FIELD)) if one.wrong}
    found, _destroyed = disclosed(desk, tx, case)
    hidden = in_danger(tx, case)
    by_recipient: dict[str, list[Disclosed]] = {}
    for one in found:
        if one.option in marked:
            by_recipient.setdefault(one.recipient, []).append(one)
    return tuple(_content(recipient, items, marked, hidden) for recipient, items in by_recipient.items())


def _content(recipient: str, items: list[Disclosed], marked: Mapping[str, Correction], hidden: bool) -> Content:
    # Where anyone may be in danger, no value at all stands in a notice: not in place of it, nor as it was given.
    rows = [
        Row(
            label=one.label,
            given="" if hidden else one.value,
            right="" if hidden else marked[one.option].right,
            reference=one.reference,
            their_reference=one.their_reference,
            on=one.on.isoformat(),
        )
        for one in items
    ]
    marking = max((one.marking for one in items), key=len)
    return Content(recipient, items[0].salutation, marking, tuple(rows), tuple((one.case_id, one.key) for one in items))


def need_marked(desk: Desk, tx: Tx, case: Case, answers: Answers) -> None:
    """Raises Refused where something is marked as wrong whose recipient nobody could tell any more.

    Its case is not recorded as being about this person now, or was destroyed since.
    """
    found, _destroyed = disclosed(desk, tx, case)
    known = {one.option for one in found}
    marks = corrections_in(answers.get(CORRECTIONS_FIELD))
    lost = dict.fromkeys(one.reference for one in marks if one.wrong and one.item not in known)
    if lost:
        cases = join_and(list(lost))
        raise Refused(f"What was given in {cases} is not in the register of this person any more. Change the marks.")


def untold(desk: Desk, tx: Tx, case: Case, answers: Answers) -> tuple[Content, ...]:
    """The notices that are owed, less those whose very words their recipient has had in this case."""
    had = {(one.recipient, _comparable(one.content)) for one in notices.notices_of(tx, case.row.id) if one.number}
    return tuple(one for one in owed(desk, tx, case, answers) if (one.recipient, _comparable(one.kept())) not in had)


def _comparable(content: Json) -> str:
    """The lines of a notice, told apart from those of another. What they were given may read otherwise by now."""
    rows = content.get("rows") if isinstance(content, Mapping) else None
    lines = [one for one in rows if isinstance(one, Mapping)] if isinstance(rows, list | tuple) else []
    return repr([(one["reference"], one["label"], one["right"]) for one in lines])


def corrected_text(desk: Desk, tx: Tx, case: Case, answers: Answers) -> str:
    """What is right in place of what was wrong, for the person themself: each thing once, whoever had it."""
    marked = {one.item: one for one in corrections_in(answers.get(CORRECTIONS_FIELD)) if one.wrong}
    found, _destroyed = disclosed(desk, tx, case)
    hidden = in_danger(tx, case)
    lines: dict[str, None] = {}
    for one in found:
        if one.option in marked:
            right = "" if hidden else marked[one.option].right
            lines[f"{one.label}: {right or NOT_TO_BE_USED}"] = None
    return "\n".join(lines)


def concerned_ids(desk: Desk, tx: Tx, case: Case, answers: Answers) -> tuple[int, ...]:
    """The cases of which something was marked, whether it stands or is wrong."""
    marked = {one.reference for one in corrections_in(answers.get(CORRECTIONS_FIELD))}
    found, _destroyed = disclosed(desk, tx, case)
    return tuple(sorted({one.case_id for one in found if one.reference in marked}))


def corrected_words(corrected: tuple[Corrected, ...], labels: Mapping[str, str]) -> str:
    """What of a disclosure was corrected since, for whoever is told of the disclosure; "" for nothing."""
    words = []
    for on in dict.fromkeys(one.at.date() for one in corrected):
        items = dict.fromkeys(lower_first(labels.get(one.item, "answer")) for one in corrected if one.at.date() == on)
        words.append(f"On {day(on)} we told them that this was wrong, and what is right: {', '.join(items)}.")
    return " ".join(words)
