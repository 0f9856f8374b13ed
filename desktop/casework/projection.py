"""What the answers of a case mean for its row: names, dates, the version in force, the due date, and the index."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from db.records import Answers, Extension, Json, Pause
from db.search import Indexed
from db.searchwords import spelled
from desktop.policy.agreements import DECISION_FIELD, DECLINED, Agreement, Version
from desktop.policy.calendars import Calendar
from desktop.policy.clocks import due
from desktop.policy.fields import parse_date, parse_partial_date
from desktop.policy.identifiers import normalise_nhs_number
from desktop.policy.ledger import Due
from desktop.policy.people import name_key, other_names


@dataclass(frozen=True, slots=True)
class Projection:
    """The columns of a case's row that follow from its answers."""

    received_on: date | None
    version: int
    """The agreement's version in force on the day of receipt; 0 where there is none."""
    suspended: bool
    due_on: date | None
    provisional: bool
    expedited: bool
    requester_kind: str
    requester: str
    requester_reference: str
    family_name: str
    given_names: str
    born: str

    def values(self) -> dict[str, object]:
        """As columns."""
        return {
            "received_on": self.received_on,
            "agreement_version": self.version,
            "due_on": self.due_on,
            "provisional": self.provisional,
            "expedited": self.expedited,
            "requester_kind": self.requester_kind,
            "requester": self.requester,
            "requester_reference": self.requester_reference,
            "family_name": self.family_name,
            "given_names": self.given_names,
            "born": self.born,
        }


def text_of(answers: Answers, key: str) -> str:
    """An answer as trimmed text; "" where it is missing or of another shape."""
    value = answers.get(key)
    return value.strip() if isinstance(value, str) else ""


def version_for(agreement: Agreement, received: date | None) -> Version | None:
    """The version that governs a request received on this day."""
    return agreement.version_on(received) if received else None


def is_expedited(answers: Answers) -> bool:
    """Whether the shorter time counts: a faster answer is asked for, and was not declined."""
    return answers.get("urgency.expedite") is True and text_of(answers, DECISION_FIELD) != DECLINED


def due_of(
    agreement: Agreement,
    answers: Answers,
    calendars: Mapping[str, Calendar],
    pauses: tuple[Pause, ...],
    extensions: tuple[Extension, ...] = (),
) -> Due | None:
    """The due date with its ledger, as soon as the date of receipt is known."""
    received = parse_date(answers.get("received.on"))
    if received is None:
        return None
    expedited = is_expedited(answers)
    calendar = calendars[agreement.clock.calendar]
    return due(agreement.clock, received, calendar, pauses, expedited=expedited, extensions=extensions)


def listed(answers: Answers) -> dict[str, Any]:
    """What lists say of a case as its answers have it, by column."""
    return {
        "received_on": parse_date(answers.get("received.on")),
        "requester": text_of(answers, "requester.body"),
        "requester_reference": text_of(answers, "requester.reference"),
        "family_name": text_of(answers, "person.family_name"),
        "given_names": text_of(answers, "person.given_names"),
        "born": born_text(answers.get("person.born")),
    }


def project(
    agreement: Agreement,
    answers: Answers,
    calendars: Mapping[str, Calendar],
    pauses: tuple[Pause, ...],
    extensions: tuple[Extension, ...] = (),
) -> Projection:
    """The row that these answers make."""
    received = parse_date(answers.get("received.on"))
    version = version_for(agreement, received)
    owed = due_of(agreement, answers, calendars, pauses, extensions)
    return Projection(
        **listed(answers),
        version=version.number if version else 0,
        suspended=version is not None and received is not None and version.is_suspended(received),
        due_on=owed.due_on if owed else None,
        provisional=owed.provisional if owed else False,
        expedited=is_expedited(answers),
        requester_kind=text_of(answers, "requester.kind"),
    )


def born_text(value: Json) -> str:
    """A partial date as "1984-06-30", "1984-06", "1984" or ""."""
    found = parse_partial_date(value)
    if found is None or found.year is None:
        return ""
    text = f"{found.year:04d}"
    if found.month is not None:
        text += f"-{found.month:02d}"
        if found.day is not None:
            text += f"-{found.day:02d}"
    return text


_NUMBERS = ("person.home_office_reference", "person.passport", "person.ni_number")


def identifiers(answers: Answers) -> list[tuple[str, str]]:
    """What earlier requests about the same person are found by: (kind, normalised value) pairs."""
    pairs = [("name", name_key(text_of(answers, "person.family_name")))]
    pairs.append(
        ("given", name_key(text_of(answers, "person.given_names")) + "|" + born_text(answers.get("person.born")))
    )
    pairs += [("name", name_key(other.split()[-1])) for other in other_names(answers) if other.split()]
    pairs.append(("nhs_number", normalise_nhs_number(text_of(answers, "person.nhs_number"))))
    pairs += [(key.removeprefix("person."), _squeezed(text_of(answers, key))) for key in _NUMBERS]
    return [(kind, value) for kind, value in pairs if value and value[0] != "|" and value[-1] != "|"]


def sought(answers: Answers) -> list[tuple[str, str]]:
    """What earlier requests about the same person are looked for by: as they are found by, and what one has whose names
    stand in each other's place, or all in one field.
    """
    family, given = (name_key(text_of(answers, f"person.{part}")) for part in ("family_name", "given_names"))
    if family and given:
        names = [given, family + given, given + family]
    else:
        words = text_of(answers, "person.family_name") or text_of(answers, "person.given_names")
        names = [family + given, *map(name_key, words.split())]
    return [*identifiers(answers), *(("name", one) for one in dict.fromkeys(names) if one)]


def _squeezed(number: str) -> str:
    return "".join(c for c in number.upper() if c.isalnum())


def indexed(reference: str, answers: Answers) -> Indexed:
    """What can be searched for."""
    born = born_text(answers.get("person.born"))
    parts = born.split("-") if born else []
    if len(parts) > 1:
        parts += [month_name[int(parts[1])], *(str(int(part)) for part in parts[1:])]
    numbers = [normalise_nhs_number(text_of(answers, "person.nhs_number"))]
    numbers += [_squeezed(text_of(answers, key)) for key in _NUMBERS]
    names = [text_of(answers, "person.given_names"), text_of(answers, "person.family_name"), *other_names(answers)]
    return Indexed(
        reference=reference,
        names=spelled(" ".join(names)),
        born=" ".join(parts),
        numbers=" ".join(number for number in numbers if number),
        requester_reference=text_of(answers, "requester.reference"),
    )
