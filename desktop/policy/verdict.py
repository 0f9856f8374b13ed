"""What an agreement makes of a request as answered so far. It proposes and it blocks; it never decides.

Precedence, where several apply: reject, escalate, refuse, return, narrow, approve.
- Reject comes first: procedure is tested before anything else, and a rejection discloses nothing.
- Escalate comes before refuse: someone may be in danger, and only the guardian may weigh that, whatever the merits.
- Refuse comes before return: what fails on the merits is not mended by one more question.
- Return comes before narrow: until the requester has answered, what to leave out cannot be judged.
- Narrow comes before approve: nothing may be approved while it holds what is not permitted.

A request which no agreement covers on the day of receipt can only be rejected, whatever else was answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from db.records import Answers, Leads, LetterKind, Met
from desktop.policy.agreements import CANT_TELL, NO_GROUND, Agreement, Criterion, Item, Version
from desktop.policy.answers import empty, keys_of, met_of, text_of
from desktop.policy.wording import join_and

Lead = Literal["approve", "reject", "refuse", "return", "narrow", "escalate", "unfinished"]

TITLES: Mapping[Lead, str] = {
    "reject": "Reject it",
    "escalate": "Escalate it to the guardian",
    "refuse": "Refuse it",
    "return": "Return it to the requester",
    "narrow": "Narrow it first",
    "approve": "It may be approved",
    "unfinished": "Not finished yet",
}
LABELS: Mapping[Lead, str] = {
    "reject": "Reject (procedure)",
    "refuse": "Refuse",
    "return": "Return to requester",
    "narrow": "Narrow",
    "escalate": "Escalate to the guardian",
    "approve": "Approve",
}
PRECEDENCE: tuple[Lead, ...] = ("reject", "escalate", "refuse", "return", "narrow")
NOTHING = "Nothing calls for it"
NOTHING_YET = "Nothing so far"


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One of the six outcomes. ``waits`` is True while it cannot be told whether it applies."""

    key: Lead
    label: str
    why: str
    applies: bool
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the agreement makes of it: the outcome that leads, every outcome with why, and what bars approval."""

    title: str
    summary: str
    leads: Lead
    rows: tuple[VerdictRow, ...]
    unanswered: int
    may_approve: bool
    blocks: tuple[str, ...]
    contradictions: tuple[str, ...]
    proposed: LetterKind | None

    def row(self, key: Lead) -> VerdictRow:
        """The row of one outcome. Raises KeyError for "unfinished", which has none."""
        for one in self.rows:
            if one.key == key:
                return one
        raise KeyError(key)


def verdict(
    agreement: Agreement,
    version: Version | None,
    answers: Answers,
    today: date,
    *,
    guardian: bool = False,
    views: Mapping[str, Mapping[str, str]] | None = None,
) -> Verdict:
    """The verdict on these answers. Give the agreement as narrowed by ``Agreement.at``, and None for no version.

    ``guardian``: the case is with the guardian, so that what escalates it no longer bars approval. ``views``: what a
    reviewer thinks of each criterion, as in ``db.records.Decision``; a disagreement bars approval.
    """
    del today  # Part of the contract: an agreement may one day test an age or a deadline.
    if version is None or not version.accepts:
        return _only_reject(version.because if version else agreement.because_none)
    sheet = _Sheet(agreement, answers)
    blocks = _blocks(sheet, guardian=guardian, views=views or {})
    rows = _rows(sheet, blocks, guardian=guardian)
    applying = {row.key for row in rows if row.applies}
    leads = next((key for key in PRECEDENCE if key in applying), "approve" if not blocks else "unfinished")
    title = TITLES[leads]
    if leads == "approve" and sheet.not_permitted:
        title = "It may be approved as narrowed"
    unanswered = len(sheet.unanswered)
    return Verdict(
        title=title,
        summary=_summary(len(agreement.criteria), unanswered),
        leads=leads,
        rows=rows,
        unanswered=unanswered,
        may_approve=not blocks,
        blocks=blocks,
        contradictions=sheet.contradictions(),
        proposed=_letter(agreement, leads),
    )


def releasable(agreement: Agreement, version: Version | None) -> tuple[Item, ...]:
    """What may be released under this version: nothing where it accepts no request, and never anything clinical."""
    if version is None or not version.accepts:
        return ()
    return tuple(
        one
        for one in agreement.items
        if one.releasable and not one.clinical and (not one.versions or version.number in one.versions)
    )


def left_out(agreement: Agreement, answers: Answers) -> tuple[Item, ...]:
    """What was asked for and is not proposed for release: the letter names it as not given."""
    released = keys_of(answers.get("release.items"))
    asked = keys_of(answers.get("asked.items"))
    return tuple(one for one in agreement.items if one.id in asked and one.id not in released)


def identifiers(answers: Answers) -> frozenset[str]:
    """Which identifiers the request gives, by the names that ``desktop.policy.people`` uses."""
    born = answers.get("person.born")
    has_year = isinstance(born, Mapping) and bool(str(born.get("year") or "").strip())
    given = {
        name
        for name, key in (
            ("name", "person.family_name"),
            ("gender", "person.gender"),
            ("nationality", "person.nationality"),
            ("address", "person.address"),
            ("nhs_number", "person.nhs_number"),
            ("home_office_reference", "person.home_office_reference"),
            ("passport", "person.passport"),
            ("ni_number", "person.ni_number"),
            ("other_names", "person.other_names"),
        )
        if not empty(answers.get(key))
    }
    if answers.get("person.gender") in ("0", "9"):
        given.discard("gender")
    return frozenset(given | ({"born"} if has_year else set()))


class _Sheet:
    """The answers, read once: what each criterion says and what was asked."""

    def __init__(self, agreement: Agreement, answers: Answers) -> None:
        self.agreement = agreement
        self.answers = answers
        self.met = {one.id: met_of(answers.get(f"criteria.{one.id}")) for one in agreement.criteria}
        self.unanswered = tuple(one for one in agreement.criteria if self.met[one.id] is None)
        self.asked = keys_of(answers.get("asked.items"))
        self.released = keys_of(answers.get("release.items"))
        may = {one.id for one in agreement.items if one.releasable and not one.clinical}
        self.permitted = frozenset(may)
        self.not_permitted = tuple(one.label for one in agreement.items if one.id in self.asked and one.id not in may)
        self.screen = {one.id: text_of(answers.get(f"safeguarding.{one.id}")) for one in agreement.safeguarding}

    def number(self, criterion: Criterion) -> int:
        return self.agreement.criterion_number(criterion.id)

    def leading_to(self, leads: Leads) -> tuple[Criterion, ...]:
        """The criteria whose answer calls for this."""
        return tuple(
            one
            for one in self.agreement.criteria
            if (self.met[one.id] is Met.NOT_MET and one.leads is leads)
            or (self.met[one.id] is Met.CANT_TELL and one.cant_tell is leads)
        )

    @property
    def flagged(self) -> bool:
        """Whether any answer of the safeguarding screen takes it to the guardian."""
        return any(self.screen[one.id] in (one.marker_answer, CANT_TELL) for one in self.agreement.safeguarding)

    @property
    def screen_waits(self) -> bool:
        return any(not answer for answer in self.screen.values())

    @property
    def narrowed(self) -> bool:
        """Whether what is proposed for release is permitted, was asked for, and is something at all."""
        return bool(self.released) and self.released <= self.permitted & self.asked

    def narrows(self, criterion: Criterion) -> bool:
        """Whether the criterion's failing is mended by what was left out."""
        mended = criterion.leads is Leads.NARROW and self.met[criterion.id] is Met.NOT_MET
        return mended and self.narrowed and self.released != self.asked

    @property
    def ground_counts(self) -> bool:
        """False once a ground was chosen that this version or the law of that day does not know."""
        ground = text_of(self.answers.get("ground.ground"))
        return not ground or any(one.id == ground for one in self.agreement.grounds)

    def contradictions(self) -> tuple[str, ...]:
        """Where "met" is contradicted by the form itself. Each bars approval, and none stops a submission."""
        found: list[str] = []
        for one in self.agreement.criteria:
            if self.met[one.id] is Met.MET:
                found += [f"Criterion {self.number(one)} is answered met, but {why}" for why in self._against(one)]
        return tuple(found)

    def _against(self, criterion: Criterion) -> list[str]:
        why: list[str] = []
        for key in criterion.about:
            field = self.agreement.field(key)
            if field is None:
                continue
            value = self.answers.get(key)
            if empty(value):
                section = next(s for s in self.agreement.sections if field in s.fields)
                why.append(f"“{field.label}” under {section.title} is empty.")
            elif field.kind == "choice" and key != "ground.ground":
                chosen = next((o for o in field.options if o.id == value), None)
                if chosen is None or not chosen.approved:
                    why.append(f"“{chosen.label if chosen else text_of(value)}” does not count.")
        if "countersigner.name" in criterion.about and self._signed_by_requester():
            why.append("the countersigner is the person who asks.")
        if "ground.ground" in criterion.about:
            why += self._ground_against()
        if "asked.items" in criterion.about and self.not_permitted:
            why.append(f"{_not_permitted(self.not_permitted)}.")
        if "safeguarding" in criterion.about and self.flagged:
            why.append("an answer of the safeguarding screen takes it to the guardian.")
        return why

    def _signed_by_requester(self) -> bool:
        signed = text_of(self.answers.get("countersigner.name")).casefold().split()
        return bool(signed) and signed == text_of(self.answers.get("requester.officer")).casefold().split()

    def _ground_against(self) -> list[str]:
        chosen = text_of(self.answers.get("ground.ground"))
        ground = self.agreement.ground(chosen)
        if chosen == NO_GROUND:
            return ["no ground of the agreement is chosen."]
        if chosen and ground is None:
            return ["the ground chosen does not count under this version on the day of receipt."]
        kind = text_of(self.answers.get("requester.kind"))
        if ground is not None and ground.requesters and kind and kind not in ground.requesters:
            return ["the ground chosen is not open to this kind of body."]
        return []


