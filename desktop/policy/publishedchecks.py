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

_FAR = 0.2
_ENOUGH = 3
_OF_ONE = "the columns of one breakdown make"


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
    unsummed: list[str] = field(default_factory=list)
    """What its title says is a total, and nothing beside it makes."""

    def add(self, other: Found) -> None:
        """Learns what was found of other sums."""
        self.sums += other.sums
        self.faults += other.faults
        self.kept_back |= other.kept_back
        self.bounded |= other.bounded
        self.unread += other.unread
        self.unsummed += other.unsummed


@dataclass(frozen=True, slots=True)
class Wrong:
    """A sum that is wrong: in which of the vectors, and between what stands there and what it should be."""

    at: int
    equation: Equation
    have: Amount
    should: Amount
    largest: float
    """The most of its parts."""

    @property
    def said(self) -> str:
        """What stands there, and what its parts make, in words."""
        more = self.should.least > self.have.most
        have, should = _said(self.have, least=not more), _said(self.should, least=more)
        return f"{have}{self.equation.also}, but {self.equation.of} {should}."

    @property
    def far(self) -> bool:
        """Whether what stands there is nowhere near what it should be: no slip of the pen."""
        apart = max(self.should.least - self.have.most, self.have.least - self.should.most)
        return apart > _FAR * max(abs(self.have.least), abs(self.should.least))


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
            off = (0.5 if nearest == 1 else nearest // 2) * sum(1 for one in amounts if one.known)
            # Where one of them is below nought, those that are not known may be, too.
            below = any(one.most < 0 for one in amounts)
            have, should = _together(whole, below=below), _together(parts, below=below)
            if should.least > have.most + off or (should.most < have.least - off and not equation.at_most):
                wrong.append(Wrong(at, equation, have, should, max((one.least for one in parts), default=0)))
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


def breakdowns(equation: Equation, vectors: Sequence[Sequence[Amount]], nearest: int) -> list[Equation]:
    """The two sums of a total that is told twice, such as by sex and then by age: all of them make it nowhere, and each
    half of them in most of the vectors. None where it is not.
    """
    parts = equation.parts
    told = [one for one in vectors if all(one[at].known and one[at].least for at in equation.whole)]
    if len(told) < 2 or len(solve([equation], told, nearest, Found())) < len(told):
        return []
    for cut in range(1, len(parts)):
        both = [replace(equation, parts=one, of=_OF_ONE) for one in (parts[:cut], parts[cut:])]
        if all(2 * _right(one, told, nearest) > len(told) for one in both):
            return both
    return []


def _right(equation: Equation, vectors: Sequence[Sequence[Amount]], nearest: int) -> int:
    """In how many vectors it is known to hold."""
    found = Found()
    return -len(solve([equation], vectors, nearest, found)) + found.sums


def is_no_sum(wrong: Sequence[Wrong], vectors: Sequence[Sequence[Amount]], nearest: int, *, several: bool) -> bool:
    """Whether a total is the sum of something that does not stand there: it is wrong in every vector, and is one of
    ``several`` totals, or is far off in each of three at least. One that leaves out one of its parts everywhere is
    wrong.
    """
    places = {one.at for one in wrong}
    empty = (at for at, one in enumerate(vectors) if wrong and at not in places and not _any(one, wrong[0].equation))
    if len(wrong) < 2 or len(places.union(empty)) < len(vectors):
        return False
    if several:
        return True
    if len(wrong) < _ENOUGH or not all(one.far for one in wrong):
        return False
    of = wrong[0].equation
    fewer = (replace(of, parts=tuple(one for one in of.parts if one != part)) for part in of.parts)
    return not any(one.parts and not solve([one], vectors, nearest, Found()) for one in fewer)


def _any(vector: Sequence[Amount], of: Equation) -> bool:
    """Whether it has any of what a sum is about."""
    return any(vector[at].most for at in (*of.whole, *of.parts))
