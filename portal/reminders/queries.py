"""Reading what waits: who is to be rung, what came back, what was reminded; and the applicant's own list."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hmac import compare_digest

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from portal import clock
from portal.access import Can, Holder, within
from portal.applications.models import Application
from portal.database import keyring, session
from portal.locks.models import Once
from portal.references.models import WAITING, Reference, ReferenceState
from portal.references.queries import LONGEST_TOKEN, MOST_DIGITS, another_path, another_wanted, step_key, whole
from portal.references.rules import EVER_ASKED, Answers
from portal.reminders.rules import APPLICANT_DAYS, LAPSED_AFTER, LAST_STEP, REFEREE_DAYS, next_step, ring_step
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer

MOST_WAITING = 500
WORDS = {
    "referee": "The referee was reminded", "ring": "Put on the list of people to ring",
    "applicant": "The applicant was asked to have a word with them", "rang": "Rang, and nobody answered",
}  # fmt: skip
SHOWN_AT = {Stage.READY, Stage.TRAINING, Stage.CERTIFIED, Stage.ACTIVE, Stage.RESTING, Stage.DECLINED}
"""When an applicant may read what a referee let them read: once it is decided whether they have a place."""


@dataclass
class Waiting:
    """What waits over all people, each list the longest wait first."""

    to_ring: list[Reference] = field(default_factory=list)
    came_back: list[Reference] = field(default_factory=list)
    to_check: list[Reference] = field(default_factory=list)
    doubted: list[Reference] = field(default_factory=list)
    silent: list[Reference] = field(default_factory=list)


def waiting(*, seen_by: Holder) -> Waiting:
    """The work list of references, in two queries."""
    rows = session.scalars(
        select(Reference)
        .join(Reference.volunteer)
        .where(
            within(seen_by, Can.SEE_REFERENCES, Volunteer.scheme_id, Volunteer.area_id),
            Reference.state.in_((*WAITING, ReferenceState.RECEIVED, ReferenceState.CONCERN)),
            Volunteer.stage.not_in((Stage.DECLINED, Stage.WITHDRAWN, Stage.LEFT, Stage.JOINED)),
        )
        .options(
            contains_eager(Reference.volunteer).joinedload(Volunteer.scheme), joinedload(Reference.referee),
        )
        .order_by(Reference.requested_at, Reference.id)
        .limit(MOST_WAITING)
    ).all()  # fmt: skip
    found, today = Waiting(), clock.today()
    by_phone = {_rang_key(each, today): each for each in rows if each.is_awaited and each.is_by_phone}
    rang = set(session.scalars(select(Once.key).where(Once.key.in_(by_phone))))
    found.to_ring = [each for key, each in by_phone.items() if key not in rang]
    for each in rows:
        if each.state is ReferenceState.RECEIVED:
            found.to_check.append(each)
        elif each.state is ReferenceState.CONCERN:
            found.doubted.append(each)
        elif each.bounced_at is not None:
            found.came_back.append(each)
        elif each.is_awaited and not each.is_by_phone and _days(each, today) >= LAST_STEP:
            found.silent.append(each)
    return found


def _days(reference: Reference, today: date) -> int:
    return (today - clock.in_london(reference.requested_at).date()).days


def _rang_key(reference: Reference, today: date) -> str:
    return step_key(reference, "rang", ring_step(clock.in_london(reference.requested_at).date(), today))


def timeline(reference: Reference) -> list[tuple[datetime, str]]:
    """What happened to a reference, the newest first, in one query."""
    keys: dict[str, str] = {}
    for number in range(1, reference.link_number + 1):
        stem = f"reference:{reference.id}:{number}"
        for who, words in WORDS.items():
            steps = APPLICANT_DAYS if who == "applicant" else (0, *REFEREE_DAYS)
            keys |= {f"{stem}:{who}:{step}": f"{words} (day {step})" for step in steps}
        keys[f"{stem}:came-back"] = "Our message came back, and the applicant was asked for another address"
    first = clock.in_london(reference.requested_at).date()
    for day in range(min(_days(reference, clock.today()), LAPSED_AFTER) + 1):
        on = (first + timedelta(days=day)).isoformat()
        keys[f"reference:{reference.id}:{reference.link_number}:by-hand:{on}"] = "The referee was reminded by one of us"
    done = session.execute(select(Once.key, Once.at).where(Once.key.in_(keys))).all()
    lines = [(row.at, keys[row.key]) for row in done]
    asked = "To be rung" if reference.is_by_phone else "Asked by e-mail"
    again = f", link number {reference.link_number}" if reference.link_number > 1 else ""
    dated = [
        (reference.requested_at, f"{asked}{again}"), (reference.opened_at, "The referee opened the link"),
        (reference.bounced_at, "The link was closed"), (reference.quiet_since, "Reminders were stopped"),
        (reference.received_at, f"Given {reference.came_by.words}" if reference.came_by else "Given"),
        (reference.verified_at, "Checked"),
    ]  # fmt: skip
    lines += [(at, words) for at, words in dated if at is not None]
    return sorted(lines, reverse=True)


def to_come(reference: Reference) -> list[tuple[date, str]]:
    """What the worker does next, by day."""
    if not reference.is_awaited or reference.quiet_since is not None:
        return []
    asked_on, today = clock.in_london(reference.requested_at).date(), clock.today()
    to_referee = "We put them on the list to ring again" if reference.is_by_phone else "We remind the referee"
    found = [
        (next_step(asked_on, today, REFEREE_DAYS), to_referee),
        (next_step(asked_on, today, APPLICANT_DAYS), "We ask the applicant to have a word with them"),
    ]
    return sorted((day, words) for day, words in found if day is not None)


@dataclass(frozen=True)
class OwnLine:
    """One referee as the applicant sees them: what we did, never what the referee did before they answered."""

    name: str
    words: str
    address_path: str = ""
    said: tuple[tuple[str, str], ...] = ()


def own_references(volunteer: Volunteer) -> list[OwnLine]:
    """The applicant's own list. What was said is in it only where the referee allowed it, and after the decision."""
    found = session.scalars(
        select(Reference)
        .join(Reference.referee)
        .join(Application, Application.volunteer_id == Reference.volunteer_id)
        .where(Reference.volunteer_id == volunteer.id)
        .options(contains_eager(Reference.referee), joinedload(Reference.volunteer).joinedload(Volunteer.scheme))
        .order_by(Reference.id)
    )
    return [_own_line(each) for each in found]


