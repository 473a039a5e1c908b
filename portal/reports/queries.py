"""Counting people, per area, for those who may see figures. No name leaves here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select

from portal import clock
from portal.access import GRANTS, Can, Role, within
from portal.accounts.models import User
from portal.certification.models import Certificate, CertificateState
from portal.cohorts.models import Cohort, Enrolment, EnrolmentState
from portal.database import session
from portal.enquiries.models import Enquiry, Outcome
from portal.reports.rules import HIDDEN, Figure, Table, shown, total
from portal.schemes.models import Area
from portal.volunteers.journey import Move, Stage
from portal.volunteers.models import HistoryLine, Volunteer

JOINED = (EnrolmentState.ENROLLED, EnrolmentState.PAUSED, EnrolmentState.WITHDRAWN, EnrolmentState.COMPLETED)


COUNTED = tuple(stage for stage in Stage if stage is not Stage.JOINED)
"""A record that was joined with another one of the same person is nobody more: the one that goes on is counted."""


@dataclass(frozen=True)
class Figures:
    """People at each stage, and what happened in a period: counts by area."""

    areas: Sequence[Area]
    at_stage: dict[int, dict[Stage, int]]
    in_period: dict[int, dict[Figure, int]]
    few_hidden: frozenset[int]  # the areas that are read as a funder: small numbers of theirs are not said

    @property
    def is_suppressed(self) -> bool:
        """Whether small numbers of any of these areas are hidden from whoever reads."""
        return bool(self.few_hidden)

    def stage_bars(self) -> list[tuple[str, int, str]]:
        """One bar a stage, all areas together: words, length, number. Hidden ones have no length to measure."""
        found = []
        for stage in COUNTED:
            said = self._row(stage.words.in_report, {area.id: self.at_stage[area.id][stage] for area in self.areas})[-1]
            found.append((stage.words.in_report, int(said) if said.isdigit() else 0, said))
        return found

    def stage_table(self) -> Table:
        """One row a stage, one column an area, and all of them together."""
        head = ["Stage", *(area.name for area in self.areas), "All"]
        rows = [
            self._row(stage.words.in_report, {area.id: self.at_stage[area.id][stage] for area in self.areas})
            for stage in COUNTED
        ]
        return Table(head, rows)

    def period_table(self) -> Table:
        """One row a figure, one column an area, and all of them together."""
        head = ["In the period", *(area.name for area in self.areas), "All"]
        rows = [
            self._row(figure.words, {area.id: self.in_period[area.id][figure] for area in self.areas})
            for figure in Figure
        ]
        return Table(head, rows)

    def _row(self, name: str, counts: dict[int, int]) -> list[str]:
        """A name, a number for each area, and their sum."""
        cells = [shown(count, is_suppressed=area_id in self.few_hidden) for area_id, count in counts.items()]
        is_given_away = any(cell == HIDDEN for cell in cells)
        return [name, *cells, total(counts.values(), is_suppressed=is_given_away)]


def figures(*, seen_by: User, begins_on: date | None = None, ends_on: date | None = None) -> Figures:
    """All figures of the areas somebody may see, in seven queries for any number of areas and people.

    `begins_on` and `ends_on` both count; None leaves that side open. Small numbers are hidden where somebody reads
    as a funder only, whatever else they are elsewhere.
    """
    areas = session.scalars(
        select(Area).where(within(seen_by, Can.SEE_REPORTS, Area.scheme_id, Area.id)).order_by(Area.name, Area.id)
    ).all()
    at_stage: dict[int, dict[Stage, int]] = defaultdict(lambda: defaultdict(int))
    seen = within(seen_by, Can.SEE_REPORTS, Volunteer.scheme_id, Volunteer.area_id)
    for area_id, stage, count in session.execute(
        select(Volunteer.area_id, Volunteer.stage, func.count())
        .where(seen, Volunteer.stage.in_(COUNTED))
        .group_by(Volunteer.area_id, Volunteer.stage)
    ):
        at_stage[area_id][stage] = count
    in_period: dict[int, dict[Figure, int]] = defaultdict(lambda: defaultdict(int))
    for figure, query in _period_queries(begins_on, ends_on).items():
        for area_id, count in session.execute(query.where(seen).group_by(Volunteer.area_id)):
            in_period[area_id][figure] = count
    for area_id, figure in _hellos(seen_by, begins_on, ends_on):
        in_period[area_id][figure] += 1
    return Figures(areas, at_stage, in_period, read_as_funder(areas, seen_by))


def _hellos(seen_by: User, begins_on: date | None, ends_on: date | None) -> Iterator[tuple[int, Figure]]:
    """Each hello of the period, and what became of it; those whose names are forgotten are still there."""
    rows = session.execute(
        select(Enquiry.area_id, Enquiry.answered_at, Enquiry.reply_by, Enquiry.outcome).where(
            within(seen_by, Can.SEE_REPORTS, Enquiry.scheme_id, Enquiry.area_id),
            *_instants(Enquiry.made_at, begins_on, ends_on),
        )
    )
    for area_id, answered_at, reply_by, outcome in rows:
        yield area_id, Figure.HELLOS
        if answered_at is not None and clock.in_london(answered_at).date() <= reply_by:
            yield area_id, Figure.IN_TIME
        if outcome is Outcome.APPLYING:
            yield area_id, Figure.APPLIED


def read_as_funder(areas: Sequence[Area], user: User) -> frozenset[int]:
    """The areas whose figures somebody reads by a funder's role alone: no other role of theirs there shows them."""
    own = {
        (held.scheme_id, held.area_id)
        for held in user.roles_held
        if held.is_now and held.role is not Role.FUNDER_READER and Can.SEE_REPORTS in GRANTS[held.role]
    }
    return frozenset(area.id for area in areas if not own & {(area.scheme_id, None), (area.scheme_id, area.id)})


def _period_queries(begins_on: date | None, ends_on: date | None) -> dict[Figure, Any]:
    people = select(Volunteer.area_id, func.count(Volunteer.id.distinct()))
    enrolments = people.join(Enrolment, Enrolment.volunteer_id == Volunteer.id).join(
        Cohort, Cohort.id == Enrolment.cohort_id
    )
    return {
        Figure.STARTED: enrolments.where(
            Enrolment.state.in_(JOINED), Enrolment.joined_on <= clock.today(),
            *_days(Enrolment.joined_on, begins_on, ends_on),
        ),
        Figure.COMPLETED: enrolments.where(
            Enrolment.state == EnrolmentState.COMPLETED, *_days(Enrolment.ended_on, begins_on, ends_on)
        ),
        Figure.CERTIFIED: people.join(Certificate, Certificate.volunteer_id == Volunteer.id).where(
            Certificate.replaces_id.is_(None), Certificate.state != CertificateState.WITHDRAWN,
            *_days(Certificate.issued_on, begins_on, ends_on),
        ),
        Figure.ACTIVE: people.join(HistoryLine, HistoryLine.volunteer_id == Volunteer.id).where(
            HistoryLine.move == Move.APPROVE.name.lower(),
            *_instants(HistoryLine.at, begins_on, ends_on),
        ),
    }  # fmt: skip


def _days(column: Any, begins_on: date | None, ends_on: date | None) -> list[Any]:
    found = [column >= begins_on] if begins_on else []
    return [*found, column <= ends_on] if ends_on else found


def _instants(column: Any, begins_on: date | None, ends_on: date | None) -> list[Any]:
    """A day in London lasts from its midnight to the next one there."""
    found = [column >= _midnight(begins_on)] if begins_on else []
    return [*found, column < _midnight(ends_on + timedelta(days=1))] if ends_on else found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.LONDON)
