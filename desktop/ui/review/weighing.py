"""Why each choice of a decision is off, by the very rules that the action enforces."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from db.records import Action
from desktop.casework.casepage import CasePage
from desktop.casework.decisions import Decide, why_not_decide


def why_off(page: CasePage, decision: Decide, unprinted: str, today: date) -> dict[str, str]:
    """By action, why it cannot be chosen; "" where it can. `unprinted`: why the letter cannot be printed.

    A refusal or rejection is off where no criteria and no views of them would let it through.
    """
    why = {action.value: said for action, said in page.actions.items()}
    why["release"] = why["release"] or unprinted
    every = tuple(one.id for one in page.agreement.criteria)
    most = replace(decision, because_of=every, views={key: {"view": "disagree"} for key in every})
    for action, tried in ((Action.APPROVE, decision), (Action.REFUSE, most), (Action.REJECT, most)):
        if not why[action.value]:
            why[action.value] = _against(page, action, tried, today)
    return why


def why_not_rests(page: CasePage, choice: str, decision: Decide, today: date) -> str:
    """Why a refusal cannot rest on the criteria that are chosen; "" where it can, and while none is."""
    return _against(page, Action.REFUSE, decision, today) if choice == "refuse" and decision.because_of else ""


def _against(page: CasePage, action: Action, decision: Decide, today: date) -> str:
    if not page.case.submissions:
        return ""
    found = why_not_decide(page.agreement, page.case, action, decision, today, page.beside)
    return found[0].message if found else ""
