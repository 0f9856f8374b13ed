"""Whether the figures of a published table fit the sums that its titles tell of, and in which words it is said where
they do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import inf

from desktop.policy.publishedcells import Amount
from desktop.policy.publishedsums import Equation
from desktop.policy.wording import figures


@dataclass(slots=True)
class Found:
    """What was found of some sums: how many were checked, what is wrong, whether there are others with a figure that
    is kept back, whether some were checked as far as the bounds of a figure let it be told, and what could not be read.
    """

    sums: int = 0
    faults: list[str] = field(default_factory=list)
    kept_back: bool = False
    bounded: bool = False
    unread: list[str] = field(default_factory=list)

    def add(self, other: Found) -> None:
        """Learns what was found of other sums."""
        self.sums += other.sums
        self.faults += other.faults
        self.kept_back |= other.kept_back
        self.bounded |= other.bounded
        self.unread += other.unread


@dataclass(frozen=True, slots=True)
class Wrong:
    """A sum that is wrong: in which of the vectors, and between what stands there and what it should be."""

    at: int
    equation: Equation
    have: Amount
    should: Amount

    @property
    def said(self) -> str:
        """What stands there, and what its parts make, in words."""
        more = self.should.least > self.have.most
        have, should = _said(self.have, least=not more), _said(self.should, least=more)
        return f"{have}{self.equation.also}, but {self.equation.of} {should}."


def _said(amount: Amount, *, least: bool) -> str:
    """A figure, or what it is at least or at most."""
    words = "" if amount.known else "at least " if least else "at most "
    return f"{words}{figures(int(amount.least if least else amount.most))}"


def _together(amounts: Sequence[Amount], *, below: bool) -> Amount:
    """What some figures make; those that are not known may be `below` nought or not."""
    parts = [replace(one, least=-inf) if below and not one.known else one for one in amounts]
    return Amount(sum(one.least for one in parts), sum(one.most for one in parts))


def solve(options: Sequence[Equation], vectors: Sequence[Sequence[Amount]], nearest: int, found: Found) -> list[Wrong]:
    """Which sums are wrong, by the one option that holds in the most vectors; `found` learns how many were checked.

    A figure that is kept back may be any number, and one such as "<5" each of those: a sum that cannot be is wrong. One
    that can be counts as checked where each of its figures has bounds.
    """
    tried = []
    for equation in options:
        part, wrong = Found(), list[Wrong]()
        for at, vector in enumerate(vectors):
            whole, parts = ([vector[one] for one in places] for places in (equation.whole, equation.parts))
            amounts = (*whole, *parts)
            # Each rounded figure is off by half a step at most.
            off = nearest // 2 * sum(1 for one in amounts if one.known)
            # Where one of them is below nought, those that are not known may be, too.
            below = any(one.most < 0 for one in amounts)
            have, should = _together(whole, below=below), _together(parts, below=below)
            if should.least > have.most + off or (should.most < have.least - off and not equation.at_most):
                wrong.append(Wrong(at, equation, have, should))
            elif have.finite and should.finite:
                part.sums += 1
                part.bounded |= not all(one.known for one in amounts)
            else:
                part.kept_back |= any(one.kept_back and not one.finite for one in amounts)
        tried.append((part, wrong))
    part, wrong = min(tried, key=lambda one: (-_whole(*one), len(one[1])))
    found.add(part)
    found.sums += len(wrong)
    return wrong


def _whole(part: Found, wrong: Sequence[Wrong]) -> int:
    """Of how many sums every figure has bounds."""
    return part.sums + sum(1 for one in wrong if one.have.finite and one.should.finite)
