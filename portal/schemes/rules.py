"""What a scheme may settle for itself, with the values a new scheme starts with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, timedelta
from enum import Enum
from typing import Any

from courses.timetable import bank_holidays

SATURDAY = 5


class Route(Enum):
    """How somebody found their way in."""

    OPEN_WEB = "open_web"
    FORMER_CLIENT = "former_client"
    JOB_CENTRE = "job_centre"
    PRACTITIONER = "practitioner"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return ROUTE_WORDS[self]


class ReferencesAsked(Enum):
    """When the people an applicant named are asked."""

    ON_SENDING = "on_sending"
    AFTER_INTERVIEW = "after_interview"
    AFTER_OFFER = "after_offer"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return {
            "on_sending": "As soon as the application is sent", "after_interview": "Once the interview was held",
            "after_offer": "Once a place is offered, provisionally",
        }[self.value]  # fmt: skip


class Asks(Enum):
    """Whether a way in asks for a practitioner's recommendation."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NO = "no"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return {
            "required": "It must be there before the course", "optional": "We ask for it, and go on without it",
            "no": "We do not ask for it",
        }[self.value]  # fmt: skip


ROUTE_WORDS = {
    Route.OPEN_WEB: "I found it myself",
    Route.FORMER_CLIENT: "The scheme supported me before",
    Route.JOB_CENTRE: "Through the Job Centre",
    Route.PRACTITIONER: "My probation practitioner or key worker told me about it",
}

QUESTIONS = (
    "What makes you want to be a peer mentor?",
    "Tell us about a time when you listened to somebody and it helped.",
    "Where does a mentor’s part end, and what would you do then?",
    "Somebody you support tells you that they are being hurt. What would you do?",
    "What helps you on a hard day, and what would you like from us?",
    "The course takes two evenings a week. What could get in the way, and what would help?",
)
"""What everybody is asked at an interview, sent to them before it; one for each area of the scorecard."""
MOST_QUESTIONS, LONGEST_QUESTION = 12, 300

GATES_TO_TRAIN = ("interview", "references", "dbs", "agreement")
GATES_TO_APPROVE = (
    "interview", "references", "disclosure", "dbs", "agreement", "attendance", "criteria", "iqa", "certificate",
)  # fmt: skip


@dataclass(frozen=True)
class SchemeSettings:
    """Settled by setting, never by code. Edited on a page; kept as JSON in the scheme's row.

    Days and counts are whole numbers. `gates_to_train` and `gates_to_approve` name gates by their key.
    """

    references_needed: int = 2
    reference_link_days: int = 21
    gates_to_train: tuple[str, ...] = GATES_TO_TRAIN
    gates_to_approve: tuple[str, ...] = GATES_TO_APPROVE
    four_eyes: bool = True
    register_locks_after_days: int = 7
    late_after_minutes: int = 10
    dbs_overdue_after_days: int = 30
    dbs_recheck_after_months: int = 36
    iqa_sample_percent: int = 20
    reply_within_days: int = 5
    references_asked: str = ReferencesAsked.AFTER_OFFER.value
    gates_by_route: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    recommendation_optional_for: tuple[str, ...] = (Route.PRACTITIONER.value,)
    promise_days: int = 10
    withdrawal_undo_days: int = 14
    blind_shortlisting: bool = False
    interview_pass_mark: int = 12
    interview_questions: tuple[str, ...] = QUESTIONS

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary for the database."""
        return asdict(self) | {"gates_by_route": {route: list(gates) for route, gates in self.gates_by_route.items()}}

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> SchemeSettings:
        """From the database; names it does not know are dropped, missing ones get today's default."""
        known = {each.name for each in fields(cls)}
        given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in body.items() if k in known}
        if "gates_by_route" in given:
            given["gates_by_route"] = {route: tuple(gates) for route, gates in given["gates_by_route"].items()}
        return cls(**given)

    def to_train(self, route: Route) -> tuple[str, ...]:
        """The gates before the course for somebody who came in this way: the route's own, else everybody's."""
        return self.gates_by_route.get(route.value, self.gates_to_train)

    def asks_recommendation(self, route: Route) -> Asks:
        """Whether a practitioner is asked about somebody who came in this way: a gate makes it required."""
        if "recommendation" in self.to_train(route):
            return Asks.REQUIRED
        return Asks.OPTIONAL if route.value in self.recommendation_optional_for else Asks.NO


