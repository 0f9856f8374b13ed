"""The sample store: invented cases, taken through their lives by the same actions that the windows call."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from db.records import Answers, Json, Organisation, Outcome, Role, User
from desktop.casework import accounts, certificates, decisions, issuing, outcomes, requesters, requests, returning
from desktop.casework.desk import Desk, Done, Entry
from desktop.casework.setup import SAMPLE_ID, fill_new_store
from desktop.policy.agreements import Agreement
from desktop.policy.clocks import working_days_before
from desktop.policy.dates import date_boxes
from desktop.security.passwords import hash_password
from resources import resource


@dataclass(frozen=True, slots=True)
class SampleUser:
    """Someone to sign in as, and what they do."""

    username: str
    name: str
    role: Role
    does: str


class MovingClock:
    """A clock that is set by hand, so that a sample's past can be lived through in order."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        """A second later than the last time it was asked."""
        self.at += timedelta(seconds=1)
        return self.at


def sample_data() -> dict[str, Any]:
    """The invented data, as its file has it."""
    return tomllib.loads(resource("samples", "sample.toml").read_text("utf-8"))


def sample_users() -> tuple[SampleUser, ...]:
    """Everyone in the sample store."""
    return tuple(
        SampleUser(one["username"], one["name"], Role(one["role"]), one["does"]) for one in sample_data()["users"]
    )


def sample_password() -> str:
    """The password of everyone in the sample store."""
    return str(sample_data()["password"])


def complete_answers(agreement: Agreement, requester: str, person: int, received: date, number: int = 331) -> Answers:
    """A request that is complete and may be approved, from the sample's invented people and bodies."""
    data = sample_data()
    return {**_request(agreement, data, requester, person, received, number), **_assessment(agreement, data)}


def fill_sample(entry: Entry) -> None:
    """Fills a new, empty store with the sample."""
    data = sample_data()
    clock = MovingClock(entry.clock() - timedelta(days=3700))
    past = replace(entry, clock=clock)
    fill_people(past, data)
    desks = {one.role: desk_of(past, one) for one in accounts.users(past)}
    _fill_requesters(desks[Role.GUARDIAN], data, entry.today())
    maker = CaseMaker(past, desks, data, clock, entry.today())
    for agreement_id, requester, person, received, stage in data["cases"]["history"]:
        maker.make(agreement_id, requester, person, received, stage)
    # The first certificate ended in the years between.
    clock.at = entry.clock() - timedelta(days=1250)
    renewed = certificates.MakeCertificate(because=data["text"]["certificate"])
    certificates.make_certificate(desks[Role.ADMINISTRATOR], renewed)
    calendar = entry.calendars["uk-any-part"]
    for agreement_id, requester, person, ago, stage in data["cases"]["rows"]:
        received = working_days_before(entry.today(), ago, calendar)
        maker.make(agreement_id, requester, person, received, stage)


def fill_people(past: Entry, data: Mapping[str, Any]) -> None:
    """The sample's organisation and its people, without any case."""
    organisation = Organisation(**data["organisation"], logo=resource("samples", "logo.png").read_bytes(), sample=True)
    # One hash for all: the password is printed on the sign-in window, and six Argon2 runs take half a second.
    hashed = hash_password(str(data["password"]))
    with past.store.write() as tx:
        fill_new_store(tx, past.clock(), organisation, SAMPLE_ID, past.secrets)
        for one in data["users"]:
            new = accounts.NewUser(one["username"], one["name"], Role(one["role"]), "")
            accounts.insert_user(tx, new, hashed, must_change=False)


