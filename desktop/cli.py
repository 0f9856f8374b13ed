"""The command line: the same actions without a window. Exit status 0 done, 1 found something wrong, 2 used wrongly."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop import cli_backup, cli_journal, cli_package, cli_report
from desktop.cli_intake import arguments
from desktop.settings import Settings, UnsafeFolder

if TYPE_CHECKING:
    from desktop.casework.desk import Desk, Entry

DONE, WRONG, MISUSED = 0, 1, 2


class Failure(Exception):
    """Something is wrong, said in words; the exit status is 1."""


class Misuse(Exception):
    """The command line was used wrongly, said in words; the exit status is 2."""


def run(arguments: Sequence[str]) -> int:
    """Runs one command and returns its exit status."""
    os.umask(0o077)
    parser = _parser()
    try:
        asked = parser.parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        return _guarded(asked)
    except (Failure, UnsafeFolder) as error:
        print(error, file=sys.stderr)
        return WRONG
    except Misuse as error:
        print(error, file=sys.stderr)
        return MISUSED
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return WRONG
    except BrokenPipeError:
        # The reader of our output went away, as `head` does: nothing is wrong.
        sys.stderr.close()
        return DONE


def _guarded(asked: argparse.Namespace) -> int:
    """Runs a command; what is the environment's fault is said in words, whichever command met it."""
    from db.errors import StoreError
    from desktop.policy.agreements import AgreementError
    from desktop.security.keys import KeyProblem

    try:
        return int(asked.run(asked))
    except BrokenPipeError:
        raise
    except (StoreError, KeyProblem, AgreementError) as error:
        raise Failure(str(error)) from error
    except OSError as error:
        why = "it is there already" if isinstance(error, FileExistsError) else error.strerror or error
        raise Failure(f"{error.filename or 'A file'} cannot be used: {why}.") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tracing-desk", description="The desk for tracing requests and status requests. Opens the desk by default."
    )
    parser.add_argument("--data-dir", type=Path, help="keep everything in this folder")
    parser.set_defaults(run=_open, key_file=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def add(name: str, words: str, runs: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=words, description=words)
        one.set_defaults(run=runs)
        return one

    add("open", "open the desk (the default)", _open)
    add("demo", "make a store of invented cases", _demo)
    tour = add("tour", "walk the main job through the real windows and leave a picture of each", _tour)
    tour.add_argument("--out", type=Path, required=True, help="the folder for the pictures and letters")
    deadline = add("deadline", "print a due date and its ledger", _deadline)
    deadline.add_argument("--agreement", required=True, metavar="ID")
    deadline.add_argument("--received", required=True, metavar="DATE", help="such as 2017-05-18")
    deadline.add_argument("--expedited", action="store_true", help="by the agreement's shorter time")
    _json(deadline)
    agreements = add("agreements", "list the agreements, or test one", _agreements)
    agreements.add_argument("--check", type=Path, metavar="FILE", help="test an agreement's file")
    _json(agreements)
    intake = add("intake", "import a file of requests as drafts (CSV or XLSX)", _intake)
    arguments(intake)
    _json(intake)
    letter = add("letter", "write a case's letter to a file", _letter)
    letter.add_argument("reference", metavar="REF", help="such as TR-000001-7")
    letter.add_argument("--out", type=Path, required=True, metavar="FILE")
    _json(letter)
    calendar = add("calendar", "write the dates of your open cases to a calendar file", _calendar)
    calendar.add_argument("--out", type=Path, required=True, metavar="FILE", help="such as dates.ics")
    _json(calendar)
    retention = add("retention", "what the retention timers say", _misused)
    due = retention.add_subparsers(metavar="due").add_parser("due", help="cases whose review is due")
    due.add_argument("--on", metavar="DATE", help="as of this day; today by default")
    due.set_defaults(run=_retention_due)
    _json(due)
    verify = add("verify", "check the store: journal, files, known deadlines; or who signed a letter", _verify)
    verify.add_argument("file", type=Path, nargs="?", metavar="FILE", help="say of this letter who signed it")
    cli_backup.takes_key_file(verify)
    _json(verify)
    cli_report.arguments(add("report", cli_report.WORDS, _misused), _day, _signed_in)
    cli_backup.add_commands(add, _entry, _signed_in)
    cli_package.add_commands(add, _ask_secret)
    cli_journal.arguments(add("journal", cli_journal.WORDS, lambda asked: cli_journal.run(asked, _signed_in)))
    return parser


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def _misused(_asked: argparse.Namespace) -> int:
    raise Misuse("Say what about retention: tracing-desk retention due")


def _open(asked: argparse.Namespace) -> int:
    shown = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in shown):
        raise Failure("There is no display here. See the desk without one: tracing-desk tour --out DIR")
    from desktop.app import run_desk

    return run_desk(Settings(asked.data_dir))