def _only_reject(because: str) -> Verdict:
    why = "No agreement lets it be answered"
    rows = tuple(
        VerdictRow(key, label, because if key == "reject" else why, key == "reject") for key, label in LABELS.items()
    )
    return Verdict(
        title=TITLES["reject"],
        summary="It can only be rejected, whatever else is answered.",
        leads="reject",
        rows=rows,
        unanswered=0,
        may_approve=False,
        blocks=(because,),
        contradictions=(),
        proposed=LetterKind.REJECTION,
    )


def _rows(sheet: _Sheet, blocks: tuple[str, ...], *, guardian: bool) -> tuple[VerdictRow, ...]:
    return (
        _plain(sheet, "reject", Leads.REJECT),
        _refuse(sheet),
        _return(sheet),
        _narrow(sheet),
        _escalate(sheet, guardian=guardian),
        _approve(sheet, blocks),
    )


def _plain(sheet: _Sheet, key: Lead, leads: Leads) -> VerdictRow:
    calling = sheet.leading_to(leads)
    if calling:
        return VerdictRow(key, LABELS[key], _criteria_words(sheet, calling), True)
    open_still = any(one.leads is leads for one in sheet.unanswered)
    return VerdictRow(key, LABELS[key], NOTHING_YET if open_still else NOTHING, False)


