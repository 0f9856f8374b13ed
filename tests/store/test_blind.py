"""Who may take a second look meets nowhere what was decided, before they have taken it or opened the case."""

from __future__ import annotations

from array import array
from uuid import uuid4

from db.records import Action, Outcome, Relation, State
from db.records_views import RegisterFilter, Sort
from desktop.casework.casepage import case_page, history
from desktop.casework.desk import Desk
from desktop.casework.links import LinkCases, link_cases
from desktop.casework.register import behind_figure, find, register_ids, register_rows, timer_rows
from desktop.casework.whoasked import who_asked
from desktop.policy.reasons import REASONS
from tests.fixtures import Office
from tests.store.disposing import pass_days
from tests.store.looking import all_drawn, another, look, waiting


def test_whoever_may_take_a_second_look_meets_no_decision_in_lists_search_or_history(office: Office) -> None:
    """Until the look is taken, or they open the case; whoever decided sees what they decided."""
    all_drawn(office)
    done = office.in_state(State.REFUSED)
    other = another(office)

    def met(desk: Desk) -> tuple[State, State, bool]:
        (row,) = register_rows(desk, [done.case_id])
        (found,) = find(desk, row.reference)
        return row.state, found.state, any("refused" in line.what for line in history(desk, done.case_id))

    assert met(office.reviewer) == (State.REFUSED, State.REFUSED, True)
    assert met(office.caseworker) == (State.REFUSED, State.REFUSED, True)
    assert met(other) == (State.SUBMITTED, State.SUBMITTED, False)
    look(other, waiting(other)[0], Action.REFUSE)
    assert met(other) == (State.REFUSED, State.REFUSED, True)


def test_no_choice_or_order_of_the_register_tells_what_was_decided_before_the_second_look(office: Office) -> None:
    all_drawn(office)
    other_one, done = office.in_state(State.SUBMITTED), office.in_state(State.REFUSED)
    other = another(office)
    filters = RegisterFilter(state=State.REFUSED), RegisterFilter(state=State.SUBMITTED)
    orders = [RegisterFilter(sort=Sort.STATE, descending=way) for way in (False, True)]

    def met(desk: Desk, *wanted: RegisterFilter) -> list[list[int]]:
        return [list(register_ids(desk, one)) for one in wanted]

    assert met(office.reviewer, *filters) == [[done.case_id], [other_one.case_id]]
    assert met(other, *filters) == [[], [other_one.case_id]]
    assert met(other, *orders) == [[other_one.case_id, done.case_id]] * 2
    assert met(other, RegisterFilter()) == [[other_one.case_id, done.case_id]]
    assert list(register_ids(other, orders[0], among=[done.case_id])) == [done.case_id]
    both = array("q", [done.case_id, other_one.case_id])
    assert behind_figure(other, both) == (array("q", [other_one.case_id]), 1)
    assert behind_figure(office.reviewer, both) == behind_figure(office.caseworker, both) == (both, 0)
    # Of several the order tells nothing either.
    more = [office.in_state(one).case_id for one in (State.APPROVED, State.REFUSED, State.APPROVED)]
    for wanted in orders:
        assert met(other, wanted)[0][1:] in ([done.case_id, *more], [done.case_id, *more][::-1])
    look(other, waiting(other)[0], Action.REFUSE)
    more_filters = [RegisterFilter(state=State.REFUSED)]
    assert met(other, *more_filters) == [[done.case_id]]
    assert behind_figure(other, both) == (both, 0)


def test_what_was_decided_stands_in_no_earlier_or_linked_case_before_the_second_look(office: Office) -> None:
    all_drawn(office)
    done = office.in_state(State.REFUSED)
    pass_days(office, 1)
    again = office.register()
    other = another(office)
    reference = case_page(office.caseworker, done.case_id).case.row.reference
    link = LinkCases(command_id=str(uuid4()), case_id=again.case_id, reference=reference, kind=Relation.FOLLOW_UP)
    link_cases(office.caseworker, link)

    def met(desk: Desk) -> set[tuple[State, Outcome | None]]:
        page = case_page(desk, again.case_id)
        earlier, linked = page.earlier[0].row, page.links[0]
        return {(one.state, one.outcome) for one in (earlier, linked)}

    assert met(office.caseworker) == met(office.reviewer) == {(State.REFUSED, Outcome.REFUSED)}
    assert met(other) == {(State.SUBMITTED, None)}
    look(other, waiting(other)[0], Action.REFUSE)
    assert met(other) == {(State.REFUSED, Outcome.REFUSED)}


def test_neither_retention_nor_who_asked_tells_what_was_decided_before_the_second_look(office: Office) -> None:
    all_drawn(office)
    issued, refused = office.in_state(State.ISSUED), office.in_state(State.REFUSED)
    asking = office.in_state(State.SUBMITTED)

    def met(desk: Desk) -> tuple[set[Outcome | None], list[str], bool]:
        found = who_asked(desk, asking.case_id, next(iter(REASONS))).asked
        given = [one.disclosed_on is not None for one in found if one.case_id == issued.case_id]
        return (
            {one.outcome for one in timer_rows(desk, [issued.case_id])},
            [one.outcome for one in found if one.case_id in (issued.case_id, refused.case_id)],
            any(given),
        )

    assert met(office.guardian) == ({None}, ["With the reviewer"] * 2, False)
    assert met(office.officers[0]) == ({Outcome.TRACED}, ["Traced", "Refused"], True)
