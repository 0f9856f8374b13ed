"""``tracing-desk report``: the publication register, the oversight report and the desk today, as a file or printed, and
whether a published table adds up.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.casework.desk import Desk
    from desktop.casework.publication import Asked
    from desktop.casework.reporting import Made, Printed
    from desktop.policy.disclosurecontrol import Control

    _Said = tuple[str, Control]
    """What a file has, in words; and how small figures were kept back."""
    _Report = Callable[[argparse.Namespace, Callable[[str], date], Callable[[], Desk], Made | Printed], _Said]

WORDS = "count requests for publication, for oversight or for today, or check a published table"


def arguments(parser: argparse.ArgumentParser, day: Callable[[str], date], sign_in: Callable[..., Desk]) -> None:
    """What the command is given. `day` reads a date, `sign_in` signs in."""
    which = parser.add_subparsers(metavar="REPORT", required=True)
    publication = which.add_parser("publication", help="what was received, answered and carried forward")
    _days(publication)
    publication.add_argument("--table", default="Tracing requests", help="which table; “Tracing requests” by default")
    publication.add_argument(
        "--by", default="all", choices=("month", "quarter", "year", "all"), help="a table for each"
    )
    _form(publication, "publish it to this new file; without, print it, which publishes it too")
    publication.set_defaults(run=lambda asked: _run(_publication, asked, day, sign_in))
    oversight = which.add_parser("oversight", help="how requests were dealt with, for a board or a department")
    _days(oversight)
    _form(oversight, "save it to this new file; without, print it, which counts as much")
    oversight.set_defaults(run=lambda asked: _run(_oversight, asked, day, sign_in))
    today = which.add_parser("today", help="what came in, what is open and what will be late on the desk")
    _form(today, "save it to this new file; without, print it, which counts as much")
    today.set_defaults(run=lambda asked: _run(_today, asked, day, sign_in))
    saved = which.add_parser("saved", help="a report that was saved under a name in the Reports window")
    saved.add_argument("name", metavar="NAME", help="in any capitals; your own before everyone’s")
    _form(saved, "publish or save it to this new file; without, print it, which counts as much")
    saved.set_defaults(run=lambda asked: _run(_saved, asked, day, sign_in))
    check = which.add_parser("check", help="whether a published table (CSV or XLSX) adds up")
    check.add_argument("file", type=Path, metavar="FILE")
    check.set_defaults(run=_check)


def _days(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="first", required=True, metavar="DATE", help="such as 2016-01-01")
    parser.add_argument("--to", dest="last", required=True, metavar="DATE", help="the last day")
    control = "small figures: none (all are shown), nhs (1 to 7 hidden, others to the nearest 5) or below-N"
    parser.add_argument("--control", default="none", metavar="HOW", help=control)


def _form(parser: argparse.ArgumentParser, out: str) -> None:
    parser.add_argument("--format", default="csv", choices=("csv", "xlsx", "json", "pdf"), help="csv by default")
    parser.add_argument("--out", type=Path, metavar="FILE", help=out)
    parser.add_argument("--yes", action="store_true", help="do not ask at a terminal what it means for its days")


def _run(what: _Report, asked: argparse.Namespace, day: Callable[[str], date], sign_in: Callable[..., Desk]) -> int:
    """Lets a report leave the desk: to a file where one is asked for, else printed."""
    from desktop.casework.desk import Refused
    from desktop.casework.reporting import Form, Made, Printed

    form = Form(asked.format)
    if asked.out is None and form not in (Form.CSV, Form.JSON):
        print(f"This is written to a file: --out FILE.{form.value}", file=sys.stderr)
        return 2
    if asked.out is None and sys.stdout is None:
        # As `>&-` starts a program.
        print("Standard output is closed. Write the report to a file: --out FILE", file=sys.stderr)
        return 1
    rest: list[str] = []

    def begin(content: bytes) -> None:
        rest.append(_begun(content))

    way = Made(asked.out, form) if asked.out is not None else Printed(begin, form)
    if form is Form.PDF:
        with _undisturbed():
            import desktop.letters.reportpages  # noqa: F401
    try:
        with _ended_in_order():
            said, control = what(asked, day, lambda: sign_in(asked), way)
    except _Misused as error:
        print(error, file=sys.stderr)
        return 2
    except _Unwanted:
        print("Nothing left the desk.", file=sys.stderr)
        return 1
    except Refused as error:
        print(error, file=sys.stderr)
        return 1
    # What is printed is journalled by now.
    print(*rest or (f"{asked.out} {said}",))
    if not _asks(asked):
        print(control.once_out, file=sys.stderr)
    return 0


def _asks(asked: argparse.Namespace) -> bool:
    """Whether somebody sits there who can be asked."""
    return not asked.yes and sys.stdin is not None and sys.stdin.isatty()


def _agreed(asked: argparse.Namespace, control: Control) -> None:
    """Says what it means that a report leaves the desk, and asks. Raises _Unwanted."""
    if not _asks(asked):
        return
    sys.stderr.write(f"{control.once_out}\nType yes to go on: ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() != "yes":
        raise _Unwanted


def _begun(content: bytes) -> str:
    """Prints the first character of a report, which tells nothing, to see that it can be printed before anything is
    journalled; returns the rest. Raises OSError.
    """
    text = content.decode("utf-8-sig").rstrip()
    try:
        print(text[:1], end="", flush=True)
    except OSError as error:
        # What stays in the buffer would be tried again as the program ends.
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        error.filename = "Standard output"
        raise
    return text[1:]


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Whoever ends the program in here (SIGTERM) stops it as Ctrl+C does: what was begun of a file is taken away."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl+C in here stops the program after it: libraries that are half imported end it in disorder."""
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