def _refuse(sheet: _Sheet) -> VerdictRow:
    row = _plain(sheet, "refuse", Leads.REFUSE)
    if row.applies:
        return row
    if text_of(sheet.answers.get("ground.ground")) == NO_GROUND:
        return VerdictRow("refuse", row.label, "The request rests on no ground of the agreement", True)
    if not sheet.ground_counts:
        return VerdictRow("refuse", row.label, "The ground does not count on the day of receipt", True)
    if sheet.asked and not sheet.asked & sheet.permitted:
        return VerdictRow("refuse", row.label, "Nothing that they ask for is permitted", True)
    return row


def _return(sheet: _Sheet) -> VerdictRow:
    # Imported here because most callers never get this far, and people.py reads this module's neighbours.
    from desktop.policy.people import enough_identifiers

    row = _plain(sheet, "return", Leads.RETURN)
    if row.applies:
        return row
    given = identifiers(sheet.answers)
    if given and not enough_identifiers(given):
        why = "Too little to find one person: a family name, a year of birth and one more are needed"
        return VerdictRow("return", row.label, why, True)
    return row


def _narrow(sheet: _Sheet) -> VerdictRow:
    calling = sheet.leading_to(Leads.NARROW)
    label = LABELS["narrow"]
    wrong = tuple(
        one.label for one in sheet.agreement.items if one.id in sheet.released and one.id not in sheet.permitted
    )
    if wrong:
        return VerdictRow("narrow", label, f"{_not_permitted(wrong)}: take it out of the items to release", True)
    if not sheet.not_permitted and not calling:
        return _plain(sheet, "narrow", Leads.NARROW)
    if sheet.narrowed and all(sheet.narrows(one) for one in calling):
        names = [one.label for one in left_out(sheet.agreement, sheet.answers)]
        return VerdictRow("narrow", label, f"Done: {join_and(names)} left out", False)
    if not sheet.not_permitted:
        return VerdictRow("narrow", label, _criteria_words(sheet, calling), True)
    about = next((one for one in sheet.agreement.criteria if "asked.items" in one.about), None)
    start = f"Criterion {sheet.number(about)}: " if about is not None else ""
    return VerdictRow("narrow", label, f"{start}{_not_permitted(sheet.not_permitted)}", True)


