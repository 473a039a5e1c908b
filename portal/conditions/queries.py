"""Whom a change of the ways in would concern."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from portal.access import Can, Holder, within
from portal.conditions.rules import newly_asked
from portal.database import session
from portal.schemes.models import Scheme
from portal.schemes.rules import GATE_TITLES, Route, SchemeSettings
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import Gate

ON_THE_WAY = (Stage.APPLIED, Stage.INTERVIEWING, Stage.OFFERED)
"""Sent, and no place confirmed yet: whom a gate before the course can still stop."""


@dataclass(frozen=True)
class Change:
    """One gate that a way in asks for from now on, or no longer, and how many people on the way that concerns."""

    route: Route
    gate: str
    is_new: bool
    people: int

    @property
    def words(self) -> str:
        """As the page says it before it is saved."""
        title = GATE_TITLES[self.gate]
        who = "1 person" if self.people == 1 else f"{self.people} people"
        if self.is_new:
            return f"{who} would newly need: {title}"
        return f"{who} would no longer wait for: {title}"


def people_on_the_way(scheme: Scheme, routes: Collection[Route], *, seen_by: Holder) -> list[Volunteer]:
    """Everybody of these ways in who has sent an application and has no confirmed place yet."""
    query = select(Volunteer).where(
        Volunteer.scheme_id == scheme.id, within(seen_by, Can.MANAGE_SCHEME, Volunteer.scheme_id),
        Volunteer.stage.in_(ON_THE_WAY), Volunteer.route.in_(routes),
    )  # fmt: skip
    return list(session.scalars(query.order_by(Volunteer.id)))


def changes(
    before: SchemeSettings, after: SchemeSettings, people: Collection[Volunteer], gates: dict[int, list[Gate]]
) -> list[Change]:
    """What would change for whom: only those count who have not passed the gate yet."""
    found = []
    for route, (more, fewer) in newly_asked(before, after).items():
        for key in GATE_TITLES:
            if key in more | fewer:
                open_to = sum(
                    any(gate.key == key and not gate.passes for gate in gates[each.id])
                    for each in people
                    if each.route is route
                )
                found.append(Change(route, key, key in more, open_to))
    return found
