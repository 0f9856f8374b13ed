"""Runs whose days of grace went by, or did not, whatever this computer's clock said then and later; who saw them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import swapping
from db.destroyed import wrongly_destroyed
from db.journal import append
from db.records import Heading, State
from db.store import open_store
from desktop.casework import disposal
from desktop.casework.accounts import NotSignedIn, sign_in
from desktop.casework.backups import back_up_unattended
from desktop.casework.desk import Refused
from desktop.casework.restoring import restore_unattended
from desktop.casework.sample import MovingClock
from desktop.policy.disposal import GRACE_DAYS
from tests.fixtures import KEY, Made, Office, make_entry, signed_in
from tests.store.disposing import approved, closed, faults, note, pass_days, state_of

HOURS = st.integers(8, 90)
"""Between two days on which somebody of the desk did something: up to a long weekend."""


class World:
    """A desk with a run that was just approved, whose clock may be ahead of the world, or behind it."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.now = self.began = office.entry.clock()
        self.ahead = timedelta()

    def live(self, hours: int) -> None:
        """Time goes by, and a caseworker does something."""
        self.now += timedelta(hours=hours)
        self.show()

    def move(self, ahead: timedelta) -> None:
        """The clock is set wrong by so much, or right."""
        self.ahead = ahead
        self.show()

    def show(self) -> None:
        """What the clock says now stands in the journal."""
        clock = self.office.entry.clock
        assert isinstance(clock, MovingClock)
        clock.at = self.now + self.ahead
        note(self.office)

    def early(self) -> bool:
        """Whether the check says that the case went early."""
        with self.office.entry.store.read() as tx:
            return bool(wrongly_destroyed(tx, self.office.entry.clock()))


def destroyed_at_last(world: World, step: Callable[[], None]) -> None:
    """Carries the run out as soon as the function lets it, with a step between two tries."""
    for _ in range(60):
        with suppress(Refused):
            assert disposal.carry_out(world.office.officers[0], 1).destroyed == 1
            return
        step()
    raise AssertionError("it was never carried out")


def wrong_for_a_while(world: World, gone: timedelta, days: int, hours: list[int]) -> None:
    """A clock that is set wrong by so many days, and set right before anybody lived through what it was put back by.
    `gone`: how long ago the case was destroyed.
    """
    world.move(timedelta(days=days))
    for one in hours:
        gone += timedelta(hours=one)
        if days < 0 and gone + timedelta(days=days + 5) > timedelta():
            break
        world.live(one)
    world.now += timedelta(hours=hours[0])
    world.move(timedelta())


EPISODES = st.lists(
    st.tuples(
        st.one_of(st.integers(-4000, -6), st.integers(1, 4000)),
        st.lists(HOURS, min_size=1, max_size=4),
        st.lists(HOURS, max_size=3),
    ),
    max_size=4,
)
LOOK = settings(max_examples=12)


@pytest.fixture(scope="module")
def made(staffed_store: Made, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A store with one run, approved just now."""
    folder = staffed_store.copy_to(tmp_path_factory.mktemp("approved") / "desk")
    office = signed_in(make_entry(open_store(folder, KEY), staffed_store.at))
    done = closed(office)
    note(office)
    assert approved(office, done) == 1
    office.entry.store.close()
    return Made(folder, office.entry.clock())


@contextmanager
def world_of(made: Made) -> Iterator[World]:
    """A copy of it."""
    with TemporaryDirectory() as folder:
        store = open_store(made.copy_to(Path(folder) / "desk"), KEY)
        yield World(signed_in(make_entry(store, made.at)))
        store.close()


@LOOK
@given(grace=st.lists(HOURS, min_size=1, max_size=5), episodes=EPISODES)
def test_a_run_that_was_not_early_is_not_told_once_the_clock_is_right(
    made: Made, grace: list[int], episodes: list[tuple[int, list[int], list[int]]]
) -> None:
    with world_of(made) as world:
        steps = iter(grace * 60)
        destroyed_at_last(world, lambda: world.live(next(steps)))
        gone = world.now
        for days, wrong, right in episodes:
            wrong_for_a_while(world, world.now - gone, days, wrong)
            assert not world.early(), "the clock is right again"
            for one in right:
                world.live(one)
        assert not world.early()


@LOOK
@given(
    lived=st.lists(st.integers(8, 40), max_size=4),
    jumps=st.lists(st.integers(60, 110), min_size=1, max_size=3),
    ahead=st.integers(0, 40),
    after=st.lists(st.integers(8, 100), min_size=30, max_size=40),
    excursion=st.one_of(st.none(), st.tuples(st.integers(0, 8), st.integers(6, 2000))),
    sleep=st.integers(0, 200),
)
def test_a_run_that_was_early_is_told_for_good(
    made: Made,
    lived: list[int],
    jumps: list[int],
    ahead: int,
    after: list[int],
    excursion: tuple[int, int] | None,
    sleep: int,
) -> None:
    """Part of the grace goes by and the clock is put forward over the rest, a few days at a time; then it is right."""
    with world_of(made) as world:
        for one in lived:
            world.live(one)
        steps = iter(jumps * 60)
        destroyed_at_last(world, lambda: world.move(world.ahead + timedelta(hours=next(steps))))
        assert world.now - world.began < timedelta(days=GRACE_DAYS - 5), "it was early"
        world.live(ahead)
        world.move(timedelta())
        assert world.early()
        for number, one in enumerate(after):
            world.live(one)
            if excursion is not None and excursion[0] == number:
                world.move(timedelta(days=excursion[1]))
                world.move(timedelta())
            assert world.early()
        world.now += timedelta(days=sleep)
        world.live(1)
        assert world.early() or excursion is not None


# Who saw the grace go by


def test_two_who_agree_and_move_the_clock_do_not_see_the_grace_go_by_for_others(office: Office) -> None:
    """Whatever they do on the way, also at somebody else's account, and whatever the desk does by itself."""
    done = closed(office)
    run = approved(office, done)
    for _ in range(GRACE_DAYS):
        pass_days(office, 1)
        for user in (office.officers[0].user, office.officers[1].user, None):
            with office.entry.store.write() as tx:
                who = user.id if user else None
                append(tx, at=office.entry.clock(), actor_id=who, action="sign_in", heading=Heading.SYSTEM)
        with pytest.raises(NotSignedIn):
            sign_in(office.entry, office.caseworker.user.username, "not theirs")
    with pytest.raises(Refused, match=r"Nobody but the two .* others saw 5 days go by.* in 9 days"):
        disposal.carry_out(office.officers[0], run)
    assert state_of(office, done) is State.ISSUED
    for days in (5, 3):
        note(office)
        pass_days(office, days)
    with pytest.raises(Refused, match=r"others saw 13 days go by.* in 1 day,"):
        disposal.carry_out(office.officers[0], run)
    note(office)
    pass_days(office, 1)
    assert disposal.carry_out(office.officers[0], run).destroyed == 1
    assert faults(office) == []


def test_a_restore_makes_of_what_others_did_before_it_no_day_that_they_saw(office: Office, tmp_path: Path) -> None:
    done = closed(office)
    file = back_up_unattended(office.entry, tmp_path / "backups").contents.path
    note(office)
    run = approved(office, done)
    home = office.entry.store.path.parent
    for days in (5, 5, 5):
        pass_days(office, days)
        restore_unattended(office.entry, file)
        file = swapping.replaced_files(home)[-1]
    with pytest.raises(Refused, match=r"A backup was restored .* others saw 5 days go by.* in 9 days"):
        disposal.carry_out(office.officers[0], run)
    assert state_of(office, done) is State.ISSUED
