"""Many requests at once: looked through, imported whole or not at all, never twice, by window and command alike."""

from __future__ import annotations

import json
import secrets
from datetime import date
from pathlib import Path

import pytest

from db.records import Heading, Role, State
from db.store import open_store
from desktop.casework import intake, requests
from desktop.casework.casepage import case_page, history
from desktop.casework.desk import Refused
from desktop.casework.intake import Batch, columns_for, import_batch, look_through, save_rows_to_send_back
from desktop.casework.recovery import ChangeKey, change_key
from desktop.casework.register import find
from desktop.casework.restoring import put_back
from desktop.casework.sample import sample_password
from desktop.casework.verifying import verify_store
from desktop.cli import DONE, MISUSED, WRONG, run
from desktop.policy.tables import read_table
from desktop.security.keys import new_code
from tests.fixtures import KEY, Office, make_entry, on, signed_in
from tests.store.backing import backed_up
from tests.store.disposing import destroyed, pass_days

HEAD = "Organisation,Our reference,Surname,First name,DOB,NHS No,Date received,Colour"
GOOD = "Northshire Police,NP/{n},Okafor-{n},Adeola,5/10/1986,943 476 5919,1/6/2026,blue"
BAD = "Northshire Police,NP/99,=Brown,Al,13/13/1986,,1/6/2026,"
AS_ANSWERED = "Northshire Police,nsp / ECU/2026/331,Okafor,Adeola,5/10/1986,,1/6/2026,"
"""The requester and the reference of the case that ``in_state`` makes."""
POLICE = "law-enforcement-tracing"


def file_of(*rows: str) -> bytes:
    return "\n".join([HEAD, *rows]).encode()


def good(count: int, start: int = 1) -> list[str]:
    return [GOOD.format(n=n) for n in range(start, start + count)]


def looked(office: Office, content: bytes, agreement_id: str = POLICE) -> Batch:
    table = read_table(content)
    columns = columns_for(office.caseworker, agreement_id, table)
    return look_through(office.caseworker, agreement_id, content, table, columns)


def count(office: Office) -> int:
    with office.entry.store.read() as tx:
        return int(tx.exec_driver_sql("SELECT count(*) FROM cases").scalar_one())


def test_good_rows_become_drafts_as_if_typed_and_bad_ones_do_not(office: Office) -> None:
    batch = looked(office, file_of(*good(3), BAD))
    assert [one.number for one in batch.wrong] == [5]
    assert batch.unused == ("Colour",)
    made = import_batch(office.caseworker, batch)
    assert len(made.references) == 3
    row = find(office.caseworker, made.references[0])[0]
    page = case_page(office.caseworker, row.id)
    assert page.case.row.state is State.DRAFT
    typed = case_page(office.caseworker, office.register(received=date(2026, 6, 1)).case_id)
    assert page.case.row.due_on == typed.case.row.due_on
    assert page.case.answers["person.nhs_number"] == "943 476 5919"
    assert page.case.authors == frozenset({office.caseworker.user.id})
    assert [one.what for one in history(office.caseworker, row.id)] == ["registered the request"]
    assert not [fault for name, faults in verify_store(office.entry).checks for fault in faults if name != "Files"]


def test_an_imported_draft_goes_the_ordinary_way(office: Office) -> None:
    made = import_batch(office.caseworker, looked(office, file_of(*good(1))))
    row = find(office.caseworker, made.references[0])[0]
    page = case_page(office.caseworker, row.id)
    complete = case_page(office.caseworker, office.register().case_id).case.answers
    missing = {key: value for key, value in complete.items() if key not in page.case.answers}
    done = requests.save_answers(
        office.caseworker,
        requests.SaveAnswers(command_id="x", case_id=row.id, version=page.case.row.version, answers=missing),
    )
    assert requests.submit(office.caseworker, requests.Submit(**on(done))).state is State.SUBMITTED


def test_the_same_file_is_never_imported_twice(office: Office) -> None:
    content = file_of(*good(2))
    batch = looked(office, content)
    import_batch(office.caseworker, batch)
    again = looked(office, content)
    assert "was imported before" in again.imported_before
    with pytest.raises(Refused, match="was imported before"):
        import_batch(office.caseworker, batch)
    assert count(office) == 2