def _fill_requesters(desk: Desk, data: Mapping[str, Any], today: date) -> None:
    """Who may ask, with an officer, a countersigner where there is one, and the domain of their address."""
    for one in data["records"]:
        asks = data["requesters"][one["requester"]]
        domain = f"@{asks['requester.email'].partition('@')[2]}"
        body = requesters.put_body(desk, requesters.PutBody(name=asks["requester.body"], addresses=domain))
        for prefix in ("requester", "countersigner"):
            name = asks.get(f"{prefix}.officer") or asks.get(f"{prefix}.name")
            if name is not None:
                officer = requesters.PutOfficer(
                    body_id=body,
                    name=name,
                    unit=asks["requester.unit"],
                    grade=asks[f"{prefix}.grade"],
                    countersigns=prefix == "countersigner",
                )
                requesters.put_officer(desk, officer)
        first, last = (
            each if isinstance(each, date) else today + timedelta(days=each) for each in (one["since"], one["until"])
        )
        given = requesters.Accredit(
            body_id=body,
            agreement_id=one["agreement"],
            reference=one["reference"],
            valid_from=first,
            valid_to=last,
        )
        requesters.accredit(desk, given)


def desk_of(past: Entry, user: User) -> Desk:
    """The desk at which this person sits."""
    return Desk(
        store=past.store,
        clock=past.clock,
        random=past.random,
        agreements=past.agreements,
        calendars=past.calendars,
        secrets=past.secrets,
        user=user,
    )


def _command() -> str:
    return str(uuid4())


