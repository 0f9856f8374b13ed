"""The whole agreement in words, as the version that governs the case sees it."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from desktop.policy.agreements import Agreement, LaterRule, Statistics, Version
from desktop.policy.clocks import clock_words
from desktop.policy.retention import rule_words
from desktop.policy.wording import day, join_and
from desktop.ui.dialogs import Dialog
from desktop.ui.kit.button import MAIN
from desktop.ui.kit.text import Text


def paragraphs(agreement: Agreement, version: Version | None) -> tuple[tuple[str, str], ...]:
    """(style, words): "group" for a heading, "body" for a paragraph, "small" for a source."""
    out: list[tuple[str, str]] = []
    if version is None:
        out.append(("body", agreement.because_none))
    else:
        till = f" to {day(version.in_force_to)}" if version.in_force_to else ""
        span = f"in force from {day(version.in_force_from)}{till}"
        out.append(("body", f"{version.title}. Version {version.number}, {span}."))
        out += [("body", one) for one in (version.because, version.note) if one]
    out += [
        ("body", f"Held by: {agreement.holder}."),
        ("body", f"To be answered within {clock_words(agreement.clock)}. Kept {rule_words(agreement.retention)}."),
        ("small", agreement.source),
    ]
    _listed(out, "Who may ask", [(one.title, one.note, one.source) for one in agreement.requesters])
    _listed(out, "Grounds", [(one.label, one.note, one.source) for one in agreement.grounds])
    _listed(out, "Criteria", [(one.question, one.guidance, one.source) for one in agreement.criteria])
    items = [(_item(one.label, one.releasable), one.note, one.source) for one in agreement.items]
    _listed(out, "What may be given", items)
    _listed(out, "The form", [(one.title, one.guidance, one.source) for one in agreement.sections])
    _counted(out, agreement.statistics)
    if agreement.notes:
        out.append(("group", "Notes"))
        out += [("body", note) for note in agreement.notes]
    return tuple(out)


def _counted(out: list[tuple[str, str]], statistics: Statistics) -> None:
    out.append(("group", "Statistics"))
    for version, rule in enumerate(statistics.rules, 1):
        columns = join_and(list(dict.fromkeys(rule.columns.values())))
        since = f" from {day(rule.counts_from)}" if isinstance(rule, LaterRule) else ""
        out.append(("body", f"Counted{since} in the table “{statistics.table}”, under {columns}."))
        out.append(("small", f"Version {version}, {rule.mark}"))
        for row in rule.rows:
            folded = f", published as “{row.published_as}”" if row.published_as else ""
            total = "" if row.processed else ", not counted as processed"
            out.append(("body", f"{row.title}{folded}{total}"))
        out += [("body", rule.note)] if rule.note else []
        out.append(("small", rule.source))


def _item(label: str, releasable: bool) -> str:
    return f"{label}: may be given" if releasable else f"{label}: not permitted"


def _listed(out: list[tuple[str, str]], title: str, things: list[tuple[str, str, str]]) -> None:
    if not things:
        return
    out.append(("group", title))
    for name, words, source in things:
        out.append(("label", name))
        if words:
            out.append(("body", words))
        out.append(("small", source))


class AgreementDialog(Dialog):
    """The whole agreement to read: arrows and Page Up and Down scroll it."""

    def __init__(self, agreement: Agreement, version: Version | None, parent: QWidget) -> None:
        super().__init__(parent, "agreement", agreement.title, width=720, high=440)
        self._left = list(paragraphs(agreement, version))
        # Put up in pieces, so that the window never waits for it.
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._put_up)
        self._timer.start()
        self.add_button("Close", MAIN, then=self.accept)

    def _put_up(self) -> None:
        for style, words in self._left[:8]:
            colour = "text-3" if style == "small" else "text"
            self.body.addWidget(Text(words, style, colour, wrap=True))
        self._left = self._left[8:]
        if not self._left:
            self._timer.stop()
            self.body.addStretch(1)
