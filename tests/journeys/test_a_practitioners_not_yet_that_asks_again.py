"""An applicant names her practitioner, who says "not yet" on a phone; on the day the portal asks again: a yes.

All of them are at phones 390 pixels wide, with JavaScript; the worker is run at the hours of the story.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portal.access import Role
from portal.conditions.gates import gates_to_train
from portal.database import session, will_write
from portal.recommendations import services as recommendations
from portal.schemes.rules import Route
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import Gate, GateState
from tests.applications import applicant
from tests.journeys.chromium import EXECUTABLE, Findings, Phone, Phones
from tests.journeys.conftest import served
from tests.journeys.house import House
from tests.journeys.steps import given
from tests.journeys.vnu import mistakes_in
from tests.skips import needs

PRIYA, SAM = "priya@probation.example", "sam@example.org"
CHOICE = "Do you recommend them as a volunteer peer mentor?"
SPEAK = "Should we speak with you before we go on?"
KNOWN = {"How do you know them?": "I am her practitioner", "How long have you known them?": "A year"}


@pytest.fixture
def house(migrated: Any, tmp_path: Path) -> Iterator[House]:
    """Everybody is at a phone. In the end nothing may have been wrong with any page."""
    needs(EXECUTABLE)
    findings = Findings(tmp_path / "pages")
    with Phones() as phones:
        house = House(migrated, lambda: Phone(migrated, phones.chrome, where[0], findings))
        where: list[str] = []
        with served(migrated) as address:  # the house moves the clock of what is served from here on
            where.append(address)
            yield house
    assert [*findings.wrong, *mistakes_in(findings.folder)] == []


def test_not_yet_is_asked_again_on_its_day_and_becomes_a_yes(house: House) -> None:
    given.a_scheme_with_its_staff(house)
    _the_way_of_practitioners_needs_a_recommendation(house)
    house.at(date(2026, 1, 5))
    _she_applies_and_names_her_practitioner(house)
    assert _gate(house).why == "asked, not answered yet"

    house.at(date(2026, 1, 7))
    first = house.link_to(PRIYA, "recommendation_asked")
    _the_practitioner_says_not_yet(house, first)
    assert "look again in March 2026" in house.letters(SAM, "recommendation_not_yet")[-1]
    assert "getting settled" not in "".join(house.letters(SAM, "recommendation_not_yet"))
    assert _gate(house).why == "not yet: we ask again on 2 March 2026"
    coordinator = house.desk(Role.COORDINATOR).get("/recommendations")
    assert coordinator.sees("Not yet (1)", "we ask again on 2 March 2026")

    house.at(date(2026, 3, 1))
    _the_worker_looks(house)
    assert house.letters(PRIYA, "recommendation_asked_again") == []
    house.at(date(2026, 3, 2))
    for _ in range(3):
        _the_worker_looks(house)
    assert len(house.letters(PRIYA, "recommendation_asked_again")) == 1
    second = house.link_to(PRIYA, "recommendation_asked_again")
    assert second != first
    house.visitor().get(first, status=410)

    priya = house.visitor().get(second).submit("Start").fill({CHOICE: "Yes, I recommend them"}).submit("Continue")
    priya.fill({**KNOWN, SPEAK: "No"}).submit("Check my answers").submit("Send my answer")
    assert priya.heading == "Thank you"
    priya.get(second, status=410)
    assert priya.sees("We have your answer already")
    assert _gate(house).state is GateState.MET
    coordinator = house.desk(Role.COORDINATOR).get(f"/people/{house.volunteer_id}/recommendation")
    assert coordinator.sees("Recommended", "What Priya Shah said before", "getting settled")


def _the_way_of_practitioners_needs_a_recommendation(house: House) -> None:
    will_write(True)
    scheme = house.scheme
    gates = ("recommendation", *scheme.settings.gates_to_train)
    scheme.settings = replace(
        scheme.settings, gates_by_route={Route.PRACTITIONER.value: gates}, references_needed=0
    )  # fmt: skip
    session.commit()
    will_write(False)


def _she_applies_and_names_her_practitioner(house: House) -> None:
    sam = house.visitor().get("/schemes/harbour/seaham/start")
    sam.fill({"What is your name?": "Sam Example", "Your email address": SAM})
    sam.fill({"How did you hear about us?": Route.PRACTITIONER.words}).submit("Start")
    applicant.about_you(sam)
    applicant.reaching_you(sam)
    sam.get("/application").click("Who backs you")
    sam.fill({"Their name": "Priya Shah", "Their email address": PRIYA}).submit("Save and continue")
    applicant.why(sam)
    applicant.checks(sam)
    sam.get("/application/check").submit("Send my application")
    session.rollback()
    person = session.query(Volunteer).filter_by(email=SAM).one()
    house.volunteer_id = person.id
    session.rollback()


def _the_practitioner_says_not_yet(house: House, link: str) -> None:
    priya = house.visitor().get(link).submit("Start")
    priya.fill({CHOICE: "Not yet: please ask me again later"}).submit("Continue")
    priya.fill({**KNOWN, SPEAK: "No", "look_again_on": ["2", "3", "2026"], "words": "She is getting settled"})
    priya.submit("Check my answers").submit("Send my answer")
    assert priya.heading == "Thank you"


def _the_worker_looks(house: House) -> None:
    will_write(True)
    with house.hour():
        recommendations.expire(house.now)
        recommendations.look_again(house.now)
        recommendations.chase(house.now)
        session.commit()
    will_write(False)


def _gate(house: House) -> Gate:
    session.rollback()
    with house.hour():
        person = session.get_one(Volunteer, house.volunteer_id)
        found = next(gate for gate in gates_to_train([person])[person.id] if gate.key == "recommendation")
    session.rollback()
    return found