class _Unwanted(Exception):
    """Who was asked did not say yes."""


class _Misused(Exception):
    """What was typed is not understood."""


def _control(asked: argparse.Namespace) -> Control:
    from desktop.policy.disclosurecontrol import control_of

    try:
        return control_of(asked.control)
    except ValueError as error:
        raise _Misused(f"--control: {error}.") from error


def _publication(
    asked: argparse.Namespace, day: Callable[[str], date], desk: Callable[[], Desk], way: Made | Printed
) -> _Said:
    from desktop.casework import publication
    from desktop.policy.publication import Per

    wanted = publication.Asked(
        table=asked.table, first=day(asked.first), last=day(asked.last), per=Per(asked.by), control=_control(asked)
    )
    return _published(asked, desk(), wanted, way)


def _published(asked: argparse.Namespace, desk: Desk, wanted: Asked, way: Made | Printed) -> _Said:
    from desktop.casework import publication

    _agreed(asked, wanted.control)
    publication.publish(desk, wanted, way)
    ending = " before it is rounded." if wanted.control.rounded else "."
    return f"has the table, which adds up{ending}", wanted.control


def _oversight(
    asked: argparse.Namespace, day: Callable[[str], date], desk: Callable[[], Desk], way: Made | Printed
) -> _Said:
    first, last, control = day(asked.first), day(asked.last), _control(asked)
    return _overseen(asked, desk(), (first, last), control, way)


def _overseen(
    asked: argparse.Namespace, desk: Desk, days: tuple[date, date], control: Control, way: Made | Printed
) -> _Said:
    from desktop.casework import oversight

    _agreed(asked, control)
    oversight.save_oversight(desk, *days, control, way)
    return "has the report.", control


def _saved(
    asked: argparse.Namespace, _day: Callable[[str], date], desk: Callable[[], Desk], way: Made | Printed
) -> _Said:
    from desktop.casework.publication import Asked
    from desktop.casework.savedreports import saved_report
    from desktop.policy.savedreports import ReportKind

    who = desk()
    one = saved_report(who, asked.name)
    if one.report is ReportKind.OVERSIGHT:
        return _overseen(asked, who, (one.first, one.last), one.control, way)
    wanted = Asked(table=one.table, first=one.first, last=one.last, per=one.per, control=one.control)
    return _published(asked, who, wanted, way)


def _today(
    asked: argparse.Namespace, _day: Callable[[str], date], desk: Callable[[], Desk], way: Made | Printed
) -> _Said:
    from desktop.casework import today
    from desktop.policy.disclosurecontrol import NONE

    who = desk()
    _agreed(asked, NONE)
    today.save_today(who, way)
    return "has the figures.", NONE


def _check(asked: argparse.Namespace) -> int:
    from desktop.casework.desk import Refused
    from desktop.casework.publication import check_published

    try:
        found = check_published(asked.file)
    except Refused as error:
        print(error, file=sys.stderr)
        return 1
    print(*(found.faults or (found.said,)), *found.not_checked, sep="\n")
    return 1 if found.faults or not found.sums else 0
