"""A sampled second review: who is asked, what they see, what is kept, and that nobody can steer or tell the draw."""

from __future__ import annotations

from dataclasses import fields
from uuid import uuid4

import pytest
from sqlalchemy import text

from db import journal
from db import secondlooks as stored
from db.casereads import load_case
from db.errors import RuleKept
from db.records import Action, Heading, Role, State
from desktop.casework import decisions, requests, secondlooks
from desktop.casework.casepage import case_page, open_case
from desktop.casework.desk import Desk, Done, Invalid, Refused
from desktop.casework.secondlookpage import open_second_look
from desktop.casework.secondlooks import LookCount, set_share
from desktop.policy.secondlooks import drawn
from tests.fixtures import Office, on
from tests.store.disposing import destroyed, pass_days
from tests.store.looking import all_drawn, another, faults, figures, last_decision, look, looked_at, waiting
from tests.store.test_separation import as_role

MARK = "QXZVREASON"


class TestTheShare:
    """What an administrator sets."""

    def test_nothing_is_drawn_unless_it_is_set(self, office: Office) -> None:
        office.in_state(State.APPROVED)
        assert secondlooks.share(office.entry) == 0
        assert waiting(another(office)) == []
        assert figures(office).total == LookCount()

    def test_each_change_is_journalled_and_no_change_is_not(self, office: Office) -> None:
        for percent in (10, 10, 25):
            all_drawn(office, percent)
        with office.entry.store.read() as tx:
            said = [one for one in journal.entries(tx, limit=10_000) if one.action == "change_second_looks"]
        assert [dict(one.data) for one in said] == [{"percent": 10, "before": 0}, {"percent": 25, "before": 10}]
        assert {(one.heading, one.actor_id) for one in said} == {
            (Heading.SYSTEM, office.desk(Role.ADMINISTRATOR).user.id)
        }
        assert faults(office) == []

    @pytest.mark.parametrize("percent", [-1, 101])
    def test_a_share_is_of_a_hundred(self, office: Office, percent: int) -> None:
        with pytest.raises(Invalid, match="0 to 100"):
            all_drawn(office, percent)

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
    def test_nobody_else_sets_it(self, office: Office, role: Role) -> None:
        with pytest.raises(Refused):
            set_share(office.desk(role), 10)
        with pytest.raises(RuleKept, match="an administrator sets"), office.entry.store.write() as tx:
            stored.add_share(tx, 10, office.desk(role).user.id, office.entry.clock())


class TestTheDraw:
    """By the secret, when the decision is made."""

    def test_only_decisions_that_end_a_review_are_drawn(self, office: Office) -> None:
        all_drawn(office)
        other = another(office)
        office.in_state(State.SENT_BACK)
        office.in_state(State.ESCALATED)
        assert waiting(other) == []
        for state in (State.APPROVED, State.REFUSED, State.REJECTED):
            office.in_state(state)
        assert len(waiting(other)) == 3

    def test_the_sample_can_be_drawn_again(self, office: Office) -> None:
        wanted = set()
        for percent in (30, 0, 60):
            all_drawn(office, percent)
            for _ in range(10):
                done = office.in_state(State.APPROVED)
                with office.entry.store.read() as tx:
                    case, secret = load_case(tx, done.case_id), stored.secret_of(tx)
                if drawn(secret, case.row.reference, 1, percent):
                    wanted.add(case.decisions[0].id)
        assert 0 < len(wanted) < 20
        assert set(waiting(another(office))) == wanted
        assert faults(office) == []

    def test_a_later_decision_on_the_same_case_is_another_draw(self, office: Office) -> None:
        all_drawn(office, 100)
        all_drawn(office, 0)
        tried = (sent_back(office, person) for person in range(9))
        back, first, second = next(one for one in tried if one[1] != one[2])
        all_drawn(office, min(first, second))
        office.approve(office.submit(back))
        assert len(waiting(office.guardian)) == (second < first)
        assert faults(office) == []

    @pytest.mark.parametrize("made", [True, False])
    def test_the_check_finds_what_was_drawn_or_left_out_by_hand(self, office: Office, *, made: bool) -> None:
        all_drawn(office, 100)
        if made:
            all_drawn(office, 0)
        done = office.in_state(State.APPROVED)
        said = "was" if made else "was not"
        name = "second_look_draw_begin" if made else "second_look_draw_no_delete"
        sql = (
            "INSERT INTO second_look_draw SELECT id, case_id FROM decision" if made else "DELETE FROM second_look_draw"
        )
        with office.entry.store.write() as tx:
            kept = tx.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": name}).scalar_one()
            tx.exec_driver_sql(f"DROP TRIGGER {name}")
            tx.exec_driver_sql(sql if made else "DELETE FROM second_look_draw")
            tx.exec_driver_sql(kept)
            reference = load_case(tx, done.case_id).row.reference
        assert faults(office) == [f"a decision of {reference} {said} drawn for a second look, against the secret"]

    def test_the_secret_stays(self, office: Office) -> None:
        all_drawn(office, 5)
        with office.entry.store.read() as tx:
            before = stored.secret_of(tx)
        all_drawn(office, 50)
        with office.entry.store.read() as tx:
            assert stored.secret_of(tx) == before
        assert len(before) == 32


