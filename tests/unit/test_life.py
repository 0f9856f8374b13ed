"""The life of a case: every (role, state, action) cell asserted, allowed and refused, against a table of its own."""

from __future__ import annotations

from itertools import product

import pytest

from db.records import Action, Role, State
from desktop.policy.life import ACTION_WORDS, OUTCOME_WORDS, ROLE_WORDS, STATE_WORDS, step

# What each role may do in each state, and where it leads: written by hand from the design, not from the table.
EXPECTED = """
caseworker draft       edit:draft submit:submitted return:returned withdraw:withdrawn
caseworker sent_back   edit:sent_back submit:submitted return:returned withdraw:withdrawn
caseworker held        edit:held withdraw:withdrawn
caseworker returned    resume:draft chase:returned withdraw:withdrawn
caseworker submitted   edit:draft withdraw:withdrawn
caseworker escalated   edit:draft withdraw:withdrawn
caseworker approved    edit:draft record:recorded withdraw:withdrawn
caseworker recorded    edit:draft record:recorded issue:issued withdraw:withdrawn
caseworker released    edit:draft record:recorded issue:issued tell:released handle_notice:released
reviewer   released    excuse:released
guardian   released    excuse:released
caseworker refused     edit:draft issue:issued
caseworker rejected    edit:draft issue:issued
caseworker issued      handle_notice:issued reissue:issued settle:issued
records_officer issued settle:issued
caseworker draft       extend:draft
caseworker sent_back   extend:sent_back
caseworker submitted   extend:submitted
caseworker escalated   extend:escalated
caseworker approved    extend:approved
caseworker recorded    extend:recorded
reviewer   draft       extend:draft
reviewer   sent_back   extend:sent_back
reviewer   submitted   extend:submitted
reviewer   escalated   extend:escalated
reviewer   approved    extend:approved
reviewer   recorded    extend:recorded
guardian   draft       extend:draft
guardian   sent_back   extend:sent_back
guardian   submitted   extend:submitted
guardian   escalated   extend:escalated
guardian   approved    extend:approved
guardian   recorded    extend:recorded
caseworker draft       write:draft print:draft save_copy:draft prepare_mail:draft mark_sent:draft
caseworker sent_back   write:sent_back print:sent_back save_copy:sent_back prepare_mail:sent_back mark_sent:sent_back
caseworker held        print:held save_copy:held prepare_mail:held mark_sent:held
caseworker returned    write:returned print:returned save_copy:returned prepare_mail:returned mark_sent:returned
caseworker submitted   write:submitted print:submitted save_copy:submitted prepare_mail:submitted mark_sent:submitted
caseworker escalated   write:escalated print:escalated save_copy:escalated prepare_mail:escalated mark_sent:escalated
caseworker approved    write:approved print:approved save_copy:approved prepare_mail:approved mark_sent:approved
caseworker recorded    write:recorded print:recorded save_copy:recorded prepare_mail:recorded mark_sent:recorded
caseworker released    write:released print:released save_copy:released prepare_mail:released mark_sent:released
caseworker refused     print:refused save_copy:refused prepare_mail:refused mark_sent:refused
caseworker rejected    print:rejected save_copy:rejected prepare_mail:rejected mark_sent:rejected
caseworker issued      print:issued save_copy:issued prepare_mail:issued mark_sent:issued
caseworker withdrawn   reopen:draft print:withdrawn save_copy:withdrawn prepare_mail:withdrawn mark_sent:withdrawn
reviewer   submitted   approve:approved refuse:refused reject:rejected send_back:sent_back escalate:escalated
reviewer   recorded    release:released return_outcome:approved
guardian   held        take_off_hold:draft
guardian   escalated   approve:approved refuse:refused reject:rejected send_back:sent_back
guardian   recorded    release:released return_outcome:approved
reviewer   approved    second_look:approved
reviewer   recorded    second_look:recorded
reviewer   released    second_look:released
reviewer   refused     second_look:refused
reviewer   rejected    second_look:rejected
reviewer   issued      second_look:issued
guardian   approved    second_look:approved
guardian   recorded    second_look:recorded
guardian   released    second_look:released
guardian   refused     second_look:refused
guardian   rejected    second_look:rejected
guardian   issued      second_look:issued
"""


def expected() -> dict[tuple[Role, State, Action], State]:
    cells = {}
    for line in EXPECTED.strip().splitlines():
        role, state, *steps = line.split()
        for one in steps:
            action, to = one.split(":")
            cells[Role(role), State(state), Action(action)] = State(to)
    return cells


CELLS = expected()


@pytest.mark.parametrize(("role", "state"), list(product(Role, State)), ids=lambda one: one.value)
def test_every_cell_is_allowed_or_refused_as_designed(role: Role, state: State) -> None:
    for action in Action:
        found = step(role, state, action)
        wanted = CELLS.get((role, state, action))
        if wanted is None:
            assert isinstance(found, str), f"{role} may {action} in {state}"
            assert found.endswith(".")
        else:
            assert not isinstance(found, str), f"{role} may not {action} in {state}"
            assert found.to is wanted


def test_everything_has_words() -> None:
    assert set(STATE_WORDS) == set(State)
    assert set(ROLE_WORDS) == set(Role)
    assert set(ACTION_WORDS) == set(Action)
    assert all(OUTCOME_WORDS.values())
