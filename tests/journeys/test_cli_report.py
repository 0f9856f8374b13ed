"""Reports on the command line: printed, written to a file, and refused in words."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest

from desktop.casework import accounts
from desktop.casework.sample import desk_of
from desktop.casework.savedreports import SaveReport, save_report
from desktop.casework.setup import now, open_entry
from desktop.cli import run
from desktop.policy.disclosurecontrol import NONE
from desktop.policy.publication import Per, Period
from desktop.policy.savedreports import ReportKind, WantedReport
from desktop.policy.spans import Span, span_days
from desktop.policy.wording import london

DAYS = ["--from", "2016-01-01", "--to", str(london(now()).date() - timedelta(days=1))]


@pytest.fixture
def sample(sample_copy: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """`--data-dir` of a sample store, and its guardian signed in."""
    monkeypatch.setenv("TRACING_DESK_USER", "helen.marsh")
    return ["--data-dir", str(sample_copy), "report"]


def test_the_publication_register_is_printed_and_published(
    sample: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*sample, "publication", *DAYS]) == 0
    rows = {row["Tracing requests"]: row for row in csv.DictReader(StringIO(capsys.readouterr().out))}
    assert int(rows["Approved – Trace"]["Police"]) > 0
    assert int(rows["Approved – Trace"]["Home Office (under review)"]) > 0
    out = tmp_path / "table.json"
    assert run([*sample, "publication", *DAYS, "--format", "json", "--out", str(out)]) == 0
    assert "adds up" in capsys.readouterr().out
    assert json.loads(out.read_text("utf-8"))["title"] == "Tracing requests"
    assert run([*sample, "publication", *DAYS, "--control", "nhs", "--out", str(tmp_path / "other.csv")]) == 1
    assert "published in another way" in capsys.readouterr().err


def test_the_oversight_report_is_printed_and_saved(
    sample: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*sample, "oversight", *DAYS, "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [one["title"] for one in said["tables"][:3]] == ["Requests", "Answers in time", "What was answered"]
    out = tmp_path / "oversight.xlsx"
    assert run([*sample, "oversight", *DAYS, "--format", "xlsx", "--out", str(out)]) == 0
    assert out.read_bytes()[:2] == b"PK"
    assert capsys.readouterr().out == f"{out} has the report.\n"


def test_a_saved_report_is_counted_again(
    sample: list[str], sample_copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = open_entry(sample_copy, lambda: "")
    helen = next(one for one in accounts.users(entry) if one.username == "helen.marsh")
    desk = desk_of(entry, helen)
    first, last = span_days(Span.LAST_YEAR, desk.today())
    year = WantedReport(report=ReportKind.OVERSIGHT, span=Span.LAST_YEAR, first=first, last=last, control=NONE)
    table = replace(year, report=ReportKind.PUBLICATION, table="Tracing requests", per=Per.QUARTER)
    save_report(desk, SaveReport(name="the board", wanted=year))
    save_report(desk, SaveReport(name="quarters", wanted=table))
    entry.store.close()
    assert run([*sample, "saved", "The Board", "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["title"], said["days"]) == ("Oversight", str(last.year))
    out = tmp_path / "quarters.json"
    assert run([*sample, "saved", "quarters", "--format", "json", "--out", str(out)]) == 0
    assert len(json.loads(out.read_text("utf-8"))["tables"]) == 5
    capsys.readouterr()
    assert run([*sample, "saved", "nothing"]) == 1
    assert "There is no saved report of this name." in capsys.readouterr().err


def test_the_desk_today_is_printed_with_nobodys_name(
    sample: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*sample, "today"]) == 0
    found = capsys.readouterr()
    assert "Nobody is named" in found.out
    assert "Adeyemi" not in found.out
    assert found.err == "Once this is out, these days cannot be published with small figures kept back any more.\n"
    out = tmp_path / "today.csv"
    assert run([*sample, "today", "--out", str(out)]) == 0
    assert "Adeyemi" not in out.read_text("utf-8-sig")


class Terminal(StringIO):
    """Somebody at a terminal, and what they type."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("what", [["publication", *DAYS], ["oversight", *DAYS, "--control", "nhs"], ["today"]])
