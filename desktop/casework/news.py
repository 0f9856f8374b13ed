"""What others did to a caseworker's cases since they were last here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from db import lists
from db.records import Action
from desktop.casework.desk import Desk
from desktop.policy.wording import london, short_day, when

_NEWS = timedelta(days=91)
"""What is older is no news: whoever was never here has all of a large desk behind them."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing that somebody else did to one of your cases."""

    case_id: int
    reference: str
    action: Action
    who: str
    when: str


def news_of(desk: Desk) -> tuple[News, ...]:
    """The last four things that others did to the signed-in caseworker's cases since they were last here, in the last
    three months.
    """
    oldest = desk.clock() - _NEWS
    since = max(desk.user.last_seen_at or oldest, oldest)
    with desk.store.read() as tx:
        news = lists.steps_by_others(tx, desk.user.id, since, 4)
    return tuple(News(n[0], n[1], Action(n[2]), n[3], on_words(n[4], desk.clock())) for n in news)


def on_words(at: datetime, now: datetime) -> str:
    """Such as "today at 9.20am"; of another day the date alone, "on 29 October"."""
    then, today = london(at).date(), london(now).date()
    return when(at, now) if then == today else f"on {short_day(then, today)}"
