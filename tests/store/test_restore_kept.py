"""A restore frees nothing that was held or linked, and brings no review forward."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from db.casereads import load_case
from db.records import State
from db.store import FILE, open_store
from desktop.casework import disposal, links, publication, restorepreview, restoring
from desktop.casework.casepage import open_case
from desktop.casework.concerns import RaiseConcern, raise_concern
from desktop.casework.desk import Done, Refused
from desktop.casework.policymoves import ChangePolicy, change_policy
from desktop.policy.clocks import add_months
from desktop.policy.disposal import GRACE_DAYS, QUIET_DAYS
from desktop.policy.publication import Per
from tests.fixtures import KEY, Office, make_entry, signed_in
from tests.store.backing import backed_up, count, linked, restored
from tests.store.disposing import (
    approved,
    closed,
    destroy_by_sql,
    faults,
    many_closed,
    note,
    pass_days,
    pass_grace,
    state_of,
)
from tests.store.holding import over, place, reference, same_person
from tests.store.test_publication import asked
from tests.store.test_reopened import reopened, withdrawn
from tests.store.test_triggers import ruled, the_timer


@pytest.mark.parametrize("same", [True, False])
def test_who_is_the_same_person_is_carried_over(office: Office, tmp_path: Path, same: bool) -> None:
    first, second, third = (office.register(person=one) for one in range(3))
    same_person(office, first, second, same=not same)
    same_person(office, second, third, same=False)
    path = backed_up(office, tmp_path / "backups")
    same_person(office, second, first, same=same)
    same_person(office, third, first, same=True)
    place(office.officers[0], person_of=reference(office, first))
    before = [over(office, one) for one in (first, second, third)]
    assert [bool(one) for one in before] == [True, same, True]
    assert restorepreview.preview_restore(office.entry, path).holds == 3
    # While the hold stands, that the first two are about one person counts: the backup says so, the store no more.
    assert restored(office, path).carried.held.links == (2 if same else 1)
    assert [over(office, one) for one in (first, second, third)] == [before[0], before[0], before[2]]
    assert count(office, "SELECT COUNT(*) FROM link WHERE NOT same_person") == 1
    assert faults(office) == []


def test_linked_cases_are_carried_over(office: Office, tmp_path: Path) -> None:
    first, second, third = (office.register() for _ in range(3))
    linked(office, second, first)
    path = backed_up(office, tmp_path / "backups")
    linked(office, third, second)
    again = links.UnlinkCases(command_id="u" * 36, case_id=second.case_id, other_id=first.case_id)
    links.unlink_cases(office.caseworker, again)
    linked(office, second, office.register())
    assert restorepreview.preview_restore(office.entry, path).holds == 2
    assert restored(office, path).carried.held.links == 2
    standing = "SELECT COUNT(*) FROM relation WHERE unlinked_at IS NULL"
    assert (count(office, standing), count(office, "SELECT COUNT(*) FROM relation")) == (1, 2)
    linked(office, second, first)
    assert faults(office) == []


def test_links_that_go_against_those_of_the_backup_are_not_carried_over(office: Office, tmp_path: Path) -> None:
    """As where a store was lost, and went on from another backup."""
    first, second, third = (office.register() for _ in range(3))
    path = backed_up(office, tmp_path / "backups")
    pass_days(office, 1)
    linked(office, second, first)
    linked(office, third, second)
    late = backed_up(office, tmp_path / "backups")
    office.entry.store.close()
    (tmp_path / "desk" / FILE).write_bytes(b"broken" * 4000)
    restoring.put_back(tmp_path / "desk", KEY, path, KEY, office.entry.clock)
    again = signed_in(make_entry(open_store(tmp_path / "desk", KEY), office.entry.clock()))
    linked(again, first, third)
    assert restored(again, late).carried.held.links == 0
    assert count(again, "SELECT COUNT(*) FROM relation WHERE case_id = 1") == 0
    again.entry.store.close()


def _follows(office: Office, done: Done) -> None:
    linked(office, office.register(), done)


def _sent(office: Office, done: Done) -> None:
    office.sent(done)


def _looked(office: Office, done: Done) -> None:
    open_case(office.caseworker, done.case_id)


def _withdrawn(office: Office, done: Done) -> None:
    ends, id_ = office.entry.today(), "law-enforcement-tracing"
    command = ChangePolicy(agreement_id=id_, kind="withdraw", takes_effect=ends, because="It ended.")
    change_policy(office.guardian, command)


@pytest.mark.parametrize("by_two", [True, False])
@pytest.mark.parametrize(
    ("trigger", "more", "moved", "years"),
    [
        ("letter_issued", "appealed_years = 6", _follows, 1),
        ("letter_sent", "", _sent, 4),
        ("agreement_withdrawn", "", _withdrawn, 4),
        ("last_consulted", "", _looked, 1),
    ],
)
def test_nothing_is_due_earlier_by_a_restore(
    office: Office, tmp_path: Path, trigger: str, more: str, moved: Callable[[Office, Done], None], years: int,
    by_two: bool,
) -> None:  # fmt: skip
    ruled(office, trigger, more)
    done = office.in_state(State.ISSUED)
    pass_days(office, years * 366)
    path = backed_up(office, tmp_path / "backups")
    moved(office, done)
    late = the_timer(office, done).due_on
    seen = restorepreview.preview_restore(office.entry, path)
    assert seen.later == 1
    assert any("later" in line for line in seen.sentences())
    if by_two:
        restored(office, path)
    else:
        restoring.restore_unattended(office.entry, path)
    assert the_timer(office, done).due_on == late
    assert faults(office) == []
    # And not by the next one either, nor is it said of it again.
    assert restorepreview.preview_restore(office.entry, path).later == 1
    restoring.restore_unattended(office.entry, path)
    assert the_timer(office, done).due_on == late
    assert count(office, "SELECT COUNT(*) FROM retention_change") == 1
    assert faults(office) == []


def test_what_was_reopened_since_is_not_due_earlier_by_a_restore(office: Office, tmp_path: Path) -> None:
    """Withdrawn in the backup, and due soon by that; open in the store, where its next closing starts the timer."""
    done, other = withdrawn(office), withdrawn(office, office.register(person=1))
    soon = the_timer(office, done).due_on
    pass_days(office, 300)
    path = backed_up(office, tmp_path / "backups")
    pass_days(office, 30)
    reopened(office, done)
    assert restorepreview.preview_restore(office.entry, path).later == 1
    restored(office, path)
    assert state_of(office, done) is State.WITHDRAWN
    late = the_timer(office, done).due_on
    assert late == add_months(office.entry.today(), months_of(office))
    assert late > soon == the_timer(office, other).due_on
    assert faults(office) == []
    pass_days(office, (soon - office.entry.today()).days + 1)
    assert [one.case_id for one in disposal.candidates(office.officers[0])] == [other.case_id]


def test_what_was_reopened_before_a_backup_is_as_it_was(office: Office, tmp_path: Path) -> None:
    done = reopened(office, withdrawn(office))
    path = backed_up(office, tmp_path / "backups")
    pass_days(office, 40)
    done = withdrawn(office, done)
    restored(office, path)
    assert state_of(office, done) is State.DRAFT
    with office.entry.store.read() as tx:
        again = load_case(tx, done.case_id).row
    withdrawn(office, Done(again.id, again.version, again.state, again.due_on))
    assert the_timer(office, done).due_on == add_months(office.entry.today(), months_of(office))
    assert faults(office) == []


def test_a_request_can_be_reopened_again_after_restores_from_both_sides(office: Office, tmp_path: Path) -> None:
    first, done = office.entry.today(), withdrawn(office)
    early = backed_up(office, tmp_path / "backups")
    pass_days(office, 10)
    done = withdrawn(office, reopened(office, done))
    late = backed_up(office, tmp_path / "backups")
    pass_days(office, 10)
    reopened(office, done)
    for path in (late, early):
        restored(office, path)
        with office.entry.store.read() as tx:
            row = load_case(tx, done.case_id).row
        withdrawn(office, reopened(office, Done(row.id, row.version, row.state, row.due_on)))
        assert faults(office) == []
        table = asked(first, office.entry.today(), Per.MONTH, table="Tracing requests")
        assert publication.publication(office.guardian, table).faults == ()


def months_of(office: Office) -> int:
    """For how long withdrawn requests of the police are kept."""
    rule = office.entry.agreements.get("law-enforcement-tracing").retention
    return rule.years * 12 + rule.months


def test_a_day_that_the_backup_has_as_late_stays(office: Office, tmp_path: Path) -> None:
    ruled(office, "letter_sent")
    done = office.in_state(State.ISSUED)
    path = backed_up(office, tmp_path / "backups")
    office.sent(done)
    assert restorepreview.preview_restore(office.entry, path).later == 0
    restored(office, path)
    assert the_timer(office, done).waits
    assert count(office, "SELECT COUNT(*) FROM retention_change") == 0


@pytest.mark.parametrize("restores", [1, 2])
def test_what_came_to_a_case_before_a_restore_still_keeps_it(office: Office, tmp_path: Path, restores: int) -> None:
    """What came is lost with the replaced store; its entry is carried over, within another where it was so twice."""
    done, other = many_closed(office, 2)
    first = office.officers[0]
    run = approved(office, done, other)
    path = backed_up(office, tmp_path / "backups")
    raise_concern(office.caseworker, RaiseConcern(command_id=str(uuid4()), case_id=done.case_id, why="A threat."))
    for _ in range(restores):
        pass_days(office, 1)
        restored(office, path)
    pass_grace(office)
    assert ["fresh" in one.kept_by for one in disposal.candidates(first)] == [True, False]
    # Whoever looks past the list meets the same in the database.
    destroy_by_sql(office, done, first.user.id, "something new came")
    assert disposal.carry_out(first, run).destroyed == 1
    assert (state_of(office, done), state_of(office, other)) == (State.ISSUED, State.DESTROYED)
    # The days count from when it came and not from the restore.
    pass_days(office, QUIET_DAYS - GRACE_DAYS - restores)
    assert [one.kept_by for one in disposal.candidates(first)] == [()]


def test_what_others_did_before_a_restore_is_told_where_it_does_not_count(office: Office, tmp_path: Path) -> None:
    done = closed(office)
    path, run = backed_up(office, tmp_path / "backups"), approved(office, done)
    for days in (5, 5, 3):
        pass_days(office, days)
        note(office)
    restored(office, path)
    store = open_store(office.entry.store.path.parent, KEY)
    again = signed_in(make_entry(store, office.entry.clock()))
    pass_days(again, 1)
    note(again)
    with pytest.raises(Refused, match=r"A backup was restored on \d+ \w+ \d+, and what others did before then"):
        disposal.carry_out(again.officers[0], run)
    assert state_of(again, done) is State.ISSUED
    store.close()
