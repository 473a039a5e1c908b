"""Reading forms on paper: those that wait to be typed in, one of them, and the originals of one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.access import Can, Holder, within
from portal.database import session
from portal.paper.models import PaperForm
from portal.schemes.models import Area
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer

DECIDES = Can.DECIDE_APPLICATIONS
SHOWN = 80
LATE_AFTER = 3
"""Days. Whoever wrote by hand waits for an answer just as one who typed."""
MOST_BEGUN = 300


@dataclass(frozen=True)
class PaperRow:
    """One line of a list of forms on paper."""

    id: int
    area: str
    received_on: date
    pages: str
    kept_by: str
    person: str
    because: str
    typed_at: datetime | None

    @property
    def days(self) -> int:
        """How long it has waited."""
        return (clock.today() - self.received_on).days

    @property
    def is_late(self) -> bool:
        """Whether it has waited too long."""
        return self.days > LATE_AFTER


def paper_form(paper_id: int, *, seen_by: Holder) -> PaperForm | None:
    """One form with its file, area and person; None for whoever may not read applications there."""
    return session.scalar(
        select(PaperForm)
        .where(PaperForm.id == paper_id, within(seen_by, DECIDES, PaperForm.scheme_id, PaperForm.area_id))
        .options(
            joinedload(PaperForm.file), joinedload(PaperForm.area).joinedload(Area.scheme),
            joinedload(PaperForm.volunteer).joinedload(Volunteer.scheme), joinedload(PaperForm.kept_by),
        )
    )  # fmt: skip


def forms_to_type(*, seen_by: Holder) -> tuple[list[PaperRow], int]:
    """Those that nobody has typed in yet, the oldest first, and how many there are in all."""
    return _rows(
        seen_by, PaperForm.typed_at.is_(None), PaperForm.set_aside_at.is_(None),
        order=(PaperForm.received_on, PaperForm.id),
    )  # fmt: skip


def forms_done(*, seen_by: Holder) -> list[PaperRow]:
    """Those that were typed in or set aside, the newest first."""
    done = func.coalesce(PaperForm.typed_at, PaperForm.set_aside_at)
    return _rows(seen_by, done.is_not(None), order=(done.desc(), PaperForm.id.desc()))[0]


def _rows(seen_by: Holder, *conditions: ColumnElement[bool], order: tuple[Any, ...]) -> tuple[list[PaperRow], int]:
    found = session.execute(
        select(PaperForm, func.count().over())
        .where(within(seen_by, DECIDES, PaperForm.scheme_id, PaperForm.area_id), *conditions)
        .options(
            joinedload(PaperForm.area), joinedload(PaperForm.file), joinedload(PaperForm.kept_by),
            joinedload(PaperForm.volunteer).joinedload(Volunteer.scheme),
        )
        .order_by(*order)
        .limit(SHOWN)
    ).all()  # fmt: skip
    rows = [
        PaperRow(
            form.id, form.area.name, form.received_on, f"{form.file.kind_words}, {form.file.size_words}",
            form.kept_by.name, form.volunteer.shown_name if form.volunteer else "", form.set_aside_because,
            form.typed_at,
        )
        for form, _ in found
    ]  # fmt: skip
    return rows, found[0][1] if found else 0


def begun_in(area_id: int, *, seen_by: Holder) -> list[Volunteer]:
    """People of this area who have started an application and not sent it, by name."""
    return list(
        session.scalars(
            select(Volunteer)
            .where(
                within(seen_by, DECIDES, Volunteer.scheme_id, Volunteer.area_id),
                Volunteer.area_id == area_id, Volunteer.stage == Stage.APPLYING,
            )
            .order_by(Volunteer.sort_name, Volunteer.id)
            .limit(MOST_BEGUN)
        )
    )  # fmt: skip


def originals_of(volunteer_id: int, *, seen_by: Holder) -> list[PaperForm]:
    """The forms on paper from which this person's application was typed, the newest first."""
    return list(
        session.scalars(
            select(PaperForm)
            .where(
                PaperForm.volunteer_id == volunteer_id,
                within(seen_by, DECIDES, PaperForm.scheme_id, PaperForm.area_id),
            )
            .order_by(PaperForm.id.desc())
            .limit(10)
        )
    )


def areas_of(*, seen_by: Holder) -> list[Area]:
    """The areas whose forms they may keep, with their schemes."""
    return list(
        session.scalars(
            select(Area)
            .where(within(seen_by, DECIDES, Area.scheme_id, Area.id))
            .options(joinedload(Area.scheme))
            .order_by(Area.name, Area.id)
        )
    )
