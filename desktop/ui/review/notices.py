"""What a reviewer should know before reading a case: who sent it, back and again, and what stands out."""

from __future__ import annotations

from datetime import date

from db.records import Action, Decision, State
from desktop.casework.casepage import CasePage
from desktop.casework.links import leading_of
from desktop.policy.wording import london, lower_first, plural, short_day
from desktop.ui.case.concern import concern_words
from desktop.ui.kit.notices import Banner

SEE_CHANGES = "See what changed"
SEE_WHOLE = "See them"


def notices(page: CasePage, user_id: int, today: date, changes: int) -> list[Banner]:
    """The banners over a case, the most telling first. A link leads to the tab of its property "tab"."""
    found = [_again(page, user_id, today, changes), _escalated(page, today), _held(page), _returned(page), _cap(page)]
    shown = [Banner("stopped", words, icon="shield-alert") for words in concern_words(page)]
    shown += [one for one in found if one is not None]
    if page.moved:
        words = f"Its agreement has changed. {' '.join(page.moved)} Its caseworker takes the change in first."
        shown.append(Banner("warning", words))
    shown += [Banner("warning", words, icon="users") for words in page.repeats]
    if doubts := [one.words for one in page.standings if not one.good]:
        shown.append(Banner("warning", f"Who asks: {' '.join(doubts)}", icon="users"))
    if page.case.row.state in (State.SUBMITTED, State.ESCALATED):
        shown += [Banner("warning", words) for words in page.verdict.contradictions]
    beside = _beside(page)
    if beside:
        banner = Banner("info", beside, SEE_WHOLE, icon="paperclip" if page.attachments else "link")
        banner.setProperty("tab", "whole")
        shown.append(banner)
    return shown


def _beside(page: CasePage) -> str:
    """What belongs to the case beside its answers, in a sentence."""
    said = [f"{plural(len(page.attachments), 'file')} attached"] if page.attachments else []
    leading = leading_of(page.links)
    if leading is not None:
        said.append(f"it is a duplicate of {leading.reference}")
    if page.notices:
        said.append(f"{plural(len(page.notices), 'notice')} of correction owed")
    others = len(page.links) - (leading is not None)
    if others:
        said.append(f"{plural(others, 'linked case')}")
    words = ", ".join(said)
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def _last(page: CasePage, action: Action) -> Decision | None:
    return next((one for one in reversed(page.case.decisions) if one.action is action), None)


def _again(page: CasePage, user_id: int, today: date, changes: int) -> Banner | None:
    back = _last(page, Action.SEND_BACK)
    if back is None or len(page.case.submissions) < 2 or page.case.row.state is State.RECORDED:
        return None
    who = "You" if back.decided_by == user_id else back.decided_by_name
    came = page.case.submissions[-1].submitted_at
    days = [short_day(london(one).date(), today) for one in (back.decided_at, came)]
    with_ = f"with {plural(changes, 'change')}" if changes else "as it was"
    words = f"{who} sent this back on {days[0]}. It came again on {days[1]} {with_}."
    return Banner("info", words, SEE_CHANGES if changes else "", icon="refresh-cw")


def _escalated(page: CasePage, today: date) -> Banner | None:
    last = _last(page, Action.ESCALATE)
    if last is None or page.case.row.state is not State.ESCALATED:
        return None
    on = short_day(london(last.decided_at).date(), today)
    return Banner("stopped", f"{last.decided_by_name} escalated this on {on}: {last.reasons}", icon="shield-alert")


def _held(page: CasePage) -> Banner | None:
    if page.case.row.state is not State.HELD:
        return None
    because = page.version.because if page.version is not None else ""
    reason = f": {lower_first(because)}" if because else "."
    return Banner("stopped", f"It is held since the agreement is suspended on the day of receipt{reason}")


def _cap(page: CasePage) -> Banner | None:
    if page.cap is None:
        return None
    reached = ": the cap is reached, so no more can be approved." if page.cap.reached else "."
    return Banner("stopped" if page.cap.reached else "info", page.cap.words + reached)


def _returned(page: CasePage) -> Banner | None:
    words = page.case.returned_outcome
    if not words or page.case.row.state is not State.RECORDED:
        return None
    return Banner("info", f"The outcome was sent back before: {words}", icon="undo-2")
