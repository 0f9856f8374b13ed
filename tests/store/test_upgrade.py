"""A store of an earlier program is brought up to date when it is opened, with a copy of it kept beside."""

from __future__ import annotations

import stat
from pathlib import Path

from alembic import command
from alembic.config import Config

import db.migrations
from db.records import State
from db.store import HEAD, create_store, open_store
from desktop.casework.casepage import case_page
from desktop.casework.certificates import ensure_certificate
from desktop.casework.verifying import verify_store
from tests.fixtures import KEY, make_entry, signed_in, staffed


def test_a_store_of_the_first_revision_is_brought_up_to_date(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir(mode=0o700)
    store = create_store(folder, KEY)
    office = staffed(make_entry(store))
    done = office.in_state(State.ISSUED)
    before = case_page(office.caseworker, done.case_id).case
    with store.write() as tx:
        config = Config()
        config.set_main_option("script_location", str(Path(db.migrations.__file__).parent))
        config.attributes["connection"] = tx
        command.downgrade(config, "0001")
    store.close()

    opened = open_store(folder, KEY)
    theirs = signed_in(make_entry(opened))
    assert case_page(theirs.caseworker, done.case_id).case == before
    ensure_certificate(theirs.entry)
    assert theirs.submit(theirs.register()).state is State.SUBMITTED
    assert not [fault for name, faults in verify_store(theirs.entry).checks for fault in faults if name != "Files"]
    opened.close()
    copy = folder / f"desk-before-{HEAD}-from-0001.db"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    content = copy.read_bytes()
    assert b"SQLite format" not in content
    assert b"Kowalczyk" not in content
