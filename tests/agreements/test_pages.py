"""The pages about agreements, for admin, volunteer and coordinator."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.access import Role
from portal.agreements.models import Acknowledgement, Agreement
from portal.volunteers.journey import Stage
from tests.browser import Browser
from tests.factories import AgreementFactory, AreaFactory, RoleHeldFactory, UserFactory, VolunteerFactory


@pytest.fixture
def area(session):
    return AreaFactory()


@pytest.fixture
def volunteer(area):
    return VolunteerFactory(area=area, stage=Stage.OFFERED, name="Anwen Ŵyn")


def desk_of(app, role, area, **given):
    return Browser(app).sign_in_as(UserFactory(role=role, scheme=area.scheme, **given))


@pytest.fixture
def coordinator(app, area):
    return desk_of(app, Role.COORDINATOR, area)


def own(app, volunteer):
    user = UserFactory()
    volunteer.user = user
    RoleHeldFactory(user=user, role=Role.VOLUNTEER, scheme=volunteer.scheme, area=volunteer.area)
    return Browser(app).sign_in_as(user)


def test_an_admin_publishes_a_version_and_a_volunteer_puts_their_name_under_it(app, area, volunteer, session):
    admin, me = desk_of(app, Role.SCHEME_ADMIN, area), own(app, volunteer)
    assert me.get("/my/agreement").sees("There is nothing to read yet")
    admin.get("/agreement").submit("Publish", status=422)
    assert admin.errors == ["Enter the title", "Enter the text"]
    admin.fill({"Title": "How we work together", "What you expect of each other": "We support you.\n\nYou tell us."})
    admin.submit("Publish")
    assert admin.sees("The new version is published", "Version 1")
    assert admin.value("Title") == "How we work together"
    me.get("/my/agreement")
    assert me.heading == "How we work together"
    me.submit("Put my name under it", status=422)
    assert me.errors == ["Tick the box", "Type your name"]
    me.fill({"I have read it, and I would like to take part in this way": True, "Your name": "Anwen"})
    me.submit("Put my name under it")
    assert me.sees("Your name is under it", "there is nothing more to do here")
    admin.get("/agreement").fill({"Title": "Second"}).submit("Publish")
    assert session.scalars(select(Agreement.number).order_by(Agreement.number)).all() == [1, 2]
    me.get("/my/agreement")
    assert me.heading == "Second"


def test_before_an_offer_the_agreement_can_only_be_read(app, area):
    volunteer = VolunteerFactory(area=area, stage=Stage.APPLIED)
    AgreementFactory(scheme_id=area.scheme.id)
    assert own(app, volunteer).get("/my/agreement").sees("once we have offered you a place")


def test_a_second_tap_does_not_put_a_name_under_it_twice(app, volunteer, session):
    AgreementFactory(scheme_id=volunteer.scheme_id)
    me = own(app, volunteer)
    twin = me.get("/my/agreement").fill({"Your name": "Anwen", "agrees": True}).submit("Put my name under it")
    token = twin.get("/my/withdraw")._inputs()[0].get("value")
    twin.post("/my/agreement", {"csrf_token": token, "agrees": "y", "typed_name": "Again"})
    assert twin.sees("Anwen", "there is nothing more to do here")
    assert session.scalars(select(Acknowledgement.typed_name)).all() == ["Anwen"]


def test_an_agreement_on_paper_is_recorded_by_the_coordinator(coordinator, volunteer):
    coordinator.get(f"/people/{volunteer.id}/agreement")
    assert coordinator.sees("No agreement has been published yet")
    AgreementFactory(scheme_id=volunteer.scheme_id)
    coordinator.get(f"/people/{volunteer.id}/place").click("They acknowledged the agreement on paper")
    coordinator.fill({
        "I have the paper, with their name on this version": True, "Their name, as they wrote it": "A. Ŵyn",
    }).submit("Record it")  # fmt: skip
    assert coordinator.sees("It is recorded", "acknowledged")