def _tour(asked: argparse.Namespace) -> int:
    from desktop.app import run_tour

    return run_tour(asked.out)


def _demo(asked: argparse.Namespace) -> int:
    from desktop.casework.setup import StoreExists, create_sample

    folder = Settings(asked.data_dir).folder()
    try:
        create_sample(folder)
    except StoreExists as error:
        raise Failure(str(error)) from error
    print(f"The sample store is in {folder}. Open it with: tracing-desk --data-dir {folder}")
    return DONE


def _day(text: str) -> date:
    from desktop.policy.dates import FIRST_YEAR, LAST_YEAR, day_typed

    try:
        found = day_typed(text)
    except ValueError as error:
        raise Misuse(f"{text!r} is not a date. Write it as 2017-05-18.") from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Misuse(f"The desk counts days of the years {FIRST_YEAR} to {LAST_YEAR}: {text} is none of them.")
    return found


def _deadline(asked: argparse.Namespace) -> int:
    from desktop.cli_deadline import deadline, report
    from desktop.policy.agreements import load_agreements

    try:
        agreement = load_agreements(Settings(asked.data_dir).agreements()).get(asked.agreement)
    except KeyError as error:
        raise Misuse(f"There is no agreement {asked.agreement!r}. See: tracing-desk agreements") from error
    found = deadline(agreement, _day(asked.received), expedited=asked.expedited)
    if asked.json:
        _print_json(found.json())
    else:
        print(report(found))
    return DONE


def _agreements(asked: argparse.Namespace) -> int:
    from desktop.casework.setup import now
    from desktop.policy.agreements import Agreement, AgreementError, load_agreements, read_agreement
    from desktop.policy.agreements_moves import standing, superseding
    from desktop.policy.wording import london

    today = london(now()).date()
    shipped = load_agreements()
    try:
        found = (
            (read_agreement(asked.check),)
            if asked.check
            else load_agreements(Settings(asked.data_dir).agreements()).all()
        )
    except AgreementError as error:
        if asked.json:
            _print_json({"file": error.file, "key": error.key, "line": error.line, "message": error.message})
            return WRONG
        raise Failure(str(error)) from error

    def taking_place(one: Agreement) -> str:
        return superseding(shipped.get(one.id), one) if asked.check and shipped.has(one.id) else ""

    if asked.json:
        listed: list[dict[str, Any]] = [
            {
                "id": one.id,
                "title": one.title,
                "kind": one.kind,
                "hash": one.content_hash,
                "standing": standing(one, today),
                "superseding": taking_place(one),
                "versions": [
                    {"number": v.number, "from": v.in_force_from.isoformat(), "accepts": v.accepts}
                    for v in one.versions
                ],
            }
            for one in found
        ]
        _print_json(listed)
        return DONE
    for one in found:
        print(f"{one.id:<28}{one.title}{', no mistake found' if asked.check else ''}. {standing(one, today)}.")
        if said := taking_place(one):
            print(said)
    if not asked.check:
        print("So the files say. What a guardian changed in the desk is in Administration, Agreements.")
    return DONE


def _signed_in(asked: argparse.Namespace) -> Desk:
    from desktop.casework.accounts import sign_in
    from desktop.casework.desk import Refused
    from desktop.casework.sample import sample_password

    entry = _entry(asked)
    username = os.environ.get("TRACING_DESK_USER") or _ask("User name: ")
    password = os.environ.get("TRACING_DESK_PASSWORD") or (sample_password() if _is_sample(entry) else "")
    password = password or _ask_secret("Password: ", "Give the password at a terminal, or in TRACING_DESK_PASSWORD.")
    try:
        return sign_in(entry, username, password)
    except Refused as error:
        raise Failure(str(error)) from error


def _is_sample(entry: Entry) -> bool:
    from desktop.casework.accounts import organisation

    return organisation(entry).sample


def _ask(prompt: str) -> str:
    try:
        return input(prompt)
    except EOFError as error:
        raise Failure("Give the user name in TRACING_DESK_USER, or at a terminal.") from error


def _ask_secret(prompt: str, otherwise: str) -> str:
    """Asks for what must not be seen; `otherwise` says what to do where nobody can be asked."""
    if not sys.stdin.isatty():
        raise Failure(otherwise)
    try:
        return getpass.getpass(prompt)
    except EOFError as error:
        raise Failure(f"\nNothing was typed. {otherwise}") from error


