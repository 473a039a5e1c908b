"""What each way in asks for before the course, and whom a change concerns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal import clock
from portal.access import Role
from portal.conditions import queries
from portal.conditions.gates import gates_to_train
from portal.conditions.rules import WayIn, newly_asked, ways_in, with_ways_in
from portal.recommendations.models import RecommendationState
from portal.schemes.rules import Asks, Route, SchemeSettings, reasons_against_settings
from portal.volunteers.journey import Stage
from tests.browser import Browser
from tests.factories import AreaFactory, RecommendationFactory, UserFactory, VolunteerFactory

PLAIN = SchemeSettings()
CLIENT = Route.FORMER_CLIENT.words


def asks_of(route):
    return f"“{route.words}”: is a practitioner’s recommendation asked for?"


def kind_of(route):
    return f"“{route.words}”: what must be in place before the course?"


def test_reading_the_ways_in_and_writing_them_back_changes_nothing():
    settings = replace(PLAIN, gates_by_route={"job_centre": ("recommendation", "dbs")})
    for each in (PLAIN, settings):
        assert with_ways_in(each, ways_in(each)) == each


@pytest.mark.parametrize("asks", Asks)
@pytest.mark.parametrize("gates", [None, (), ("dbs",), ("interview", "references", "dbs", "agreement")])
def test_what_is_chosen_for_a_way_in_is_what_it_asks_for(asks, gates):
    ways = ways_in(PLAIN) | {Route.JOB_CENTRE: WayIn(gates, asks)}
    after = with_ways_in(PLAIN, ways)
    assert after.asks_recommendation(Route.JOB_CENTRE) is asks
    wanted = {*(PLAIN.gates_to_train if gates is None else gates)}
    wanted |= {"recommendation"} if asks is Asks.REQUIRED else set()
    assert set(after.to_train(Route.JOB_CENTRE)) == wanted
    assert after.to_train(Route.OPEN_WEB) == PLAIN.gates_to_train
    assert reasons_against_settings(after) == []


def test_a_way_in_as_for_everybody_follows_everybody():
    after = with_ways_in(PLAIN, ways_in(PLAIN))
    assert after.gates_by_route == {}
    assert replace(after, gates_to_train=("dbs",)).to_train(Route.JOB_CENTRE) == ("dbs",)


def test_a_way_in_nobody_knows_is_refused():
    assert reasons_against_settings(replace(PLAIN, recommendation_optional_for=("by_sea",))) == [
        "There is no way in called by_sea"
    ]


def test_what_is_newly_asked_is_told_apart_from_what_no_longer_is():
    after = replace(PLAIN, gates_by_route={"job_centre": ("recommendation", "dbs")})
    assert newly_asked(PLAIN, after) == {
        Route.JOB_CENTRE: ({"recommendation"}, {"interview", "references", "agreement"})
    }


def test_only_people_on_the_way_who_have_not_passed_the_gate_are_counted(session):
    area = AreaFactory()
    for stage in (Stage.APPLIED, Stage.INTERVIEWING, Stage.OFFERED, Stage.READY, Stage.WITHDRAWN):
        VolunteerFactory(area=area, stage=stage, route=Route.JOB_CENTRE)
    passed = VolunteerFactory(area=area, stage=Stage.APPLIED, route=Route.JOB_CENTRE)
    RecommendationFactory(
        volunteer=passed, state=RecommendationState.RECOMMENDED, answered_at=clock.now(), answers={"speak_first": False}
    )
    VolunteerFactory(area=area, stage=Stage.APPLIED, route=Route.OPEN_WEB)
    admin = UserFactory(role=Role.SCHEME_ADMIN, scheme=area.scheme)
    after = with_ways_in(PLAIN, ways_in(PLAIN) | {Route.JOB_CENTRE: WayIn(None, Asks.REQUIRED)})
    people = queries.people_on_the_way(area.scheme, newly_asked(PLAIN, after), seen_by=admin)
    assert len(people) == 4
    (change,) = queries.changes(PLAIN, after, people, gates_to_train(people))
    assert change.words == "3 people would newly need: Recommended by their practitioner"
    assert queries.people_on_the_way(area.scheme, [Route.JOB_CENTRE], seen_by=UserFactory()) == []


@pytest.fixture
def area(session):
    return AreaFactory()


@pytest.fixture
def admin(area):
    return UserFactory(role=Role.SCHEME_ADMIN, scheme=area.scheme)


def test_an_admin_sees_whom_a_change_concerns_before_saving_it(app, session, area, admin):
    VolunteerFactory(area=area, stage=Stage.APPLIED, route=Route.FORMER_CLIENT, name="Anwen")
    browser = Browser(app).sign_in_as(admin)
    browser.get("/scheme").click(f"Change what each way in asks for: {area.scheme.name}")
    browser.fill({asks_of(Route.FORMER_CLIENT): Asks.REQUIRED.words}).submit("See what would change")
    assert browser.sees("What would change", "1 person would newly need: Recommended by their practitioner")
    session.refresh(area.scheme)
    assert area.scheme.settings.asks_recommendation(Route.FORMER_CLIENT) is Asks.NO
    browser.submit("Change something")
    assert browser.value(asks_of(Route.FORMER_CLIENT)) == "required"
    browser.submit("See what would change").submit("Save the ways in")
    assert browser.sees("The ways in are saved", "Recommended by their practitioner; Interview held")
    session.refresh(area.scheme)
    assert area.scheme.settings.to_train(Route.FORMER_CLIENT) == ("recommendation", *PLAIN.gates_to_train)
    person = VolunteerFactory(area=area, stage=Stage.APPLIED, route=Route.FORMER_CLIENT)
    desk = Browser(app).sign_in_as(UserFactory(role=Role.COORDINATOR, area=area)).get(f"/people/{person.id}")
    assert desk.sees("Way in", CLIENT, "Recommended by their practitioner; Interview held")


def test_boxes_beside_as_for_everybody_are_never_dropped_silently(app, area, admin):
    browser = Browser(app).sign_in_as(admin).get(f"/schemes/{area.scheme.id}/ways-in")
    browser.fill({f"“{CLIENT}”: only these": ["DBS check decided as suitable"]}).submit(
        "See what would change", status=422
    )
    assert browser.errors == ["You ticked what this way in needs. Choose “What is ticked below”, or clear the boxes"]
    browser.fill({kind_of(Route.FORMER_CLIENT): "What is ticked below, for this way in alone"})
    browser.submit("See what would change").submit("Save the ways in")
    assert area.scheme.settings.to_train(Route.FORMER_CLIENT) == ("dbs",)


def test_two_admins_at_once_are_both_told(app, area, admin):
    one, two = (Browser(app).sign_in_as(admin).get(f"/schemes/{area.scheme.id}/ways-in") for _ in range(2))
    two.fill({asks_of(Route.JOB_CENTRE): Asks.OPTIONAL.words}).submit("See what would change")
    two.submit("Save the ways in")
    one.fill({asks_of(Route.JOB_CENTRE): Asks.REQUIRED.words}).submit("See what would change", status=409)
    assert one.sees("Someone else changed this", "What is saved now", "we ask for it, and go on without it")
    assert one.value(asks_of(Route.JOB_CENTRE)) == "required"


def test_another_schemes_ways_in_are_not_there(app, area, admin):
    Browser(app).sign_in_as(admin).get(f"/schemes/{AreaFactory().scheme.id}/ways-in", status=404)
