"""Writing an application: starting it, saving one section at a time, sending it, opening it again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.access import Role
from portal.accounts import queries as accounts
from portal.accounts import services as account_services
from portal.accounts.models import User
from portal.applications import messages, queries
from portal.applications.models import Application, Referee, Relation, SentApplication
from portal.applications.rules import (
    PROMPTS,
    Around,
    Contact,
    Naming,
    Progress,
    Section,
    against_referee,
    names_a_practitioner,
    new_code,
    reasons_not_a_practitioner,
    reasons_not_to_send,
    referees_missing,
    sections_asked,
)
from portal.audit.rules import Actor
from portal.database import keyring, session
from portal.messages.rules import Letter
from portal.messages.services import queue
from portal.refusals import Refused
from portal.schemes.models import Area, Doors
from portal.schemes.rules import Route
from portal.volunteers import services as volunteers
from portal.volunteers.journey import Move, Stage
from portal.volunteers.models import Volunteer
from portal.volunteers.services import Details, Reaching


class Locked(Refused):
    """The application was sent, or its person went another way: it can be read, not changed."""


def start(
    *, area: Area, name: str, email: str, phone: str, route: Route, may_be_closed: bool = False, by: Actor
) -> tuple[Application, str]:
    """Begin an application: the person, the empty application, the letter with the way back.

    Answers the application and its return code, which is kept hashed: this is the only time it can be shown.
    Raises `Refused` when the area takes nobody now, or when there is no way to reach the person.
    """
    application, code = begin(
        area=area, name=name, email=email, phone=phone, route=route, may_be_closed=may_be_closed, by=by
    )
    queue(messages.application_started(application, code))
    return application, code


def begin(
    *, area: Area, name: str, email: str, phone: str, route: Route, through: str = "", may_be_closed: bool = False,
    by: Actor,
) -> tuple[Application, str]:  # fmt: skip
    """The same without the letter. `through` says who passes a word on to somebody with no address of their own.

    `may_be_closed` is for staff: whoever asked while the doors were open is put on record after they closed.
    """
    if area.doors is Doors.CLOSED and not may_be_closed:
        raise Refused(f"{area.name} is closed for now")
    volunteer = volunteers.start(area=area, name=name, email=email, phone=phone, route=route, through=through, by=by)
    at, code = clock.now(), new_code()
    application = Application(
        volunteer=volunteer, return_code_hash=keyring.hash(code), started_at=at, saved_at=at, times_sent=0,
        why="", prompted={}, skills="", sections_done="", is_adult=False, agrees_to_checks=False, referees=[],
    )  # fmt: skip
    session.add(application)
    session.flush()
    return application, code


def renew_code(application: Application, *, by: Actor) -> str:
    """A new return code; the one before stops working, and the new link goes out by letter."""
    code = new_code()
    application.return_code_hash, application.saved_at = keyring.hash(code), clock.now()
    session.flush()
    queue(messages.application_started(application, code))
    return code


def save_about_you(
    application: Application, *, name: str, known_as: str, romanised: str, postcode_area: str,
    is_adult: bool | None, is_done: bool = True, by: Actor,
) -> None:  # fmt: skip
    """Who they are; `is_adult` is None while they have not said. Raises `Refused` for somebody under 18."""
    if not is_adult and (is_done or is_adult is not None):
        raise Refused("You need to be 18 or over to be a peer mentor")
    details = Details(name=name, known_as=known_as, romanised=romanised, postcode_area=postcode_area)
    with _saving(application, Section.ABOUT_YOU, is_done=is_done):
        volunteers.change_details(application.volunteer, details=details, by=by)
        application.is_adult = bool(is_adult)


def save_reaching_you(application: Application, *, email: str, phone: str, reaching: Reaching, by: Actor) -> None:
    """How to reach them safely. Raises `Refused` when that could not work."""
    with _saving(application, Section.REACHING_YOU):
        volunteers.change_details(
            application.volunteer, details=Details(email=email, phone=phone), reaching=reaching, by=by
        )


def save_practitioner(application: Application, *, answers: Mapping[str, str], is_done: bool = True, by: Actor) -> None:
    """Who backs them: a probation practitioner or key worker, by the keys of `PROMPTS`; all empty is nobody.

    Raises `Refused` for whoever could not be asked, and for nobody where the next step needs somebody.
    """
    person, given = application.volunteer, _known(Section.PRACTITIONER, answers)
    named, email, phone = (given[f"practitioner_{each}"] for each in ("name", "email", "phone"))
    if is_done:
        Refused.unless_empty(
            reasons_not_a_practitioner(
                Contact(named, email, phone), applicant=Contact(person.name, person.email, person.phone)
            )
        )
        if not named and needs_practitioner(application):
            raise Refused("Enter their name")
    with _saving(application, Section.PRACTITIONER, is_done=is_done and bool(named)):
        _answer(application, given | {"practitioner_email": email.lower()})


def save_why(
    application: Application, *, answers: Mapping[str, str] | None = None, why: str | None = None,
    is_done: bool = True, by: Actor,
) -> None:  # fmt: skip
    """Why they want to do this, in their own words: any one of the prompts is enough.

    `why` is one text for all of it: as it was asked before there were prompts, and as it may stand on paper.
    """
    given = _known(Section.WHY, answers or {}) if answers is not None else {}
    text = application.why if why is None else why
    if is_done and not text and not any(given.values()):
        raise Refused("Tell us in your own words. One sentence is enough")
    with _saving(application, Section.WHY, is_done=is_done):
        application.why = text
        _answer(application, given)


def save_experience(application: Application, *, lived_experience: str, is_done: bool = True, by: Actor) -> None:
    """What they have lived through, as far as they like to say; kept encrypted."""
    with _saving(application, Section.EXPERIENCE, is_done=is_done):
        application.lived_experience = lived_experience or None


def save_skills(
    application: Application, *, answers: Mapping[str, str] | None = None, skills: str | None = None,
    is_done: bool = True, by: Actor,
) -> None:  # fmt: skip
    """What they are good at; `skills` is one text for all of it, as in `save_why`."""
    with _saving(application, Section.SKILLS, is_done=is_done):
        application.skills = application.skills if skills is None else skills
        _answer(application, _known(Section.SKILLS, answers or {}) if answers is not None else {})


def save_support(
    application: Application, *, access_needs: str, may_share: bool, is_done: bool = True, by: Actor
) -> None:
    """What would make it easier to take part, and whether the trainers may know; kept encrypted."""
    details = Details(access_needs=access_needs, may_share_access_needs=may_share and bool(access_needs))
    with _saving(application, Section.SUPPORT, is_done=is_done):
        volunteers.change_details(application.volunteer, details=details, by=by)


def save_free_time(application: Application, *, availability: list[str], is_done: bool = True, by: Actor) -> None:
    """When they are free."""
    with _saving(application, Section.FREE_TIME, is_done=is_done):
        volunteers.change_details(application.volunteer, details=Details(availability=availability), by=by)


def save_checks(application: Application, *, agrees_to_checks: bool, by: Actor) -> None:
    """They know that there are checks and how we keep what they told us."""
    if not agrees_to_checks:
        raise Refused("Tick the box to show that you agree")
    with _saving(application, Section.CHECKS):
        application.agrees_to_checks = True


def add_referee(
    application: Application, *, name: str, relation: Relation, organisation: str, email: str, phone: str,
    years_known: int, is_family: bool = False, shares_home: bool = False, is_of_recommender: bool = False, by: Actor,
) -> Referee:  # fmt: skip
    """Name somebody who can speak for the applicant. Raises `Refused` with every rule that they break."""
    who = Contact(name, email, phone, organisation)
    naming = Naming(who, years_known, is_family, shares_home, is_of_recommender)
    # two taps at the same moment: the second waits here, and then sees whom the first has named
    session.execute(select(Application.id).where(Application.id == application.id).with_for_update())
    session.refresh(application, ["referees", "submitted_at", "sections_done", "prompted", "version"])
    Refused.unless_empty([words for _field, words in against_referee(naming, around_referee(application))])
    with _saving(application, Section.REFEREES):
        referee = Referee(
            name=name, relation=relation, organisation=organisation, email=email.lower(), phone=phone,
            years_known=years_known, is_of_recommender=is_of_recommender,
        )  # fmt: skip
        application.referees.append(referee)
    return referee


def _known(section: Section, answers: Mapping[str, str]) -> dict[str, str]:
    """Every answer of one section by its prompt's key, "" for those that were left empty; no key of another."""
    return {prompt.key: answers.get(prompt.key) or "" for prompt in PROMPTS[section]}


