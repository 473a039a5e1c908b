"""Finding an application to come back to: by its link, by an address, and those that lie unfinished."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from portal import clock
from portal.applications.models import Application, Helper
from portal.applications.queries import WHOLE
from portal.database import keyring, session
from portal.locks.models import Once
from portal.returning.rules import DAYS, GIVEN_UP_AFTER, LINK_LASTS
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer

LARGEST = 2**31 - 1
BY_ITS_PERSON = ~select(Helper.id).where(
    Helper.application_id == Application.id, Helper.began_at >= Application.started_at
).exists()  # fmt: skip
OPEN = (Application.submitted_at.is_(None), Volunteer.stage == Stage.APPLYING, BY_ITS_PERSON)


def link_of(application: Application, until: date) -> str:
    """What a link carries: which application, until when, and a secret of 160 bits that nobody else can make.

    Its address and its return code are part of the secret: when one of them changes, the link is dead.
    """
    return f"{application.id}-{until.toordinal()}-{_secret(application, until)}"


def _secret(application: Application, until: date) -> str:
    person = application.volunteer
    reached = f"{person.email}:{person.phone}"
    said = f"come back:{application.id}:{until.toordinal()}:{application.return_code_hash}:{reached}"
    return keyring.hash(said)[:40]


def application_by_link(token: str) -> Application | None:
    """The application of a link that still works."""
    number, _, rest = token.partition("-")
    day, _, secret = rest.partition("-")
    if not (number.isascii() and number.isdigit() and day.isascii() and day.isdigit()) or len(token) > 80:
        return None
    if not clock.today().toordinal() <= int(day) <= (clock.today() + LINK_LASTS).toordinal() or int(number) > LARGEST:
        return None
    query = select(Application).join(Application.volunteer).where(Application.id == int(number), BY_ITS_PERSON)
    query = query.where(Volunteer.stage != Stage.JOINED)  # it goes on under another number
    found = session.scalar(query.options(*WHOLE))
    if found is None or not secret.isascii():
        return None
    return found if hmac.compare_digest(secret, _secret(found, date.fromordinal(int(day)))) else None


def applications_at(address: str) -> Sequence[Application]:
    """The open applications of whoever has this e-mail address or number."""
    query = (
        select(Application)
        .join(Application.volunteer)
        .where(or_(Volunteer.email == address, Volunteer.phone == address), *OPEN)
        .order_by(Application.id.desc())
        .limit(5)
    )
    return session.scalars(query.options(*WHOLE)).all()


def unfinished(at: datetime) -> Sequence[Application]:
    """Those whose last save was long enough ago to speak of, and not too long."""
    query = (
        select(Application)
        .join(Application.volunteer)
        .where(
            Application.saved_at <= at - timedelta(days=DAYS[0]), Application.saved_at >= at - GIVEN_UP_AFTER, *OPEN
        )
        .order_by(Application.id)
    )  # fmt: skip
    return session.scalars(query.options(*WHOLE)).all()


def said_already(keys: Iterable[str]) -> set[str]:
    """Which of these were done before."""
    wanted, known = list(keys), set[str]()
    for first in range(0, len(wanted), 500):
        known |= set(session.scalars(select(Once.key).where(Once.key.in_(wanted[first : first + 500]))))
    return known
