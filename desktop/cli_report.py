"""``tracing-desk report``: the publication register, the oversight report and the desk today, as a file or printed, and
whether a published table adds up.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.casework.desk import Desk
    from desktop.casework.reporting import Made
    from desktop.policy.disclosurecontrol import Control
    from desktop.policy.reports import Report

    _Printed = tuple[Report, tuple[str, ...]]

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
    _form(publication, "publish it to this new file; without, print it")
    publication.set_defaults(run=lambda asked: _run(_publication, asked, day, sign_in))
    oversight = which.add_parser("oversight", help="how requests were dealt with, for a board or a department")
    _days(oversight)
    _form(oversight, "save it to this new file; without, print it")
    oversight.set_defaults(run=lambda asked: _run(_oversight, asked, day, sign_in))
    today = which.add_parser("today", help="what came in, what is open and what will be late, as you may see it")
    _form(today, "save it to this new file; without, print it")
    today.set_defaults(run=lambda asked: _run(_today, asked, day, sign_in))
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


def _run(
    what: Callable[[argparse.Namespace, Callable[[str], date], Callable[[], Desk], Made | None], _Printed | str],
    asked: argparse.Namespace,
    day: Callable[[str], date],
    sign_in: Callable[..., Desk],
) -> int:
    """Makes a report: a file where one is asked for, else printed, with its faults beside it."""
    from desktop.casework.desk import Refused
    from desktop.casework.reporting import Form, Made, written_as

    form = Form(asked.format)
    if asked.out is None and form not in (Form.CSV, Form.JSON):
        print(f"This is written to a file: --out FILE.{form.value}", file=sys.stderr)
        return 2
    try:
        with _ended_in_order():
            made = what(asked, day, lambda: sign_in(asked), Made(asked.out, form) if asked.out is not None else None)
    except _Misused as error:
        print(error, file=sys.stderr)
        return 2
    except Refused as error:
        print(error, file=sys.stderr)
        return 1
    if isinstance(made, str):
        print(made)
        return 0
    report, faults = made
    print(written_as(form, report).decode("utf-8-sig").rstrip())
    print(*faults, sep="\n", file=sys.stderr, end="\n" if faults else "")
    return 1 if faults else 0


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Whoever ends the program in here (SIGTERM) stops it as Ctrl+C does: what was begun of a file is taken away."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class _Misused(Exception):
    """What was typed is not understood."""


def _control(asked: argparse.Namespace) -> Control:
    from desktop.policy.disclosurecontrol import control_of

    try:
        return control_of(asked.control)
    except ValueError as error:
        raise _Misused(f"--control: {error}.") from error


def _publication(
    asked: argparse.Namespace, day: Callable[[str], date], desk: Callable[[], Desk], made: Made | None
) -> _Printed | str:
    from desktop.casework import publication
    from desktop.policy.publication import Per

    wanted = publication.Asked(
        table=asked.table, first=day(asked.first), last=day(asked.last), per=Per(asked.by), control=_control(asked)
    )
    if made is not None:
        publication.publish(desk(), wanted, made)
        return f"{made.out} has the table, which adds up."
    counted = publication.publication(desk(), wanted)
    return counted.report, counted.faults


def _oversight(
    asked: argparse.Namespace, day: Callable[[str], date], desk: Callable[[], Desk], made: Made | None
) -> _Printed | str:
    from desktop.casework import oversight

    first, last, control = day(asked.first), day(asked.last), _control(asked)
    if made is not None:
        oversight.save_oversight(desk(), first, last, control, made)
        return f"{made.out} has the report."
    return oversight.oversight(desk(), first, last, control), ()


def _today(
    _asked: argparse.Namespace, _day: Callable[[str], date], desk: Callable[[], Desk], made: Made | None
) -> _Printed | str:
    from desktop.casework import today

    if made is not None:
        today.save_today(desk(), made)
        return f"{made.out} has the figures."
    return today.today(desk(), named=False), ()


def _check(asked: argparse.Namespace) -> int:
    from desktop.casework.desk import Refused
    from desktop.casework.publication import check_published
    from desktop.policy.wording import plural

    try:
        found = check_published(asked.file)
    except Refused as error:
        print(error, file=sys.stderr)
        return 1
    for one in found.faults:
        print(one)
    if not found.faults:
        checked = f"{plural(found.sums, 'sum was', 'sums were')} checked"
        print(f"{checked}, and each is right." if found.sums else "There is no total to check.")
    return 1 if found.faults or not found.sums else 0
