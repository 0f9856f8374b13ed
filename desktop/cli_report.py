"""``tracing-desk report``: the publication register, as a file or printed, and whether a published table adds up."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.casework.desk import Desk

WORDS = "count requests for publication, or check a published table"


def arguments(parser: argparse.ArgumentParser, day: Callable[[str], date], sign_in: Callable[..., Desk]) -> None:
    """What the command is given. `day` reads a date, `sign_in` signs in."""
    which = parser.add_subparsers(metavar="REPORT", required=True)
    publication = which.add_parser("publication", help="what was received, answered and carried forward")
    publication.add_argument("--from", dest="first", required=True, metavar="DATE", help="such as 2016-01-01")
    publication.add_argument("--to", dest="last", required=True, metavar="DATE", help="the last day")
    publication.add_argument("--table", default="Tracing requests", help="which table; “Tracing requests” by default")
    publication.add_argument(
        "--by", default="all", choices=("month", "quarter", "year", "all"), help="a table for each"
    )
    control = "small figures: none (all are shown), nhs (1 to 7 hidden, others to the nearest 5) or below-N"
    publication.add_argument("--control", default="none", metavar="HOW", help=control)
    publication.add_argument("--format", default="csv", choices=("csv", "xlsx", "json", "pdf"), help="csv by default")
    publication.add_argument("--out", type=Path, metavar="FILE", help="publish it to this new file; without, print it")
    publication.set_defaults(run=lambda asked: _publication(asked, day, sign_in))
    check = which.add_parser("check", help="whether a published table (CSV or XLSX) adds up")
    check.add_argument("file", type=Path, metavar="FILE")
    check.set_defaults(run=_check)


def _publication(asked: argparse.Namespace, day: Callable[[str], date], sign_in: Callable[..., Desk]) -> int:
    from desktop.casework import publication
    from desktop.casework.desk import Refused
    from desktop.casework.reporting import WRITERS, Form, Made
    from desktop.policy.disclosurecontrol import control_of
    from desktop.policy.publication import Per

    try:
        control = control_of(asked.control)
    except ValueError as error:
        print(f"--control: {error}.", file=sys.stderr)
        return 2
    form = Form(asked.format)
    if asked.out is None and form not in (Form.CSV, Form.JSON):
        print(f"This is written to a file: --out FILE.{form.value}", file=sys.stderr)
        return 2
    wanted = publication.Asked(
        table=asked.table, first=day(asked.first), last=day(asked.last), per=Per(asked.by), control=control
    )
    try:
        if asked.out is not None:
            publication.publish(sign_in(asked), wanted, Made(asked.out, form))
            print(f"{asked.out} has the table, which adds up.")
            return 0
        made = publication.publication(sign_in(asked), wanted)
    except Refused as error:
        print(error, file=sys.stderr)
        return 1
    print(WRITERS[form](made.report).decode("utf-8-sig").rstrip())
    print(*made.faults, sep="\n", file=sys.stderr, end="\n" if made.faults else "")
    return 1 if made.faults else 0


def _check(asked: argparse.Namespace) -> int:
    from desktop.casework.desk import Refused
    from desktop.casework.publication import check_published

    try:
        found = check_published(asked.file)
    except Refused as error:
        print(error, file=sys.stderr)
        return 1
    for one in found.faults:
        print(one)
    if not found.faults:
        print(f"{found.sums} sums were checked, and each is right." if found.sums else "There is no total to check.")
    return 1 if found.faults or not found.sums else 0
