"""Asking for references, taking the answers, and checking them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.applications.models import Application, Referee, Relation
from portal.applications.rules import Contact, Naming, against_referee
from portal.applications.services import StillValid, around_referee, still_counts, when_submitted
from portal.audit import services as audit
from portal.audit.rules import WORKER, Actor, Outsider
from portal.database import keyring, session
from portal.files.models import StoredFile
from portal.locks.services import once
from portal.messages.services import queue
from portal.references import messages
from portal.references.models import WAITING, CameBy, Reference, ReferenceState
from portal.references.queries import ANOTHER, NAMED, another_wanted, hashed, step_key
from portal.references.rules import (
    Answers,
    reasons_incomplete,
    reasons_not_to_doubt,
    reasons_not_to_send_again,
    reasons_not_to_verify,
    stages_asked,
)
from portal.refusals import Refused
from portal.schemes.rules import ReferencesAsked
from portal.volunteers.journey import Move
from portal.volunteers.models import Volunteer, when_moved

LINK_CLOSED = "This link no longer works: it has been used, or it is too old"
TOO_EARLY = {
    ReferencesAsked.ON_SENDING: "References are asked for once the application is sent",
    ReferencesAsked.AFTER_INTERVIEW: "References are asked for after the interview",
    ReferencesAsked.AFTER_OFFER: "References are asked for once a place has been offered",
}
COUNTS_FOR = timedelta(days=365)
"""How long a reference counts for somebody who applies again."""


@dataclass(frozen=True)
class Told:
    """How a reference reached a worker who writes it down: on the phone, or by letter with its scan."""

    by: CameBy
    spoke_to: str
    on: date
    file: StoredFile | None = None


def may_ask(volunteer: Volunteer) -> bool:
    """Whether references are asked for at this person's stage, as their scheme has set it."""
    return volunteer.stage in stages_asked(_asked_when(volunteer))


def request_if_due(volunteer: Volunteer, *, when: ReferencesAsked, by: Actor) -> list[Reference]:
    """Ask the referees when this is the moment that the scheme has set for it; else nothing happens."""
    if _asked_when(volunteer) is not when or not may_ask(volunteer):
        return []
    return [reference for reference, _token in request_all(volunteer, by=by)]


@when_submitted
def ask_on_sending(application: Application) -> None:
    """Where the scheme asks early, the referees are asked in the same moment in which the application is sent."""
    person = application.volunteer
    request_if_due(person, when=ReferencesAsked.ON_SENDING, by=Outsider(person.name))


def request_all(volunteer: Volunteer, *, by: Actor) -> list[tuple[Reference, str]]:
    """Ask every referee who was not asked yet, or whose link is too old. Returns each with its link's secret.

    A link of an application before this one is too old, too: somebody who applies again has their referees asked again.
    """
    _refuse_too_early(volunteer)
    named = session.execute(
        select(Referee, Application.submitted_at)
        .join(Application)
        .where(Application.volunteer_id == volunteer.id)
        .order_by(Referee.id)
    ).all()
    known = {
        reference.referee_id: reference
        for reference in session.scalars(select(Reference).where(Reference.volunteer_id == volunteer.id))
    }
    asked = []
    for referee, sent_at in named:
        reference = known.get(referee.id)
        if reference is None or _is_too_old(reference, sent_at):
            asked.append(_ask(volunteer, referee, reference))
    return asked


def _is_too_old(reference: Reference, sent_at: datetime | None) -> bool:
    if reference.bounced_at is not None or reference.state not in WAITING:
        return False
    return reference.state is ReferenceState.EXPIRED or (sent_at is not None and reference.requested_at < sent_at)


def ask_another(
    volunteer: Volunteer, *, name: str, relation: Relation, organisation: str, email: str, phone: str,
    years_known: int, is_family: bool = False, shares_home: bool = False, is_of_recommender: bool = False,
    you: str = "them", by: Actor,
) -> tuple[Reference, str]:  # fmt: skip
    """Ask somebody else, when a referee would rather not or cannot be reached. Returns the link's secret too.

    A second tap asks nobody twice: whoever was named and asked with the same details is answered as they are.
    `you` is how the rules speak of the applicant: "you" to themselves.
    """
    _refuse_too_early(volunteer)
    application = session.scalar(
        select(Application)
        .where(Application.volunteer_id == volunteer.id)
        .with_for_update(of=Application)  # two taps at the same moment: the second waits, and then finds the first
        .execution_options(populate_existing=True)
    )
    if application is None:
        raise Refused("There is no application to add a referee to")
    given = {"name": name, "relation": relation, "organisation": organisation, "phone": phone, "email": email.lower()}
    for reference in session.scalars(
        select(Reference).where(Reference.volunteer_id == volunteer.id).options(joinedload(Reference.referee))
    ):
        if all(getattr(reference.referee, key) == value for key, value in given.items()):
            return reference, secret_of(reference)
    session.refresh(application, ["referees"])
    naming = Naming(Contact(name, email, phone, organisation), years_known, is_family, shares_home, is_of_recommender)
    around = around_referee(application, you=you)
    Refused.unless_empty([words for _field, words in against_referee(naming, around)])
    referee = Referee(
        application_id=application.id, years_known=years_known, is_of_recommender=is_of_recommender, **given
    )
    session.add(referee)
    session.flush()
    return _ask(volunteer, referee, None)


