"""The first start: the store, its key, its recovery sheet; and every way of opening it again."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from db.certificates import certificates
from db.journal import entries
from db.migrations import guards
from db.records import Organisation, Role
from desktop.casework import accounts, setup
from desktop.casework.accounts import NewUser
from desktop.casework.desk import Entry, Invalid, Refused
from desktop.casework.recoverysheets import SheetState, keep_sheet, make_sheet, sheet_state
from desktop.casework.verifying import verify_store
from desktop.security.keys import KeyNotSaved, KeyringMissing, PassphraseNeeded, WrongPassphrase, WrongRecoveryCode
from desktop.security.signingsecrets import PREFIX
from tests.fixtures import Office
from tests.letters.reading import text_of

ORGANISATION = Organisation(
    name="Meridian Health Records",
    team="Disclosure team",
    address="Castlegate House\nNorthbridge NB1 4QT",
    phone="01632 960148",
    email="tracing@meridian.example",
    hours="9am to 5pm, Monday to Friday",
    signatory_name="Margaret Ellison",
    signatory_title="Head of Disclosure",
)
START = setup.FirstStart(
    ORGANISATION,
    NewUser("sam.kerrigan", "Sam Kerrigan", Role.ADMINISTRATOR, "seven tall lanterns"),
    passphrase="a quiet harbour at dawn",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "desk"
    made.mkdir(mode=0o700)
    return made


def test_a_store_with_a_passphrase(folder: Path) -> None:
    created = setup.create(folder, START)
    assert created.recovery_sheet.startswith(b"%PDF-")
    assert verify_store(created.entry).sound
    created.entry.store.close()
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0
        content = path.read_bytes()
        assert created.recovery_code.encode() not in content
        assert START.passphrase.encode() not in content
    with pytest.raises(WrongPassphrase):
        setup.open_entry(folder, lambda: "wrong")
    entry = setup.open_entry(folder, lambda: START.passphrase)
    assert accounts.sign_in(entry, "sam.kerrigan", "seven tall lanterns").user.role is Role.ADMINISTRATOR
    assert accounts.organisation(entry) == ORGANISATION
    entry.store.close()


def test_the_recovery_sheet_opens_the_store(folder: Path) -> None:
    created = setup.create(folder, START)
    created.entry.store.close()
    typed = created.recovery_code.replace("-", " ").lower()
    entry = setup.open_recovered(folder, typed)
    with entry.store.read() as tx:
        assert list(entries(tx))[-1].action == "open_recovered"
    assert accounts.users(entry)
    entry.store.close()
    with pytest.raises(WrongRecoveryCode):
        setup.open_recovered(folder, typed[:-1] + ("0" if typed[-1] != "0" else "1"))


def journalled(entry: Entry) -> list[str]:
    with entry.store.read() as tx:
        return [one.action for one in entries(tx)]


def test_a_sheet_is_not_kept_until_somebody_says_so(folder: Path) -> None:
    created = setup.create(folder, START)
    desk = accounts.sign_in(created.entry, "sam.kerrigan", "seven tall lanterns")
    assert sheet_state(desk) is SheetState.MADE
    keep_sheet(created.entry)
    keep_sheet(desk)
    assert sheet_state(desk) is SheetState.KEPT
    assert journalled(desk).count("keep_recovery_sheet") == 1
    assert verify_store(desk).sound
    created.entry.store.close()


def test_an_administrator_makes_a_new_sheet_with_their_password(folder: Path) -> None:
    created = setup.create(folder, START)
    keep_sheet(created.entry)
    desk = accounts.sign_in(created.entry, "sam.kerrigan", "seven tall lanterns")
    with pytest.raises(Invalid, match="not your password"):
        make_sheet(desk, "seven tall lantern")
    assert sheet_state(desk) is SheetState.KEPT
    assert "make_recovery_sheet" not in journalled(desk)
    sheet = make_sheet(desk, "seven tall lanterns")
    assert sheet_state(desk) is SheetState.MADE
    assert journalled(desk).count("make_recovery_sheet") == 1
    keep_sheet(desk)
    assert sheet_state(desk) is SheetState.KEPT
    created.entry.store.close()
    with pytest.raises(WrongRecoveryCode):
        setup.open_recovered(folder, created.recovery_code)
    halves = re.findall(r"(?:[0-9A-HJKMNP-TV-Z]{5} ){3}[0-9A-HJKMNP-TV-Z]{5}", text_of(sheet))
    setup.open_recovered(folder, " ".join(halves)).store.close()


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.ADMINISTRATOR])
def test_nobody_else_makes_a_recovery_sheet(office: Office, role: Role) -> None:
    for does in (sheet_state, keep_sheet, lambda desk: make_sheet(desk, "sample-desk")):
        with pytest.raises(Refused, match="Your role"):
            does(office.desk(role))


def test_a_sheet_whose_key_cannot_be_saved_is_not_taken_for_kept(folder: Path) -> None:
    created = setup.create(folder, START)
    keep_sheet(created.entry)
    desk = accounts.sign_in(created.entry, "sam.kerrigan", "seven tall lanterns")
    kept = folder / "store.recovery"
    kept.rename(folder / "elsewhere")
    kept.mkdir()
    with pytest.raises(KeyNotSaved):
        make_sheet(desk, "seven tall lanterns")
    assert sheet_state(desk) is SheetState.MADE
    assert "make_recovery_sheet" not in journalled(desk)
    created.entry.store.close()


def test_without_keyring_and_passphrase_there_is_no_store(folder: Path) -> None:
    assert not setup.has_keyring()
    with pytest.raises(KeyringMissing):
        setup.create(folder, replace(START, passphrase=""))
    assert not setup.has_store(folder)


@pytest.mark.parametrize(
    "start",
    [
        replace(START, organisation=replace(ORGANISATION, name="")),
        replace(START, administrator=replace(START.administrator, password="short")),
        replace(START, administrator=replace(START.administrator, username="")),
    ],
)
def test_a_wrong_set_up_makes_nothing(folder: Path, start: setup.FirstStart) -> None:
    with pytest.raises(Invalid):
        setup.create(folder, start)
    assert list(folder.iterdir()) == []


def test_a_second_store_is_not_made_over_the_first(folder: Path) -> None:
    setup.create(folder, START).entry.store.close()
    before = (folder / "desk.db").read_bytes()
    with pytest.raises(setup.StoreExists):
        setup.create(folder, START)
    with pytest.raises(setup.StoreExists):
        setup.create_sample(folder)
    assert (folder / "desk.db").read_bytes() == before


def test_a_passphrase_is_asked_for(folder: Path) -> None:
    setup.create(folder, START).entry.store.close()

    def refuse() -> str:
        raise PassphraseNeeded

    with pytest.raises(PassphraseNeeded):
        setup.open_entry(folder, refuse)


def test_a_key_without_its_store_is_not_written_over(folder: Path) -> None:
    setup.create(folder, START).entry.store.close()
    (folder / "desk.db").rename(folder.parent / "desk.db")
    for path in folder.glob("desk.db*"):
        path.unlink()
    for make in (lambda: setup.create(folder, START), lambda: setup.create_sample(folder)):
        with pytest.raises(setup.StoreExists, match="not its file"):
            make()
    (folder.parent / "desk.db").rename(folder / "desk.db")
    setup.open_entry(folder, lambda: START.passphrase).store.close()


def test_a_set_up_that_was_cut_off_leaves_room_for_the_next(folder: Path) -> None:
    making = folder / setup.STAGING
    making.mkdir()
    (making / "desk.db").write_bytes(b"half")
    setup.create(folder, START).entry.store.close()
    assert not making.exists()


@pytest.mark.parametrize("field", ["team", "hours", "phone", "signatory_title"])
def test_what_a_letter_needs_the_set_up_asks_for(folder: Path, field: str) -> None:
    changes: dict[str, Any] = {field: " "}
    with pytest.raises(Invalid) as caught:
        setup.create(folder, replace(START, organisation=replace(ORGANISATION, **changes)))
    assert [problem.field for problem in caught.value.problems] == [field]


@pytest.mark.parametrize("name", ["Sam\u202eKerrigan", "Sam\x00", "S\ud800m", "x" * 100_000])
def test_hostile_names_are_refused(folder: Path, name: str) -> None:
    for start in (
        replace(START, administrator=replace(START.administrator, name=name)),
        replace(START, organisation=replace(ORGANISATION, name=name)),
    ):
        with pytest.raises(Invalid):
            setup.create(folder, start)


def test_a_store_of_before_has_a_certificate_from_its_first_opening(folder: Path) -> None:
    created = setup.create(folder, START)
    with created.entry.store.write() as tx:
        tx.execute(text("DROP TRIGGER certificate_no_delete"))
        tx.execute(text("DELETE FROM certificate"))
        tx.execute(text(guards()["certificate_no_delete"]))
    created.entry.store.close()
    for path in folder.glob(f"{PREFIX}*"):
        path.unlink()
    opened = setup.open_entry(folder, lambda: START.passphrase)
    assert verify_store(opened).sound
    with opened.store.read() as tx:
        (made,) = certificates(tx)
        last = list(entries(tx))[-1]
    assert (last.action, last.actor_id) == ("first_certificate", None)
    opened.store.close()
    again = setup.open_entry(folder, lambda: START.passphrase)
    with again.store.read() as tx:
        assert certificates(tx) == (made,)
    again.store.close()


def test_the_recovery_key_alone_signs_nothing(folder: Path) -> None:
    created = setup.create(folder, START)
    created.entry.store.close()
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    for name in ("desk.db", "store.id", "store.recovery"):
        shutil.copy(folder / name, elsewhere / name)
    entry = setup.open_recovered(elsewhere, created.recovery_code)
    (matter,) = dict(verify_store(entry).checks)["Certificate"]
    assert matter.startswith("The key that letters are signed with does not open here.")
    assert "Ask an administrator to make or import a certificate" in matter
    entry.store.close()
