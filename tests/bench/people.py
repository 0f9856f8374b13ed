"""Invented people for a large store: names put together from the sample's, and NHS numbers of the test range."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache

from db.records import Answers, Json
from desktop.casework.sample import sample_data

_AGAIN = 20
"""Each twentieth request is about somebody who was asked about before."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is asked about."""

    given_names: str
    family_name: str
    day: int
    month: int
    year: int
    nhs_number: str

    def answers(self) -> Answers:
        """What a form says of them."""
        born: Json = {"day": str(self.day), "month": str(self.month), "year": str(self.year), "unknown": False}
        return {
            "person.given_names": self.given_names,
            "person.family_name": self.family_name,
            "person.born": born,
            "person.nhs_number": self.nhs_number,
        }

    @property
    def born(self) -> str:
        """As a case's row has it."""
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"


def person(number: int) -> Person:
    """The person of a case, by its number: always the same."""
    if number % _AGAIN == 0 and number > _AGAIN:
        return person(number - 7)
    given, family = _names()
    chance = random.Random(number)
    return Person(
        given_names=chance.choice(given),
        family_name=f"{chance.choice(family)}-{chance.choice(family)}",
        day=chance.randint(1, 28),
        month=chance.randint(1, 12),
        year=chance.randint(1940, 2004),
        nhs_number=nhs_number(number),
    )


@cache
def _names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    people = [one["person"] for one in sample_data()["persons"]]
    family = {part for one in people for name in one[1].split() for part in name.split("-")}
    return tuple(sorted({one[0] for one in people})), tuple(sorted(family))


def nhs_number(number: int) -> str:
    """A number of the range that is given to nobody (999 …), right by modulus 11."""
    while True:
        digits = f"999{number % 1_000_000:06d}"
        check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return digits + str(check % 11)
        number += 1
