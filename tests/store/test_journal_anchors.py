"""Anchors: signed, in the journal and in a file beside it, on a page, and what they show that a chain does not."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from db import journal
from db.people import put_fact
from db.records import Role
from desktop.casework import accounts, anchors
from desktop.casework.anchors import FILE_NAME, anchor_by_itself, make_anchor, save_anchor_page
from desktop.casework.desk import Desk, Refused
from desktop.casework.verifying import verify_store
from desktop.security.anchors import Anchor, public_of, read_anchor, sign_anchor
from tests.fixtures import Office, make_entry
from tests.letters.reading import text_of
from tests.store.disposing import pass_days

CUT = (
    "DELETE FROM journal WHERE seq > 3",
    "UPDATE sqlite_sequence SET seq = 3 WHERE name = 'journal'",
)


@pytest.fixture
def auditor(office: Office) -> Desk:
    return office.desk(Role.AUDITOR)


def file_of(office: Office) -> Path:
    return office.entry.store.path.parent / FILE_NAME


def found(office: Office, name: str = "Anchors") -> tuple[str, ...]:
    return dict(verify_store(office.entry).checks)[name]


def behind_the_guards(office: Office, *statements: str) -> None:
    with office.entry.store.write() as tx:
        made = {
            name: tx.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": name}).scalar_one()
            for name in ("journal_no_update", "journal_no_delete", "journal_chained")
        }
        for name in made:
            tx.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            tx.exec_driver_sql(statement)
        for sql in made.values():
            tx.exec_driver_sql(sql)


def actions(office: Office) -> list[str]:
    with office.entry.store.read() as tx:
        return [one.action for one in journal.entries(tx, limit=10_000)]


def test_an_anchor_stands_in_the_journal_and_in_a_private_file(office: Office, auditor: Desk) -> None:
    office.register()
    made = make_anchor(auditor)
    assert actions(office)[-2:] == ["anchor_key", "anchor"]
    assert made.count == made.seq
    line = file_of(office).read_text()
    assert read_anchor(line) == made
    assert stat.S_IMODE(file_of(office).stat().st_mode) == 0o600
    assert verify_store(office.entry).sound
    again = make_anchor(auditor)
    assert again.seq == made.seq + 1, "the second one stands on the first, and on its key"
    assert len(file_of(office).read_text().splitlines()) == 2
    assert [row.wrong for row in anchors.anchors(auditor)] == ["", ""]


def test_the_desk_anchors_by_itself_what_is_new(office: Office) -> None:
    anchor_by_itself(office.entry)
    anchor_by_itself(office.entry)
    assert actions(office).count("anchor") == 1
    office.register()
    anchor_by_itself(office.entry)
    assert actions(office).count("anchor") == 2
    assert verify_store(office.entry).sound


def test_only_those_who_check_the_journal_anchor_it(office: Office) -> None:
    for role in (Role.CASEWORKER, Role.REVIEWER, Role.GUARDIAN, Role.RECORDS_OFFICER):
        with pytest.raises(Refused):
            make_anchor(office.desk(role))
        with pytest.raises(Refused):
            anchors.anchors(office.desk(role))


def test_an_end_that_was_cut_off_with_its_numbers_is_found_by_the_file(office: Office, auditor: Desk) -> None:
    for _ in range(3):
        organisation = accounts.organisation(office.entry)
        accounts.save_organisation(office.desk(Role.ADMINISTRATOR), organisation)
    made = make_anchor(auditor)
    behind_the_guards(office, *CUT)
    assert found(office, "Journal") == (), "the chain itself is whole"
    assert found(office)[-1] == (
        f"line 1 of {FILE_NAME}: the journal has no entry {made.seq} any more: its end was cut off, or an older copy "
        "was put back"
    )


def test_a_journal_that_was_made_anew_is_found(office: Office, auditor: Desk) -> None:
    made = make_anchor(auditor)
    with office.entry.store.read() as tx:
        before = [one for one in journal.entries(tx, limit=10_000) if one.seq < made.seq]
    behind_the_guards(office, "DELETE FROM journal", "DELETE FROM sqlite_sequence WHERE name = 'journal'")
    with office.entry.store.write() as tx:
        for one in [*before, before[-1]]:
            data = dict(one.data) if one.action != "set_up" else {"forged": 1}
            journal.append(
                tx, at=one.at, actor_id=one.actor_id, action=one.action, heading=one.heading, case_id=None, data=data
            )
    assert any(f"entry {made.seq} is another one than when it was anchored" in one for one in found(office))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda said: said.replace("on 2026", "on 2027"), "its signature is wrong"),
        (lambda said: "x" + said, f"line 1 of {FILE_NAME} was changed"),
        (lambda said: "", f"{FILE_NAME} lacks 1 of the journal’s anchors"),
        (lambda said: said.replace("anchor of store ", "anchor of store f"), "is of another store"),
    ],
)
def test_a_changed_file_is_found(office: Office, auditor: Desk, damage: object, said: str) -> None:
    make_anchor(auditor)
    path = file_of(office)
    path.write_text(damage(path.read_text()))  # type: ignore[operator]
    assert any(said in one for one in found(office)), found(office)


def test_a_key_that_the_journal_does_not_know_is_found(office: Office, auditor: Desk) -> None:
    make_anchor(auditor)
    secret = bytes(range(32))
    with office.entry.store.write() as tx:
        put_fact(tx, "anchor_key.2", public_of(secret).hex())
    assert [one for one in found(office) if one.endswith("is not in the journal")]


def test_a_journal_made_anew_with_another_key_does_not_fit_the_desks_own(office: Office, auditor: Desk) -> None:
    make_anchor(auditor)
    assert found(office) == ()
    office.entry.secrets.forget("journal")
    office.entry.secrets.make("journal")
    assert [one for one in found(office) if "is none that the journal knows" in one]


def test_an_anchor_by_somebody_elses_key_is_found(office: Office, auditor: Desk) -> None:
    made = make_anchor(auditor)
    forged = sign_anchor(
        bytes(range(32)), store=made.store, at=made.at, seq=made.seq, count=made.count, entry_hash=made.hash
    )
    with file_of(office).open("a") as file:
        file.write(f"{forged.line}\n")
    assert [one for one in found(office) if "a key that this desk never had" in one]


def test_a_broken_chain_is_not_anchored(office: Office, auditor: Desk) -> None:
    make_anchor(auditor)
    office.register()
    behind_the_guards(office, "UPDATE journal SET action = 'forged' WHERE action = 'register'")
    with pytest.raises(Refused, match="is not sound"):
        make_anchor(auditor)
    anchor_by_itself(office.entry)
    assert actions(office).count("anchor") == 1


def test_a_desk_that_lost_its_key_goes_on_with_a_new_one(office: Office, auditor: Desk) -> None:
    first = make_anchor(auditor)
    office.entry.secrets.forget("journal")
    second = make_anchor(auditor)
    assert first.key != second.key
    assert actions(office).count("anchor_key") == 2
    assert verify_store(office.entry).sound


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_anchored(office: Office, auditor: Desk) -> None:
    file_of(office).mkdir()
    with pytest.raises(Refused, match="cannot be written"):
        make_anchor(auditor)
    assert "anchor" not in actions(office)
    file_of(office).rmdir()


def test_the_page_says_what_is_compared(office: Office, auditor: Desk, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no anchor yet"):
        save_anchor_page(auditor, tmp_path / "page.pdf")
    made = make_anchor(auditor)
    out = tmp_path / "page.pdf"
    save_anchor_page(auditor, out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    said = text_of(out.read_bytes())
    assert f"entry {made.seq} was the last" in said
    assert made.key in said
    for group in range(0, 64, 4):
        assert made.hash[group : group + 4].upper() in said
    assert actions(office)[-1] == "save_anchor_page"


def test_a_line_says_all_that_is_signed() -> None:
    made = sign_anchor(b"k" * 32, store="abc", at="2026-06-10T09:30:00.000000Z", seq=7, count=7, entry_hash="0" * 64)
    assert made.holds(public_of(b"k" * 32))
    assert not made.holds(public_of(b"l" * 32))
    assert read_anchor(made.line + "\n") == made
    for other in (made.line[:-1], made.line + " ", made.line.upper(), ""):
        assert read_anchor(other) is None
    changed = Anchor(made.store, made.at, 8, made.count, made.hash, made.key, made.signature)
    assert not changed.holds(public_of(b"k" * 32))


def test_a_key_that_does_not_open_is_seen_and_so_is_what_is_not_anchored(office: Office) -> None:
    anchor_by_itself(office.entry)
    pass_days(office, 30)
    office.register()
    assert not found(office), "the desk was not used, so there was nothing to anchor"
    (key,) = [one for one in office.entry.store.path.parent.iterdir() if "journal" in one.name]
    key.write_bytes(b"damaged")
    pass_days(office, 3)
    office.register()
    # As the desk is after the next start: what was opened before is not known any more.
    entry = replace(office.entry, secrets=make_entry(office.entry.store).secrets)
    anchor_by_itself(entry)
    said = dict(verify_store(entry).checks)["Anchors"]
    assert any("the key that anchors are signed with does not open here" in one for one in said)
    assert any("nothing was anchored since entry" in one for one in said)