def _answer(application: Application, given: Mapping[str, str]) -> None:
    """Keep what was answered; what is empty is not kept. A new dictionary, so that the change is seen."""
    answers = {**application.prompted, **given}
    if (kept := {key: words for key, words in answers.items() if words}) != application.prompted:
        application.prompted = kept


def around_referee(application: Application, *, you: str = "you") -> Around:
    """What a referee of this applicant is held against. `you` is how they are spoken of: "you", or "them" to staff."""
    person, named = application.volunteer, application.referees
    return Around(
        applicant=Contact(person.name, person.email, person.phone),
        others=tuple(Contact(each.name, each.email, each.phone, each.organisation) for each in named),
        recommender=recommender_of(application),
        is_last=referees_missing(named, person.scheme.settings.references_needed) <= 1,
        has_outsider=any(not each.is_of_recommender for each in named), you=you,
    )  # fmt: skip


def recommender_of(application: Application) -> str:
    """The service whose practitioner recommends them, as they wrote it; "" when nobody was named."""
    return (application.prompted or {}).get("practitioner_organisation", "").strip()


def lacks_outsider(application: Application) -> bool:
    """Whether everybody named is from the service that recommends them: perhaps whoever was not was taken off."""
    named = application.referees
    return bool(named) and all(each.is_of_recommender for each in named)


