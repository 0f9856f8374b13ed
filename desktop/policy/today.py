"""The desk today: what came in, what is open, for whom it waits, and what will be late at the present pace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from db.records import Outcome, State
from desktop.policy.dates import MONTHS
from desktop.policy.life import DISCLOSING, STATE_WORDS
from desktop.policy.rates import average
from desktop.policy.reports import Cell, Chart, Grid, GridRow
from desktop.policy.wording import plural, short_day

WEEKS: Final = 13
"""So many weeks of what came in, this one too."""
BARS: Final = 2
"""So many columns of a table are bars of its chart: the first."""
DESK_TODAY: Final = "The desk today"
"""What the report is called."""
AHEAD: Final = 20
"""So many working days are looked ahead, and back for the pace."""
BANDS: Final = ((0, 5), (6, 10), (11, 15), (16, 20), (21, 40), (41, None))
"""Ages in working days since receipt, both ends too."""
_CASEWORKER: Final = "A caseworker"
_SECOND: Final = "A second person, to release it"
_WAITS_FOR: Final[Mapping[State, str]] = {
    State.DRAFT: _CASEWORKER,
    State.SENT_BACK: _CASEWORKER,
    State.APPROVED: _CASEWORKER,
    State.RECORDED: _CASEWORKER,
    State.RELEASED: _CASEWORKER,
    State.REFUSED: _CASEWORKER,
    State.REJECTED: _CASEWORKER,
    State.SUBMITTED: "A reviewer",
    State.ESCALATED: "The guardian, to decide",
    State.HELD: "The guardian, to take it off hold",
    State.RETURNED: "Its requester",
}
_PARTIES: Final = {
    "caseworker": _CASEWORKER,
    "reviewer": _WAITS_FOR[State.SUBMITTED],
    "second": _SECOND,
    "guardian": _WAITS_FOR[State.ESCALATED],
    "hold": _WAITS_FOR[State.HELD],
    "requester": _WAITS_FOR[State.RETURNED],
}
_REQUESTS: Final = {"requests": "Requests", "late": "Late"}


@dataclass(frozen=True, slots=True)
class Seen:
    """An open request as it stands today. ``left``: working days to its due date, negative when late; None where
    nothing is due while its clock is stopped. ``age``: working days since it was received; None where no one knows.
    """

    id: int
    agreement_id: str
    state: State
    outcome: Outcome | None
    caseworker_id: int
    age: int | None
    left: int | None

    @property
    def late(self) -> bool:
        """Whether its due date is past."""
        return self.left is not None and self.left < 0

    @property
    def waits_for(self) -> str:
        """Who takes the next step."""
        if self.state is State.RECORDED and self.outcome in DISCLOSING:
            return _SECOND
        return _WAITS_FOR[self.state]


@dataclass(frozen=True, slots=True)
class Figure:
    """The cases behind a figure; ``said`` where it shows something else than how many they are."""

    ids: Sequence[int]
    said: str = ""

    @property
    def cell(self) -> Cell:
        """As a grid shows it."""
        return self.said or len(self.ids)


@dataclass(frozen=True, slots=True)
class Tally:
    """A table of figures, with the title of each row; ``columns`` are titles by their keys."""

    title: str
    head: str
    columns: Mapping[str, str]
    rows: tuple[tuple[str, tuple[Figure, ...]], ...]
    keys: tuple[str, ...]
    """What programs know the rows by."""
    note: str = ""
    short: tuple[str, ...] = ()
    """The titles of the rows in fewer letters, for standing bars."""
    span: tuple[date, date] | None = None
    """Its days, both ends too, where they are not today alone."""

    @property
    def has_bars(self) -> bool:
        """Whether a chart would show anything."""
        return any(figure.ids for _title, figures in self.rows for figure in figures[:BARS])

    def grid(self) -> Grid:
        """As a report shows it."""
        rows = tuple(
            GridRow(title, tuple(one.cell for one in figures), key=key)
            for key, (title, figures) in zip(self.keys, self.rows, strict=True)
        )
        return Grid(
            self.title, self.head, tuple(self.columns.values()), rows, self.note, tuple(self.columns), self.span
        )

    def chart(self, number: int) -> Chart:
        """Its first two columns as bars; `number` is that of its grid."""
        series = tuple(
            (name, tuple(len(figures[at].ids) for _title, figures in self.rows))
            for at, name in enumerate(list(self.columns.values())[:BARS])
        )
        titles = tuple(title for title, _figures in self.rows)
        return Chart(self.title, titles, series, number, short=self.short)


def _ids(of: Iterable[Seen], which: Callable[[Seen], bool] = lambda _one: True) -> Figure:
    return Figure([one.id for one in of if which(one)])


def by_week(received: Iterable[tuple[int, date]], answered: Iterable[tuple[int, date]], today: date, of: str) -> Tally:
    """What came in and what was answered in each week, from Monday on. `of`: whose they are, in words."""
    monday = today - timedelta(days=today.weekday())
    weeks = [monday - timedelta(weeks=n) for n in reversed(range(WEEKS))]
    found: list[defaultdict[date, list[int]]] = []
    for those in (received, answered):
        in_week = defaultdict[date, list[int]](list)
        for case_id, on in those:
            in_week[on - timedelta(days=on.weekday())].append(case_id)
        found.append(in_week)
    rows = tuple((short_day(week, today), tuple(Figure(one[week]) for one in found)) for week in weeks)
    columns = {"received": "Received", "answered": "Answered"}
    return Tally(
        "Received and answered by week",
        "Week from",
        columns,
        rows,
        tuple(week.isoformat() for week in weeks),
        f"{of} This week is not over.",
        tuple(f"{week.day} {MONTHS[week.month - 1][:3]}" for week in weeks),
        (weeks[0], today),
    )


def first_day(today: date) -> date:
    """The first day of the first week of ``by_week``."""
    return today - timedelta(days=today.weekday(), weeks=WEEKS - 1)


def by_state(those: Sequence[Seen]) -> Tally:
    """The open requests by where they stand."""
    rows, keys = [], []
    for state in State:
        here = [one for one in those if one.state is state]
        if here:
            rows.append((STATE_WORDS[state], (_ids(here), _ids(here, lambda one: one.late))))
            keys.append(state.value)
    return Tally("Open requests by state", "State", _REQUESTS, tuple(rows), tuple(keys))


def by_age(those: Sequence[Seen]) -> Tally:
    """The open requests by the working days since their receipt."""
    rows, keys = [], []
    for least, most in BANDS:
        here = [one for one in those if one.age is not None and one.age >= least and (most is None or one.age <= most)]
        words = f"{least} to {most}" if most is not None else f"More than {least - 1}"
        rows.append((words, (_ids(here), _ids(here, lambda one: one.late))))
        keys.append(f"{least}-{most or ''}")
    if unknown := [one for one in those if one.age is None]:
        rows.append(("No day of receipt yet", (_ids(unknown), _ids(unknown, lambda one: one.late))))
        keys.append("unknown")
    note = "Working days since the day of receipt, by the calendar of each agreement. Pauses are counted too."
    return Tally("Open requests by age", "Working days", _REQUESTS, tuple(rows), tuple(keys), note)


def by_party(those: Sequence[Seen]) -> Tally:
    """For whom the open requests wait."""
    rows = []
    for party in _PARTIES.values():
        here = [one for one in those if one.waits_for == party]
        longest = max((one.age for one in here if one.age is not None), default=None)
        oldest = [one.id for one in here if longest is not None and one.age == longest]
        said = plural(longest, "working day") if longest is not None else "–"
        rows.append((party, (_ids(here), _ids(here, lambda one: one.late), Figure(oldest, said))))
    return Tally(
        "Who waits for whom",
        "The next step is for",
        {**_REQUESTS, "oldest": "Age of the oldest"},
        tuple(rows),
        tuple(_PARTIES),
        "The age is counted from the day of receipt. What was returned to its requester is late for no one meanwhile.",
    )


def late_at_pace(those: Iterable[Seen], answered: int) -> frozenset[int]:
    """Which of these will be late within the working days that are looked ahead, where as many are answered in each,
    from today on, as were on average in as many days before: `answered` in all of those. They are taken in the order of
    their due dates, what is late already first.
    """
    line = sorted((one.left, one.id) for one in those if one.left is not None)
    found = set()
    for place, (left, case_id) in enumerate(line, 1):
        # In how many working days its turn comes: today's are the first.
        days = -(-place * AHEAD // answered) - 1 if answered else AHEAD + 1
        if 0 <= left <= AHEAD and days > left:
            found.add(case_id)
    return frozenset(found)


def by_agreement(
    those: Sequence[Seen], every: Sequence[Seen], answered: Mapping[str, Sequence[int]], titles: Mapping[str, str]
) -> Tally:
    """What will be late, by agreement. `those` are shown, and `every` is what stands in the line beside them;
    `answered` were in the days before, under each agreement.
    """
    rows, keys = [], []
    for agreement_id, title in titles.items():
        here = [one for one in those if one.agreement_id == agreement_id]
        done = answered.get(agreement_id, ())
        if not here and not done:
            continue
        late = late_at_pace([one for one in every if one.agreement_id == agreement_id], len(done))
        figures = (
            _ids(here),
            Figure(done),
            Figure(done, average(len(done), AHEAD)),
            _ids(here, lambda one: one.late),
            _ids(here, lambda one: one.left is not None and 0 <= one.left <= AHEAD),
            Figure([one.id for one in here if one.id in late]),
        )
        rows.append((title, figures))
        keys.append(agreement_id)
    return Tally(
        f"What will be late within {AHEAD} working days",
        "Agreement",
        {
            "open": "Open",
            "answered": f"Answered in the {AHEAD} working days before today",
            "pace": "Answers a working day",
            "late": "Late now",
            "due": f"Due within {AHEAD} working days",
            "late_at_pace": "Of those, late at this pace",
        },
        tuple(rows),
        tuple(keys),
        f"How it is reckoned: on each working day from today on, as many are answered as were on average in the {AHEAD}"
        " working days before under that agreement, in the order of their due dates, what is late already first. What"
        " was returned to its requester is left out, and so is what will still come in.",
    )


def by_person(those: Sequence[Seen], answered: Mapping[int, Sequence[int]], names: Mapping[int, str]) -> Tally:
    """The open requests by caseworker."""
    rows = []
    for person, name in names.items():
        here = [one for one in those if one.caseworker_id == person]
        done = answered.get(person, ())
        if here or done:
            own = _ids(here, lambda one: one.waits_for == _CASEWORKER)
            others = _ids(here, lambda one: one.waits_for != _CASEWORKER)
            rows.append((name, (_ids(here), own, others, _ids(here, lambda one: one.late), Figure(done))))
    return Tally(
        "Open requests by person",
        "Caseworker",
        {
            "open": "Open",
            "own": "The next step is theirs",
            "others": "Wait for others",
            "late": "Late",
            "answered": f"Answered in the {AHEAD} working days before today",
        },
        tuple(rows),
        tuple(str(number) for number in range(1, len(rows) + 1)),
        "Late counts whoever takes the next step.",
    )
