"""The tables of the oversight report: which rows and columns there are, and where in them each count stands.

A request stands in a row for its agreement and kind of requester. What is counted of each is in ``db.records_figures``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from db.records import Outcome
from db.records_figures import Fact, Sort
from desktop.policy.life import OUTCOME_WORDS
from desktop.policy.oversightholds import DESTRUCTION, HOLDS
from desktop.policy.oversightparts import ALL, Bound, Names, Part, Place, Rate, Rest, bounds
from desktop.policy.sheets import TOTAL, Line, Sum
from desktop.policy.wording import join_and

RECEIVED, BROUGHT, REOPENED, CARRIED = "received", "brought", "reopened", "carried"
ANSWERED, WITHDRAWN = "answered", "withdrawn"
IN_TIME, LATE, UNDATED = "in_time", "late", "undated"
TIMES: Final = (IN_TIME, LATE, UNDATED)
ENDS: Final = tuple(one.value for one in Outcome if one is not Outcome.WITHDRAWN)
REFUSALS: Final = (Outcome.REFUSED.value, Outcome.REJECTED.value)
_END_TITLES: Final = {Outcome.STATUS.value: "Status given"}
"""Ends whose own word would be taken for another figure of the report: "Answered" is every answer."""
GROUNDS_HEAD: Final = "Agreement, requester and ground"
"""The head of the table whose rows are requesters and, under each, the grounds."""

_Facts = Mapping[Sort, Sequence[Fact]]


def body_of(fact: Fact) -> str:
    """The id of the row of its agreement and kind of requester."""
    return f"{fact.agreement_id}|{fact.requester_kind}"


def measures(sort: Sort, fact: Fact) -> tuple[str, ...]:
    """What a request counts as."""
    if sort is Sort.MOVED:
        came = {"in": RECEIVED, "again": REOPENED}.get(fact.what, BROUGHT)
        return (came,) if fact.more else (came, CARRIED)
    if fact.what == WITHDRAWN:
        return (WITHDRAWN,)
    return (ANSWERED, fact.what, fact.more)


def parts(facts: _Facts, names: Names) -> tuple[Part, ...]:
    """Every table that facts make, in the order of the report."""
    return (
        *_requests(facts, names),
        _grounds(facts, names),
        _disclosures(facts, names),
        _safeguards(facts, names),
        _agreement(facts, names),
        _words(facts, names),
        HOLDS,
        DESTRUCTION,
    )


def requests_of(row: str) -> tuple[Place, ...]:
    """The places of the requests of a row, an agreement with a kind of requester or all: how many were received, and
    how they were answered.
    """
    return tuple((row, measure) for measure in (RECEIVED, *ENDS, ANSWERED))


def requests_by_agreement(facts: _Facts) -> dict[str, tuple[Place, ...]]:
    """For a row of each agreement, and of all, the places of its requests: what is decided of them, or said, must not
    tell them where they are kept back.
    """
    found = {ALL: requests_of(ALL)}
    for body in sorted({body_of(one) for sort in (Sort.MOVED, Sort.ENDED) for one in facts[sort]}):
        agreement_id = body.split("|")[0]
        found[agreement_id] = found.get(agreement_id, ()) + requests_of(body)
    return found


def withdrawn_bounds(facts: _Facts, columns: Iterable[str]) -> tuple[Bound, ...]:
    """For a row of each agreement, and of all: what was done with requests, less those that were answered, tells how
    many were withdrawn.
    """
    bodies = sorted({body_of(one) for one in facts[Sort.ENDED]})
    places = [(body.split("|")[0], (body, WITHDRAWN)) for body in bodies]
    held = tuple(columns)
    return tuple(
        Bound(frozenset({place}), frozenset((each, one) for each in (row, ALL) for one in held))
        for row, place in (*places, (ALL, (ALL, WITHDRAWN)))
    )


def _rows(ids: Iterable[str], title: Callable[[str], str]) -> tuple[Line, ...]:
    return (*(Line(one, title(one)) for one in ids), Line(ALL, "All", whole=True))


def _requests(facts: _Facts, names: Names) -> Iterator[Part]:
    sorts = (Sort.MOVED, Sort.ENDED)
    bodies = names.ordered(body_of(one) for sort in sorts for one in facts[sort])
    undated = any(one.more == UNDATED for one in facts[Sort.ENDED] if one.what != WITHDRAWN)

    def places(sort: Sort, fact: Fact) -> Iterator[Place]:
        for measure in measures(sort, fact):
            yield body_of(fact), measure
            yield ALL, measure

    def part(
        title: str, columns: tuple[Place, ...], of: tuple[Sort, ...], note: str, rates: tuple[Rate, ...] = ()
    ) -> Part:
        return Part(
            title,
            "Agreement and requester",
            _rows(bodies, names.body),
            columns,
            of,
            places,
            rates,
            note,
            of_requests=True,
            withheld=frozenset({RECEIVED, BROUGHT, REOPENED, CARRIED}),
        )

    came: tuple[Place, ...] = ((RECEIVED, "Received"), (BROUGHT, "Brought forward"))
    if any(one.what == "again" for one in facts[Sort.MOVED]):
        came = (*came, (REOPENED, "Reopened"))
    yield part(
        "Requests",
        (*came, (ANSWERED, "Answered"), (WITHDRAWN, "Withdrawn"), (CARRIED, "Carried forward")),
        sorts,
        f"{join_and([title for _, title in came]).capitalize()} together are answered, withdrawn and carried forward"
        " together.",
    )
    timed: tuple[Place, ...] = ((ANSWERED, "Answered"), (IN_TIME, "In time"), (LATE, "Late"))
    yield part(
        "Answers in time",
        (*timed, (UNDATED, "Without a due date")) if undated else timed,
        (Sort.ENDED,),
        "An answer is in time where its letter was issued on or before the due date that the request had at its end,"
        " with its pauses and extensions. What was withdrawn has no answer.",
        (Rate("In time, of those answered", IN_TIME, ANSWERED),),
    )
    yield part(
        "What was answered",
        (*((one, _END_TITLES.get(one) or OUTCOME_WORDS[Outcome(one)]) for one in ENDS), (ANSWERED, TOTAL)),
        (Sort.ENDED,),
        "Refused: the procedure was followed and the test was not met. Rejected: the procedure was not followed.",
        tuple(Rate(f"{OUTCOME_WORDS[Outcome(one)]}, of all answered", one, ANSWERED) for one in REFUSALS),
    )


def _grounds(facts: _Facts, names: Names) -> Part:
    ended = [one for one in facts[Sort.ENDED] if one.what in REFUSALS]
    rows: list[Line] = []
    follows: dict[str, tuple[Place, ...]] = {f"{ALL} {end}": ((ALL, end),) for end in REFUSALS}
    held: list[Bound] = []
    rests: list[Rest] = []
    for body in names.ordered(map(body_of, ended)):
        rows.append(Line(body, names.body(body), whole=True))
        follows |= {f"{body} {end}": ((body, end),) for end in REFUSALS}
        grounds = dict.fromkeys(one.more for one in facts[Sort.GROUNDED] if body_of(one) == body)
        ids = [one.id for one in names.agreements[body.split("|")[0]].criteria]
        for ground in sorted(grounds, key=lambda one: (ids.index(one) if one in ids else len(ids), one)):
            row = f"{body}|{ground}"
            rows.append(Line(row, names.criterion(body.split("|")[0], ground), inset=True))
            follows |= {f"{row} {end}": ((body, end),) for end in REFUSALS}
        # Each has a ground: the others tell on how many at least one of them rests.
        for end in REFUSALS:
            insets = frozenset((f"{body}|{ground}", end) for ground in grounds)
            held.append(Bound(insets | {(body, end)}, insets))
            rests += [Rest((body, end), inset, insets) for inset in sorted(insets)]

    def places(sort: Sort, fact: Fact) -> Iterator[Place]:
        if sort is Sort.GROUNDED:
            yield f"{body_of(fact)}|{fact.more}", fact.what
        elif fact.what in REFUSALS:
            yield body_of(fact), fact.what
            yield ALL, fact.what

    return Part(
        "Refusals and rejections, by their grounds",
        GROUNDS_HEAD,
        (*rows, Line(ALL, "All", whole=True)),
        tuple((one, OUTCOME_WORDS[Outcome(one)]) for one in REFUSALS),
        (Sort.ENDED, Sort.GROUNDED),
        places,
        note="A request may rest on several grounds, and is counted under each of them.",
        follows=follows,
        bounds=tuple(held),
        rests=tuple(rests),
    )


def _items(fact: Fact) -> tuple[str, ...]:
    return tuple(dict.fromkeys(json.loads(fact.more)))


def _disclosures(facts: _Facts, names: Names) -> Part:
    every = facts[Sort.DISCLOSED]
    items = list(dict.fromkeys(item for one in every for item in _items(one)))
    sorted_rows = [
        (agreement_id, gateway)
        for agreement_id in names.ordered(one.agreement_id for one in every)
        for gateway in sorted({one.what for one in every if one.agreement_id == agreement_id})
    ]

    def places(_sort: Sort, fact: Fact) -> Iterator[Place]:
        for row in (f"{fact.agreement_id}|{fact.what}", ALL):
            yield row, "disclosures"
            for item in _items(fact):
                yield row, f"item {item}"

    columns = [f"item {one}" for one in items]
    gateways: dict[str, set[Place]] = {}
    for agreement_id, gateway in sorted_rows:
        gateways.setdefault(agreement_id, set()).add((f"{agreement_id}|{gateway}", "disclosures"))
    rows = [
        Line(f"{agreement_id}|{gateway}", f"{names.agreement(agreement_id)}: {gateway or 'no gateway named'}")
        for agreement_id, gateway in sorted_rows
    ]
    every_row = [*(line.id for line in rows), ALL]
    return Part(
        "Disclosures, by gateway and item",
        "Agreement and gateway",
        (*rows, Line(ALL, "All", whole=True)),
        (("disclosures", "Disclosures"), *((f"item {one}", names.item(one)) for one in items)),
        (Sort.DISCLOSED,),
        places,
        note="One disclosure may give several items, and is counted in the column of each.",
        # They are what was traced and what status was given.
        all_or_none=True,
        bounds=(
            # What was traced is the disclosures of all gateways of an agreement.
            *(Bound(frozenset(places), frozenset(places)) for places in gateways.values()),
            # Each gives an item: the others tell how many at least give one of them.
            *bounds((line.id for line in rows), ("disclosures", *columns), columns),
        ),
        # Not each gives every item: those that give one tell how many do without it.
        rests=tuple(
            Rest((row, "disclosures"), (row, column), frozenset((each, column) for each in every_row))
            for row in every_row
            for column in columns
        ),
    )


def _by_agreement(names: Names, of: Iterable[Fact]) -> tuple[Line, ...]:
    return _rows(names.ordered(one.agreement_id for one in of), names.agreement)


_SAFEGUARDS: Final = {
    (Sort.DECIDED, "escalate"): "escalated",
    (Sort.CONCERNED, "person"): "person",
    (Sort.CONCERNED, "requester"): "requester",
    (Sort.CONCERNED, "elsewhere"): "elsewhere",
    (Sort.LET_GO, "address"): "let_go",
}


def _safeguards(facts: _Facts, names: Names) -> Part:
    sorts = (Sort.DECIDED, Sort.CONCERNED, Sort.LET_GO)

    def places(sort: Sort, fact: Fact) -> Iterator[Place]:
        if column := _SAFEGUARDS.get((sort, fact.what)):
            yield fact.agreement_id, column
            yield ALL, column

    return Part(
        "Escalations and safeguarding",
        "Agreement",
        _by_agreement(names, (one for sort in sorts for one in facts[sort] if (sort, one.what) in _SAFEGUARDS)),
        (
            ("escalated", "Escalated to the guardian"),
            ("person", "Concerns about the person"),
            ("requester", "Concerns about who asks"),
            ("elsewhere", "Concerns from another request"),
            ("let_go", "Addresses let go in spite of a concern"),
        ),
        sorts,
        places,
        note="A request may be escalated more than once, and have several concerns.",
    )


_DECISIVE: Final = ("approve", "refuse", "reject")


def _agreement(facts: _Facts, names: Names) -> Part:
    sorts = (Sort.DECIDED, Sort.REVIEWED)

    def places(sort: Sort, fact: Fact) -> Iterator[Place]:
        columns: tuple[str, ...] = ()
        if sort is Sort.REVIEWED:
            columns = ("reviewed", fact.what)
        elif fact.what in (*_DECISIVE, "send_back"):
            known = ("weighed", fact.more) if fact.more != "unknown" else (fact.more,)
            columns = ("seen", "send_back" if fact.what == "send_back" else "decided", *known)
        for column in columns:
            yield fact.agreement_id, column
            yield ALL, column

    rows = _by_agreement(names, (one for sort in sorts for one in facts[sort]))
    ids = [line.id for line in rows]
    return Part(
        "Caseworkers and reviewers",
        "Agreement",
        rows,
        (
            ("seen", "Looked at by a second person"),
            ("send_back", "Sent back to the caseworker"),
            ("weighed", "With a view of each answer"),
            ("disagreed", "Where an answer was disagreed with"),
            ("reviewed", "Outcomes looked at"),
            ("return_outcome", "Outcomes sent back"),
        ),
        sorts,
        places,
        (
            Rate("Sent back, of those looked at", "send_back", "seen"),
            Rate("Disagreed with, of those with views", "disagreed", "weighed"),
            Rate("Outcomes sent back, of those looked at", "return_outcome", "reviewed"),
        ),
        "A request counts each time that it is looked at. Whether the reviewer agreed with each answer of the"
        " caseworker goes when a case is destroyed: of those, only what was decided is known.",
        sums=(
            Sum("seen", ("decided", "send_back")),
            Sum("seen", ("weighed", "unknown")),
            Sum("weighed", ("agreed", "disagreed")),
            Sum("reviewed", ("release", "return_outcome")),
        ),
        follows=requests_by_agreement(facts),
        bounds=(
            # What was looked at, less what was answered, was sent back or withdrawn.
            *bounds(ids, ("send_back",), ("seen", "weighed", "disagreed")),
            *bounds(ids, ("return_outcome",), ("reviewed",)),
            *withdrawn_bounds(facts, ("seen", "weighed", "disagreed", "reviewed")),
        ),
    )


def _words(facts: _Facts, names: Names) -> Part:
    def places(_sort: Sort, fact: Fact) -> Iterator[Place]:
        columns = ["given", fact.what, *(["texts"] if fact.more else [])]
        for column in columns:
            yield fact.agreement_id, column
            yield ALL, column

    rows, columns = _by_agreement(names, facts[Sort.WORDED]), ("given", "again", "texts")
    return Part(
        "Reasons that repeat word for word",
        "Agreement",
        rows,
        (("given", "Reasons given"), ("again", "In the same words as another"), ("texts", "Texts that repeat")),
        (Sort.WORDED,),
        places,
        (Rate("In the same words, of all given", "again", "given"),),
        "Of decisions with reasons, by whoever decided, each text once for a request: the same text for two requests"
        " under one agreement, to the letter. Reasons go when a case is destroyed, so destroyed cases are in no figure"
        " of this table.",
        sums=(Sum("given", ("once", "again")),),
        follows=requests_by_agreement(facts),
        bounds=(
            # Reasons are given for what is refused, sent back and escalated, and two at least are the same text.
            *bounds((line.id for line in rows), (*columns, "send_back", "escalated"), columns),
            *withdrawn_bounds(facts, columns),
        ),
    )