class CaseMaker:
    """Takes one case after another through its life, each step at a likely hour."""

    def __init__(
        self, past: Entry, desks: Mapping[Role, Desk], data: Mapping[str, Any], clock: MovingClock, today: date
    ) -> None:
        self.past = past
        self.caseworker = desks[Role.CASEWORKER]
        self.reviewer = desks[Role.REVIEWER]
        self.guardian = desks[Role.GUARDIAN]
        self.data = data
        self.clock = clock
        self.today = today
        self.number = 300
        self.day = today

    def at(self, days: int, hour: int, minute: int = 12) -> None:
        """Moves the clock to a working day after receipt, never past now."""
        on = self.day
        for _ in range(days):
            on += timedelta(days=3 if on.weekday() >= 4 else 1)
        moment = datetime.combine(min(on, self.today), time(hour, minute), UTC)
        # The last hours of today are still to come: a sample never holds anything from the future.
        self.clock.at = moment if on < self.today else datetime.combine(self.today, time(0, 5), UTC)

    def make(self, agreement_id: str, requester: str, person: int, received: date, stage: str) -> Done:
        """One case, as far as `stage`; returns it as it was once its form was filled."""
        self.number += 1
        self.day = received
        agreement = self.past.agreements.get(agreement_id)
        version = agreement.version_on(received)
        seen = agreement.at(version.number if version else 0, received)
        answers = {
            **_request(seen, self.data, requester, person, received, self.number),
            **_assessment(seen, self.data),
        }
        if stage in ("start", "draft"):
            answers = {key: value for key, value in answers.items() if _early(key, stage)}
        _shape(answers, stage, self.data)
        first = {key: answers.pop(key) for key in [*answers] if key.startswith(("received.", "requester."))}
        self.at(0, 9)
        done = requests.register(
            self.caseworker, requests.Register(command_id=_command(), agreement_id=agreement_id, answers=first)
        )
        if answers:
            self.at(1, 10, 42)
            done = requests.save_answers(self.caseworker, requests.SaveAnswers(**_on(done), answers=answers))
        self.go_on(done, stage, seen)
        return done

    def go_on(self, done: Done, stage: str, agreement: Agreement) -> None:
        """The steps after the form is filled."""
        text = self.data["text"]
        if stage in ("start", "draft", "held"):
            return
        if stage == "returned":
            self.at(2, 11)
            command = returning.Dated(**_on(done), on=self.clock().date(), reasons=text["return"])
            returning.return_to_requester(self.caseworker, command)
            return
        if stage == "withdrawn":
            self.at(3, 11)
            requests.withdraw(self.caseworker, requests.WithReasons(**_on(done), reasons=text["withdraw"]))
            return
        self.at(2, 11)
        done = requests.submit(self.caseworker, requests.Submit(**_on(done)))
        if not stage.startswith("submitted"):
            self.decide(done, stage, agreement)

    def decide(self, done: Done, stage: str, agreement: Agreement) -> None:
        """The second person's part, and what follows it."""
        text = self.data["text"]
        self.at(3, 15)
        views = {one.id: {"view": "agree", "note": ""} for one in agreement.criteria}
        decide = decisions.Decide(**_on(done), views=views)
        if stage in ("sent_back", "resubmitted"):
            done = decisions.send_back(self.reviewer, replace(decide, reasons=text["send_back"]))
            if stage == "resubmitted":
                self.resubmit(done)
        elif stage == "escalated":
            decisions.escalate(self.reviewer, replace(decide, reasons=text["escalate"]))
        elif stage in ("refused", "issued_refused"):
            done = decisions.refuse(self.reviewer, replace(decide, reasons=text["refuse"], because_of=("tried",)))
            self.issue(done, stage)
        elif stage.startswith("issued_rejected"):
            because = ("authorised",) if agreement.criteria else ()
            done = decisions.reject(self.reviewer, replace(decide, reasons=text["reject"], because_of=because))
            self.issue(done, stage)
        else:
            done = decisions.approve(self.reviewer, decide)
            self.find(done, stage)

    def resubmit(self, done: Done) -> None:
        """The caseworker answers the reviewer's questions and submits again."""
        self.at(4, 10)
        tried: list[Json] = [
            {"source": "Electoral register", "on": "2 March", "result": "Last address vacant"},
            {"source": "Last employer", "on": "9 March", "result": "Left two years ago"},
        ]
        answers: dict[str, Json] = {"tried.sources": tried, "tried.statement": "Dates and results added as asked."}
        done = requests.save_answers(self.caseworker, requests.SaveAnswers(**_on(done), answers=answers))
        requests.submit(self.caseworker, requests.Submit(**_on(done)))

    def find(self, done: Done, stage: str) -> None:
        """Records the outcome, releases and issues, as far as the stage says."""
        if stage == "approved":
            return
        self.at(4, 10, 20)
        done = outcomes.record(self.caseworker, self._found(done, stage))
        if stage == "recorded":
            return
        if stage != "issued_no_trace":
            self.at(5, 9, 20)
            done = outcomes.release(self.reviewer, outcomes.Release(**_on(done)))
        if stage != "released":
            self.issue(done, stage)

    def _found(self, done: Done, stage: str) -> outcomes.Record:
        if stage == "issued_no_trace":
            return outcomes.Record(**_on(done), outcome=Outcome.NO_TRACE)
        if stage == "issued_status":
            values = {"status": {"value": "Settled, with no time limit", "recorded_on": "14 May 2019"}}
            return outcomes.Record(**_on(done), outcome=Outcome.STATUS, status_answer="settled", values=values)
        return outcomes.Record(
            **_on(done),
            outcome=Outcome.TRACED,
            matched=("name", "born", "gender", "address"),
            values={
                "name": {"value": "As the request gives it", "recorded_on": "14 May 2012"},
                "born": {"value": "As the request gives it", "recorded_on": "14 May 2012"},
                "address": {"value": "27 Ropewalk Court\nWestmere WM4 8RD", "recorded_on": "19 January 2016"},
            },
        )

    def issue(self, done: Done, stage: str) -> None:
        """Issues the letter and marks it as sent, where the stage goes so far."""
        if not stage.startswith("issued"):
            return
        self.at(6, 14)
        done = issuing.issue(self.caseworker, issuing.Issue(**_on(done)))
        self.at(6, 15)
        done = issuing.printed(self.caseworker, issuing.Handled(**_on(done)))


def _on(done: Done) -> dict[str, Any]:
    return {"command_id": _command(), "case_id": done.case_id, "version": done.version}


def _early(key: str, stage: str) -> bool:
    begun = ("requester.", "received.", "person.")
    return key.startswith(begun if stage == "start" else (*begun, "countersigner.", "ground.", "tried.sources"))