def _escalate(sheet: _Sheet, *, guardian: bool) -> VerdictRow:
    label = LABELS["escalate"]
    if guardian:
        return VerdictRow("escalate", label, "It is with the guardian", False)
    if sheet.flagged:
        return VerdictRow("escalate", label, "An answer of the safeguarding screen calls for it", True)
    calling = sheet.leading_to(Leads.ESCALATE)
    if calling:
        return VerdictRow("escalate", label, _criteria_words(sheet, calling), True)
    if sheet.screen_waits:
        return VerdictRow("escalate", label, "Waits for the safeguarding screen", False, waits=True)
    return _plain(sheet, "escalate", Leads.ESCALATE)


def _approve(sheet: _Sheet, blocks: tuple[str, ...]) -> VerdictRow:
    label = LABELS["approve"]
    if not blocks:
        return VerdictRow("approve", label, "Everything that the agreement asks for is met", True)
    narrow = _narrow(sheet).applies
    barred = any(
        sheet.met[one.id] in (Met.NOT_MET, Met.CANT_TELL) and one.leads is not Leads.NARROW
        for one in sheet.agreement.criteria
    )
    if barred or sheet.flagged:
        return VerdictRow("approve", label, blocks[0], False)
    if narrow:
        return VerdictRow("approve", label, "Possible once narrowed and complete", False, waits=True)
    if sheet.unanswered or sheet.screen_waits or not sheet.released:
        return VerdictRow("approve", label, "Possible once complete", False, waits=True)
    return VerdictRow("approve", label, blocks[0], False)