class TestWhoLooks:
    """Another person, who does not know the decision."""

    def test_another_reviewer_and_the_guardian_are_asked_and_the_decider_is_not(self, office: Office) -> None:
        all_drawn(office)
        office.in_state(State.REFUSED)
        decision = last_decision(office)
        assert waiting(another(office)) == waiting(office.guardian) == [decision]
        assert waiting(office.reviewer) == []
        # In the words that stand for a decision that was not drawn.
        for asked in (decision, decision + 1):
            with pytest.raises(Refused, match="No second look is asked of you here"):
                open_second_look(office.reviewer, asked)

    @pytest.mark.parametrize("role", [role for role in Role if role not in (Role.REVIEWER, Role.GUARDIAN)])
    def test_no_other_role_is_asked(self, office: Office, role: Role) -> None:
        all_drawn(office)
        office.in_state(State.REFUSED)
        desk = another(office, role)
        for asks in (waiting, lambda one: open_second_look(one, last_decision(office)), lambda one: looks(office, one)):
            with pytest.raises(Refused):
                asks(desk)
        refused_by_sql(office, desk, "a reviewer or the guardian")

    def test_an_author_is_not_asked(self, office: Office) -> None:
        all_drawn(office)
        office.in_state(State.REFUSED)
        author = as_role(office.caseworker, Role.REVIEWER)
        assert waiting(author) == []
        with pytest.raises(Refused, match="No second look"):
            looks(office, author)
        refused_by_sql(office, author, "had a part")

    def test_nobody_who_had_a_part_in_the_case_is_asked(self, office: Office) -> None:
        """Who sent it back, escalated it or released what it found knows more than what was submitted."""
        all_drawn(office)
        other = another(office)
        sent_back = decisions.send_back(other, office.decide(office.in_state(State.SUBMITTED), reasons="Say when."))
        office.approve(office.submit(sent_back))
        assert waiting(other) == []
        refused_by_sql(office, other, "had a part")
        refused_by_sql(office, office.reviewer, "had a part")

    def test_whoever_opened_the_case_since_knows_and_is_not_asked(self, office: Office) -> None:
        all_drawn(office)
        other, done = another(office), office.in_state(State.SUBMITTED)
        open_case(other, done.case_id, "review")
        office.approve(done)
        assert waiting(other) == [last_decision(office)]
        open_case(other, done.case_id, "check")
        assert waiting(other) == []
        with pytest.raises(Refused, match="You opened this case since it was decided"):
            looks(office, other)
        refused_by_sql(office, other, "knows a decision")

    def test_one_look_is_taken(self, office: Office) -> None:
        all_drawn(office)
        office.in_state(State.APPROVED)
        other = another(office)
        command = secondlooks.SecondLook(
            command_id=str(uuid4()), decision_id=last_decision(office), action=Action.APPROVE, reasons="All there."
        )
        assert secondlooks.second_look(other, command) == secondlooks.second_look(other, command)
        with pytest.raises(Refused, match="Somebody took the second look"):
            looks(office, office.guardian)
        assert waiting(office.guardian) == []
        assert figures(office).total == LookCount(agreed=1)

    @pytest.mark.parametrize(
        ("action", "reasons", "said"),
        [(Action.APPROVE, " ", "Give your reasons"), (Action.ESCALATE, "Well.", "approve, refuse or reject")],
    )
    def test_it_says_one_of_three_and_why(self, office: Office, action: Action, reasons: str, said: str) -> None:
        all_drawn(office)
        office.in_state(State.APPROVED)
        with pytest.raises(Invalid, match=said):
            look(another(office), last_decision(office), action, reasons)


class TestBlind:
    """What is seen is what was submitted."""

    def test_nothing_that_came_after_is_seen(self, office: Office) -> None:
        all_drawn(office)
        done = office.submit(office.register())
        done = decisions.approve(office.reviewer, office.decide(done, reasons=MARK))
        done = office.release(office.traced(done))
        from desktop.casework import issuing

        done = issuing.issue(office.caseworker, issuing.Issue(**on(done)))
        page = open_second_look(another(office), last_decision(office)).page
        assert (page.case.row.state, page.case.row.outcome) == (State.SUBMITTED, None)
        assert page.case.submissions[-1].snapshot == case_page(office.reviewer, done.case_id).case.answers
        # Without what the agreement says of every case, and the words that name what can be done.
        said = " ".join(
            repr(getattr(page, one.name)) for one in fields(page) if one.name not in ("agreement", "actions")
        )
        assert "Kowalczyk" in said
        for told in (MARK, office.reviewer.user.name, "Ropewalk", "TRACED", "ISSUED", "RELEASED", "APPROVE"):
            assert told not in said, told

    def test_the_guardians_decision_is_looked_at_as_it_was_put_before_them(self, office: Office) -> None:
        all_drawn(office)
        escalated = office.in_state(State.ESCALATED)
        decisions.approve(office.guardian, office.decide(escalated, reasons="Yes."))
        page = open_second_look(another(office), last_decision(office)).page
        assert page.case.row.state is State.ESCALATED
        assert [one.action for one in page.case.decisions] == [Action.ESCALATE]

    def test_a_look_is_a_consultation_and_no_reason_to_see_the_case(self, office: Office) -> None:
        all_drawn(office)
        done = office.in_state(State.APPROVED)
        other = another(office)
        open_second_look(other, last_decision(office))
        with office.entry.store.read() as tx:
            entry = list(journal.entries(tx, case_id=done.case_id))[-1]
        assert (entry.action, entry.heading, entry.actor_id) == (
            "open_second_look",
            Heading.CONSULTATION,
            other.user.id,
        )
        with pytest.raises(Refused, match="This case is not yours"):
            open_case(other, done.case_id)


