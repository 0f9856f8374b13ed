"""Figures of the oversight report that are no sums of one another and yet bound each other: nobody works out a small
one from what others are at least, or at most.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from db.records_figures import Fact, Sort
from desktop.policy.agreements import load_agreements
from desktop.policy.disclosurecontrol import HIDDEN, NHS, NONE, Control
from desktop.policy.oversight import parts
from desktop.policy.oversightgrids import grids
from desktop.policy.oversightparts import Names

NAMES = Names({one.id: one for one in load_agreements().all()})
POLICE = ("law-enforcement-tracing", "police")
BODIES = (POLICE, ("nca-tracing", "nca"))
ALL = len(BODIES)

Facts = dict[Sort, list[Fact]]
Key = tuple[int, str]
"""The number of a body, or that of all, and what is counted of it."""
Counts = tuple[int, ...]


def nothing() -> Facts:
    return {sort: [] for sort in Sort}


def cells(facts: Facts, control: Control) -> dict[tuple[str, str, str], str]:
    """Every figure by the beginnings of its table and row and by its column; the last row of a name counts."""
    found = parts(facts, NAMES)
    shown = grids(found, [part.count(facts) for part in found], control)
    return {
        (grid.title, row.title, column): str(cell)
        for grid in shown
        for row in grid.rows
        for column, cell in zip(grid.columns, row.cells, strict=False)
    }


def fits(text: str, count: int, control: Control) -> bool:
    """Whether what is shown can be this count, for a reader who knows the rule."""
    if text == HIDDEN:
        return count > 0
    if control.rounded and int(text):
        return count >= control.below and abs(count - int(text)) <= 2
    return count == int(text)


def pinned(
    seen: Mapping[Key, str],
    true: Mapping[Key, int],
    worlds: Iterable[Mapping[Key, int]],
    control: Control,
    of: Collection[str],
) -> dict[Key, set[int]]:
    """The small counts that are one and the same in every world that looks like this, with what they are. The reader
    knows that of what is kept back in the columns `of` one is small at least.
    """
    left = {key: set[int]() for key, count in true.items() if 0 < count < control.below}
    kept = [key for key, text in seen.items() if text == HIDDEN and key[1] in of]
    for world in worlds:
        if any(world[key] < control.below for key in kept) and all(
            fits(seen[key], world[key], control) for key in seen
        ):
            for key, values in left.items():
                values.add(world[key])
            if all(len(values) > 1 for values in left.values()):
                return {}
    return {key: values for key, values in left.items() if len(values) < 2}


def both(one: Mapping[str, int], other: Mapping[str, int]) -> dict[Key, int]:
    """What is counted of two bodies and of all."""
    found = {(n, key): count for n, of in enumerate((one, other)) for key, count in of.items()}
    return found | {(ALL, key): one[key] + other[key] for key in one}


def pairs(seen: Mapping[Key, str], each: Iterable[Mapping[str, int]], control: Control) -> Iterator[Mapping[Key, int]]:
    """Worlds of two bodies, from those of one that look like each of them."""
    every = list(each)
    like = [
        [of for of in every if all(fits(seen[n, key], count, control) for key, count in of.items())]
        for n in range(len(BODIES))
    ]
    return (both(*of) for of in product(*like))


def facts_of(*of: tuple[Sort, tuple[str, str], str, str, int]) -> Facts:
    facts = nothing()
    for sort, body, what, more, count in of:
        facts[sort] += [Fact(*body, what, more, count)] if count else []
    return facts


# A refusal has one ground at least


def grounds(refused: int, tried: int, items: int) -> Facts:
    return facts_of(
        (Sort.ENDED, POLICE, "traced", "in_time", 40),
        (Sort.ENDED, POLICE, "refused", "in_time", refused),
        (Sort.GROUNDED, POLICE, "refused", "tried", tried),
        (Sort.GROUNDED, POLICE, "refused", "items", items),
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 12), st.sampled_from([Control(3), Control(5), NHS]))
@example(3, 2, 0, Control(3))
@example(12, 7, 0, NHS)
def test_no_ground_is_told_by_the_others(tried: int, items: int, on_both: int, control: Control) -> None:
    refused = tried + items - min(tried, items, on_both)
    shown = cells(grounds(refused, tried, items), control)
    title = "Refusals and rejections, by their grounds"
    rows = {
        "refused": "Law enforcement tracing: Police",
        "tried": NAMES.criterion(POLICE[0], "tried"),
        "items": NAMES.criterion(POLICE[0], "items"),
    }
    seen = {(0, key): shown[title, row, "Refused"] for key, row in rows.items()}
    true = {(0, "refused"): refused, (0, "tried"): tried, (0, "items"): items}
    worlds = (
        {(0, "refused"): r, (0, "tried"): a, (0, "items"): b}
        for a, b in product(range(1, 16), repeat=2)
        for r in range(max(a, b), a + b + 1)
    )
    assert pinned(seen, true, worlds, control, ("tried", "items")) == {}


# A disclosure gives one item at least


@settings(max_examples=40, deadline=None)
@given(st.tuples(*[st.integers(0, 8)] * 4), st.data(), st.sampled_from([Control(3), Control(5)]))
def test_no_item_is_told_by_the_others(
    counts: tuple[int, int, int, int], data: st.DataObject, control: Control
) -> None:
    def given_of(name: int, address: int, also: int) -> dict[str, int]:
        return {"disclosures": name + address - also, "name": name, "address": address}

    bodies = [(a, b, data.draw(st.integers(0, min(a, b)))) for a, b in (counts[:2], counts[2:])]
    facts = nothing()
    for body, (name, address, also) in zip(BODIES, bodies, strict=True):
        more = {'["name"]': name - also, '["address"]': address - also, '["name","address"]': also}
        for items, count in more.items():
            facts[Sort.DISCLOSED] += [Fact(*body, "a gateway", items, count)] if count else []
        # All that was answered is shown: else nothing of this table is.
        facts[Sort.ENDED] += [Fact(*body, "traced", "late", 40)]
    shown = cells(facts, control)
    columns = {"disclosures": "Disclosures", "name": NAMES.item("name"), "address": NAMES.item("address")}
    rows = [*(f"{NAMES.agreement(agreement)}: a gateway" for agreement, _kind in BODIES), "All"]
    title = "Disclosures, by gateway and item"
    seen = {(n, key): shown.get((title, row, name), "0") for n, row in enumerate(rows) for key, name in columns.items()}
    each = (given_of(a, b, c) for a, b in product(range(11), repeat=2) for c in range(min(a, b) + 1))
    worlds = pairs(seen, each, control)
    assert pinned(seen, both(*(given_of(*one) for one in bodies)), worlds, control, columns) == {}


def test_no_gateway_is_told_by_what_was_traced() -> None:
    facts = facts_of(
        (Sort.ENDED, BODIES[0], "traced", "in_time", 12),
        (Sort.ENDED, BODIES[1], "traced", "in_time", 5),
        (Sort.DISCLOSED, BODIES[0], "one", '["name"]', 2),
        (Sort.DISCLOSED, BODIES[0], "other", '["name"]', 10),
        (Sort.DISCLOSED, BODIES[1], "third", '["name"]', 5),
    )
    shown = cells(facts, Control(3))
    title, column = "Disclosures, by gateway and item", "Disclosures"
    assert shown["What was answered", "Law enforcement tracing: Police", "Traced"] == "12"
    assert {shown[title, f"Law enforcement tracing: {one}", column] for one in ("one", "other")} == {HIDDEN}


@pytest.mark.parametrize(
    ("facts", "control"),
    [
        # Two gateways are two requests at least, and leave one for what was not found.
        (
            (
                (Sort.ENDED, BODIES[0], "traced", "in_time", 2),
                (Sort.ENDED, BODIES[0], "no_trace", "in_time", 1),
                (Sort.ENDED, BODIES[0], "refused", "in_time", 4),
                (Sort.ENDED, BODIES[0], "rejected", "in_time", 4),
                (Sort.DISCLOSED, BODIES[0], "one", '["name"]', 1),
                (Sort.DISCLOSED, BODIES[0], "other", '["name"]', 1),
            ),
            Control(3),
        ),
        # All disclosures, rounded by themselves, are so few that the second body has one.
        (
            (
                (Sort.ENDED, BODIES[0], "traced", "in_time", 18),
                (Sort.ENDED, BODIES[0], "no_trace", "in_time", 22),
                (Sort.ENDED, BODIES[1], "traced", "in_time", 1),
                (Sort.ENDED, BODIES[1], "no_trace", "in_time", 39),
                (Sort.DISCLOSED, BODIES[0], "one", '["name"]', 18),
                (Sort.DISCLOSED, BODIES[1], "third", '["name"]', 1),
            ),
            NHS,
        ),
    ],
)
def test_no_disclosure_is_told_where_a_request_is_kept_back(
    facts: tuple[tuple[Any, ...], ...], control: Control
) -> None:
    made = facts_of(*facts)
    title = "Disclosures, by gateway and item"
    told = {row: text for (table, row, column), text in cells(made, control).items() if table == title}
    assert told == {"All": HIDDEN}
    assert len({row for table, row, _ in cells(made, NONE) if table == title}) > 1


# What was looked at and has reasons was answered, sent back, escalated or withdrawn


def decided(refused: int, sent_back: int, escalated: int, withdrawn: int) -> dict[str, int]:
    """What is counted where each refusal that was decided is issued, or withdrawn before that, and each decision has
    reasons of its own.
    """
    return {
        "refused": refused,
        "sent back": sent_back,
        "escalated": escalated,
        "withdrawn": withdrawn,
        "seen": refused + sent_back + withdrawn,
        "weighed": refused + sent_back + withdrawn,
        "reasons": refused + sent_back + escalated + withdrawn,
    }


_WHERE = {
    "refused": ("What was answered", "Refused"),
    "withdrawn": ("Requests", "Withdrawn"),
    "sent back": ("Caseworkers and reviewers", "Sent back to the caseworker"),
    "escalated": ("Escalations and safeguarding", "Escalated to the guardian"),
    "seen": ("Caseworkers and reviewers", "Looked at by a second person"),
    "weighed": ("Caseworkers and reviewers", "With a view of each answer"),
    "reasons": ("Reasons that repeat word for word", "Reasons given"),
}


@settings(max_examples=25, deadline=None)
@given(st.tuples(*[st.integers(0, 5)] * 8), st.sampled_from([Control(3), Control(5)]))
def test_nothing_sent_back_escalated_or_withdrawn_is_told_by_what_was_decided(
    counts: tuple[int, ...], control: Control
) -> None:
    bodies = [decided(*counts[:4]), decided(*counts[4:])]
    facts = nothing()
    for body, of in zip(BODIES, bodies, strict=True):
        facts[Sort.MOVED].append(Fact(*body, "in", "", 50))
        for sort, what, more, count in (
            (Sort.ENDED, "refused", "in_time", of["refused"]),
            (Sort.ENDED, "withdrawn", "undated", of["withdrawn"]),
            (Sort.DECIDED, "refuse", "agreed", of["refused"] + of["withdrawn"]),
            (Sort.DECIDED, "send_back", "agreed", of["sent back"]),
            (Sort.DECIDED, "escalate", "unknown", of["escalated"]),
            (Sort.WORDED, "once", "", of["reasons"]),
        ):
            facts[sort] += [Fact(*body, what, more, count)] if count else []
    shown = cells(facts, control)
    seen = {}
    for key, (title, column) in _WHERE.items():
        for n, (agreement, kind) in enumerate(BODIES):
            rows = [NAMES.body(f"{agreement}|{kind}"), NAMES.agreement(agreement)]
            seen[n, key] = next((shown[title, row, column] for row in rows if (title, row, column) in shown), "0")
        seen[ALL, key] = shown[title, "All", column]
    each = (decided(*one) for one in product(range(7), repeat=4))
    assert pinned(seen, both(*bodies), pairs(seen, each, control), control, _WHERE) == {}


@pytest.mark.parametrize(
    ("sort", "what", "column", "tells"),
    [
        (Sort.DECIDED, "send_back", "Sent back to the caseworker", "Looked at by a second person"),
        (Sort.REVIEWED, "return_outcome", "Outcomes sent back", "Outcomes looked at"),
    ],
)
def test_what_was_looked_at_is_shown_where_enough_was_sent_back(sort: Sort, what: str, column: str, tells: str) -> None:
    for count, text in ((2, HIDDEN), (4, "16")):
        facts = facts_of(
            (Sort.ENDED, POLICE, "traced", "in_time", 12),
            (Sort.DECIDED, POLICE, "approve", "agreed", 12),
            (Sort.REVIEWED, POLICE, "release", "", 12),
            (sort, POLICE, what, "agreed", count),
        )
        for row in ("Law enforcement tracing", "All"):
            shown = cells(facts, Control(3))
            assert shown["Caseworkers and reviewers", row, tells] == text
            assert shown["Caseworkers and reviewers", row, column] == (HIDDEN if count < 3 else "4")
            assert cells(facts, NONE)["Caseworkers and reviewers", row, tells] == str(12 + count)


# A text that repeats stands in two requests at least


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[st.integers(0, 6)] * 2), st.data(), st.sampled_from([Control(3), Control(5)]))
def test_no_text_that_repeats_is_told_by_how_many_have_it(
    once: tuple[int, int], data: st.DataObject, control: Control
) -> None:
    def worded(alone: int, texts: int, more: int) -> dict[str, int]:
        again = 2 * texts + more if texts else 0
        return {"given": alone + again, "again": again, "texts": texts}

    bodies = [worded(one, *data.draw(st.tuples(st.integers(0, 3), st.integers(0, 3)))) for one in once]
    facts = nothing()
    for body, of in zip(BODIES, bodies, strict=True):
        for what, more, count in (
            ("once", "", of["given"] - of["again"]),
            ("again", "", of["again"] - of["texts"]),
            ("again", "text", of["texts"]),
        ):
            facts[Sort.WORDED] += [Fact(*body, what, more, count)] if count else []
    shown = cells(facts, control)
    columns = {"given": "Reasons given", "again": "In the same words as another", "texts": "Texts that repeat"}
    rows = [*(NAMES.agreement(agreement) for agreement, _kind in BODIES), "All"]
    title = "Reasons that repeat word for word"
    seen = {(n, key): shown.get((title, row, name), "0") for n, row in enumerate(rows) for key, name in columns.items()}
    each = (worded(*one) for one in product(range(9), range(5), range(6)))
    assert pinned(seen, both(*bodies), pairs(seen, each, control), control, columns) == {}


def test_what_was_turned_down_is_not_told_by_what_was_proposed() -> None:
    facts = nothing()
    facts[Sort.RUN] = [Fact("", "", what, "", n) for what, n in (("proposed", 7), ("approved", 6), ("turned_down", 1))]
    shown = cells(facts, Control(3))
    for step in ("proposed", "approved", "turned down"):
        assert shown["Destruction", f"Runs {step}", "Number"] == HIDDEN
    assert shown["Destruction", "Certificates made", "Number"] == "0"
