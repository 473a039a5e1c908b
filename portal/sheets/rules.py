"""Who is in the building, and who must be looked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from courses.marks import Code
from portal.registers.rules import Person

IN_THE_BUILDING = frozenset({Code.P, Code.L})


@dataclass(frozen=True)
class Expected:
    """Whom to call by name: those marked as here, and those nobody has marked, who may be here too."""

    here: tuple[Person, ...]
    unmarked: tuple[Person, ...]
    gone_home: tuple[Person, ...]
    """Left early: they should be outside already, and nobody has to go back in for them."""


def expected(people: Iterable[Person]) -> Expected:
    """Whom to call after an alarm. Who takes part online, is absent or cannot be marked is in no list."""
    group = [each for each in people if not each.blocked]
    return Expected(
        tuple(each for each in group if each.code in IN_THE_BUILDING),
        tuple(each for each in group if each.code is None),
        tuple(each for each in group if each.code is Code.E),
    )


def reasons_against_count(counted: set[int], here: Iterable[Person]) -> list[str]:
    """Why this count cannot be kept."""
    known = {each.enrolment_id for each in here}
    return ["Somebody you counted is not marked as being here: look at the list again"] if counted - known else []
