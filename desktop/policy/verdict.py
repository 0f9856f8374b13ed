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
from desktop.policy.agreements import NO_GROUND, Agreement, Criterion, Version
from desktop.policy.answers import text_of
from desktop.policy.people import enough_identifiers
from desktop.policy.sheet import Beside, Sheet, identifiers, left_out, not_permitted_words, releasable
from desktop.policy.wording import join_and, lower_first

__all__ = ["Lead", "Verdict", "VerdictRow", "left_out", "releasable", "verdict"]

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
    stuck: bool = False
    """Whether everything is answered, and an answer that is contradicted keeps it from approval."""

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
    beside: Mapping[str, Beside] | None = None,
) -> Verdict:
    """The verdict on these answers. Give the agreement as narrowed by ``Agreement.at``, and None for no version.

    ``guardian``: the case is with the guardian, so that what escalates it no longer bars approval. ``views``: what a
    reviewer thinks of each criterion, as in ``db.records.Decision``; a disagreement bars approval. ``beside``: what
    bears on the criteria and no answer holds.
    """
    del today  # Part of the contract: an agreement may one day test an age or a deadline.
    if version is None or not version.accepts:
        return _only_reject(version.because if version else agreement.because_none)
    sheet = Sheet(agreement, answers, beside)
    blocks = _blocks(sheet, guardian=guardian, views=views or {})
    rows = _rows(sheet, blocks, guardian=guardian)
    applying = {row.key for row in rows if row.applies}
    leads = next((key for key in PRECEDENCE if key in applying), "approve" if not blocks else "unfinished")
    title = TITLES[leads]
    if leads == "approve" and sheet.not_permitted:
        title = "It may be approved as narrowed"
    unanswered = len(sheet.unanswered)
    contradictions = sheet.contradictions(guardian=guardian)
    stuck = leads == "unfinished" and bool(contradictions) and not unanswered
    if stuck:
        title = "It cannot be approved as it stands"
    return Verdict(
        title=title,
        summary=_summary(len(agreement.criteria), unanswered),
        leads=leads,
        rows=rows,
        unanswered=unanswered,
        may_approve=not blocks,
        blocks=blocks,
        contradictions=contradictions,
        proposed=_letter(agreement, text_of(answers.get("ground.ground")), leads),
        stuck=stuck,
    )


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


def _rows(sheet: Sheet, blocks: tuple[str, ...], *, guardian: bool) -> tuple[VerdictRow, ...]:
    return (
        _plain(sheet, "reject", Leads.REJECT),
        _refuse(sheet),
        _return(sheet),
        _narrow(sheet),
        _escalate(sheet, guardian=guardian),
        _approve(sheet, blocks),
    )


def _plain(sheet: Sheet, key: Lead, leads: Leads) -> VerdictRow:
    calling = sheet.leading_to(leads)
    if calling:
        return VerdictRow(key, LABELS[key], _criteria_words(sheet, calling), True)
    open_still = any(one.leads is leads for one in sheet.unanswered)
    return VerdictRow(key, LABELS[key], NOTHING_YET if open_still else NOTHING, False)


def _refuse(sheet: Sheet) -> VerdictRow:
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


def _return(sheet: Sheet) -> VerdictRow:
    row = _plain(sheet, "return", Leads.RETURN)
    if row.applies:
        return row
    given = identifiers(sheet.answers)
    if given and sheet.searched and not enough_identifiers(given):
        why = "Too little to find one person: a family name, a year of birth and one more are needed"
        return VerdictRow("return", row.label, why, True)
    return row


def _narrow(sheet: Sheet) -> VerdictRow:
    calling = sheet.leading_to(Leads.NARROW)
    label = LABELS["narrow"]
    wrong = tuple(
        one.label for one in sheet.agreement.items if one.id in sheet.released and one.id not in sheet.permitted
    )
    if wrong:
        return VerdictRow("narrow", label, f"{not_permitted_words(wrong)}: take it out of the items to release", True)
    if not sheet.not_permitted and not calling:
        return _plain(sheet, "narrow", Leads.NARROW)
    if sheet.narrowed and all(sheet.narrows(one) for one in calling):
        first, *others = [one.label for one in left_out(sheet.agreement, sheet.answers)]
        return VerdictRow("narrow", label, f"Done: {join_and([first, *map(lower_first, others)])} left out", False)
    if not sheet.not_permitted:
        return VerdictRow("narrow", label, _criteria_words(sheet, calling), True)
    about = next((one for one in sheet.agreement.criteria if "asked.items" in one.about), None)
    start = f"Criterion {sheet.number(about)}: " if about is not None else ""
    return VerdictRow("narrow", label, f"{start}{not_permitted_words(sheet.not_permitted)}", True)


def _escalate(sheet: Sheet, *, guardian: bool) -> VerdictRow:
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


def _approve(sheet: Sheet, blocks: tuple[str, ...]) -> VerdictRow:
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


def _blocks(sheet: Sheet, *, guardian: bool, views: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
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
    found += sheet.contradictions(guardian=guardian)
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


def _criterion_blocks(sheet: Sheet, criterion: Criterion, view: str, *, guardian: bool) -> list[str]:
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


def _criteria_words(sheet: Sheet, criteria: tuple[Criterion, ...]) -> str:
    """Such as "Criteria 4 and 6 are not met; criterion 7: can't tell"."""
    parts: list[str] = []
    failed = [sheet.number(one) for one in criteria if sheet.met[one.id] is Met.NOT_MET]
    unsure = [sheet.number(one) for one in criteria if sheet.met[one.id] is Met.CANT_TELL]
    if failed:
        parts.append(f"{_criteria(failed)} {'is' if len(failed) == 1 else 'are'} not met")
    if unsure:
        parts.append(f"{_criteria(unsure)}: can’t tell")
    return "; ".join([*parts[:1], *map(lower_first, parts[1:])])


def _letter(agreement: Agreement, ground: str, leads: Lead) -> LetterKind | None:
    match leads:
        case "reject":
            return LetterKind.REJECTION
        case "refuse":
            return LetterKind.REFUSAL
        case "approve":
            return agreement.answer_letter(ground)
        case _:
            return None
