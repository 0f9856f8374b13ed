"""A request's answers, read once for what the agreement makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from db.records import Answers, Leads, Met
from desktop.policy.agreements import CANT_TELL, NO_GROUND, Agreement, Criterion, Item, Version
from desktop.policy.answers import empty, keys_of, met_of, text_of
from desktop.policy.criterion_tests import failed_tests
from desktop.policy.dates import parse_partial_date
from desktop.policy.people import enough_identifiers, name_key
from desktop.policy.safeguards import RISK_WHO, RISK_WHY
from desktop.policy.wording import join_and, lower_first
from desktop.policy.wordlists import words_against


def releasable(agreement: Agreement, version: Version | None) -> tuple[Item, ...]:
    """What may be released under this version: nothing where it accepts no request, and never anything clinical."""
    if version is None or not version.accepts:
        return ()
    return tuple(
        one
        for one in agreement.items
        if one.releasable and not one.clinical and (not one.versions or version.number in one.versions)
    )


def left_out(agreement: Agreement, answers: Answers) -> tuple[Item, ...]:
    """What was asked for and is not proposed for release: the letter names it as not given."""
    released = keys_of(answers.get("release.items"))
    asked = keys_of(answers.get("asked.items"))
    return tuple(one for one in agreement.items if one.id in asked and one.id not in released)


IDENTIFIERS = (
    ("name", "person.family_name"),
    ("gender", "person.gender"),
    ("nationality", "person.nationality"),
    ("address", "person.address"),
    ("nhs_number", "person.nhs_number"),
    ("home_office_reference", "person.home_office_reference"),
    ("passport", "person.passport"),
    ("ni_number", "person.ni_number"),
    ("other_names", "person.other_names"),
)


def identifiers(answers: Answers) -> frozenset[str]:
    """Which identifiers the request gives, by the names that ``desktop.policy.people`` uses."""
    born = parse_partial_date(answers.get("person.born"))
    given = {name for name, key in IDENTIFIERS if not empty(answers.get(key))}
    if answers.get("person.gender") in ("0", "9"):
        given.discard("gender")
    return frozenset(given | ({"born"} if born is not None and born.year is not None else set()))


def not_permitted_words(labels: tuple[str, ...]) -> str:
    """Such as "GP practice and next of kin are not permitted"."""
    first, *others = labels
    names = [first, *(lower_first(one) for one in others)]
    return f"{join_and(names)} {'is' if len(names) == 1 else 'are'} not permitted"


@dataclass(frozen=True, slots=True)
class Beside:
    """What bears on a criterion and no answer holds: how it is said, and why "met" cannot stand, "" where it can."""

    words: str
    against: str


class Sheet:
    """The answers, read once: what each criterion says and what was asked."""

    def __init__(self, agreement: Agreement, answers: Answers, beside: Mapping[str, Beside] | None = None) -> None:
        self.agreement = agreement
        self.beside = beside or {}
        self.answers = answers
        self.met = {one.id: met_of(answers.get(f"criteria.{one.id}")) for one in agreement.criteria}
        self.unanswered = tuple(one for one in agreement.criteria if self.met[one.id] is None)
        self.asked = keys_of(answers.get("asked.items"))
        self.released = keys_of(answers.get("release.items"))
        may = {one.id for one in agreement.items if one.releasable and not one.clinical}
        self.permitted = frozenset(may)
        self.not_permitted = tuple(one.label for one in agreement.items if one.id in self.asked and one.id not in may)
        self.screen = {one.id: text_of(answers.get(f"safeguarding.{one.id}")) for one in agreement.safeguarding}

    def number(self, criterion: Criterion) -> int:
        """The criterion's number, from 1."""
        return self.agreement.criterion_number(criterion.id)

    def leading_to(self, leads: Leads) -> tuple[Criterion, ...]:
        """The criteria whose answer calls for this."""
        return tuple(
            one
            for one in self.agreement.criteria
            if (self.met[one.id] is Met.NOT_MET and one.leads is leads)
            or (self.met[one.id] is Met.CANT_TELL and one.cant_tell is leads)
        )

    @property
    def searched(self) -> bool:
        """Whether the form asks for enough to search by: one with a share code, or no person at all, does not."""
        asked = {name for name, key in IDENTIFIERS if self.agreement.field(key) is not None}
        return enough_identifiers(asked | ({"born"} if self.agreement.field("person.born") is not None else set()))

    @property
    def flagged(self) -> bool:
        """Whether any answer of the safeguarding screen takes it to the guardian."""
        marked = any(self.screen[one.id] in (one.marker_answer, CANT_TELL) for one in self.agreement.safeguarding)
        return marked or self.risk_named

    @property
    def risk_named(self) -> bool:
        """Whether someone on the requester's side is named as who may be the risk."""
        named = any(text_of(self.answers.get(key)) for key in (RISK_WHO, RISK_WHY))
        return named and self.agreement.field(RISK_WHO) is not None

    @property
    def concern(self) -> bool:
        """Whether the screen, or a criterion about it, calls for the guardian: then the guardian alone decides."""
        about = (one for one in self.agreement.criteria if "safeguarding" in one.about)
        return self.flagged or any(self.met[one.id] in (Met.NOT_MET, Met.CANT_TELL) for one in about)

    @property
    def screen_waits(self) -> bool:
        """Whether a question of the safeguarding screen has no answer."""
        return any(not answer for answer in self.screen.values())

    @property
    def narrowed(self) -> bool:
        """Whether what is proposed for release is permitted, was asked for, and is something at all."""
        return bool(self.released) and self.released <= self.permitted & self.asked

    def narrows(self, criterion: Criterion) -> bool:
        """Whether the criterion's failing is mended by what was left out."""
        mended = criterion.leads is Leads.NARROW and self.met[criterion.id] is Met.NOT_MET
        return mended and self.narrowed and self.released != self.asked

    @property
    def ground_counts(self) -> bool:
        """False once a ground was chosen that this version or the law of that day does not know."""
        ground = text_of(self.answers.get("ground.ground"))
        return not ground or any(one.id == ground for one in self.agreement.grounds)

    def contradictions(self, *, guardian: bool = False) -> tuple[str, ...]:
        """Where "met" is contradicted by the form itself. Each bars approval, and none stops a submission.

        The guardian weighs the safeguarding screen, so what it says is left out for the guardian.
        """
        found: list[str] = []
        for one in self.agreement.criteria:
            if self.met[one.id] is Met.MET and not (guardian and one.leads is Leads.ESCALATE):
                found += [f"Criterion {self.number(one)} is answered met, but {why}" for why in self._against(one)]
        return tuple(found)

    def _against(self, criterion: Criterion) -> list[str]:
        why: list[str] = []
        for key in criterion.about:
            field = self.agreement.field(key)
            if field is None:
                continue
            value = self.answers.get(key)
            if empty(value):
                why.append(f"“{field.label}” under {self._section_of(key)} is empty.")
            elif field.kind == "choice" and key != "ground.ground":
                chosen = next((o for o in field.options if o.id == value), None)
                if chosen is None or not chosen.approved:
                    why.append(f"“{chosen.label if chosen else text_of(value)}” does not count.")
        if "countersigner.name" in criterion.about and self._signed_by_requester():
            why.append("the countersigner is the person who asks.")
        if "ground.ground" in criterion.about:
            why += self._ground_against()
        if "asked.items" in criterion.about and self.not_permitted:
            why.append(f"{not_permitted_words(self.not_permitted)}.")
        why += [self.beside[key].against for key in criterion.about if key in self.beside and self.beside[key].against]
        why += failed_tests(criterion, self.answers)
        why += words_against(self.agreement, criterion, self.answers)
        if "safeguarding" in criterion.about and self.flagged:
            why.append("an answer of the safeguarding screen takes it to the guardian.")
        return why

    def _section_of(self, key: str) -> str:
        return next(s.title for s in self.agreement.sections if any(one.key == key for one in s.fields))

    def _signed_by_requester(self) -> bool:
        signed = name_key(text_of(self.answers.get("countersigner.name")))
        return bool(signed) and signed == name_key(text_of(self.answers.get("requester.officer")))

    def _ground_against(self) -> list[str]:
        chosen = text_of(self.answers.get("ground.ground"))
        ground = self.agreement.ground(chosen)
        if chosen == NO_GROUND:
            return ["no ground of the agreement is chosen."]
        if chosen and ground is None:
            return ["the ground chosen does not count under this version on the day of receipt."]
        kind = text_of(self.answers.get("requester.kind"))
        if ground is not None and ground.requesters and kind and kind not in ground.requesters:
            return ["the ground chosen is not open to this kind of body."]
        return []
