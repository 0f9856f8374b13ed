"""What a restore does to cases under a hold: it is said before, and nobody lets go of them alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from db import swapping
from db.records import Role
from desktop.casework import restorepreview, restoring
from desktop.casework.desk import Refused
from tests.fixtures import Office
from tests.store.backing import backed_up, held, released, restored
from tests.store.disposing import closed
from tests.store.holding import over, reference
from tests.store.test_put_back import opened


def test_cases_under_a_hold_that_a_restore_loses_are_named_and_not_let_go_of(office: Office, tmp_path: Path) -> None:
    path = backed_up(office, tmp_path / "backups")
    done, other = closed(office), closed(office)
    named = reference(office, done)
    number = held(office, done.case_id)
    seen = restorepreview.preview_restore(office.entry, path)
    assert set(seen.lost) == {named, reference(office, other)}
    assert f"1 of them is under a hold: {named}." in seen.sentences()
    restored(office, path)
    again = opened(office)
    administrator = again.desk(Role.ADMINISTRATOR)
    with pytest.raises(Refused, match=f"1 case under a hold that the restored store lacks: {named}"):
        restoring.confirm_restore(administrator)
    # The way out: back to it, and the hold released there by two.
    (kept,) = swapping.replaced_files(again.entry.store.path.parent)
    restored(again, kept)
    back = opened(again)
    assert over(back, done) == [number]
    released(back, number)
    assert restoring.confirm_restore(back.desk(Role.ADMINISTRATOR)) == 2
    back.entry.store.close()


def test_a_case_under_a_hold_that_goes_back_is_named(office: Office, tmp_path: Path) -> None:
    first, second = office.register(person=1), office.register(person=2)
    path = backed_up(office, tmp_path / "backups")
    office.save(first, person__nhs_number="943 476 5919")
    office.save(second, person__nhs_number="943 476 5870")
    held(office, first.case_id)
    seen = restorepreview.preview_restore(office.entry, path)
    assert (len(seen.older), seen.lost) == (2, ())
    assert f"1 of them is under a hold: {reference(office, first)}." in seen.sentences()