GATE_TITLES = {
    "recommendation": "Recommended by their practitioner",
    "interview": "Interview held and place offered",
    "references": "References received and accepted",
    "disclosure": "Self-disclosure answered and considered",
    "dbs": "DBS check decided as suitable",
    "agreement": "Volunteer agreement acknowledged",
    "attendance": "Enough of the course attended",
    "criteria": "Every criterion met",
    "iqa": "Assessment sampled and agreed (IQA)",
    "certificate": "Certificate issued",
}

# The least and the most of each figure: wide enough for any scheme, narrow enough to catch a slip of the finger.
BOUNDS = {
    "references_needed": (0, 5),
    "reference_link_days": (1, 90),
    "register_locks_after_days": (0, 365),
    "late_after_minutes": (0, 120),
    "dbs_overdue_after_days": (1, 365),
    "dbs_recheck_after_months": (1, 60),
    "iqa_sample_percent": (0, 100),
    "reply_within_days": (1, 60),
    "promise_days": (1, 90),
    "withdrawal_undo_days": (0, 90),
    "interview_pass_mark": (0, 24),
}


def titles_of(gates: Iterable[str]) -> str:
    """The titles of gates in one line, in the order of the journey."""
    chosen = set(gates)
    return "; ".join(title for key, title in GATE_TITLES.items() if key in chosen)


def ways_of(settings: SchemeSettings) -> list[tuple[str, str]]:
    """Each way in, and what it asks for before the course, in one line each."""
    return [(route.words, way_of(settings, route)) for route in Route]


def way_of(settings: SchemeSettings, route: Route) -> str:
    """What one way in asks for before the course, in one line."""
    gates = settings.to_train(route)
    said = "As for everybody" if gates == settings.gates_to_train else titles_of(gates) or "Nothing"
    optional = settings.asks_recommendation(route) is Asks.OPTIONAL
    return f"{said}; a recommendation is asked for, and not waited for" if optional else said


def reasons_against_settings(settings: SchemeSettings) -> list[str]:
    """Why a scheme cannot work like this; empty when it can."""
    reasons = []
    for name, (least, most) in BOUNDS.items():
        if not least <= getattr(settings, name) <= most:
            reasons.append(f"{name.replace('_', ' ').capitalize()} must be between {least} and {most}")
    by_route = [gate for gates in settings.gates_by_route.values() for gate in gates]
    for key in dict.fromkeys((*settings.gates_to_train, *settings.gates_to_approve, *by_route)):
        if key not in GATE_TITLES:
            reasons.append(f"There is no gate called {key}")
    if unknown := {*settings.gates_by_route, *settings.recommendation_optional_for} - {route.value for route in Route}:
        reasons.append(f"There is no way in called {sorted(unknown)[0]}")
    if settings.references_asked not in {each.value for each in ReferencesAsked}:
        reasons.append("Choose when references are asked for")
    if not settings.interview_questions:
        reasons.append("Enter at least one question for the interview")
    if len(settings.interview_questions) > MOST_QUESTIONS:
        reasons.append(f"Ask {MOST_QUESTIONS} questions or fewer: nobody can answer more in one talk")
    if any(len(each) > LONGEST_QUESTION for each in settings.interview_questions):
        reasons.append(f"Each question must be {LONGEST_QUESTION} characters or fewer")
    return reasons


def reply_by(asked_on: date, within_days: int) -> date:
    """The day by which a scheme promised to answer: so many days on, or the next day on which the office is open.

    `within_days` is the scheme's own promise, in days of the calendar, as people are told it.
    """
    day, holidays = asked_on + timedelta(days=within_days), bank_holidays(asked_on.year, asked_on.year + 1)
    while day.weekday() >= SATURDAY or day in holidays:
        day += timedelta(days=1)
    return day


def reasons_against_slug(slug: str) -> list[str]:
    """Why this cannot be part of a web address."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > 60:
        return ["Use only small letters a to z, digits and single hyphens, 60 characters or fewer"]
    return []
