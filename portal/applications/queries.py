"""Reading applications: one's own, by code, and those that wait for staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from portal import clock, paging
from portal.access import Can, Holder, within
from portal.accounts.models import User
from portal.applications.models import Application, Referee
from portal.applications.rules import RETURN_LASTS, read_code, reply_by
from portal.database import keyring, session
from portal.schemes.models import Area, Scheme
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer

PAGE = 40
LISTED = (Stage.APPLIED, Stage.INTERVIEWING, Stage.APPLYING)
WHOLE = (
    joinedload(Application.volunteer).joinedload(Volunteer.scheme),
    joinedload(Application.volunteer).joinedload(Volunteer.area),
    joinedload(Application.volunteer).joinedload(Volunteer.contact),
    selectinload(Application.referees),
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
        if found and mark_of(found) == mark and (user is None or found.volunteer.user_id in {None, user.id}):
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
            Application.return_code_hash == keyring.hash(code), Application.saved_at > clock.now() - RETURN_LASTS
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
            Volunteer.id, Volunteer.name, Volunteer.reference, Area.name, Volunteer.stage_since, Scheme.settings
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
    if (key := paging.read(after, like=("", 0))) and (since := _instant(key[0])):
        query = query.where(tuple_(Volunteer.stage_since, Volunteer.id) > tuple_(since, key[1]))
    is_unread = stage is Stage.APPLIED
    rows = [
        WaitingRow(
            volunteer_id, name, reference, area, since,
            reply_by(clock.in_london(since).date(), settings.reply_within_days) if is_unread else None,
        )
        for volunteer_id, name, reference, area, since, settings in session.execute(query)
    ]  # fmt: skip
    return paging.page_of(rows, PAGE, key=lambda row: (row.since.isoformat(), row.volunteer_id))


def _instant(written: str | int) -> datetime | None:
    try:
        instant = datetime.fromisoformat(str(written))
    except ValueError:
        return None
    return instant if instant.tzinfo else None


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
