"""Reading how long people waited, from the lines of their history."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import select

from portal import clock
from portal.database import session
from portal.public.rules import STEPS, Moved, days_taken, two_quarters_before
from portal.volunteers.models import HistoryLine, Volunteer

Taken = dict[str, list[tuple[int, int]]]


def days_to_each_step(scheme_id: int) -> Taken:
    """For each step, area and days of everybody in a scheme who came to it in the last two whole quarters.

    One query for any number of people. No `seen_by`: it carries no person, and pages show no figure of under five.
    """
    begins_on, ends_on = two_quarters_before(clock.today())
    since = datetime.combine(begins_on, time(), clock.LONDON)
    until = datetime.combine(ends_on + timedelta(days=1), time(), clock.LONDON)
    came = select(HistoryLine.volunteer_id).where(
        HistoryLine.move.in_(STEPS), HistoryLine.at >= since, HistoryLine.at < until
    )
    rows = session.execute(
        select(HistoryLine.volunteer_id, Volunteer.area_id, HistoryLine.move, HistoryLine.at)
        .join(Volunteer, Volunteer.id == HistoryLine.volunteer_id)
        .where(Volunteer.scheme_id == scheme_id, Volunteer.id.in_(came))
        .order_by(HistoryLine.volunteer_id, HistoryLine.id)
    )
    history = (Moved(person, area, move, clock.in_london(at).date()) for person, area, move, at in rows)
    return days_taken(history, begins_on=begins_on, ends_on=ends_on)