def _own_line(reference: Reference) -> OwnLine:
    name = reference.referee.name
    if reference.state.is_given:
        return OwnLine(name, "Given. Thank them from us.", said=_shown(reference))
    if reference.bounced_at is not None and reference.volunteer.stage in EVER_ASKED:
        return OwnLine(name, "The email address did not work. Please give us another.", address_path(reference))
    if reference.state is ReferenceState.DECLINED:
        return OwnLine(name, "We do not ask them any more. You have done nothing wrong.")
    on = clock.in_london(reference.requested_at)
    verb = "We ring them. We began on" if reference.is_by_phone else "We wrote to them on"
    return OwnLine(name, f"{verb} {on.day} {on:%B %Y}.")


def _shown(reference: Reference) -> tuple[tuple[str, str], ...]:
    if not reference.may_be_shown or reference.volunteer.stage not in SHOWN_AT or not reference.answers:
        return ()
    answers = Answers.from_json(reference.answers)
    if reference.state is ReferenceState.CONCERN or answers.has_concern:
        return ()  # a concern is talked over, not read on a page
    return tuple(answers.lines())


def address_path(reference: Reference) -> str:
    """Where the applicant gives another address for this referee, as long as this round lasts.

    The secret is derived and not kept: it opens this form and nothing else, and dies with the round.
    """
    return f"/referees/{reference.id}-{_address_secret(reference)}"


def name_wanted(volunteer: Volunteer) -> str:
    """Where they name somebody else in the place of one who was lost; "" when nobody is wanted."""
    lost = another_wanted(volunteer)
    return another_path(lost) if lost else ""


def addresses_wanted(volunteer: Volunteer) -> list[str]:
    """Where they give another address, for each person whose address does not work."""
    if volunteer.stage not in EVER_ASKED:
        return []
    found = session.scalars(
        select(Reference)
        .where(
            Reference.volunteer_id == volunteer.id, Reference.bounced_at.is_not(None), Reference.state.in_(WAITING)
        )
        .order_by(Reference.id)
    )  # fmt: skip
    return [address_path(each) for each in found]


def reference_by_address_link(token: str) -> Reference | None:
    """The reference whose applicant may give another address with this secret; None when it is none, or over."""
    number, _, secret = token.partition("-")
    if len(token) > LONGEST_TOKEN or not (number.isascii() and number.isdigit()) or len(number) > MOST_DIGITS:
        return None
    found = session.scalar(whole().where(Reference.id == int(number)))
    if found is None or not compare_digest(secret.encode(), _address_secret(found).encode()):
        return None
    return found


def _address_secret(reference: Reference) -> str:
    asked_at = reference.requested_at.astimezone(UTC).isoformat()
    return keyring.hash(f"referee address link:{reference.id}:{reference.link_number}:{asked_at}")[:48]