def helps(application: Application, *, name: str, email: str) -> bool:
    """Whether this is the person who helps with the form. They may be a referee, too: the page says so."""
    helper = application.helper
    if helper is None:
        return False
    is_same_name = " ".join(helper.name.casefold().split()) == " ".join(name.casefold().split())
    return is_same_name or (bool(email) and helper.email.casefold() == email.casefold())


def remove_referee(referee: Referee, *, by: Actor) -> None:
    """Take somebody off the list. Raises `Refused` when they have been asked already."""
    application = referee.application
    _refuse_unless_open(application)
    if any(line.to_stage is Stage.OFFERED for line in application.volunteer.history):
        # after an offer the people named were written to: what they answered must keep its name
        raise Refused("This person has been asked already, so they stay on the list")
    try:
        with session.begin_nested():
            session.delete(referee)
            session.flush()
    except IntegrityError as asked:  # some schemes ask on sending: begun again, an application has their answers still
        raise Refused("This person has been asked already, so they stay on the list") from asked
    session.expire(application, ["referees"])
    with _saving(application, None):
        if not application.referees:
            done = Progress.read(application.sections_done).saved(Section.REFEREES, is_done=False)
            application.sections_done = done.text()


def submit(application: Application, *, by: Actor, because: str = "") -> None:
    """Send it: it is locked, the scheme sees it, and whoever gave an e-mail address can sign in from now on.

    Sending twice is one sending: the second does nothing. `because` is how the history says where it came from, when
    somebody typed it from paper. Raises `Refused` with everything that is missing.
    """
    # two tabs at the same moment: the second waits here, and then sees that it was sent
    session.execute(select(Application.id).where(Application.id == application.id).with_for_update())
    session.refresh(application, ["submitted_at", "version"])
    if application.submitted_at is not None:
        return
    person = application.volunteer
    Refused.unless_empty([*missing(application), *unconfirmed(application)])
    at = clock.now()
    with session.no_autoflush:  # everything in one flush below: fifty people may send in the same second
        letter = _open_account(application, by=by)
        person.make(Move.SUBMIT, by=by, at=at, because=because)
    application.submitted_at = application.saved_at = at
    application.times_sent += 1
    session.add(
        SentApplication(
            application=application, number=application.times_sent, facts=json.dumps(_frozen(application)),
            sent_at=at, sent_by_name=by.name,
        )
    )  # fmt: skip
    session.flush()
    for act in _WHEN_SUBMITTED:
        act(application)
    queue(letter(application))


def unconfirmed(application: Application) -> list[str]:
    """Why an application that somebody typed for another person cannot be sent yet."""
    if queries.is_confirmed(application):
        return []
    return [f"Ask {application.volunteer.preferred_name} to confirm that this is theirs"]


def _frozen(application: Application) -> dict[str, Any]:
    """The answers in words, as the person read them when it was sent: no later question changes them."""
    sections = [{"title": each.section.title, "rows": each.rows} for each in queries.told(application)]
    helper, helped = application.typed_by, ""
    if helper is not None and helper.confirmed_at is not None and helper.confirmed_by is not None:
        day = f"{clock.in_london(helper.confirmed_at):%d.%m.%Y}"
        who = ", ".join(filter(None, (helper.name, helper.organisation)))
        helped = f"Typed by {who}. Confirmed by {helper.confirmed_name} {helper.confirmed_by.words}, {day}."
    return {"sections": sections, "helped": helped}


_WHEN_SUBMITTED: list[Callable[[Application], None]] = []


def when_submitted(act: Callable[[Application], None]) -> Callable[[Application], None]:
    """A later stage, which this one must not know of, asks to act as soon as an application has been sent.

    It runs once a sending, in the transaction of the sending, with the application locked and its person `APPLIED`.
    """
    _WHEN_SUBMITTED.append(act)
    return act


