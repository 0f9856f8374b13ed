"""The fields that say what is counted: which table, which days and periods, and how small figures are kept back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from desktop.policy.disclosurecontrol import LEAST_THRESHOLD, MOST_THRESHOLD, NHS, NONE, Control
from desktop.policy.fields import parse_date
from desktop.policy.publication import PER_WORDS, Per
from desktop.policy.savedreports import ReportKind, WantedReport
from desktop.policy.spans import SPAN_WORDS, Span, span_days
from desktop.ui.kit.dates import DateField
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import ChoiceField, LineField
from desktop.ui.kit.text import Text

_SPANS = (*((one.value, SPAN_WORDS[one]) for one in Span), ("", "Other days"))
_CONTROLS = (("none", "All shown"), ("nhs", "NHS rule, 1 to 7"), ("below", "Below a number"))
_MEANING = {
    "none": "Every figure is shown as it was counted, as the national register shows them. A very small one may tell of"
    " one person.",
    "nhs": "The NHS rule for figures below national level: counts of 1 to 7 are kept back, others go to the nearest 5,"
    " and more is kept back where a small figure could be worked out.",
    "below": "Counts from 1 that are below your number are kept back, and more where one of them could be worked out;"
    " others are shown as they are.",
}
_THRESHOLD = f"Give {LEAST_THRESHOLD} to {MOST_THRESHOLD}."


class CountFields:
    """The fields by their keys, for a window to lay out, and what stands in them."""

    def __init__(self, today: Callable[[], date], *, table: bool) -> None:
        """`table`: whether one of several tables is chosen, and its periods."""
        self._today = today
        self.fields: dict[str, Field] = {}
        if table:
            self.fields["table"] = ChoiceField("table", "Table", (), none_words="")
        self.fields["span"] = ChoiceField("span", "Days", _SPANS, none_words="")
        self.fields["first"] = DateField("first", "First day")
        self.fields["last"] = DateField("last", "Last day")
        if table:
            periods = [(per.value, PER_WORDS[per]) for per in Per]
            self.fields["per"] = ChoiceField("per", "Periods", periods, none_words="")
            self.fields["per"].set_value(Per.ALL.value)
        self.fields["control"] = ChoiceField("control", "Small figures", _CONTROLS, none_words="")
        self.fields["below"] = LineField("below", "Below")
        self.meaning = Text(_MEANING["none"], "small", "text-2", wrap=True)
        """What becomes of small figures, in a sentence."""
        self.fields["span"].set_value("")
        self.fields["span"].edited.connect(self.renew)
        for key in ("first", "last"):
            self.fields[key].edited.connect(self._other_days)
        self.fields["control"].edited.connect(self.arrange)
        self.arrange()

    def set_tables(self, titles: Sequence[str]) -> None:
        """The tables to choose among; the first is chosen until another is."""
        field = self.fields["table"]
        if isinstance(field, ChoiceField):
            field.set_options([(title, title) for title in titles])

    def set_days(self, first: date, last: date) -> None:
        """Shows these days, which have no word of their own."""
        self.fields["span"].set_value("")
        self._show_days(first, last)

    def set_span(self, span: Span) -> None:
        """Shows the days that a word means."""
        self.fields["span"].set_value(span.value)
        self.renew()

    def span(self) -> Span | None:
        """The word for the days; None where they were typed."""
        return Span(chosen) if (chosen := self.text("span")) else None

    def renew(self) -> None:
        """Shows the days that the chosen word means now."""
        if (span := self.span()) is not None:
            self._show_days(*span_days(span, self._today()))
            for key in ("first", "last"):
                self.fields[key].clear_problem()

    def wanted(self, report: ReportKind) -> WantedReport | None:
        """The report as it is asked for; None where it cannot be counted."""
        days = self.days()
        if days is None:
            return None
        (first, last), span, control = days, self.span(), self.control()
        if "table" not in self.fields:
            return WantedReport(report=report, span=span, first=first, last=last, control=control)
        if not (table := self.text("table")):
            return None
        per = Per(self.text("per"))
        return WantedReport(report=report, span=span, first=first, last=last, control=control, table=table, per=per)

    def show_wanted(self, wanted: WantedReport) -> None:
        """Shows what a report was asked for."""
        if wanted.span is not None:
            self.set_span(wanted.span)
        else:
            self.set_days(wanted.first, wanted.last)
        control = wanted.control
        self.fields["control"].set_value("below" if control.id.startswith("below") else control.id)
        self.fields["below"].set_value(str(control.below) if control.id.startswith("below") else "")
        if "table" in self.fields:
            self.fields["table"].set_value(wanted.table)
            self.fields["per"].set_value(wanted.per.value)
        for field in self.fields.values():
            field.clear_problem()
        self.arrange()

    def reset(self) -> None:
        """Asks for what is asked for at first: this year, as it is, in the first table."""
        self.set_span(Span.THIS_YEAR)
        self.fields["control"].set_value("none")
        self.fields["below"].set_value("")
        if "table" in self.fields:
            self.fields["table"].set_value("")
            self.fields["per"].set_value(Per.ALL.value)
        for field in self.fields.values():
            field.clear_problem()
        self.arrange()

    def _other_days(self) -> None:
        self.fields["span"].set_value("")

    def _show_days(self, first: date, last: date) -> None:
        for key, on in (("first", first), ("last", last)):
            self.fields[key].set_value({"day": str(on.day), "month": str(on.month), "year": str(on.year)})

    def text(self, key: str) -> str:
        """The key that is chosen in a field."""
        return str(self.fields[key].value())

    def days(self) -> tuple[date, date] | None:
        """The first day and the last; None where it cannot be counted."""
        first, last = self._dates()
        return None if first is None or last is None or self.wrong() else (first, last)

    def control(self) -> Control:
        """How small figures are kept back. Only where there are `days`."""
        chosen = self.text("control")
        return Control(int(self.text("below"))) if chosen == "below" else NHS if chosen == "nhs" else NONE

    def wrong(self) -> Mapping[str, str]:
        """By field, in words, what cannot be counted."""
        found: dict[str, str] = {}
        first, last = self._dates()
        for key, on in (("first", first), ("last", last)):
            field = self.fields[key]
            if on is None and isinstance(field, DateField):
                found[key] = field.date_problem() or "Give the day, the month and the year."
        if first is not None and last is not None and last < first:
            found["last"] = "This is before the first day: change one of them."
        below = self.text("below").strip()
        if self.text("control") == "below":
            number = int(below) if below.isascii() and below.isdigit() and len(below) < len("1000") else 0
            if not LEAST_THRESHOLD <= number <= MOST_THRESHOLD:
                found["below"] = _THRESHOLD
        return found

    def arrange(self) -> None:
        """Asks for a number only where there is one to give, and says what becomes of small figures."""
        chosen = self.text("control")
        self.fields["below"].setVisible(chosen == "below")
        self.meaning.setText(_MEANING[chosen])

    def _dates(self) -> tuple[date | None, date | None]:
        return parse_date(self.fields["first"].value()), parse_date(self.fields["last"].value())
