"""Cases that are handed over: proposed, approved, each in a sealed package that its recipient opens, then gone."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from db.records import State
from desktop.casework import disposal, transferring
from desktop.casework.anchors import public_keys, store_name
from desktop.casework.attachments import AddAttachment, add_attachment
from desktop.casework.casepage import case_page, open_case
from desktop.casework.desk import Done, Invalid, Refused
from desktop.casework.disposal import DecideRun, ProposeRun, Sealing
from desktop.casework.issuing import Issue, issue
from desktop.casework.stubs import IsDestroyed
from desktop.security.packages import MANIFEST, PackageDamaged, open_package, seal_package
from desktop.security.sealed import Cost, DoesNotOpen
from tests.fixtures import Office, on
from tests.letters.reading import text_of
from tests.store.disposing import WHY, faults, many_closed, moment, pass_days, pass_grace, state_of, statement
from tests.store.test_kept_beside import _DESTROY

TO = "Westmere Record Office"
PHRASE = "seven grey herons wade"
QUICK = Cost(memory_kib=64, passes=1, lanes=1)


def sealing(folder: Path) -> Sealing:
    return Sealing(folder, PHRASE, QUICK)


def handing_over(office: Office, *cases: Done) -> int:
    """An approved run past its days of grace that hands these cases over."""
    first, second = office.officers
    command = ProposeRun(case_ids=tuple(one.case_id for one in cases), because=WHY, transfer_to=TO)
    run = disposal.propose_run(first, command)
    disposal.decide_run(second, DecideRun(run_id=run, approved=True))
    pass_grace(office)
    return run


def packages(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.tdpackage"))


def test_a_case_goes_over_whole_and_its_stub_says_where_it_is(office: Office, tmp_path: Path) -> None:
    done, other = many_closed(office, 2)
    letter = case_page(office.caseworker, done.case_id).case.letter
    assert letter is not None
    family = case_page(office.caseworker, done.case_id).case.row.family_name
    run = handing_over(office, done, other)
    found = disposal.carry_out(office.officers[0], run, sealing=sealing(tmp_path))
    assert (found.destroyed, found.kept, found.left) == (2, 0, 0)
    assert state_of(office, done) is State.DESTROYED
    one, two = packages(tmp_path)
    assert stat.S_IMODE(one.stat().st_mode) == 0o600
    data = one.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    for secret in (family.encode(), b"%PDF", PHRASE.encode(), b"person."):
        assert secret not in data, "nothing of it stands in clear"
    opened = open_package(data, PHRASE)
    assert opened.said["reference"] == one.stem
    assert (opened.said["to"], opened.said["run"]) == (TO, run)
    with office.entry.store.read() as tx:
        assert opened.key in public_keys(tx), "signed with the key of the anchors"
    held = json.loads(opened.files["case.json"])
    assert held["cases"][0]["family_name"] == family
    assert {row["field"] for row in held["answer"]} >= {"person.family_name", "ground.ground"}
    assert len(held["journal"]) > 5
    assert any(row["name"] == office.caseworker.user.name for row in held["people"])
    pdf = opened.files[f"letters/{letter.number}.pdf"]
    assert hashlib.sha256(pdf).hexdigest() == letter.sha256
    with pytest.raises(IsDestroyed) as gone:
        open_case(office.officers[0], done.case_id)
    ended = gone.value.stub.ended
    assert ended is not None
    assert (ended.transfer_to, ended.package) == (TO, digest)
    _number, content, page = disposal.read_certificate(office.officers[0], run)
    told = json.loads(content)
    assert told["transfer_to"] == TO
    assert told["cases"][0]["package"] == digest
    assert f"2 cases were handed over to {TO} in sealed packages, and then destroyed." in " ".join(
        text_of(page).split()
    )
    assert digest in text_of(page).replace(" ", "").replace("\n", "").lower()
    assert two.stem in text_of(page)
    with office.entry.store.read() as tx:
        rows = tx.execute(
            text("SELECT action, data FROM journal WHERE heading = 'disclosure' AND action = 'hand_over'")
        )
        assert [json.loads(row.data)["to"] for row in rows] == [TO, TO]
    assert not faults(office)


def test_who_gets_it_opens_it_into_a_folder_of_their_own(office: Office, tmp_path: Path) -> None:
    (done,) = many_closed(office, 1)
    disposal.carry_out(office.officers[0], handing_over(office, done), sealing=sealing(tmp_path))
    (file,) = packages(tmp_path)
    out = tmp_path / "theirs"
    with pytest.raises(DoesNotOpen):
        transferring.unpack(file, "another phrase", out)
    assert not out.exists()
    opened = transferring.unpack(file, PHRASE, out)
    assert {str(one.relative_to(out)) for one in out.rglob("*") if one.is_file()} == set(opened.files)
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    with pytest.raises(FileExistsError):
        transferring.unpack(file, PHRASE, out)


def test_every_byte_of_a_package_counts(office: Office, tmp_path: Path) -> None:
    (done,) = many_closed(office, 1)
    disposal.carry_out(office.officers[0], handing_over(office, done), sealing=sealing(tmp_path))
    data = packages(tmp_path)[0].read_bytes()
    for at in (0, 10, data.index(b"\n") - 3, data.index(b"\n") + 1, len(data) // 2, len(data) - 1):
        spoilt = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises((PackageDamaged, DoesNotOpen)):
            open_package(spoilt, PHRASE)
    for cut in (b"", data[:100], data[:-1]):
        with pytest.raises((PackageDamaged, DoesNotOpen)):
            open_package(cut, PHRASE)


def test_a_package_of_somebody_else_says_so_or_is_refused(office: Office) -> None:
    made = seal_package({"a.txt": b"x"}, {"reference": "TR-1"}, bytes(32), PHRASE, office.entry.random, QUICK)
    with office.entry.store.read() as tx:
        assert open_package(made, PHRASE).key not in public_keys(tx)
    for path in ("../a.txt", "/etc/x", "a/../../b", "a\\b"):
        made = seal_package({path: b"x"}, {}, bytes(32), PHRASE, office.entry.random, QUICK)
        with pytest.raises(PackageDamaged, match="elsewhere"):
            open_package(made, PHRASE)
    assert (
        MANIFEST
        not in open_package(seal_package({"a": b""}, {}, bytes(32), PHRASE, office.entry.random, QUICK), PHRASE).files
    )


def test_nothing_goes_without_a_package(office: Office, tmp_path: Path) -> None:
    (done,) = many_closed(office, 1)
    run = handing_over(office, done)
    officer = office.officers[0]
    with pytest.raises(Refused, match="say where the packages go"):
        disposal.carry_out(officer, run)
    for phrase, why in (("short", "at least 12"), ("password1234", "guessed first")):
        with pytest.raises(Invalid, match=why):
            disposal.carry_out(officer, run, sealing=Sealing(tmp_path, phrase, QUICK))
    with pytest.raises(Refused, match="no such folder"):
        disposal.carry_out(officer, run, sealing=sealing(tmp_path / "none"))
    with pytest.raises(Refused, match="Choose another folder for the packages"):
        disposal.carry_out(officer, run, sealing=sealing(office.entry.store.path.parent))
    by = {"by": officer.user.id, "at": moment(office), "id": done.case_id, "run": run}
    statement(office, _DESTROY, by=officer.user.id, at=moment(office), id=done.case_id)
    into = "INSERT INTO transfer_package VALUES (:run, :id, :sha, 10, :by, :at)"
    statement(office, into, **by, sha="x")
    # The journal does not say that the case goes.
    statement(office, into, **by, sha="0" * 64)
    statement(office, into, **(by | {"by": office.caseworker.user.id}), sha="0" * 64)
    statement(office, into, **(by | {"run": run + 1}), sha="0" * 64)
    statement(office, "UPDATE disposal_transfer SET recipient = 'me'")
    statement(office, "DELETE FROM disposal_transfer")
    assert state_of(office, done) is State.ISSUED
    disposal.carry_out(officer, run, sealing=sealing(tmp_path))
    for sql in ("DELETE FROM transfer_package", "UPDATE transfer_package SET sha256 = 'x'"):
        statement(office, sql)


def test_a_run_is_no_transfer_after_it_was_decided_and_a_transfer_is_as_approved_as_any(office: Office) -> None:
    done, other = many_closed(office, 2)
    first, second = office.officers
    run = disposal.propose_run(first, ProposeRun(case_ids=(done.case_id,), because=WHY))
    disposal.decide_run(second, DecideRun(run_id=run, approved=True))
    statement(office, "INSERT INTO disposal_transfer VALUES (:run, 'X')", run=run)
    over = disposal.propose_run(first, ProposeRun(case_ids=(other.case_id,), because=WHY, transfer_to=f" {TO} "))
    with pytest.raises(Refused, match="You proposed"):
        disposal.decide_run(first, DecideRun(run_id=over, approved=True))
    with pytest.raises(Refused, match="approves this run first"):
        disposal.carry_out(first, over)
    assert [one.transfer_to for one in disposal.runs(first)] == [TO, ""]


def reference_of(office: Office, done: Done) -> str:
    return case_page(office.caseworker, done.case_id).case.row.reference


def test_a_crash_after_the_package_leaves_the_case_and_the_next_try_makes_it_anew(
    office: Office, tmp_path: Path
) -> None:
    (done,) = many_closed(office, 1)
    run = handing_over(office, done)
    left = tmp_path / f"{reference_of(office, done)}.tdpackage"
    with office.entry.store.read() as tx:
        said = {"reference": left.stem, "store": store_name(tx), "run": run}
    left.write_bytes(seal_package({}, said, bytes(32), PHRASE, office.entry.random, QUICK))
    # What kill -9 left: of a program that is gone, and of one that runs.
    gone, runs, other = (tmp_path / f".TR-000009-9.tdpackage.{one}.new" for one in ("4194305", os.getppid(), "x"))
    for one in (gone, runs, other):
        one.write_bytes(b"half a package")
    found = disposal.carry_out(office.officers[0], run, sealing=sealing(tmp_path))
    assert found.destroyed == 1
    assert open_package(left.read_bytes(), PHRASE).said["to"] == TO
    assert [one.exists() for one in (gone, runs, other)] == [False, True, True]


def test_a_package_of_another_desk_is_never_written_over(office: Office, tmp_path: Path) -> None:
    (done,) = many_closed(office, 1)
    run = handing_over(office, done)
    place = tmp_path / f"{reference_of(office, done)}.tdpackage"
    with office.entry.store.read() as tx:
        said = {"reference": place.stem, "store": store_name(tx), "run": run}
    others = [
        (said, "another passphrase"),
        (said | {"store": "x"}, PHRASE),
        (said | {"run": run + 1}, PHRASE),
        (said | {"reference": "TR-000009-9"}, PHRASE),
    ]
    made = [seal_package({}, one, bytes(32), phrase, office.entry.random, QUICK) for one, phrase in others]
    for content in (b"a letter", *made):
        place.write_bytes(content)
        with pytest.raises(Refused, match=f"{place.name} is in the way.*Choose another folder"):
            disposal.carry_out(office.officers[0], run, sealing=sealing(tmp_path))
        assert place.read_bytes() == content
        assert state_of(office, done) is State.ISSUED
    (tmp_path / "other").mkdir()
    assert disposal.carry_out(office.officers[0], run, sealing=sealing(tmp_path / "other")).destroyed == 1


def test_where_it_cannot_be_written_the_case_stays_and_the_run_goes_on_later(office: Office, tmp_path: Path) -> None:
    (done,) = many_closed(office, 1)
    run = handing_over(office, done)
    name = f"{case_page(office.caseworker, done.case_id).case.row.reference}.tdpackage"
    (tmp_path / name).mkdir()
    with pytest.raises(Refused, match="cannot be written there"):
        disposal.carry_out(office.officers[0], run, sealing=sealing(tmp_path))
    assert state_of(office, done) is State.ISSUED
    assert disposal.run_items(office.officers[0], run)[0].destroyed is None
    assert not [one for one in tmp_path.iterdir() if one.is_file()], "nothing is left behind"
    (tmp_path / name).rmdir()
    assert disposal.carry_out(office.officers[0], run, sealing=sealing(tmp_path)).destroyed == 1


def test_what_is_held_by_then_is_not_packed(office: Office, tmp_path: Path) -> None:
    done, other = many_closed(office, 2)
    run = handing_over(office, done, other)
    office.sent(done)
    found = disposal.carry_out(office.officers[0], run, sealing=sealing(tmp_path))
    assert (found.destroyed, found.kept) == (1, 1)
    assert len(packages(tmp_path)) == 1


def test_the_files_of_a_case_go_with_it_by_names_that_stay_in_their_folder(office: Office, tmp_path: Path) -> None:
    done = office.register()
    note = b"An invented note."
    add_attachment(office.caseworker, AddAttachment(**on(done), name="From .. the force.txt", content=note))
    row = case_page(office.caseworker, done.case_id).case.row
    done = office.submit(Done(row.id, row.version, row.state))
    issue(office.caseworker, Issue(**on(office.release(office.traced(office.approve(done))))))
    pass_days(office, 3 * 366)
    disposal.carry_out(office.officers[0], handing_over(office, done), sealing=sealing(tmp_path))
    opened = open_package(packages(tmp_path)[0].read_bytes(), PHRASE)
    assert [content for path, content in opened.files.items() if path.startswith("attachments/")] == [note]
    transferring.unpack(packages(tmp_path)[0], PHRASE, tmp_path / "theirs")
