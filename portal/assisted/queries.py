"""Finding what waits to be confirmed: by the link of its person, and for staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from portal import clock
from portal.access import Can, Holder, within
from portal.applications.models import Application, Helper
from portal.applications.queries import WHOLE
from portal.assisted.rules import NOT_ASKED_FOR, WRONG_WORDS
from portal.database import keyring, session
from portal.schemes.models import Area
from portal.volunteers.journey import Stage
from portal.volunteers.models import HistoryLine, Volunteer

MOST = 100


def hashed(token: str) -> str:
    """How the secret of a link is kept; the purpose is part of it, so that a link for something else opens nothing."""
    return keyring.hash(f"confirm an application:{token}")


def application_to_confirm(token: str) -> Application | None:
    """The application of a link that still works: in time, unused, and sent to where its person still is."""
    found = session.scalar(
        select(Application)
        .join(Application.helper)
        .where(Helper.token_hash == hashed(token), Helper.expires_at > clock.now())
        .options(*WHOLE)
    )
    if found is None or found.typed_by is None or not found.is_open:
        return None
    person, helper = found.volunteer, found.typed_by
    return found if helper.sent_to in {person.email, person.phone} and helper.sent_to else None


@dataclass(frozen=True)
class HelpedRow:
    """One application that somebody types or typed for another person, and how it stands."""

    volunteer_id: int
    name: str
    reference: str
    area: str
    helped_by: str
    since: datetime
    waits_for: str


def helped_applications(*, seen_by: Holder) -> list[HelpedRow]:
    """Those not sent yet, longest first: what each waits for. And those whose person did not ask for them."""
    refused = (
        select(HistoryLine.id)
        .where(HistoryLine.volunteer_id == Volunteer.id, HistoryLine.because == NOT_ASKED_FOR)
        .exists()
    )
    query = (
        _helped(seen_by)
        .where(
            Application.submitted_at.is_(None), Helper.began_at >= Application.started_at,
            (Volunteer.stage == Stage.APPLYING) | ((Volunteer.stage == Stage.WITHDRAWN) & refused),
        )
        .order_by(Application.saved_at, Application.id)
        .limit(MOST)
    )  # fmt: skip
    return [_row(helper) for helper in session.scalars(query)]


def helped_application(volunteer_id: int, *, seen_by: Holder) -> Application | None:
    """The application of one person for whom somebody types, whole, for whoever decides on applications."""
    found = session.scalar(
        select(Application)
        .join(Application.volunteer)
        .where(
            Volunteer.id == volunteer_id,
            within(seen_by, Can.DECIDE_APPLICATIONS, Volunteer.scheme_id, Volunteer.area_id),
        )
        .options(*WHOLE, joinedload(Application.helper).joinedload(Helper.recorded_by))
    )
    return found if found is not None and found.helper is not None else None


def areas_to_type_for(*, seen_by: Holder) -> list[Area]:
    """The areas in which this member of staff may start an application for somebody."""
    query = select(Area).where(within(seen_by, Can.DECIDE_APPLICATIONS, Area.scheme_id, Area.id))
    return list(session.scalars(query.options(joinedload(Area.scheme)).order_by(Area.scheme_id, Area.name)))


def _helped(seen_by: Holder) -> Select[Helper]:
    return (
        select(Helper)
        .join(Helper.application)
        .join(Application.volunteer)
        .join(Volunteer.area)
        .where(within(seen_by, Can.DECIDE_APPLICATIONS, Volunteer.scheme_id, Volunteer.area_id))
        .options(
            contains_eager(Helper.application)
            .contains_eager(Application.volunteer)
            .contains_eager(Volunteer.area)
        )
    )  # fmt: skip


def _row(helper: Helper) -> HelpedRow:
    application = helper.application
    person = application.volunteer
    if person.stage is Stage.WITHDRAWN:
        waits_for = "They did not ask for this: ring them"
    elif application.prompted.get(WRONG_WORDS):
        waits_for = "Something is to be put right"
    elif helper.token_hash and helper.expires_at and helper.expires_at > clock.now():
        waits_for = "Their answer to our link"
    else:
        waits_for = "To be finished and confirmed"
    typed_by = ", ".join(filter(None, (helper.name, helper.organisation)))
    return HelpedRow(
        person.id, person.name, person.reference, person.area.name, typed_by,
        application.saved_at, waits_for,
    )  # fmt: skip
