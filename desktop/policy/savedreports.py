"""What can be saved of a report, and back: which, of which days, in which periods, and how small figures are kept back.

Nothing in it was typed but days and a number: a table is told by the title that agreements give it, in small letters.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from desktop.policy.disclosurecontrol import NHS, Control, control_of
from desktop.policy.publication import Per, Period
from desktop.policy.spans import SPAN_WORDS, Span, span_days

_KEYS: Final = frozenset({"report", "span", "first", "last", "control", "table", "per"})
_APART: Final = re.compile(r"[^a-z0-9]+")
_MOST: Final = 60


class ReportKind(StrEnum):
    """The reports that are asked for something."""

    PUBLICATION = "publication"
    OVERSIGHT = "oversight"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedReport:
    """A report as it is asked for: both ends of its days too."""

    report: ReportKind
    span: Span | None = None
    """What its days are called; None where those very days are meant."""
    first: date
    last: date
    control: Control
    table: str = ""
    """Of the publication register: the title of its table."""
    per: Per = Per.ALL

    @property
    def counts(self) -> tuple[object, ...]:
        """What it counts, whatever its days are called."""
        return self.report, self.first, self.last, self.control, self.table, self.per

    @property
    def said(self) -> str:
        """Such as "Tracing requests by month: last quarter, all figures shown"."""
        days = SPAN_WORDS[self.span].lower() if self.span is not None else Period(self.first, self.last).title
        per = "" if self.per is Per.ALL else f" by {self.per.value}"
        return f"{self.table or 'Oversight'}{per}: {days}, {_control_words(self.control)}"


def _control_words(control: Control) -> str:
    if not control.below:
        return "all figures shown"
    return "1 to 7 kept back (NHS)" if control == NHS else f"below {control.below} kept back"


def encoded(wanted: WantedReport) -> str:
    """As the store keeps it."""
    said = {"report": wanted.report.value, "control": wanted.control.id}
    if wanted.span is not None:
        said["span"] = wanted.span.value
    else:
        said |= {"first": wanted.first.isoformat(), "last": wanted.last.isoformat()}
    if wanted.report is ReportKind.PUBLICATION:
        said |= {"table": table_word(wanted.table), "per": wanted.per.value}
    return json.dumps(said, sort_keys=True)


def table_word(title: str) -> str:
    """The title of a table as it is kept: "tracing-requests"."""
    plain = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    return "-".join(_APART.split(plain)).strip("-")[:_MOST]


def decoded(text: str, today: date, tables: Iterable[str]) -> WantedReport | None:
    """What is to be counted on a day; None where its table is not among those that there are. Raises ValueError for
    what ``encoded`` did not make.
    """
    said = json.loads(text)
    if not isinstance(said, dict) or set(said) - _KEYS or not all(isinstance(one, str) for one in said.values()):
        raise ValueError("what is saved of a report are words by their keys")
    report = ReportKind(said.get("report", ""))
    span = Span(said["span"]) if "span" in said else None
    first, last = span_days(span, today) if span is not None else _days(said)
    control = control_of(said.get("control", ""))
    if report is ReportKind.OVERSIGHT:
        return WantedReport(report=report, span=span, first=first, last=last, control=control)
    table = next((one for one in tables if table_word(one) == said.get("table", "")), None)
    per = Per(said.get("per", ""))
    if table is None:
        return None
    return WantedReport(report=report, span=span, first=first, last=last, control=control, table=table, per=per)


def _days(said: Mapping[str, str]) -> tuple[date, date]:
    first, last = (date.fromisoformat(said.get(key, "")) for key in ("first", "last"))
    if last < first:
        raise ValueError("the last day is before the first")
    return first, last
