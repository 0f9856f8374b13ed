"""The oversight report for a board or a department: counted of any days, with the cases behind each figure."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from db import figures_oversight, lists
from db.figures import BESIDE, Told, counted_agreements, out_of_order, without_outcome
from db.figures_oversight import Days
from db.people import organisation_of
from db.records_figures import Fact, Sort
from db.store import Tx
from desktop.casework.desk import Desk, Refused
from desktop.casework.published import told_of
from desktop.casework.reporting import NEVER_RECEIVED, Made, Printed, check_overseeing, keep_report, known_agreements
from desktop.casework.secondlooks import READERS, looked
from desktop.policy.disclosurecontrol import Control
from desktop.policy.oversight import parts, requests_by_agreement, requests_of, withdrawn_bounds
from desktop.policy.oversightgrids import charts, grids, unequal_requests
from desktop.policy.oversightparts import ALL, Names, Part, Place, Rate, bounds
from desktop.policy.publication import Period, said_out_of_order, said_without_outcome
from desktop.policy.reports import Report, said_where_none_is_shown
from desktop.policy.sheets import Line
from desktop.policy.wording import LONDON, day

_CAPS = "Use of yearly caps"
_SECOND_LOOKS = "Second looks"
_STANDINGS = {"agreed": "Agreed", "differed": "Differed", "waiting": "Not looked at yet", "over": "No longer needed"}
"""How a second look can stand."""
_Facts = Mapping[Sort, Sequence[Fact]]


@dataclass(frozen=True, slots=True)
class _Counted:
    """A table with its figures, and the cases behind one of them."""

    part: Part
    figures: Mapping[Place, int]
    cases: Callable[[Place], Iterable[int]]


def oversight(desk: Desk, first: date, last: date, control: Control) -> Report:
    """Counts the report of these days, both ends too. Raises Refused where the last is before the first."""
    with desk.store.read() as tx:
        return _report(desk, tx, Period(first, last), control, _counted(desk, tx, first, last))


def behind(desk: Desk, first: date, last: date, grid: int, row: int, column: int) -> array[int]:
    """The ids of the cases behind a figure, the oldest first, by the numbers of its grid, row and column in the report;
    none where it is a rate, or of something that is no case. Raises Refused as ``oversight`` does.
    """
    with desk.store.read() as tx:
        one = _counted(desk, tx, first, last)[grid]
        if column >= len(one.part.columns):
            return array("q")
        place = (one.part.rows[row].id, one.part.columns[column][0])
        return array("q", sorted({*one.cases(place)}))


def save_oversight(desk: Desk, first: date, last: date, control: Control, made: Made | Printed) -> None:
    """Writes the report to a file or prints it, journalled, and keeps that it left the desk. Raises Refused for a role
    that does not take it out, where the report does not add up or ``check_told`` refuses it, or as ``oversight`` does;
    OSError where the file cannot be written.
    """
    check_overseeing(desk)

    def report(tx: Tx) -> tuple[Report, Told]:
        counted = _counted(desk, tx, first, last)
        made_of = _report(desk, tx, Period(first, last), control, counted)
        if made_of.faults:
            raise Refused("The report does not add up, so it does not leave the desk. " + " ".join(made_of.faults))
        # Not everybody sees the second looks; of the requests all see the same.
        grids = [grid for grid in made_of.grids if grid.title != _SECOND_LOOKS]
        told = told_of("Oversight", (first, last), "all", control, known_agreements(desk, tx), grids)
        return made_of, replace(told, also=_caps_told(desk, counted, made_of, control))

    data = {"from": str(first), "to": str(last), "control": control.id}
    keep_report(desk, made, report, action="save_oversight", data=data)


def _caps_told(desk: Desk, counted: Sequence[_Counted], made_of: Report, control: Control) -> tuple[Told, ...]:
    """What the use of yearly caps tells of other days than the report's, where it is shown: what was received in the
    whole of each year with a figure, as it stands today.
    """
    at = next(n for n, one in enumerate(counted) if one.part.title == _CAPS)
    used = [row.split("|") for (row, column), count in counted[at].figures.items() if column == "used" and count]
    if control.below or not used:
        return ()
    years = [int(year) for _agreement, _kind, year in used]
    days = (date(min(years), 1, 1), max(date(max(years), 12, 31), desk.today()))
    agreements = sorted({agreement for agreement, _kind, _year in used})
    return (told_of(f"Oversight, {_CAPS.lower()}", days, BESIDE, control, agreements, made_of.grids[at : at + 1]),)


def _faults(tx: Tx, counted: Sequence[_Counted]) -> tuple[str, ...]:
    """Where the requests do not add up, with the cases that no days count."""
    unequal = unequal_requests([one.part for one in counted], [one.figures for one in counted])
    every = counted_agreements(tx)
    found = ((said_out_of_order, out_of_order(tx, every)), (said_without_outcome, without_outcome(tx, every)))
    return (*unequal, *(said(lost) for said, lost in found if lost))


def _report(desk: Desk, tx: Tx, days: Period, control: Control, counted: Sequence[_Counted]) -> Report:
    seen, every = [one.part for one in counted], [one.figures for one in counted]
    made = grids(seen, every, control)
    notes = [control.said]
    if control.below:
        notes.append(
            "What was received, brought and carried forward is not shown, nor holds, second looks and how much of a"
            " yearly cap is used: with what reports of other days or a later one say, each could tell what is kept"
            " back."
        )
        notes += said_where_none_is_shown(made)
    if desk.user.role not in READERS:
        notes.append("Second looks stand in the report of an administrator or an auditor: whoever decides sees none.")
    if control.rounded:
        notes.append("Shares are worked out from the rounded figures.")
    today = desk.today()
    if today <= days.last:
        notes.append(f"These days are not over: the figures are as of {day(today)}.")
    notes += [NEVER_RECEIVED, "A destroyed case counts as it did before, but where a table says otherwise."]
    where = organisation_of(tx).name
    span, shown = (days.first, days.last), tuple(charts(seen, made))
    faults = _faults(tx, counted)
    return Report("Oversight", days.title, made, tuple(notes), where, today, span, control.id, shown, faults)


def _days(first: date, last: date) -> Days:
    if last < first:
        raise Refused("The last day is before the first: change one of them.")
    begins, over = (datetime.combine(one, time(), LONDON) for one in (first, last + timedelta(days=1)))
    return Days(first, last, begins, over)


def _counted(desk: Desk, tx: Tx, first: date, last: date) -> Sequence[_Counted]:
    days = _days(first, last)
    names = Names(known_agreements(desk, tx))
    facts = {sort: figures_oversight.facts(tx, sort, days) for sort in Sort}
    found = [_Counted(part, part.count(facts), _within(tx, part, days)) for part in parts(facts, names)]
    found += [_caps(tx, names, days), _asked_again(tx, names, days, facts)]
    # Nobody is shown that a decision of their own was drawn.
    return (*found, _second_looks(tx, names, days)) if desk.user.role in READERS else found


def _within(tx: Tx, part: Part, days: Days) -> Callable[[Place], Iterable[int]]:
    def cases(place: Place) -> Iterable[int]:
        for sort in part.sorts:
            for case_id, fact in figures_oversight.each(tx, sort, days):
                if place in part.places(sort, fact):
                    yield case_id

    return cases


def _caps(tx: Tx, names: Names, days: Days) -> _Counted:
    """What was used of each yearly cap in the years that these days touch."""
    rows, counts, ids = [], dict[Place, int](), dict[Place, Iterable[int]]()
    follows: dict[str, tuple[Place, ...]] = {}
    for agreement in names.agreements.values():
        kinds = agreement.requesters if agreement.cap is not None else ()
        for kind, year in ((kind, year) for kind in kinds for year in range(days.first.year, days.last.year + 1)):
            row = f"{agreement.id}|{kind.id}|{year}"
            taken = lists.taken_on(tx, agreement.id, kind.id, year)
            if taken or year == days.last.year:
                rows.append(Line(row, f"{names.body(f'{agreement.id}|{kind.id}')}, {year}"))
            counts |= {(row, "used"): len(taken), (row, "most"): agreement.cap.most if agreement.cap else 0}
            ids[row, "used"] = taken
            follows[f"{row} used"] = requests_of(f"{agreement.id}|{kind.id}")
    part = Part(
        _CAPS,
        "Agreement, requester and year",
        tuple(rows),
        (("used", "Approved"), ("most", "Cap")),
        rates=(Rate("Approved, of the cap", "used", "most"),),
        stated=frozenset({"most"}),
        note="Of the requests that were received in the whole year, as many as were approved and stand. Years before"
        " the last have a row where there are any.",
        summed=False,
        withheld=frozenset({"used"}),
        follows=follows,
    )
    return _Counted(part, counts, lambda place: ids.get(place, ()))


def _asked_again(tx: Tx, names: Names, days: Days, facts: _Facts) -> _Counted:
    """About how many people more than one request was received in these days, by agreement and of all."""
    first: dict[int, int] = {}

    def leader(case_id: int) -> int:
        while (above := first.get(case_id, case_id)) != case_id:
            first[case_id] = first.get(above, above)
            case_id = above
        return case_id

    known: set[int] = set()
    for one, other in figures_oversight.about_one_person(tx):
        first[leader(other)] = leader(one)
        known |= {one, other}
    here = known & figures_oversight.received(tx, days)
    many = Counter(map(leader, here))
    ids: dict[tuple[str, int], list[int]] = {}
    # Most people were asked about once in these days, and no more is read of them.
    for case_id, agreement_id in figures_oversight.agreements_of(tx, (one for one in here if many[leader(one)] > 1)):
        for row in (agreement_id, ALL):
            ids.setdefault((row, leader(case_id)), []).append(case_id)
    again = {key: those for key, those in ids.items() if len(those) > 1}
    counts = Counter[Place]()
    for (row, _person), those in again.items():
        counts[row, "people"] += 1
        counts[row, "requests"] += len(those)
    rows = names.ordered(row for row, _person in again if row != ALL)

    def cases(place: Place) -> Iterable[int]:
        return (case_id for (row, _person), those in again.items() if row == place[0] for case_id in those)

    columns = (("people", "People"), ("requests", "Requests about them"))
    held = tuple(column for column, _title in columns)
    part = Part(
        "People asked about more than once",
        "Agreement",
        (*(Line(one, names.agreement(one)) for one in rows), Line(ALL, "Under any agreement", whole=True)),
        columns,
        note="Of the requests received in these days. Two are about one person where somebody recorded that, or where"
        " both have the same NHS number, Home Office reference, passport or National Insurance number. Numbers go when"
        " a case is destroyed: of those, only what was recorded is known. A person may stand in several rows.",
        summed=False,
        # Who was asked about under several agreements may stand in the row of all alone.
        withheld=frozenset({ALL}),
        follows=requests_by_agreement(facts),
        # About each are two requests at least, and each was received.
        bounds=(*bounds(rows, held, held), *withdrawn_bounds(facts, held)),
    )
    return _Counted(part, counts, cases)


def _second_looks(tx: Tx, names: Names, days: Days) -> _Counted:
    """Of the decisions of these days that were drawn for a second look, how many had the same decision twice."""
    found = looked(tx, days.begins, days.over)
    rows = names.ordered(agreement_id for agreement_id, _count in found.by_agreement)
    counts: dict[Place, int] = {}
    for row, count in (*found.by_agreement, (ALL, found.total)):
        counts |= {(row, standing): getattr(count, standing) for standing in ("drawn", *_STANDINGS)}
        counts[row, "looked"] = count.agreed + count.differed
    columns = (("drawn", "Drawn"), ("looked", "Looked at"), *_STANDINGS.items())
    part = Part(
        _SECOND_LOOKS,
        "Agreement",
        (*(Line(one, names.agreement(one)) for one in rows), Line(ALL, "All", whole=True)),
        columns,
        rates=(Rate("Agreed, of those looked at", "agreed", "looked"),),
        note="Of the approvals, refusals and rejections of these days. Whoever looked did not know what was decided.",
        # They are looked at when the days are over, and each later report has the same and a few more.
        withheld=frozenset(column for column, _title in columns),
    )
    # Which decisions were drawn is not shown: who sees it would look at them with other eyes.
    return _Counted(part, counts, lambda _place: ())