def test_whoever_sits_at_a_terminal_is_asked_before_a_report_leaves_the_desk(
    sample: list[str], what: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    means = "cannot be published"
    for typed in ("no\n", ""):
        monkeypatch.setattr(sys, "stdin", Terminal(typed))
        assert run([*sample, *what]) == 1
        said = capsys.readouterr()
        assert said.out == ""
        assert means in said.err
        assert said.err.endswith("Type yes to go on: Nothing left the desk.\n")
    # Nothing was kept of it: it may leave the desk in any way.
    monkeypatch.setattr(sys, "stdin", Terminal("yes\n"))
    assert run([*sample, *what]) == 0
    said = capsys.readouterr()
    assert said.out
    assert said.err.count(means) == 1
    monkeypatch.setattr(sys, "stdin", Terminal(""))
    assert run([*sample, *what, "--yes"]) == 0
    assert "Type yes" not in capsys.readouterr().err


PRINTED = {
    "publication": ["publication", *DAYS],
    "publication as JSON": ["publication", *DAYS, "--format", "json"],
    "publication by year": ["publication", *DAYS, "--by", "year", "--control", "nhs"],
    "oversight": ["oversight", *DAYS],
    "oversight with other figures kept back": ["oversight", *DAYS, "--control", "below-5"],
    "today": ["today"],
    "today as JSON": ["today", "--format", "json"],
}


@pytest.mark.parametrize("what", PRINTED)
def test_what_is_printed_tells_nothing_that_a_published_table_keeps_back(
    sample: list[str], what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "table.csv"
    assert run([*sample, "publication", *DAYS, "--control", "nhs", "--out", str(table)]) == 0
    assert capsys.readouterr().out == f"{table} has the table, which adds up before it is rounded.\n"
    assert run([*sample, *PRINTED[what]]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "published in another way" in said.err
    # In the words of its day: of a month that is over the days are not told.
    assert f"“Tracing requests” of {Period(date(2016, 1, 1), date.fromisoformat(DAYS[-1])).title}" in said.err


@pytest.mark.parametrize("what", ["publication", "oversight", "today"])
def test_what_was_printed_keeps_a_table_from_being_published_in_another_way(
    sample: list[str], what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*sample, *PRINTED[what]]) == 0
    assert run([*sample, *PRINTED[what]]) == 0
    out = tmp_path / "table.csv"
    assert run([*sample, "publication", *DAYS, "--control", "nhs", "--out", str(out)]) == 1
    assert "published in another way" in capsys.readouterr().err
    assert not out.exists()


def test_what_is_printed_is_in_the_journal(sample: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    for what in ("publication", "oversight", "today as JSON"):
        assert run([*sample, *PRINTED[what]]) == 0
    capsys.readouterr()
    assert run([*sample[:2], "verify"]) == 0


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["oversight", *DAYS, "--control", "below-1"], 2, "--control: a threshold is from 3 to 100, not 1."),
        (["publication", *DAYS, "--control", "some"], 2, "--control: “some” is none of"),
        (["oversight", "--from", "2026-01-02", "--to", "2026-01-01"], 1, "The last day is before the first"),
        (["publication", *DAYS, "--table", "Nothing"], 1, "There is no table “Nothing”"),
        (["today", "--format", "xlsx"], 2, "--out FILE.xlsx"),
        (["oversight", *DAYS, "--format", "pdf"], 2, "--out FILE.pdf"),
        (["oversight", "--to", "2026-01-01"], 2, "--from"),
        (["today", "--out", "/nowhere/at/all.csv"], 1, "/nowhere/at"),
    ],
)
def test_what_is_wrong_is_said(
    sample: list[str], arguments: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*sample, *arguments]) == status
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(("form", "name"), [("pdf", "x.csv"), ("csv", "x.PDF"), ("json", "x.xlsx")])
def test_a_file_is_not_named_as_another_form(
    sample: list[str], tmp_path: Path, form: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for what in (["today"], ["oversight", *DAYS], ["publication", *DAYS]):
        assert run([*sample, *what, "--format", form, "--out", str(tmp_path / name)]) == 1
        assert f"a name that ends in .{form}" in capsys.readouterr().err
    assert not list(tmp_path.glob("x.*"))


def test_a_caseworker_publishes_and_saves_nothing_of_the_desk(
    sample: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRACING_DESK_USER", "ruth.adeyemi")
    for what in (["publication", *DAYS], ["oversight", *DAYS], ["today"]):
        out = tmp_path / f"{what[0]}.csv"
        assert run([*sample, *what, "--out", str(out)]) == 1
        assert run([*sample, *what]) == 1
        said = capsys.readouterr()
        assert said.err
        assert not said.out
        assert not out.exists()


def test_a_published_table_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "table.csv"
    table.write_text("Quarter,Responded,Not held,Exempt,Released,In part\nJul-Sep,58,1,13,30,13\n", "utf-8")
    assert run(["report", "check", str(table)]) == 1
    assert "Responded: 58, but the other columns make 57." in capsys.readouterr().out
    table.write_text("Quarter,Responded,Not held,Exempt,Released,In part\nApr-Jun,41,1,9,27,4\n", "utf-8")
    assert run(["report", "check", str(table)]) == 0
    assert "1 sum was checked, and each is right." in capsys.readouterr().out
    table.write_text("Quarter,Responded,Not held,Exempt\nApr-Jun,3,1,#\nJul-Sep,4,1,2\n", "utf-8")
    assert run(["report", "check", str(table)]) == 1
    said = capsys.readouterr().out
    assert "Row 3, Jul-Sep, Responded: 4, but the other columns make 3." in said
    assert "Could not be read as figures: Row 2, Apr-Jun, Exempt (“#”)." in said
    table.write_text('{"tables": [{"title": "A"}]}', "utf-8")
    assert run(["report", "check", str(table)]) == 1
    assert "Save it as a CSV file or an Excel workbook (.xlsx)" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is of Linux")
def test_what_cannot_be_printed_does_not_count_as_printed(sample: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "desktop", *sample, "publication", *DAYS]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, check=False, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (1, "Standard output cannot be used: No space left on device.\n")
    # The same days can be published with small figures kept back.
    assert run([*sample, "publication", *DAYS, "--control", "nhs", "--out", str(tmp_path / "table.csv")]) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="it is closed by a shell of POSIX")
@pytest.mark.parametrize("what", ["publication", "oversight", "today as JSON"])
def test_where_there_is_nothing_to_print_to_nothing_leaves_the_desk(
    sample: list[str], tmp_path: Path, what: str
) -> None:
    closed = ["/bin/sh", "-c", 'exec "$@" >&-', "sh", sys.executable, "-m", "desktop", *sample]
    done = subprocess.run([*closed, *PRINTED[what]], check=False, stderr=subprocess.PIPE, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (1, "Standard output is closed. Write the report to a file: --out FILE\n")
    # The same days can be published with small figures kept back.
    assert run([*sample, "publication", *DAYS, "--control", "nhs", "--out", str(tmp_path / "table.csv")]) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe with a name is of POSIX")
def test_a_pipe_is_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    command = [sys.executable, "-m", "desktop", "report", "check", str(tmp_path / "pipe.csv")]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "It is not a file" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM is of POSIX")
def test_whoever_ends_the_program_leaves_no_half_of_a_file(sample: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    long = ["publication", *DAYS, "--by", "month", "--format", "pdf", "--out", str(folder / "table.pdf")]
    command = [sys.executable, "-m", "desktop", *sample, *long]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as going:
        while not list(folder.iterdir()):
            assert going.poll() is None
        going.send_signal(signal.SIGTERM)
        _said, told = going.communicate(timeout=60)
    assert going.returncode == 1
    assert told.strip() == "Stopped."
    assert list(folder.iterdir()) == []


INTERRUPTED = """
import os, signal, sys
class Interrupts:
    def find_spec(self, name, *_rest):
        if name == "pikepdf._core":
            # It imports this one itself, in the middle of its own beginning.
            sys.modules.pop("decimal", None)
        elif name == "decimal" and "pikepdf" in sys.modules:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupts())
from desktop.cli import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is of POSIX")
def test_a_report_that_is_stopped_while_it_begins_leaves_nothing(sample: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    asked = [*sample, "publication", *DAYS, "--format", "pdf", "--out", str(folder / "table.pdf")]
    command = [sys.executable, "-c", INTERRUPTED, *asked]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr.strip()) == (1, "Stopped.")
    assert not list(folder.iterdir())