def send_again(reference: Reference, *, by: Actor, email: str | None = None, phone: str | None = None) -> str:
    """Send a new link, perhaps to a corrected address; the old link is dead at once. Returns the new secret.

    A new round begins: the days of its reminders are counted from now.
    """
    Refused.unless_empty(reasons_not_to_send_again(state=reference.state.value))
    _refuse_too_early(reference.volunteer)
    referee = reference.referee
    new_email = referee.email if email is None else email.lower()
    new_phone = referee.phone if phone is None else phone
    if not (new_email or new_phone):
        raise Refused("Give an email address or a phone number")
    own = reference.volunteer
    if (new_email and new_email == own.email.casefold()) or (new_phone and new_phone == own.phone):
        raise Refused("These are the details of the person whom the reference is about")
    referee.email, referee.phone = new_email, new_phone
    _reference, token = _ask(reference.volunteer, referee, reference)
    return token


def open_link(reference: Reference, *, by: Actor) -> None:
    """The referee has begun."""
    _refuse_if_closed(reference)
    if reference.state is ReferenceState.REQUESTED:
        reference.state, reference.opened_at = ReferenceState.OPENED, clock.now()


def answer(
    reference: Reference, answers: Answers, *, by: Actor, may_be_shown: bool | None = None, told: Told | None = None
) -> None:
    """Take what the referee said, by link or `told` to a worker. From now on their link is dead.

    `may_be_shown` is whether the referee lets the applicant read it.
    """
    if told or answers.by_phone_to:
        _refuse_to_write_down(reference, told, by)
    else:
        _refuse_if_closed(reference)
    Refused.unless_empty(reasons_incomplete(answers))
    reference.answers, reference.received_at = answers.to_json(), clock.now()
    reference.may_be_shown = may_be_shown
    if told:
        reference.came_by, reference.spoke_to, reference.said_on = told.by, told.spoke_to, told.on
        reference.file = told.file
    else:
        reference.came_by = CameBy.PHONE if answers.by_phone_to else CameBy.LINK
    doubtful = answers.needs_a_closer_look
    reference.state = ReferenceState.CONCERN if doubtful else ReferenceState.RECEIVED
    if reference.came_by is CameBy.LINK:
        queue(messages.reference_received(reference))


def _refuse_to_write_down(reference: Reference, told: Told | None, by: Actor) -> None:
    if reference.state.is_given:
        raise Refused("This referee has already answered")
    if by.id == reference.volunteer.user_id:
        raise Refused("Nobody writes down a reference about themselves: another worker must ring")
    _refuse_too_early(reference.volunteer)
    if told and not told.spoke_to.strip():
        raise Refused("Say who it came from")
    if told and told.on > clock.today():
        raise Refused("The day must be today or earlier")


def decline_to_give(reference: Reference, *, by: Actor) -> None:
    """The referee would rather not: their link is dead, no reason is asked, and the applicant names somebody else."""
    _refuse_if_closed(reference)
    reference.state = ReferenceState.DECLINED
    session.flush()
    if another_wanted(reference.volunteer):
        queue(messages.referee_wanted(reference))


def ask_for_another(reference: Reference, *, by: Actor) -> None:
    """A reference does not count, or does not come: ask the applicant to name somebody else. A second tap asks once.

    They are never told why. Raises `Refused` where enough other people are named.
    """
    if reference.state in {ReferenceState.RECEIVED, ReferenceState.VERIFIED}:
        raise Refused("This reference was given. Note a concern first, if it cannot count")
    _refuse_too_early(reference.volunteer)
    session.flush()
    with session.begin_nested():  # refused, it was never asked
        if not once(step_key(reference, ANOTHER, 0)):
            return
        if another_wanted(reference.volunteer) is None:
            raise Refused("Enough other people are named already")
    queue(messages.referee_wanted(reference))


def name_another(volunteer: Volunteer, *, by: Actor, **answers: Any) -> Reference:
    """The applicant names somebody else in the place of one who was lost. Raises `Refused`: at their rules, or late."""
    session.execute(select(Application.id).where(Application.volunteer_id == volunteer.id).with_for_update())
    if another_wanted(volunteer) is None:
        raise Refused("We have somebody in their place already. There is nothing more to do")
    reference, _token = ask_another(volunteer, **answers, you="you", by=by)
    once(step_key(reference, NAMED, 0))
    return reference