def _entry(asked: argparse.Namespace) -> Entry:
    from desktop.casework.setup import open_entry

    if asked.key_file:
        return cli_backup.keyed(asked)
    folder, otherwise = cli_backup.store_folder(asked), "This store opens with a passphrase. Type it at a terminal."
    return cli_backup.told(open_entry(folder, lambda: _ask_secret("Passphrase of the store: ", otherwise)))


def _intake(asked: argparse.Namespace) -> int:
    from desktop.casework.desk import Refused
    from desktop.cli_intake import Asked, report, run_intake
    from desktop.policy.tables import NotATable

    received = _day(asked.received) if asked.received else None
    desk = _signed_in(asked)
    if not desk.agreements.has(asked.agreement):
        raise Misuse(f"There is no agreement {asked.agreement!r}. See: tracing-desk agreements")
    want = Asked(asked.file, asked.agreement, asked.dry_run, received, asked.send_back, asked.sheet, asked.heading_row)
    try:
        found, whole = run_intake(desk, want)
    except (Refused, NotATable) as error:
        raise Failure(f"{asked.file.name}: {error}") from error
    if asked.json:
        _print_json(found)
    else:
        print(report(found, whole))
    return DONE if whole else WRONG


def _letter(asked: argparse.Namespace) -> int:
    from desktop.casework.desk import Refused
    from desktop.casework.issuing import copy_letter

    try:
        digest = copy_letter(_signed_in(asked), asked.reference, asked.out)
    except Refused as error:
        raise Failure(str(error)) from error
    except OSError as error:
        raise Failure(f"The letter cannot be written there: {error.strerror}.") from error
    if asked.json:
        _print_json({"file": str(asked.out), "sha256": digest})
    else:
        print(f"The letter is in {asked.out}. Its SHA-256 is {digest}.")
    return DONE


def _calendar(asked: argparse.Namespace) -> int:
    from desktop.casework.calendarfile import save_calendar
    from desktop.casework.desk import Refused
    from desktop.policy.wording import plural

    try:
        saved = save_calendar(_signed_in(asked), asked.out)
    except Refused as error:
        raise Failure(str(error)) from error
    except OSError as error:
        raise Failure(f"The calendar cannot be written there: {error.strerror}.") from error
    if asked.json:
        _print_json({"file": str(asked.out), "cases": saved.cases, "dates": saved.dates, "sha256": saved.sha256})
    else:
        held = f"{plural(saved.dates, 'date')} of {plural(saved.cases, 'open case')}"
        print(f"{asked.out} has {held}, by their references alone. Its SHA-256 is {saved.sha256}.")
    return DONE


def _retention_due(asked: argparse.Namespace) -> int:
    from desktop.casework.desk import Refused
    from desktop.casework.register import timers

    on = _day(asked.on) if asked.on else None
    try:
        found = [one for one in timers(_signed_in(asked), on, soonest=True) if one.bucket == "due"]
    except Refused as error:
        raise Failure(str(error)) from error
    if asked.json:
        _print_json(
            [
                {
                    "reference": one.timer.reference,
                    "due_on": one.timer.due_on.isoformat(),
                    "agreement": one.timer.agreement_id,
                    "outcome": one.outcome.value if one.outcome else None,
                    "rule": one.timer.rule,
                }
                for one in found
            ]
        )
        return DONE
    lines = [f"{one.timer.reference:<16}{one.timer.due_on}  {one.countdown:<14}{one.timer.rule}" for one in found]
    print("\n".join(lines) or "No review is due.")
    return DONE


def _verify(asked: argparse.Namespace) -> int:
    if asked.file is not None:
        return _verify_letter(asked)
    from desktop.casework.verifying import verify_store

    report = verify_store(_entry(asked))
    if asked.json:
        _print_json({"sound": report.sound, "checks": [{"name": n, "faults": list(f)} for n, f in report.checks]})
    else:
        for name, faults in report.checks:
            print(f"{name}: {'sound' if not faults else 'not sound'}")
            for fault in faults:
                print(f"  {fault}")
    return DONE if report.sound else WRONG


def _verify_letter(asked: argparse.Namespace) -> int:
    from desktop.cli_verify import as_json, look, report

    found, unopened = look(asked.file, Settings(asked.data_dir).path(), lambda: _entry(asked))
    if asked.json:
        _print_json(as_json(found, unopened))
    else:
        print(report(asked.file.name, found, unopened))
    return DONE if found.good else WRONG


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
