"""Counting people, per area, for those who may see figures. No name leaves here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select

from portal import clock
from portal.access import Can, Role, within
from portal.accounts.models import User
from portal.certification.models import Certificate, CertificateState
from portal.cohorts.models import Cohort, Enrolment, EnrolmentState
from portal.database import session
from portal.reports.rules import Figure, Table, height, shown, total
from portal.schemes.models import Area
from portal.volunteers.journey import Move, Stage
from portal.volunteers.models import HistoryLine, Volunteer

JOINED = (EnrolmentState.ENROLLED, EnrolmentState.PAUSED, EnrolmentState.WITHDRAWN, EnrolmentState.COMPLETED)


@dataclass(frozen=True)
class Figures:
    """People at each stage, and what happened in a period: counts by area."""

    areas: Sequence[Area]
    at_stage: dict[int, dict[Stage, int]]
    in_period: dict[int, dict[Figure, int]]
    is_suppressed: bool

    def stage_bars(self) -> list[tuple[str, int, str]]:
        """One bar a stage, all areas together: words, length, number in words."""
        hidden = self.is_suppressed
        found = []
        for stage in Stage:
            counts = [self.at_stage[area.id][stage] for area in self.areas]
            said = total(counts, is_suppressed=hidden)
            number = sum(counts) if said.isdigit() else 0
            words = shown(number, is_suppressed=hidden) if said.isdigit() else said
            found.append((stage.words.in_report, height(number, is_suppressed=hidden), words))
        return found

    def stage_table(self) -> Table:
        """One row a stage, one column an area, and all of them together."""
        hidden = self.is_suppressed
        head = ["Stage", *(area.name for area in self.areas), "All"]
        rows = []
        for stage in Stage:
            counts = [self.at_stage[area.id][stage] for area in self.areas]
            cells = [shown(count, is_suppressed=hidden) for count in counts]
            rows.append([stage.words.in_report, *cells, total(counts, is_suppressed=hidden)])
        return Table(head, rows)

    def period_table(self) -> Table:
        """One row a figure, one column an area, and all of them together."""
        hidden = self.is_suppressed
        head = ["In the period", *(area.name for area in self.areas), "All"]
        rows = []
        for figure in Figure:
            counts = [self.in_period[area.id][figure] for area in self.areas]
            cells = [shown(count, is_suppressed=hidden) for count in counts]
            rows.append([figure.words, *cells, total(counts, is_suppressed=hidden)])
        return Table(head, rows)


def figures(*, seen_by: User, begins_on: date | None = None, ends_on: date | None = None) -> Figures:
    """All figures of the areas somebody may see, in six queries for any number of areas and people.

    `begins_on` and `ends_on` both count; None leaves that side open. Small numbers are hidden from somebody who
    holds no other role than a funder's.
    """
    areas = session.scalars(
        select(Area).where(within(seen_by, Can.SEE_REPORTS, Area.scheme_id, Area.id)).order_by(Area.name, Area.id)
    ).all()
    at_stage: dict[int, dict[Stage, int]] = defaultdict(lambda: defaultdict(int))
    seen = within(seen_by, Can.SEE_REPORTS, Volunteer.scheme_id, Volunteer.area_id)
    for area_id, stage, count in session.execute(
        select(Volunteer.area_id, Volunteer.stage, func.count())
        .where(seen)
        .group_by(Volunteer.area_id, Volunteer.stage)
    ):
        at_stage[area_id][stage] = count
    in_period: dict[int, dict[Figure, int]] = defaultdict(lambda: defaultdict(int))
    for figure, query in _period_queries(begins_on, ends_on).items():
        for area_id, count in session.execute(query.where(seen).group_by(Volunteer.area_id)):
            in_period[area_id][figure] = count
    return Figures(areas, at_stage, in_period, sees_only_large_numbers(seen_by))


def sees_only_large_numbers(user: User) -> bool:
    """Whether somebody reads figures as a funder and as nothing else."""
    return {held.role for held in user.roles_held if held.is_now} == {Role.FUNDER_READER}


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
