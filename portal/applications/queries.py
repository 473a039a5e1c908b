"""Reading applications: one's own, by code, and those that wait for staff."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from portal import clock, paging
from portal.access import Can, Holder, within
from portal.accounts.models import User
from portal.applications.models import Application, Referee, SentApplication
from portal.applications.rules import PROMPTS, RETURN_LASTS, Section, read_code
from portal.database import keyring, session
from portal.schemes.models import Area, Scheme
from portal.schemes.rules import reply_by
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import shown_name
from portal.volunteers.rules import availability_in_words, likeness, without_names
from portal.web.text import phone

PAGE = 40
LISTED = (Stage.APPLIED, Stage.INTERVIEWING, Stage.APPLYING)
WHOLE = (
    joinedload(Application.volunteer).joinedload(Volunteer.scheme),
    joinedload(Application.volunteer).joinedload(Volunteer.area),
    joinedload(Application.volunteer).joinedload(Volunteer.contact),
    selectinload(Application.referees),
    joinedload(Application.helper),
)


@dataclass(frozen=True)
class WaitingRow:
    """One line of the list of applications; `reply_by` is set while it waits to be read."""

    volunteer_id: int
    name: str
    reference: str
    area: str
    since: datetime
    reply_by: date | None

    @property
    def is_overdue(self) -> bool:
        """Whether the scheme has let more days go by than it promised."""
        return self.reply_by is not None and clock.today() > self.reply_by


@dataclass(frozen=True)
class Told:
    """One section of an application in words: what was asked, and what was answered."""

    section: Section
    rows: tuple[tuple[str, str], ...]


def told(application: Application) -> list[Told]:
    """All that was told, section by section, in the words of the questions; what was left empty is ""."""
    person, prompted = application.volunteer, application.prompted
    contact = person.contact
    hours = f"{contact.safe_from:%H:%M} to {contact.safe_until:%H:%M}" if contact.safe_from else "Any time"
    asked = {
        Section.ABOUT_YOU: (
            ("Name", person.name), ("Likes to be called", person.known_as), ("In English letters", person.romanised),
            ("Postcode area", person.postcode_area), ("18 or over", _yes(application.is_adult)),
        ),
        Section.REACHING_YOU: (
            ("Email", person.email), ("Phone", phone(person.phone)), ("Best way", contact.channel.words),
            ("Voice messages", "Yes" if contact.may_leave_voicemail else "No"),
            ("Name the scheme", "No" if contact.hide_scheme_name else "Yes"), ("Hours to ring", hours),
            ("Notes", contact.notes),
        ),
        Section.EXPERIENCE: (("Shared", application.lived_experience or ""),),
        Section.SUPPORT: (
            ("Support", person.access_needs or ""),
            ("Trainers may know", ("Yes" if person.may_share_access_needs else "No") if person.access_needs else ""),
        ),
        Section.FREE_TIME: (("Free", availability_in_words(person.availability)),),
        Section.REFEREES: tuple(_referee(each) for each in application.referees) or (("Nobody yet", ""),),
        Section.CHECKS: (("Agreed", _yes(application.agrees_to_checks)),),
    }  # fmt: skip
    boxes = {Section.WHY: application.why, Section.SKILLS: application.skills}
    for section, prompts in PROMPTS.items():
        rows = [(each.question, prompted.get(each.key, "")) for each in prompts]
        if section is Section.PRACTITIONER:
            rows[-1] = (rows[-1][0], phone(rows[-1][1]))
            if not any(answer for _, answer in rows):
                continue
        if text := boxes.get(section):
            rows.append(("In their own words", text))
        asked[section] = tuple(rows)
    return [Told(section, asked[section]) for section in Section if section in asked]


HIDES = (Section.ABOUT_YOU, Section.REACHING_YOU, Section.REFEREES, Section.PRACTITIONER)


def shown(application: Application) -> list[Told]:
    """All that was told, as staff may read it: without who it is, while the scheme hides that from who decides."""
    person = application.volunteer
    if not person.is_blind:
        return told(application)
    names = [person.name, person.known_as, person.romanised, *(each.name for each in application.referees)]
    return [
        Told(each.section, tuple((asked, without_names(answer, names)) for asked, answer in each.rows))
        for each in told(application)
        if each.section not in HIDES
    ]


def _yes(said: bool) -> str:
    return "Yes" if said else ""


def _referee(referee: Referee) -> tuple[str, str]:
    years = f"{referee.years_known} year{'' if referee.years_known == 1 else 's'}"
    facts = (referee.relation.words, referee.organisation, referee.email, phone(referee.phone), years)
    return referee.name, ", ".join(filter(None, facts))


def likeness_of(application: Application) -> int:
    """A number that changes when anything that was told does: what somebody said was theirs."""
    return likeness(each.rows for each in told(application))


def is_confirmed(application: Application) -> bool:
    """Whether the person has said that it is theirs, as it stands now; nobody asks who typed it for themselves."""
    helper = application.typed_by
    return helper is None or (helper.confirmed_at is not None and helper.likeness == likeness_of(application))


@dataclass(frozen=True)
class Sending:
    """The answers as they were when an application was sent, from what was frozen."""

    number: int
    sent_at: datetime
    sent_by_name: str
    sections: list[tuple[str, list[tuple[str, str]]]]
    helped: str


def sendings_of(application: Application) -> list[SentApplication]:
    """Every sending of one application, the newest first; who may read the application may read these."""
    query = select(SentApplication).where(SentApplication.application_id == application.id)
    return list(session.scalars(query.order_by(SentApplication.number.desc())))


def sending_of(application: Application, number: int) -> Sending | None:
    """One of them, read."""
    found = next((each for each in sendings_of(application) if each.number == number), None)
    if found is None:
        return None
    facts = json.loads(found.facts or "{}")
    sections = [(each["title"], [tuple(row) for row in each["rows"]]) for each in facts.get("sections", [])]
    return Sending(found.number, found.sent_at, found.sent_by_name, sections, facts.get("helped", ""))


def mark_of(application: Application) -> str:
    """What a browser keeps of the return code it was opened with: another one after the code was renewed."""
    return application.return_code_hash[:16]


def application_in_hand(application_id: int | None, *, mark: str | None, seen_by: Holder) -> Application | None:
    """The application this browser carries on with: the one it opened, or the one of whoever is signed in.

    A new return code shuts out every browser that opened it with the one before: the phone may be lost.
    One that belongs to an account is not shown to another account that uses the same browser.
    """
    user = seen_by if isinstance(seen_by, User) else None
    if application_id is not None:
        found = session.scalar(select(Application).where(Application.id == application_id).options(*WHOLE))
        is_theirs = found is not None and (user is None or found.volunteer.user_id in {None, user.id})
        if found and is_theirs and mark_of(found) == mark and found.volunteer.stage is not Stage.JOINED:
            return found
    if user is None:
        return None
    own = select(Application).join(Application.volunteer).where(Volunteer.user_id == user.id)
    return session.scalar(own.options(*WHOLE))


def application_by_code(typed: str) -> Application | None:
    """The application of a return code that still works: the secret in it is the permission to see it."""
    code = read_code(typed)
    if code is None:
        return None
    return session.scalar(
        select(Application)
        .where(
            Application.return_code_hash == keyring.hash(code), Application.saved_at > clock.now() - RETURN_LASTS,
            # joined with another record of theirs: their other code leads on
            Application.volunteer.has(Volunteer.stage != Stage.JOINED),
        )
        .options(*WHOLE)
    )  # fmt: skip


def application_of(volunteer_id: int, *, seen_by: Holder) -> Application | None:
    """The application of one volunteer, whole, for whoever decides on it."""
    return session.scalar(
        select(Application)
        .join(Application.volunteer)
        .where(
            Volunteer.id == volunteer_id,
            within(seen_by, Can.DECIDE_APPLICATIONS, Volunteer.scheme_id, Volunteer.area_id),
        )
        .options(*WHOLE)
    )


def applications_at(stage: Stage, *, seen_by: Holder, after: str | None = None) -> paging.Page[WaitingRow]:
    """The people at one stage who applied, whoever waits longest first."""
    query = (
        select(
            Volunteer.id, shown_name(), Volunteer.reference, Area.name, Volunteer.stage_since, Scheme.settings
        )
        .join(Application, Application.volunteer_id == Volunteer.id)
        .join(Area, Area.id == Volunteer.area_id)
        .join(Scheme, Scheme.id == Volunteer.scheme_id)
        .where(
            within(seen_by, Can.DECIDE_APPLICATIONS, Volunteer.scheme_id, Volunteer.area_id), Volunteer.stage == stage
        )
        .order_by(Volunteer.stage_since, Volunteer.id)
        .limit(PAGE + 1)
    )  # fmt: skip
    if key := paging.read_instant(after):
        query = query.where(tuple_(Volunteer.stage_since, Volunteer.id) > tuple_(*key))
    is_unread = stage is Stage.APPLIED
    rows = [
        WaitingRow(
            volunteer_id, name, reference, area, since,
            reply_by(clock.in_london(since).date(), settings.reply_within_days) if is_unread else None,
        )
        for volunteer_id, name, reference, area, since, settings in session.execute(query)
    ]  # fmt: skip
    return paging.page_of(rows, PAGE, key=lambda row: (row.since.isoformat(), row.volunteer_id))


def unclaimed(user: User) -> list[Volunteer]:
    """People who applied with this account's e-mail address and are not joined to any account yet."""
    return list(
        session.scalars(
            select(Volunteer)
            .join(Application, Application.volunteer_id == Volunteer.id)
            .where(Volunteer.email == user.email, Volunteer.user_id.is_(None), Application.submitted_at.is_not(None))
            .options(joinedload(Volunteer.scheme), joinedload(Volunteer.area))
            .order_by(Volunteer.id)
        )
    )


def is_volunteer(user: User) -> bool:
    """Whether this account is a volunteer already: an account is one volunteer, never two."""
    return session.scalar(select(Volunteer.id).where(Volunteer.user_id == user.id)) is not None


def referee_of(application: Application, referee_id: int | None) -> Referee | None:
    """One of the people who speak for this applicant."""
    return next((referee for referee in application.referees if referee.id == referee_id), None)
