"""An applicant names somebody who has no e-mail; the coordinator rings with the words at hand, and writes it down."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from portal.access import Role
from portal.database import session
from portal.references.gates import gates
from portal.schemes.rules import ReferencesAsked
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import GateState
from tests.factories import ApplicationFactory, HistoryLineFactory, RoleHeldFactory, UserFactory, VolunteerFactory
from tests.journeys.chromium import EXECUTABLE, Findings, Phone, Phones
from tests.journeys.conftest import served, visit_by
from tests.journeys.house import House
from tests.journeys.steps import given
from tests.journeys.vnu import mistakes_in
from tests.skips import needs

ANSWERS = {
    "How do you know them?": "He helps me to set up the hall every week",
    "How long have you known them?": "4 years",
    "Do they do what they say they will do?": "Yes, very much", "Are they honest?": "Yes, very much",
    "Do they respect other people’s boundaries?": "Mostly",
    "Would you recommend them as a peer mentor?": "Yes",
    "May they read these answers, if they ask us?": "Yes",
}  # fmt: skip
CONCERN = "Do you have any concern about them being in contact with vulnerable adults?"


def he_is_applying(house: House) -> None:
    """A scheme that asks for one reference once a place is offered, and somebody who has begun to apply."""
    with house.hour():
        settings = house.scheme.settings
        changes = {"references_needed": 1, "references_asked": ReferencesAsked.AFTER_OFFER.value}
        house.scheme.settings = type(settings).from_json(settings.to_json() | changes)
        session.add(house.scheme)
        user = UserFactory(name="Sam Example", email="sam@example.org")
        RoleHeldFactory(user=user, role=Role.VOLUNTEER, scheme=house.scheme, area=house.area)
        person = VolunteerFactory(area=house.area, name="Sam Example", email=user.email, user=user)
        ApplicationFactory(volunteer=person, submitted_at=None)
        session.commit()
        house.volunteer_id = person.id
    session.expunge_all()


def he_names_the_leader_of_his_group(house: House) -> None:
    him = house.she().get("/application/who-can-speak-for-you")
    assert him.sees("Start at the top", "Nobody comes to mind"), him.text
    him.click("A group leader, sponsor or faith leader")
    him.fill({
        "Their name": "Olu Example", "Where they work or help": "The Tuesday kitchen",
        "Their phone number": "07700 900 123", "How many years have they known you?": "0",
        "Are they in your family?": "No", "Do they live with you?": "No",
    }).submit("Save this person", status=422)  # fmt: skip
    assert him.errors == [
        "Choose somebody who has known you for a year or more",
        "You have the same last name. Are you sure that they are not in your family?",
    ]
    him.fill({"How many years have they known you?": "4", "is_sure": True}).submit("Save this person")
    assert him.sees("Olu Example", "07700 900123")


def he_is_offered_a_place(house: House) -> None:
    with house.hour():
        person = session.get_one(Volunteer, house.volunteer_id)
        person.stage = Stage.OFFERED
        HistoryLineFactory(volunteer=person, to_stage=Stage.OFFERED)
        session.commit()
    session.expunge_all()


def the_coordinator_rings_in_vain(house: House) -> None:
    desk = house.desk(Role.COORDINATOR).get(f"/people/{house.volunteer_id}/references").submit("Ask them now")
    assert desk.sees("ring them, and write down what they say")
    desk.get("/references").click("Olu Example, for Sam Example")
    assert desk.sees("Say nothing else before it is them", "Do not say where you work")
    desk.click("Back").click("What happened so far, and what comes next").submit("I rang, nobody answered")
    assert desk.get("/references").sees("Nobody has to be rung now")


def a_week_later_he_is_on_the_list_again_and_answers(house: House) -> None:
    house.now += timedelta(days=7)
    desk = house.desk(Role.COORDINATOR).get("/references").click("Olu Example, for Sam Example")
    desk.fill(ANSWERS).submit("Save what they said", status=422)
    assert set(desk.errors) == {"Enter whom you spoke to", "Choose yes or no"}
    desk.fill({"Who did you speak to?": "Olu himself", "On which day?": house.now.date(), CONCERN: "No"})
    desk.submit("Save what they said")
    assert desk.sees("What they said is saved. It still has to be checked")


def it_counts_once_it_is_checked(house: House) -> None:
    assert reading(house) is GateState.WAITING
    desk = house.desk(Role.COORDINATOR).get(f"/people/{house.volunteer_id}/references").click("Olu Example")
    assert desk.sees("It came by phone", "Olu himself", "may read it, once it is decided")
    desk.click("Say how it was checked").fill({"How did you check it?": "Rang the kitchen’s own number"})
    desk.submit("It is checked")
    assert reading(house) is GateState.MET


def reading(house: House) -> GateState:
    with house.hour():
        state = gates([session.get_one(Volunteer, house.volunteer_id)])[house.volunteer_id][0].state
    session.rollback()
    return state


def he_sees_that_it_is_given(house: House) -> None:
    him = house.she().get("/my/referees")
    assert him.sees("Olu Example", "Given. Thank them from us.")
    assert "set up the hall" not in him.text  # read it he may, but not before it is decided


def the_story(house: House) -> None:
    given.a_scheme_with_its_staff(house)
    he_is_applying(house)
    he_names_the_leader_of_his_group(house)
    he_is_offered_a_place(house)
    the_coordinator_rings_in_vain(house)
    a_week_later_he_is_on_the_list_again_and_answers(house)
    it_counts_once_it_is_checked(house)
    he_sees_that_it_is_given(house)


def test_a_referee_by_phone_without_javascript(house_without_javascript: House) -> None:
    the_story(house_without_javascript)


def test_a_referee_by_phone_in_chromium_on_a_phone(migrated: Any, tmp_path: Path) -> None:
    needs(EXECUTABLE)
    findings, visit = Findings(tmp_path / "pages"), None
    house = House(migrated, lambda: visit_by(visit))  # before it is served: it puts its clock around the pages
    with served(migrated) as address, Phones() as phones:
        visit = lambda: Phone(migrated, phones.chrome, address, findings)  # noqa: E731 - the house's one door
        the_story(house)
    assert [*findings.wrong, *mistakes_in(findings.folder)] == []
    assert len(findings.seen) >= 10