def test_the_same_reference_is_never_imported_twice(office: Office) -> None:
    first = import_batch(office.caseworker, looked(office, file_of(*good(2))))
    batch = looked(office, file_of(*good(3), GOOD.format(n=3)))
    assert [(one.number, one.reference) for one in batch.known] == [
        (2, first.references[0]),
        (3, first.references[1]),
        (5, "row 4"),
    ]
    assert len(import_batch(office.caseworker, batch).references) == 1


def test_a_reference_is_the_same_however_it_is_spaced_and_capitalised(office: Office) -> None:
    (first,) = import_batch(office.caseworker, looked(office, file_of(*spelled("NP/1")))).references
    batch = looked(office, file_of(*spelled("np/1", "NP / 1", "NP/11", "np /11")))
    assert [(one.number, one.reference) for one in batch.known] == [(2, first), (3, first), (5, "row 4")]
    assert len(batch.good) == 1


def test_another_person_under_the_same_reference_goes_back_and_is_not_taken_for_a_case_that_is_there(
    office: Office, tmp_path: Path
) -> None:
    ann, bea = (GOOD.format(n=1).replace("Adeola", given) for given in ("Ann", "Bea"))
    later = ann.replace("5/10/1986", "5/10/1990").replace("943 476 5919", "")
    batch = looked(office, file_of(ann, bea, ann, later))
    assert [one.number for one in batch.good] == [2]
    assert [(one.number, one.reference) for one in batch.known] == [(4, "row 2")]
    told = "Another person under a reference that row 2 has."
    assert [(one.number, one.problems[0].heading) for one in batch.wrong] == [
        (3, "Our reference"),
        (5, "Our reference"),
    ]
    assert all(one.problems[0].message.startswith(told) for one in batch.wrong)
    out = tmp_path / "back.csv"
    assert save_rows_to_send_back(office.caseworker, batch, out) == 2
    assert "Bea" in out.read_text("utf-8-sig")
    (first,) = import_batch(office.caseworker, batch).references
    again = looked(office, file_of(bea, ann))
    assert [(one.number, one.reference) for one in again.known] == [(3, first)]
    assert next(one.problems[0].message for one in again.wrong).startswith(told.replace("row 2", first))


def spelled(*references: str) -> list[str]:
    """Good rows with these references of the requester's own."""
    return [GOOD.replace("NP/{n}", one).format(n=1) for one in references]


def test_what_became_a_case_meanwhile_stops_the_import(office: Office) -> None:
    one, other = looked(office, file_of(*good(2))), looked(office, file_of(*good(3)))
    import_batch(office.caseworker, one)
    with pytest.raises(Refused, match="meanwhile"):
        import_batch(office.caseworker, other)
    assert count(office) == 2


def test_a_destroyed_request_is_not_imported_again(office: Office, tmp_path: Path) -> None:
    content = file_of(AS_ANSWERED, GOOD.format(n=2))
    early = looked(office, content)
    assert len(early.good) == 2
    gone = office.in_state(State.ISSUED)
    pass_days(office, 3 * 366)
    destroyed(office, gone)
    with pytest.raises(Refused, match="destroyed meanwhile"):
        import_batch(office.caseworker, early)
    batch = looked(office, content)
    assert [one.number for one in batch.good] == [3]
    (wrong,) = batch.wrong
    assert wrong.problems[0].heading == "Our reference"
    assert "destroyed when its time was over" in wrong.problems[0].message
    # Other signs, widths and what nobody sees make no other request of it.
    theirs = "nsp / ECU/2026/331"
    wide = "".join(chr(ord(one) + 0xFEE0) if one.isalnum() else one for one in theirs)
    for other in (theirs.replace("/", "-"), theirs.replace("/", "\u00a0"), f"{theirs[:3]}\u200b{theirs[3:]}", wide):
        assert [one.number for one in looked(office, content.replace(theirs.encode(), other.encode())).good] == [3]
    # The key is changed: what was destroyed before is still known.
    second = office.guardian.user.username
    command = ChangeKey(code=new_code(secrets.token_bytes), second=second, password=sample_password())
    change_key(office.desk(Role.ADMINISTRATOR), command)
    assert [one.number for one in looked(office, content).good] == [3]


def test_a_lost_store_still_imports_no_destroyed_request(office: Office, tmp_path: Path) -> None:
    content = file_of(AS_ANSWERED, GOOD.format(n=2))
    gone = office.in_state(State.ISSUED)
    pass_days(office, 3 * 366)
    path = backed_up(office, tmp_path / "backups")
    destroyed(office, gone)
    home, clock = office.entry.store.path, office.entry.clock
    office.entry.store.close()
    home.unlink()
    put_back(home.parent, KEY, path, KEY, clock)
    again = signed_in(make_entry(open_store(home.parent, KEY), clock()))
    assert [one.number for one in looked(again, content).good] == [3]
    again.entry.store.close()