class TestWhatItDoes:
    """Nothing to the case; the desk keeps whether two people agree."""

    def test_the_case_is_as_before_and_its_answer_waits_for_nobody(self, office: Office) -> None:
        all_drawn(office)
        done = office.in_state(State.RECORDED)
        before = case_page(office.reviewer, done.case_id).case
        look(another(office), last_decision(office), Action.REJECT, MARK)
        assert case_page(office.reviewer, done.case_id).case == before
        assert office.release(done).state is State.RELEASED
        assert office.in_state(State.ISSUED).state is State.ISSUED
        assert faults(office) == []

    def test_its_reasons_are_bound_and_not_in_the_journal(self, office: Office) -> None:
        all_drawn(office)
        done = office.in_state(State.APPROVED)
        look(another(office), last_decision(office), Action.REFUSE, MARK)
        with office.entry.store.read() as tx:
            entry = list(journal.entries(tx, case_id=done.case_id))[-1]
        assert (entry.action, entry.heading, entry.data["said"]) == ("second_look", Heading.DECISION, "refuse")
        assert MARK not in repr(entry.data)
        assert set(entry.data) == {"bound", "decision", "said"}

    def test_a_look_that_no_entry_tells_of_is_found(self, office: Office) -> None:
        all_drawn(office)
        office.in_state(State.APPROVED)
        by_sql(office, another(office))
        assert any("a second look of" in one for one in faults(office))


class TestTheEnd:
    """When no second look is asked for any more."""

    def test_a_decision_that_is_void_asks_for_none(self, office: Office) -> None:
        all_drawn(office)
        done = office.in_state(State.APPROVED)
        office.save(done, person__family_name="Other")
        assert waiting(office.guardian) == []
        with pytest.raises(Refused, match="asked for any more"):
            looks(office, office.guardian)
        refused_by_sql(office, office.guardian, "a reviewer or the guardian")
        assert figures(office).total == LookCount(over=1)

    def test_a_destroyed_case_asks_for_none_and_keeps_who_when_and_whether(self, office: Office) -> None:
        all_drawn(office)
        other = another(office)
        looked, unlooked = office.in_state(State.ISSUED), office.in_state(State.ISSUED)
        first = waiting(other)[0]
        look(other, first, Action.REFUSE, MARK)
        day = office.entry.today()
        pass_days(office, 3 * 366)
        assert destroyed(office, looked, unlooked).destroyed == 2
        assert waiting(office.guardian) == []
        with office.entry.store.read() as tx:
            row = tx.execute(text("SELECT * FROM second_look")).one()
        assert (row.decision_id, row.action, row.looked_by, row.reasons) == (first, "refuse", other.user.id, "")
        found = looked_at(office, day, day)
        assert found.total == LookCount(differed=1, over=1)
        with pytest.raises(Refused):
            looks(office, office.guardian)
        assert faults(office) == []

    def test_a_withdrawn_request_asks_for_none(self, office: Office) -> None:
        all_drawn(office)
        done = office.in_state(State.APPROVED)
        requests.withdraw(office.caseworker, requests.WithReasons(**on(done), reasons="No longer asked."))
        assert waiting(office.guardian) == []


def sent_back(office: Office, person: int) -> tuple[Done, int, int]:
    """A case that was sent back, and the least share at which its first and its second decision are drawn."""
    submitted = office.submit(office.register(person=person % 3))
    back = decisions.send_back(office.reviewer, office.decide(submitted, reasons="Say when."))
    with office.entry.store.read() as tx:
        reference, secret = load_case(tx, back.case_id).row.reference, stored.secret_of(tx)
    first, second = (next(n for n in range(101) if drawn(secret, reference, at, n)) for at in (1, 2))
    return back, first, second


def looks(office: Office, desk: Desk) -> None:
    look(desk, last_decision(office))


def by_sql(office: Office, desk: Desk) -> None:
    """A second look that nothing but the database looks at."""
    decision = last_decision(office)
    with office.entry.store.write() as tx:
        found = stored.drawn_one(tx, decision, desk.user.id)
        assert found is not None
        stored.add_look(tx, found, Action.APPROVE, desk.user.id, office.entry.clock(), "By hand.")


def refused_by_sql(office: Office, desk: Desk, said: str) -> None:
    with pytest.raises(RuleKept, match=said):
        by_sql(office, desk)
