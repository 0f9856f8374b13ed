"""The command line: its names, its JSON and its exit statuses."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pty
import re
import select
import signal
import sqlite3
import sys
from pathlib import Path

import pytest

from desktop.casework import setup
from desktop.cli import MISUSED, run
from desktop.settings import Settings
from resources import resource
from tests.journeys.test_setup import START


@pytest.fixture
def sample(sample_copy: Path) -> list[str]:
    """`--data-dir` of a copy of the sample store."""
    return ["--data-dir", str(sample_copy)]


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["deadline"], ["deadline", "--agreement", "x"], ["letter"], ["retention"], ["tour"], ["--wrong"]],
)
def test_wrong_use_is_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert capsys.readouterr().err


def test_deadline_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["deadline", "--agreement", "home-office-tracing", "--received", "2017-05-18", "--json"]
    assert run(["--data-dir", str(tmp_path / "none"), *arguments]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"due_on", "provisional", "ledger"}
    assert found["due_on"] == "2017-06-16"
    assert found["provisional"] is False
    assert found["ledger"][0]["on"] == "2017-05-18"
    assert found["ledger"][-1]["on"] == "2017-06-16"
    assert not (tmp_path / "none").exists()


def test_deadline_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["deadline", "--agreement", "law-enforcement-tracing", "--received", "2017-05-18"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("Due Friday 16 June 2017\n")
    assert "Spring" in told
    assert "Tuesday 23 May 2017            3  Escalation point\n" in told
    assert "Friday 2 June 2017            10  Draft point\n" in told
    assert told.endswith("Friday 16 June 2017           20  Due: final point\n")


@pytest.mark.parametrize(
    ("arguments", "points"),
    [
        (["foi"], {"2017-05-23": ["escalation"], "2017-06-02": ["draft"], "2017-06-16": ["final"]}),
        (["sar"], {"2017-06-02": ["draft"], "2017-06-19": ["final"]}),
        (["court-order", "--expedited"], {"2017-05-23": ["escalation"], "2017-05-25": ["draft", "final"]}),
    ],
)
def test_the_ledger_of_a_deadline_has_its_points(
    arguments: list[str], points: dict[str, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["deadline", "--received", "2017-05-18", "--json", "--agreement", *arguments]) == 0
    ledger = json.loads(capsys.readouterr().out)["ledger"]
    assert {one["on"]: one["points"] for one in ledger if one["points"]} == points


def test_a_deadline_past_the_known_holidays_is_provisional(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["deadline", "--agreement", "law-enforcement-tracing", "--received", "2031-05-18", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["provisional"] is True


@pytest.mark.parametrize(
    "arguments",
    [
        ["--agreement", "nobody", "--received", "2017-05-18"],
        ["--agreement", "law-enforcement-tracing", "--received", "18/05/2017"],
    ],
)
def test_deadline_used_wrongly(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["deadline", *arguments]) == 2
    assert capsys.readouterr().err


@pytest.mark.parametrize("typed", ["20170518", "2017-W20-4", "2017W204", "2017-5-18", "2017-05-18 "])
def test_a_day_is_written_as_the_message_says_and_in_no_other_way(
    typed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["deadline", "--agreement", "foi", "--received", typed]) == 2
    assert capsys.readouterr().err == f"{typed!r} is not a date. Write it as 2017-05-18.\n"


def test_agreements_are_listed_and_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["agreements", "--json"]) == 0
    found = {one["id"] for one in json.loads(capsys.readouterr().out)}
    assert found >= {"law-enforcement-tracing", "home-office-tracing", "nhs-status-check"}
    wrong = tmp_path / "mine.toml"
    wrong.write_text('id = "mine"\ntitle = 5\n', "utf-8")
    assert run(["agreements", "--check", str(wrong)]) == 1
    assert "mine.toml, line 2: title" in capsys.readouterr().err
    assert run(["agreements", "--check", str(tmp_path / "nowhere.toml")]) == 1


def test_the_list_of_agreements_says_how_each_stands(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["agreements"]) == 0
    listed = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert "Withdrawn since 9 November 2018." in listed["home-office-tracing"]
    assert "In force since " in listed["foi"]
    assert run(["agreements", "--json"]) == 0
    standing = {one["id"]: one["standing"] for one in json.loads(capsys.readouterr().out)}
    assert standing["home-office-tracing"] == "Withdrawn since 9 November 2018"


def test_a_file_with_the_id_of_a_shipped_agreement_is_said_to_be_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shipped = (resource("agreements") / "foi.toml").read_text("utf-8")
    mine = tmp_path / "mine.toml"
    change = '\n[[changes]]\nkind = "suspend"\non = 2027-03-01\nbecause = "The law changes."\n'
    for text, words in (
        (shipped, "“foi” is an agreement that ships, and this file says the same."),
        (shipped + change, "supersedes it from 1 March 2027 or an earlier day on"),
        (shipped + "# a note\n", "supersedes it from the day that you choose"),
        (shipped.replace('id = "foi"', 'id = "foi-of-ours"', 1), ""),
    ):
        mine.write_text(text, "utf-8")
        assert run(["agreements", "--check", str(mine)]) == 0
        said = capsys.readouterr().out
        assert "no mistake found" in said
        assert words in said
        assert ("ships" in said) is bool(words)
        assert run(["agreements", "--check", str(mine), "--json"]) == 0
        (one,) = json.loads(capsys.readouterr().out)
        assert words in one["superseding"]
        assert bool(one["superseding"]) is bool(words)


def test_demo_makes_a_store_that_is_noise_to_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    demo_folder = tmp_path / "desk"
    assert run(["--data-dir", str(demo_folder), "demo"]) == 0
    assert run(["--data-dir", str(demo_folder), "demo"]) == 1
    assert "already" in capsys.readouterr().err
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(demo_folder / "desk.db").execute("SELECT * FROM cases")
    for path in demo_folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert not any(name in content for name in (b"Kowalczyk", b"Carvalho", b"SQLite format"))
        assert path.stat().st_mode & 0o077 == 0


def test_verify(sample: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*sample, "verify", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["sound"] is True
    (Path(sample[1]) / "desk.db").chmod(0o644)
    assert run([*sample, "verify"]) == 1
    assert "may be read by other accounts" in capsys.readouterr().out


def test_verify_without_a_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--data-dir", str(tmp_path / "new"), "verify"]) == 1
    assert capsys.readouterr().err


def test_verify_says_who_signed_a_letter(
    sample: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACING_DESK_USER", "ruth.adeyemi")
    # The first letter of the sample is of 2017, and was signed with the certificate of then.
    out = tmp_path / "letter.pdf"
    nowhere = ["--data-dir", str(tmp_path / "none")]
    for reference, whose in (("TR-000001-7", "earlier"), ("TR-000005-0", "current")):
        out.unlink(missing_ok=True)
        assert run([*sample, "letter", reference, "--out", str(out)]) == 0
        capsys.readouterr()
        assert run([*sample, "verify", str(out), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["good"], found["state"], found["whose"], found["in_time"]) == (True, "intact", whose, True)
        assert found["certificate"]["name"] == "Meridian Health Records"
    assert run([*nowhere, "verify", str(out)]) == 0
    said = capsys.readouterr().out
    assert "Not one byte of it was changed" in said
    assert "Compare the fingerprint" in said
    assert not (tmp_path / "none").exists()
    pdf = out.read_bytes()
    out.write_bytes(pdf[:900] + bytes([pdf[900] ^ 1]) + pdf[901:])
    assert run([*sample, "verify", str(out)]) == 1
    assert "Do not rely on it." in capsys.readouterr().out
    out.write_bytes(b"Dear Sir")
    assert run([*sample, "verify", str(out), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["state"] == "not_pdf"
    assert run([*sample, "verify", str(tmp_path / "nothing.pdf")]) == 1
    assert "cannot be used" in capsys.readouterr().err
    assert run([*sample, "verify", "a.pdf", "b.pdf"]) == 2


def test_verify_checks_a_letter_though_the_store_does_not_open(
    sample: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACING_DESK_USER", "ruth.adeyemi")
    out = tmp_path / "letter.pdf"
    assert run([*sample, "letter", "TR-000001-7", "--out", str(out)]) == 0
    (Path(sample[1]) / "store.key").unlink()
    capsys.readouterr()
    assert run([*sample, "verify", str(out), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["whose"] == "unknown"
    assert "store.key" in found["store"]


def test_letter(
    sample: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACING_DESK_USER", "ruth.adeyemi")
    out = tmp_path / "letter.pdf"
    assert run([*sample, "letter", "TR-000001-7", "--out", str(out), "--json"]) == 0
    assert out.read_bytes().startswith(b"%PDF-")
    assert out.stat().st_mode & 0o077 == 0
    assert json.loads(capsys.readouterr().out)["sha256"]
    assert run([*sample, "letter", "TR-000001-7", "--out", str(out)]) == 1
    assert run([*sample, "letter", "TR-999999-1", "--out", str(tmp_path / "none.pdf")]) == 1
    monkeypatch.setenv("TRACING_DESK_USER", "joan.birch")
    assert run([*sample, "letter", "TR-000001-7", "--out", str(tmp_path / "no.pdf")]) == 1
    assert not (tmp_path / "no.pdf").exists()


def test_calendar(
    sample: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACING_DESK_USER", "ruth.adeyemi")
    out = tmp_path / "dates.ics"
    assert run([*sample, "calendar", "--out", str(out), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["file"], found["sha256"]) == (str(out), hashlib.sha256(out.read_bytes()).hexdigest())
    assert out.read_bytes().count(b"BEGIN:VEVENT\r\n") == found["dates"] >= found["cases"] > 0
    assert out.stat().st_mode & 0o077 == 0
    before = out.read_bytes()
    assert run([*sample, "calendar", "--out", str(out)]) == 1
    assert capsys.readouterr().err == "The calendar cannot be written there: File exists.\n"
    assert out.read_bytes() == before
    assert run([*sample, "calendar", "--out", str(tmp_path / "again.ics")]) == 0
    assert f"{found['dates']} dates of {found['cases']} open cases" in capsys.readouterr().out
    monkeypatch.setenv("TRACING_DESK_USER", "joan.birch")
    assert run([*sample, "calendar", "--out", str(tmp_path / "no.ics")]) == 1
    assert capsys.readouterr().err.startswith("You have no open cases")
    assert not (tmp_path / "no.ics").exists()
    assert run([*sample, "calendar"]) == 2


def test_retention_due(sample: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACING_DESK_USER", "priya.nair")
    assert run([*sample, "retention", "due", "--json"]) == 0
    now = json.loads(capsys.readouterr().out)
    assert run([*sample, "retention", "due", "--on", "2040-01-01", "--json"]) == 0
    later = json.loads(capsys.readouterr().out)
    assert 0 < len(now) < len(later)
    assert [one["due_on"] for one in later] == sorted(one["due_on"] for one in later)


def test_all_state_is_in_the_data_folder(tmp_path: Path) -> None:
    assert Settings(tmp_path / "here").path() == tmp_path / "here"


def test_without_a_display_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert run(["--data-dir", str(tmp_path / "new"), "open"]) == 1
    assert "There is no display here" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_mistake_in_an_own_agreement_is_named(
    sample: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = Path(sample[1]) / "agreements"
    own.mkdir(mode=0o700)
    (own / "mine.toml").write_text("id = \n", "utf-8")
    for arguments in (["verify"], ["agreements"], ["deadline", "--agreement", "x", "--received", "2026-01-05"]):
        assert run([*sample, *arguments]) == 1
        assert "mine.toml, line 1" in capsys.readouterr().err


def test_a_held_and_a_rejected_request_are_said_beside_their_date(capsys: pytest.CaptureFixture[str]) -> None:
    for received, words in (("2018-06-01", "held"), ("2019-01-01", "withdrawn")):
        assert run(["deadline", "--agreement", "home-office-tracing", "--received", received, "--json"]) == 0
        assert words in json.loads(capsys.readouterr().out)["note"]
    for received in ("9999-12-31", "0001-01-01"):
        assert run(["deadline", "--agreement", "home-office-tracing", "--received", received]) == 2


def read_soon(terminal: int) -> bytes:
    """What a program says next; it fails the test instead of waiting for ever."""
    ready, _, _ = select.select([terminal], [], [], 60)
    assert ready, "the program says nothing more"
    return os.read(terminal, 4096)


def at_a_terminal(folder: Path, typed: bytes) -> tuple[str, int]:
    """Runs `verify` on a store with a passphrase at a terminal of its own; what it says, and its exit status."""
    pid, terminal = pty.fork()
    if pid == 0:
        # Whoever runs the tests in the background has it ignored, and a program inherits that.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.execv(sys.executable, [sys.executable, "-m", "desktop", "--data-dir", str(folder), "verify"])  # noqa: S606
    said = b""
    while b"Passphrase" not in said:
        said += read_soon(terminal)
    os.write(terminal, typed)
    with contextlib.suppress(OSError):
        while more := read_soon(terminal):
            said += more
    os.close(terminal)
    _pid, status = os.waitpid(pid, 0)
    return said.decode(), os.waitstatus_to_exitcode(status)


@pytest.fixture
def with_passphrase(tmp_path: Path) -> Path:
    """A store that opens with a passphrase."""
    folder = tmp_path / "own"
    folder.mkdir(mode=0o700)
    setup.create(folder, START).entry.store.close()
    return folder


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_that_is_too_far_off_is_told_as_that(day: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["deadline", "--agreement", "foi", "--received", day]) == MISUSED
    said = capsys.readouterr().err
    assert "is not a date" not in said
    assert re.search(rf"days of the years \d{{4}} to \d{{4}}: {day}", said)


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are of POSIX")
@pytest.mark.parametrize(("typed", "words"), [(b"\x04", "Nothing was typed."), (b"\x03", "Stopped.")])
def test_giving_up_at_a_prompt_is_said_in_words(with_passphrase: Path, typed: bytes, words: str) -> None:
    said, status = at_a_terminal(with_passphrase, typed)
    assert words in said
    assert "Traceback" not in said
    assert status == 1


def test_without_a_terminal_it_is_the_passphrase_that_is_asked_for(
    with_passphrase: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACING_DESK_PASSWORD", "set already")
    assert run(["--data-dir", str(with_passphrase), "retention", "due"]) == 1
    said = capsys.readouterr().err
    assert "passphrase" in said
    assert "TRACING_DESK_PASSWORD" not in said