def test_a_cancelled_import_leaves_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "_SLICE", 2)
    batch = looked(office, file_of(*good(5)))
    seen: list[int] = []

    def progress(done: int, of: int) -> bool:
        seen.append(done)
        return done < 4

    with pytest.raises(intake.Stopped):
        import_batch(office.caseworker, batch, progress)
    assert seen == [0, 2, 4]
    assert count(office) == 0
    assert len(import_batch(office.caseworker, batch).references) == 5


def test_only_a_caseworker_imports(office: Office) -> None:
    content = file_of(*good(1))
    table = read_table(content)
    columns = columns_for(office.reviewer, POLICE, table)
    with pytest.raises(Refused, match="Only a caseworker"):
        look_through(office.reviewer, POLICE, content, table, columns)
    with pytest.raises(Refused, match="Only a caseworker"):
        import_batch(office.reviewer, looked(office, content))


def test_requests_that_came_while_the_agreement_was_suspended_are_held(office: Office) -> None:
    row = "Home Office,IE/1,Okafor,Ade,1986,,1/6/2018,"
    made = import_batch(office.caseworker, looked(office, file_of(row), "home-office-tracing"))
    assert made.held == 1


def test_columns_chosen_by_hand_are_remembered(office: Office) -> None:
    content = file_of(*good(1))
    table = read_table(content)
    columns = list(columns_for(office.caseworker, POLICE, table))
    columns[4] = None
    batch = look_through(office.caseworker, POLICE, content, table, columns)
    import_batch(office.caseworker, batch)
    assert columns_for(office.caseworker, POLICE, read_table(file_of(*good(1, 8)))) == tuple(columns)


def test_bad_rows_are_saved_to_send_back_and_journalled(office: Office, tmp_path: Path) -> None:
    batch = looked(office, file_of(*good(1), BAD))
    out = tmp_path / "back.csv"
    assert save_rows_to_send_back(office.caseworker, batch, out) == 1
    said = out.read_text("utf-8-sig")
    assert "'=Brown" in said
    assert "A year has 12 months" in said
    assert out.stat().st_mode & 0o777 == 0o600
    with office.entry.store.read() as tx:
        last = tx.exec_driver_sql("SELECT action, heading FROM journal ORDER BY seq DESC LIMIT 1").one()
    assert tuple(last) == ("send_back_rows", Heading.DISCLOSURE.value)
    with pytest.raises(OSError, match="exists"):
        save_rows_to_send_back(office.caseworker, batch, out)


@pytest.fixture
def sample(sample_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRACING_DESK_USER", "ruth.adeyemi")
    monkeypatch.setenv("TRACING_DESK_PASSWORD", sample_password())
    return sample_copy


def test_the_command_imports_reports_and_says_how_it_went(
    sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "batch.csv"
    file.write_bytes(file_of(*good(2), BAD))
    command = ["--data-dir", str(sample), "intake", str(file), "--agreement", POLICE]
    assert run([*command, "--dry-run", "--json"]) == WRONG
    found = json.loads(capsys.readouterr().out)
    assert (found["rows"], found["good"], found["imported"], found["dry_run"]) == (3, 2, 0, True)
    assert found["problems"] == [
        {"row": 4, "column": "Surname", "message": "A formula stands here. Put its value in its place."},
        {"row": 4, "column": "DOB", "message": "A year has 12 months. Check the month with the requester."},
    ]
    assert run([*command, "--send-back", str(tmp_path / "back.csv")]) == WRONG
    assert "2 of 3 rows are drafts now: TR-" in capsys.readouterr().out
    assert run(command) == WRONG
    assert "was imported before" in capsys.readouterr().err
    file.write_bytes(file_of(*good(2, 20)))
    assert run(command) == DONE


def test_the_command_says_what_it_cannot_read(sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "batch.csv"
    command = ["--data-dir", str(sample), "intake", str(file), "--agreement"]
    assert run([*command, POLICE]) == WRONG
    file.write_bytes(b"MZ" + bytes(80))
    assert run([*command, POLICE]) == WRONG
    assert "batch.csv: This is a program for Windows" in capsys.readouterr().err
    assert run([*command, "no-such-agreement"]) == MISUSED