def verify(reference: Reference, *, how: str, by: Actor) -> None:
    """Somebody made sure who gave it, or looked into a concern; `how` says what they did and found."""
    Refused.unless_empty(reasons_not_to_verify(state=reference.state.value, how=how))
    if by.id is None or by.id == reference.volunteer.user_id:
        raise Refused("A reference is checked by a worker of the scheme, never by the person it is about")
    reference.state = ReferenceState.VERIFIED
    reference.verified_at, reference.verified_by_id, reference.verified_how = clock.now(), by.id, how


def note_concern(reference: Reference, *, how: str, by: Actor) -> None:
    """Note a concern on a reference that was given: it no longer counts until somebody has looked into it."""
    Refused.unless_empty(reasons_not_to_doubt(state=reference.state.value, how=how))
    noted = {"words": how, "by": by.name, "at": clock.now().isoformat()}
    before = reference.answers or {}
    reference.answers = {**before, "noted": [*before.get("noted", []), noted]}
    reference.state = ReferenceState.CONCERN
    reference.verified_at = reference.verified_by_id = None


def expire(at: datetime) -> int:
    """Close every link whose time is over; says how many. The worker calls this; safe to call twice."""
    audit.acting(WORKER)
    late = session.scalars(
        select(Reference).where(
            Reference.state.in_((ReferenceState.REQUESTED, ReferenceState.OPENED)), Reference.expires_at <= at,
            Reference.bounced_at.is_(None),
        )
    ).all()  # fmt: skip
    for reference in late:
        reference.state = ReferenceState.EXPIRED
    return len(late)


def hold_open(reference: Reference, at: datetime) -> None:
    """Whoever is reminded can answer: the link lives on from here, even where its time was over."""
    days = timedelta(days=reference.volunteer.scheme.settings.reference_link_days)
    reference.expires_at = max(reference.expires_at, at + days)
    if reference.state is ReferenceState.EXPIRED:
        reference.state = ReferenceState.OPENED if reference.opened_at else ReferenceState.REQUESTED
    reference.token_hash = hashed(secret_of(reference))  # older versions drew theirs by lot


def _ask(volunteer: Volunteer, referee: Referee, reference: Reference | None) -> tuple[Reference, str]:
    at = clock.now()
    if reference is None:
        reference = Reference(volunteer=volunteer, referee=referee, referee_id=referee.id, link_number=1)
        session.add(reference)
    else:
        reference.link_number += 1
    reference.state, reference.opened_at, reference.bounced_at = ReferenceState.REQUESTED, None, None
    reference.requested_at, reference.quiet_since = at, None
    token = secret_of(reference)
    reference.token_hash = hashed(token)
    reference.expires_at = at + timedelta(days=volunteer.scheme.settings.reference_link_days)
    session.flush()
    if referee.email:
        queue(messages.reference_requested(reference, token))
    return reference, token


def secret_of(reference: Reference) -> str:
    """The secret of the link in hand, 192 bits: derived, so that a reminder can bring the same link again.

    It holds the instant of asking, because a number of a row that is gone may be given to another.
    """
    asked_at = reference.requested_at.astimezone(UTC).isoformat()
    return keyring.hash(f"reference link:{reference.referee_id}:{reference.link_number}:{asked_at}")[:48]


def _asked_when(volunteer: Volunteer) -> ReferencesAsked:
    return ReferencesAsked(volunteer.scheme.settings.references_asked)


def _refuse_too_early(volunteer: Volunteer) -> None:
    if not may_ask(volunteer):
        raise Refused(TOO_EARLY[_asked_when(volunteer)])


def _refuse_if_closed(reference: Reference) -> None:
    if not reference.is_open(clock.now()):
        raise Refused(LINK_CLOSED)


@when_moved(Move.REAPPLY)
def let_old_ones_go(volunteer: Volunteer) -> None:
    """What was said of somebody more than a year before they apply again is asked for anew."""
    if volunteer.id is None:
        return  # nobody was asked about somebody who is not kept yet
    given = (ReferenceState.RECEIVED, ReferenceState.VERIFIED)
    old = select(Reference).where(
        Reference.volunteer_id == volunteer.id, Reference.state.in_(given),
        Reference.received_at < clock.now() - COUNTS_FOR,
    )  # fmt: skip
    for reference in session.scalars(old):
        reference.state = ReferenceState.EXPIRED


@still_counts
def references_still_count(volunteer: Volunteer) -> StillValid | None:
    """References that were checked and are not a year old need not be asked for again."""
    checked = select(func.count()).where(
        Reference.volunteer_id == volunteer.id, Reference.state == ReferenceState.VERIFIED
    )
    number = session.scalar(checked) or 0
    if not number:
        return None
    return StillValid("References", f"{number} checked within the last year")
