"""A hold on a person goes as far after a restore as before it, whatever the backup lacks."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from db import journal
from db.store import FILE
from desktop.casework import holds, keptlists, restorepreview
from desktop.casework.heldcopies import read_copy
from desktop.casework.holds import DecideRelease, ProposeRelease
from desktop.casework.sample import MovingClock
from tests.fixtures import KEY, Office
from tests.store.backing import backed_up, held, restored
from tests.store.disposing import closed, pass_days
from tests.store.holding import over, place, reference, row_of, same_person
from tests.store.test_held_copy import amiss, brought_back, home_of, lost
from tests.store.test_put_back import opened


def _after(office: Office, path: Path, how: str) -> tuple[list[str], Office]:
    """What is said before, and the office after a restore over a store that can be read, or is lost."""
    if how == "lost":
        lost(office)
        seen, _, again = brought_back(office, path)
        return seen.sentences(), again
    seen = restorepreview.preview_restore(office.entry, path)
    restored(office, path)
    return seen.sentences(), opened(office)


WAYS = pytest.mark.parametrize("how", ["readable", "lost"])


@WAYS
@pytest.mark.parametrize("form", ["newer", "without the number"])
def test_what_a_hold_on_a_person_stood_over_stays_held(office: Office, tmp_path: Path, how: str, form: str) -> None:
    done = closed(office)
    named = reference(office, done)
    draft = office.register(person__nhs_number="") if form != "newer" else None
    path = backed_up(office, tmp_path / "backups")
    if draft is None:
        about = office.register()
    else:
        about = draft
        office.save(draft, person__nhs_number="943 476 5919")
    place(office.officers[0], person_of=reference(office, about))
    assert len(over(office, done)) == 1
    seen, again = _after(office, path, how)
    joins = "the backup lacks what joins a hold on a person to it"
    assert f"1 case gets a hold of its own, since {joins}: {named}." in seen
    (number,) = over(again, done)
    row = row_of(again.guardian, number)
    assert (row.hold.case_reference, row.hold.authority) == (named, "Public inquiry, terms of 3 May")
    with again.entry.store.read() as tx:
        entry = next(one for one in journal.of_action(tx, "place_hold") if one.data["hold"] == number)
    assert (entry.actor_id, entry.data["by"]) == (None, "copy" if how == "lost" else "restore")
    assert [one for one in amiss(again) if "hold" in one.lower()] == []
    # Nor does the next restore place it once more, or place it again once two people released it.
    first, second = again.officers
    holds.propose_release(first, ProposeRelease(hold_id=number, because="It is over."))
    holds.decide_release(second, DecideRelease(hold_id=number, release=True, because="It is over."))
    _, last = _after(again, path, "readable")
    assert over(last, done) == []
    last.entry.store.close()


@WAYS
def test_one_person_counts_while_a_hold_stands_whatever_the_clock_said(
    office: Office, tmp_path: Path, how: str
) -> None:
    first, second = office.register(person=1), office.register(person=2)
    clock = office.entry.clock
    assert isinstance(clock, MovingClock)
    right = clock.at
    clock.at = right + timedelta(days=365 * 30)
    same_person(office, first, second, same=False)
    clock.at = right + timedelta(hours=1)
    path = backed_up(office, tmp_path / "backups")
    same_person(office, first, second, same=True)
    number = place(office.officers[0], person_of=reference(office, first))
    assert over(office, second) == [number]
    _, again = _after(office, path, how)
    assert over(again, second) == [number]
    again.entry.store.close()


def test_someone_else_said_in_an_older_store_frees_nothing(office: Office, tmp_path: Path) -> None:
    first, second = office.register(person=1), office.register(person=2)
    home = home_of(office)
    same_person(office, first, second, same=True)
    office.entry.store.empty_log()
    shutil.copy(home / FILE, tmp_path / "older.db")
    pass_days(office, 1)
    number = place(office.officers[0], person_of=reference(office, first))
    path = backed_up(office, tmp_path / "backups")
    office.entry.store.close()
    shutil.copy(tmp_path / "older.db", home / FILE)
    again = opened(office)
    pass_days(again, 1)
    same_person(again, first, second, same=False)
    keptlists.write_lists(again.entry)
    assert len(read_copy(home, KEY).rows["link"]) == 1
    restored(again, path)
    last = opened(again)
    assert over(last, second) == [number]
    last.entry.store.close()


def test_steps_stay_in_the_order_in_which_they_were_taken(office: Office, tmp_path: Path) -> None:
    number = held(office, closed(office).case_id)
    path = backed_up(office, tmp_path / "backups")
    first, second = office.officers
    clock = office.entry.clock
    assert isinstance(clock, MovingClock)
    right = clock.at
    clock.at = right + timedelta(days=365 * 30)
    holds.propose_release(first, ProposeRelease(hold_id=number, because="It is over."))
    clock.at = right + timedelta(hours=1)
    holds.decide_release(second, DecideRelease(hold_id=number, release=False, because="It is not."))
    lost(office)
    _, _, again = brought_back(office, path)
    assert [one.step for one in row_of(again.guardian, number).hold.steps] == ["propose", "keep"]
    again.entry.store.close()
