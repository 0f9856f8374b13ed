"""The register of retention rules: what each agreement says of how long its cases are kept, and on whose authority."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from db.records import Heading
from desktop.casework.copies import write_told
from desktop.casework.desk import Desk, need_role
from desktop.casework.disposal import SEES
from desktop.policy.retention import longstop_words, period_words, rule_words, trigger_words
from desktop.policy.tables import write_csv

HEADINGS = ("Agreement", "Record", "Starts", "Least kept", "Rule", "Reviewed anyway", "Authority", "Source")


@dataclass(frozen=True, slots=True)
class RuleRow:
    """The rule of one agreement, in words."""

    agreement: str
    record: str
    starts: str
    """What starts its timers."""
    period: str
    rule: str
    anyway: str
    """When a case is reviewed although what starts its timer has not happened; "" where it always happens."""
    authority: str
    source: str


def retention_rules(desk: Desk) -> tuple[RuleRow, ...]:
    """The rules by which cases that close today are kept, in the order of the agreements' titles.

    A case that is closed stays under the rule of its own agreement's text: see ``desktop.casework.rebasing``.
    """
    need_role(desk, *SEES)
    rows = []
    for one in desk.agreements.all():
        rule = one.retention
        answers = tuple(answer.label for answer in one.answers if answer.id in rule.answers)
        rows.append(
            RuleRow(
                one.title,
                rule.record,
                trigger_words(rule, answers),
                period_words(rule),
                rule_words(rule),
                longstop_words(rule),
                rule.authority,
                rule.source,
            )
        )
    return tuple(sorted(rows, key=lambda row: row.agreement.casefold()))


def save_retention_rules(desk: Desk, out: Path) -> None:
    """Writes the register to a CSV file; journalled. Raises OSError as ``write_told`` does."""
    rows = retention_rules(desk)

    cells = [
        (row.agreement, row.record, row.starts, row.period, row.rule, row.anyway, row.authority, row.source)
        for row in rows
    ]
    write_told(
        desk,
        out,
        write_csv(HEADINGS, cells),
        action="save_retention_rules",
        heading=Heading.SYSTEM,
        data={"rules": len(rows)},
        replace=True,
    )
