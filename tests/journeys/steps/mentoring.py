"""From the certificate to the active pool."""

from __future__ import annotations

from portal.access import Role
from tests.journeys.house import House
from tests.journeys.steps.joining import EMAIL, NAME


def whoever_assessed_her_may_not_approve_her(house: House) -> None:
    assessor = house.desk(Role.ASSESSOR).get(f"/people/{house.volunteer_id}/approve")
    assert assessor.sees("somebody else must approve them"), assessor.text
    assert not assessor.sees("Why do you approve them?"), "there is nothing to send"


def the_approver_approves_her(house: House) -> None:
    approver = house.desk(Role.APPROVER).get(f"/people/{house.volunteer_id}/readiness")
    assert approver.sees("Approve"), approver.text
    approver.click("Approve")
    approver.fill(
        {"Why do you approve them?": "Met her twice; every check is there", "Conditions": "In pairs at first"}
    )
    approver.submit("Approve")
    assert approver.heading == "Why they were approved"
    assert house.letters(EMAIL, "approved")


def the_pool_shows_her(house: House) -> None:
    desk = house.desk(Role.COORDINATOR).get("/pool")
    assert desk.sees("Active mentors", NAME, "Seaham", "In pairs at first")


def the_whole_way_is_on_record(house: House) -> None:
    desk = house.desk(Role.COORDINATOR).get(f"/people/{house.volunteer_id}")
    assert desk.sees(NAME, "Amir Khan", "Carol Reed")
