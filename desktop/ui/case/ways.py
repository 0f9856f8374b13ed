"""What the foot of a case says: where the buttons lead, why the main one is off, and whether all is saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from db.records import Action, Role
from desktop.casework.casepage import CasePage
from desktop.policy.life import EDITABLE
from desktop.policy.wording import lower_first, plural
from desktop.ui.case.draft import Draft
from desktop.ui.case.foot import Foot
from desktop.ui.case.nextpart import next_button
from desktop.ui.case.progress import CHECK, NEXT, OUTCOME, Progress, sections_with_problems


def show_ways(foot: Foot, page: CasePage, part: str, rows: Sequence[Progress], role: Role, held: int) -> None:
    """Names the buttons for the part that is shown. `held`: answers that cannot be kept as they were typed."""
    order = [row.key for row in rows]
    at = order.index(part) if part in order else 0
    back = rows[at - 1].title if at > 0 else ""
    after = rows[at + 1].title if at + 1 < len(rows) else ""
    words, off = _forward(page, part, after, role, held)
    foot.set_ways(back, words, off, goes_on=page.agreement.section(part) is not None)


def _forward(page: CasePage, part: str, after: str, role: Role, held: int) -> tuple[str, str]:
    """The words of the main button, and why it is off."""
    if part == CHECK and page.case.row.state in EDITABLE:
        why = page.actions[Action.SUBMIT]
        if not why and page.problems:
            count = plural(len(sections_with_problems(page.agreement, page.problems)), "section")
            why = f"Finish {count} first: the problems are listed above"
        if not why and held:
            why = f"{plural(held, 'answer')} cannot be kept as typed: put right what stands beside it first"
        return "Submit for review", why
    if part == OUTCOME:
        return "Record the outcome", page.actions[Action.RECORD]
    if part == NEXT:
        return next_button(page, role), ""
    return (f"Continue to {lower_first(after)}" if after else ""), ""


def show_saved(foot: Foot, draft: Draft, *, fixed: bool, at: datetime) -> None:
    """Says whether everything typed is in the store; nothing where nothing can be typed."""
    if draft.stopped:
        foot.show_not_saved("Not saved: see above the form", retry=False)
    elif draft.failed_with:
        foot.show_not_saved(f"Not saved: {draft.failed_with}", retry=True)
    elif draft.held:
        count = "One answer" if draft.held == 1 else f"{draft.held} answers"
        foot.show_not_saved(f"{count} cannot be kept", retry=False)
    elif draft.unsaved():
        foot.show_saving()
    elif fixed:
        foot.show_fixed("")
    else:
        foot.show_saved(at)