def _blocks(sheet: _Sheet, *, guardian: bool, views: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """Why it may not be approved, the weightiest first."""
    found: list[str] = []
    for one in sheet.agreement.criteria:
        found += _criterion_blocks(sheet, one, views.get(one.id, {}).get("view", ""), guardian=guardian)
    refuse = _refuse(sheet)
    if refuse.applies and not sheet.leading_to(Leads.REFUSE):
        found.append(refuse.why)
    back = _return(sheet)
    if back.applies and not sheet.leading_to(Leads.RETURN):
        found.append(back.why)
    found += [text for text in sheet.contradictions() if not (guardian and "safeguarding screen" in text)]
    if sheet.flagged and not guardian:
        found.append("The safeguarding screen takes it to the guardian")
    if sheet.screen_waits:
        found.append("The safeguarding screen is not finished")
    if not sheet.released:
        found.append("No item is proposed for release")
    elif not sheet.narrowed:
        found.append("An item proposed for release is not permitted, or was not asked for")
    waiting = [sheet.number(one) for one in sheet.unanswered]
    if waiting:
        found.append(f"{_criteria(waiting)} {'has' if len(waiting) == 1 else 'have'} no answer")
    return tuple(found)


def _criterion_blocks(sheet: _Sheet, criterion: Criterion, view: str, *, guardian: bool) -> list[str]:
    number, met = sheet.number(criterion), sheet.met[criterion.id]
    if met is Met.MET:
        return [f"You disagree that criterion {number} is met"] if view == "disagree" else []
    if met is Met.NOT_APPLICABLE:
        if not criterion.may_not_apply:
            return [f"Criterion {number} always applies"]
        return [f"You disagree that criterion {number} does not apply"] if view == "disagree" else []
    if met is None or sheet.narrows(criterion):
        return []
    way = criterion.leads if met is Met.NOT_MET else criterion.cant_tell
    if way is Leads.ESCALATE and guardian:
        return []
    said = f"Criterion {number} {'is not met' if met is Met.NOT_MET else 'is answered “can’t tell”'}"
    # A reviewer cannot turn a "no" into a "yes" alone: two people must have said it.
    ending = {"agree": ", and you agree", "disagree": ": send it back if you disagree"}.get(view, "")
    return [said + ending]


def _summary(criteria: int, unanswered: int) -> str:
    if unanswered:
        return f"As answered so far. {unanswered} {'criterion has' if unanswered == 1 else 'criteria have'} no answer."
    return f"All {criteria} criteria are answered."


def _criteria(numbers: list[int]) -> str:
    return f"{'Criterion' if len(numbers) == 1 else 'Criteria'} {join_and([str(one) for one in numbers])}"


def _criteria_words(sheet: _Sheet, criteria: tuple[Criterion, ...]) -> str:
    """Such as "Criteria 4 and 6 are not met; criterion 7: can't tell"."""
    parts: list[str] = []
    failed = [sheet.number(one) for one in criteria if sheet.met[one.id] is Met.NOT_MET]
    unsure = [sheet.number(one) for one in criteria if sheet.met[one.id] is Met.CANT_TELL]
    if failed:
        parts.append(f"{_criteria(failed)} {'is' if len(failed) == 1 else 'are'} not met")
    if unsure:
        parts.append(f"{_criteria(unsure)}: can’t tell")
    return "; ".join(parts[:1] + [one[:1].lower() + one[1:] for one in parts[1:]])


def _not_permitted(labels: tuple[str, ...]) -> str:
    first, *rest = labels
    names = [first, *(one if one[1:2].isupper() else one[:1].lower() + one[1:] for one in rest)]
    return f"{join_and(names)} {'is' if len(names) == 1 else 'are'} not permitted"


def _letter(agreement: Agreement, leads: Lead) -> LetterKind | None:
    match leads:
        case "reject":
            return LetterKind.REJECTION
        case "refuse":
            return LetterKind.REFUSAL
        case "approve":
            return LetterKind.STATUS_ANSWER if agreement.kind == "status" else LetterKind.DISCLOSURE
        case _:
            return None