def _shape(answers: dict[str, Json], stage: str, data: Mapping[str, Any]) -> None:
    """Makes the answers say what the stage needs."""

    def says(criterion: str, answer: str, reasons: str) -> None:
        if f"criteria.{criterion}" in answers:
            answers[f"criteria.{criterion}"] = {"answer": answer, "reasons": reasons, "evidence": []}

    if stage in ("refused", "issued_refused", "submitted_refuse"):
        says("tried", "not_met", "Two sources are named, with no dates and no results.")
    if stage == "issued_rejected":
        says("authorised", "not_met", str(data["text"]["reject"]))
    if stage == "escalated":
        answers["safeguarding.abuse"] = "cant_tell"
        says("safeguarding", "cant_tell", "One answer of the screen is not clear.")
    if stage == "submitted_urgent":
        answers |= {"urgency.expedite": True, "urgency.reason": "The patient is to be discharged this week."}


def _partial(day: int, month: int, year: int) -> Json:
    part = {"day": str(day or ""), "month": str(month or ""), "year": str(year or "")}
    return {**part, "unknown": not (day and month and year)}


def _request(
    agreement: Agreement, data: Mapping[str, Any], requester: str, person: int, received: date, number: int
) -> Answers:
    body = dict(data["requesters"][requester])
    text = data["text"]
    body["requester.reference"] = str(body.pop("reference")).format(year=received.year, n=number)
    given, family, day, month, year, gender, nationality, nhs, *lines, postcode = data["persons"][person]["person"]
    answers: dict[str, Json] = {
        **body,
        "received.on": date_boxes(received),
        "received.channel": "secure_email",
        "countersigner.on": date_boxes(received - timedelta(days=1)),
        "person.given_names": given,
        "person.family_name": family,
        "person.born": _partial(day, month, year),
        "person.gender": gender,
        "person.nationality": nationality,
        "person.nhs_number": nhs,
        "person.address": {"lines": "\n".join(lines), "postcode": postcode},
        "ground.ground": _ground(agreement, requester),
        "ground.offence": data["offences"].get(requester, ""),
        "ground.gateway": agreement.gateways[0].id if agreement.gateways else "",
        "ground.details": text["ground_status"] if agreement.kind == "status" else text["details"],
        "ground.presented_on": date_boxes(received - timedelta(days=4)),
        "tried.sources": [
            {"source": "Their own case systems", "on": "Last month", "result": "No later address"},
            {"source": "Last employer", "on": "Last month", "result": "Left two years ago"},
        ],
        "tried.lost_contact": _partial(0, 2, received.year - 1),
        "tried.statement": text["tried"],
        "asked.items": _asked(agreement),
        "necessity.statement": text["necessity"],
        "necessity.prejudice": text["prejudice"],
        "urgency.expedite": False,
    }
    return {key: value for key, value in answers.items() if agreement.field(key) is not None and value != ""}


def _ground(agreement: Agreement, requester: str) -> str:
    wanted = {"police": "serious_crime", "missing": "missing_person", "home_office": "s24_1_b_i"}.get(requester)
    ids = [one.id for one in agreement.grounds]
    return wanted if wanted in ids else (ids[0] if ids else "")


def _asked(agreement: Agreement) -> list[Json]:
    if agreement.kind == "status":
        return [one.id for one in agreement.items if one.id == "status"]
    return [one.id for one in agreement.items if one.id in ("name", "born", "address")]


def _assessment(agreement: Agreement, data: Mapping[str, Any]) -> Answers:
    text = data["text"]
    criterion: Json = {"answer": "met", "reasons": text["criterion"], "evidence": [text["evidence"]]}
    answers: dict[str, Json] = {f"criteria.{one.id}": criterion for one in agreement.criteria}
    answers |= {f"safeguarding.{one.id}": "no" for one in agreement.safeguarding}
    answers |= {
        "balance.for": text["for"],
        "balance.against": text["against"],
        "balance.necessity": text["necessary"],
        "balance.proportionality": text["proportion"],
        "balance.less_intrusive": text["less"],
        "balance.tell_person": text["tell"],
        "release.items": _asked(agreement),
        "release.notes": text["notes"],
    }
    return {key: value for key, value in answers.items() if agreement.field(key) is not None}
