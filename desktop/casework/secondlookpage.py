"""What a second person sees of a request: what the first one saw when deciding, and nothing that came after."""

from __future__ import annotations

from dataclasses import dataclass, replace

from db.concerns import concerned
from db.journal import append
from db.records import Action, Case, Decision, Heading, Json, State
from desktop.casework.casepage import CasePage, page_of
from desktop.casework.consulting import CONCERN
from desktop.casework.desk import Desk, changing, need_sight
from desktop.casework.holds import NOTHING_KEEPS
from desktop.casework.secondlooks import need_look


@dataclass(frozen=True, slots=True)
class LookPage:
    """A second look, open: the case as it was before the decision."""

    decision_id: int
    page: CasePage


def open_second_look(desk: Desk, decision_id: int) -> LookPage:
    """Opens what a second look is at, which the journal keeps. Raises Refused for who may not take it."""
    need_sight(desk)
    with changing(desk) as tx:
        found, case = need_look(desk, tx, decision_id)
        data: dict[str, Json] = {"why": "second_look"}
        if concerned(tx, [found.case_id]):
            data["restricted"] = [CONCERN]
        append(
            tx,
            at=desk.clock(),
            actor_id=desk.user.id,
            action="open_second_look",
            heading=Heading.CONSULTATION,
            case_id=found.case_id,
            data=data,
        )
        decision = next(one for one in case.decisions if one.id == decision_id)
        page = page_of(desk, tx, as_submitted(case, decision))
        last = page.case.submissions[-1].number
        before = replace(
            page,
            links=tuple(one for one in page.links if one.linked_at < decision.decided_at),
            attachments=tuple(one for one in page.attachments if one.submitted is not None and one.submitted <= last),
            # What was owed, written and counted since would tell what was decided.
            chain=(),
            keeping=NOTHING_KEEPS,
            notices=(),
            corrected=(),
            to_write=(),
            writing={},
            cap=None,
            moved=(),
        )
        return LookPage(decision_id, before)


def as_submitted(case: Case, decision: Decision) -> Case:
    """A case as it was put before whoever made a decision that stands: what was submitted is what it still says."""
    before = tuple(one for one in case.decisions if one.id < decision.id)
    escalated = any(one.action is Action.ESCALATE and one.submission == decision.submission for one in before)
    submitted = tuple(one for one in case.submissions if one.number <= decision.submission)
    row = replace(
        case.row,
        state=State.ESCALATED if escalated else State.SUBMITTED,
        outcome=None,
        sent_back=sum(1 for one in before if one.action is Action.SEND_BACK),
        changed_at=submitted[-1].submitted_at,
        changed_by=case.row.caseworker,
    )
    return replace(
        case,
        row=row,
        submissions=submitted,
        decisions=before,
        finding=None,
        letters=tuple(one for one in case.letters if one.issued_at < decision.decided_at),
        extensions=tuple(one for one in case.extensions if one.told_on <= decision.decided_at.date()),
        returned_outcome="",
        address_let_go=False,
    )
