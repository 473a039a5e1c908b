"""The board and the pool: who is on them, in which order, at what cost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.access import Role
from portal.pool import queries
from portal.volunteers.journey import Stage
from tests.factories import ApprovalFactory, AreaFactory, UserFactory, VolunteerFactory
from tests.pool import people
from tests.pool.people import ready


@pytest.fixture
def area(session):
    return people.area()


@pytest.fixture
def coordinator(area):
    return UserFactory(role=Role.COORDINATOR, area=area)


def waiting(area, stage, days, **facts):
    return VolunteerFactory(area=area, stage=stage, stage_since=clock.now() - timedelta(days=days), **facts)


def names(page):
    return [row.name for row in page]


def test_the_board_goes_by_stage_and_then_by_who_waits_longest(area, coordinator):
    waiting(area, Stage.CERTIFIED, 300, name="Cy")
    waiting(area, Stage.APPLIED, 2, name="New")
    waiting(area, Stage.APPLIED, 20, name="Old")
    waiting(area, Stage.TRAINING, 5, name="Tay")
    page = queries.board(seen_by=coordinator)
    assert [(row.name, row.days) for row in page] == [("Old", 20), ("New", 2), ("Tay", 5), ("Cy", 300)]


def test_only_those_on_the_way_are_on_the_board(area, coordinator):
    for stage in Stage:
        waiting(area, stage, 1)
    assert [row.stage for row in queries.board(seen_by=coordinator)] == [
        Stage.APPLIED, Stage.INTERVIEWING, Stage.OFFERED, Stage.READY, Stage.TRAINING, Stage.CERTIFIED,
    ]  # fmt: skip


def test_the_board_is_paged_by_key_and_shows_nobody_twice_even_at_the_same_moment(area, coordinator):
    at = clock.now()
    everybody = [
        VolunteerFactory(area=area, stage=stage, stage_since=at, name=f"{stage.value} {number}").name
        for stage in (Stage.APPLIED, Stage.OFFERED)
        for number in range(45)
    ]
    seen, key = [], None
    for _ in range(3):
        page = queries.board(seen_by=coordinator, after=key)
        seen += names(page)
        key = page.next_key
    assert key is None
    assert seen == everybody


@pytest.mark.parametrize("key", ["", "rubbish", "WzEsICJ4IiwgMV0", "WzEsICIyMDI2LTExLTAxVDAwOjAwOjAwIiwgMV0"])
def test_a_key_that_is_no_key_shows_the_first_page(area, coordinator, key):
    waiting(area, Stage.APPLIED, 1, name="First")
    assert names(queries.board(seen_by=coordinator, after=key)) == ["First"]


def test_ready_is_said_only_of_those_for_whom_every_gate_is_met(area, coordinator):
    ready(area, name="All")
    ready(area, but=["dbs"], name="Nearly")
    rows = {row.name: row for row in queries.board(seen_by=coordinator)}
    assert rows["All"].standing.is_ready
    assert not rows["Nearly"].standing.is_ready
    assert rows["Nearly"].standing.next_gate.owner == "The DBS officer"


def test_board_and_pool_cost_the_same_for_one_and_for_eighty(area, coordinator, count_queries, session):
    ready(area, stage=Stage.APPLIED, stage_since=clock.now() - timedelta(days=400))
    approved = VolunteerFactory(area=area, stage=Stage.ACTIVE)
    ApprovalFactory(volunteer=approved)

    def costs():
        session.rollback()
        session.expire_all()
        coordinator.reach(queries.Can.SEE_PEOPLE)
        found = []
        for read in (queries.board, queries.pool):
            with count_queries() as counted:
                read(seen_by=coordinator)
            found.append(counted.total)
        return found

    costs()
    for_one = costs()
    for number in range(79):
        waiting(area, Stage.TRAINING if number % 2 else Stage.APPLIED, number)
        ApprovalFactory(volunteer=VolunteerFactory(area=area, stage=Stage.ACTIVE))
    assert costs() == for_one


def test_gates_link_only_to_pages_that_may_be_opened(area, coordinator):
    volunteer = VolunteerFactory(area=area, stage=Stage.OFFERED)
    links = {gate.key: gate.link for gate in queries.readiness([volunteer], coordinator)[volunteer.id]}
    assert links["disclosure"] is None
    assert links["interview"] == f"/people/{volunteer.id}/interviews"
    lead = UserFactory(role=Role.SAFEGUARDING_LEAD, area=area)
    links = {gate.key: gate.link for gate in queries.readiness([volunteer], lead)[volunteer.id]}
    assert links["disclosure"] == f"/people/{volunteer.id}/disclosure"
    assert links["interview"] is None


def test_nobody_has_no_gates(coordinator):
    assert queries.readiness([], coordinator) == {}


def test_the_pool_is_by_name_with_conditions_of_the_latest_approval(area, coordinator):
    for name in ("Zoë", "Łukasz", "Ann"):
        VolunteerFactory(area=area, stage=Stage.ACTIVE, name=name, availability=["mon", "evening"])
    zoe = VolunteerFactory(area=area, stage=Stage.ACTIVE, name="Bea")
    ApprovalFactory(volunteer=zoe, conditions="Old ones")
    ApprovalFactory(volunteer=zoe, conditions="In pairs")
    rows = queries.pool(seen_by=coordinator)
    assert names(rows) == ["Ann", "Bea", "Zoë", "Łukasz"]
    assert [row.conditions for row in rows] == ["", "In pairs", "", ""]
    assert rows.items[0].free == "Mondays; evenings"


def test_the_pool_can_be_asked_for_an_area_and_for_who_is_free(area, coordinator, session):
    VolunteerFactory(area=area, stage=Stage.ACTIVE, name="Ann", availability=["mon", "sat"])
    VolunteerFactory(area=area, stage=Stage.ACTIVE, name="Bea", availability=["sun"])
    VolunteerFactory(area=area, stage=Stage.RESTING, name="Cy", availability=["mon"])
    assert names(queries.pool(seen_by=coordinator, free="mon")) == ["Ann"]
    assert names(queries.pool(seen_by=coordinator, free="mon", stage=Stage.RESTING)) == ["Cy"]
    assert names(queries.pool(seen_by=coordinator, area_id=area.id)) == ["Ann", "Bea"]
    assert names(queries.pool(seen_by=coordinator, area_id=AreaFactory(scheme=area.scheme).id)) == []


def test_the_pool_is_paged_by_key(area, coordinator):
    for number in range(85):
        VolunteerFactory(area=area, stage=Stage.ACTIVE, name=f"Mentor {number:02}")
    seen, key = [], None
    for _ in range(3):
        page = queries.pool(seen_by=coordinator, after=key)
        seen += names(page)
        key = page.next_key
    assert (key, seen) == (None, [f"Mentor {number:02}" for number in range(85)])


def test_another_area_and_another_scheme_are_on_neither(coordinator, area):
    for elsewhere in (AreaFactory(scheme=area.scheme), AreaFactory()):
        VolunteerFactory(area=elsewhere, stage=Stage.ACTIVE)
        waiting(elsewhere, Stage.APPLIED, 1)
    assert names(queries.board(seen_by=coordinator)) == names(queries.pool(seen_by=coordinator)) == []