def reopen(application: Application, *, by: Actor) -> None:
    """Start again after withdrawing, or after we could not take them: what was written is kept, and open again."""
    volunteers.reapply(application.volunteer, by=by)
    application.submitted_at = None
    application.decision = application.decided_at = application.decided_by_id = None
    application.agrees_to_checks = False  # time has gone by: they agree to what is asked today
    application.sections_done = Progress.read(application.sections_done).reopened(Section.CHECKS).text()
    # whoever helped before helps no more, and what was said then is shown as said then
    application.started_at = application.saved_at = clock.now()
    session.flush()


@dataclass(frozen=True)
class StillValid:
    """Something that need not be done again by somebody who applies again, and why it still counts."""

    title: str
    why: str


_STILL_VALID: list[Callable[[Volunteer], StillValid | None]] = []


def still_counts(find: Callable[[Volunteer], StillValid | None]) -> Callable[[Volunteer], StillValid | None]:
    """A later stage says what of its own still counts when somebody applies again; None when nothing does."""
    _STILL_VALID.append(find)
    return find


def still_valid(application: Application) -> list[StillValid]:
    """What somebody who applied before need not do again; nothing for whoever applies for the first time."""
    if not ((application.times_sent and application.submitted_at is None) or application.times_sent > 1):
        return []
    return [found for find in _STILL_VALID if (found := find(application.volunteer))]


def join_account(volunteer: Volunteer, user: User, *, by: Actor) -> None:
    """Make this account the volunteer's own. Only after its owner signed in. Raises `Refused`."""
    if volunteer.user_id is not None:
        raise Refused("This application is joined to an account already")
    if volunteer.email != user.email:
        raise Refused("This application was sent with another email address")
    if queries.is_volunteer(user):
        raise Refused("Your account has an application already. Ring the scheme to sort it out together")
    volunteer.user = user
    here = (Role.VOLUNTEER, volunteer.scheme_id, volunteer.area_id)
    if not any(held.is_now and (held.role, held.scheme_id, held.area_id) == here for held in user.roles_held):
        account_services.give_role(user, Role.VOLUNTEER, scheme=volunteer.scheme, area=volunteer.area, by=by)
    session.flush()


def missing(application: Application) -> list[str]:
    """What still has to be done before it can be sent, in words."""
    return reasons_not_to_send(
        done=Progress.read(application.sections_done).done, is_adult=application.is_adult,
        agrees=application.agrees_to_checks, referees=len(application.referees),
        referees_needed=application.volunteer.scheme.settings.references_needed,
        needs_practitioner=needs_practitioner(application), lacks_outsider=lacks_outsider(application),
        recommender=recommender_of(application),
    )  # fmt: skip


def needs_practitioner(application: Application) -> bool:
    """Whether the next step needs whoever backs them: somebody's recommendation is one of the gates of their way in."""
    person = application.volunteer
    return "recommendation" in person.scheme.settings.to_train(person.route)


def asked_of(application: Application) -> list[Section]:
    """The sections of this person's task list."""
    person = application.volunteer
    to_train = person.scheme.settings.to_train(person.route)
    asks = names_a_practitioner(person.route, to_train, application.prompted)
    return sections_asked(asks_practitioner=asks)


def _open_account(application: Application, *, by: Actor) -> Callable[[Application], Letter]:
    """An account to sign in with, and the letter that goes with it; nothing is flushed here.

    Whether the address has one already is told to its owner alone, by letter.
    """
    person = application.volunteer
    if not person.email or person.user_id is not None:
        return partial(messages.application_sent, has_account=person.user_id is not None)
    if accounts.user_by_email(person.email) is not None:
        return messages.application_to_join
    person.user = account_services.new_account(
        email=person.email, name=person.name, role=Role.VOLUNTEER, scheme=person.scheme, area=person.area, by=by
    )
    return partial(messages.application_sent, has_account=True)


def _refuse_unless_open(application: Application) -> None:
    if not application.is_open:
        raise Locked("Your application has been sent, so it cannot be changed here any more")


@contextmanager
def _saving(application: Application, section: Section | None, *, is_done: bool = True) -> Iterator[None]:
    """Around every change: refused when locked; the section is done or to come back to, and the moment is noted."""
    _refuse_unless_open(application)
    yield
    if section is not None:
        progress = Progress.read(application.sections_done).saved(section, is_done=is_done)
        application.sections_done = progress.text()
    application.saved_at = clock.now()
    session.flush()
