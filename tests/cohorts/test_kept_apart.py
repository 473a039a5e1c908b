"""Two people who must not share a group: whoever enrols them is warned, and the waiting list passes them over."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from portal.audit.models import Action, AuditLine
from portal.cohorts import services
from portal.cohorts.models import Enrolment, EnrolmentState
from tests.cohorts.groups import place
from tests.factories import KeptApartFactory

REASON = "A matter between their families."
WHO = "Who is ready for a course"


@pytest.fixture(autouse=True)
def _in_the_summer():
    with time_machine.travel(datetime(2026, 8, 1, 9, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def here(session):
    return place()


def two(here):
    one, other = here.ready(2)
    return KeptApartFactory(one=one, other=other, because=REASON)


def records(session):
    session.commit()
    return session.scalars(
        select(AuditLine.purpose).where(AuditLine.action == Action.DID, AuditLine.table_name == "kept_apart")
    ).all()


def test_the_second_of_two_is_refused_a_place_without_saying_why(here, session):
    pair, cohort = two(here), here.cohort()
    services.enrol(cohort, pair.other, by=here.coordinator)
    with pytest.raises(services.MustNotShare) as refused:
        services.enrol(cohort, pair.one, by=here.coordinator)
    assert refused.value.reasons == [f"{pair.one.name} and {pair.other.name} must not share a group"]
    assert session.scalars(select(Enrolment.volunteer_id)).all() == [pair.other_id]


def test_with_a_reason_both_have_a_place_and_the_record_says_why(here, session):
    pair, cohort = two(here), here.cohort()
    for person in (pair.one, pair.other):
        services.enrol(cohort, person, by=here.coordinator, although="They have made it up")
    assert records(session) == ["Let two people share Cohort 7 all the same: They have made it up"]


def test_somebody_taken_off_the_course_is_met_by_nobody(here, session):
    pair, cohort = two(here), here.cohort()
    enrolment = services.enrol(cohort, pair.one, by=here.coordinator)
    services.withdraw(enrolment, because="Moved away", by=here.coordinator)
    assert services.enrol(cohort, pair.other, by=here.coordinator).state is EnrolmentState.ENROLLED


def test_the_waiting_list_passes_over_who_would_meet_the_other_and_the_coordinator_is_told(here, session, browser):
    pair, cohort = two(here), here.cohort(capacity=2)
    leaver, _ = (services.enrol(cohort, each, by=here.coordinator) for each in (here.ready()[0], pair.one))
    first = services.enrol(cohort, pair.other, by=here.coordinator)
    next_in_line = services.enrol(cohort, here.ready()[0], by=here.coordinator)
    services.withdraw(leaver, because="Moved away", by=here.coordinator)
    assert (first.state, next_in_line.state) == (EnrolmentState.WAITING, EnrolmentState.ENROLLED)
    session.commit()
    browser.sign_in_as(here.coordinator).get(f"/cohorts/{cohort.id}")
    assert browser.sees("must not share a group. Whoever of them waits is passed over", pair.other.name)
    browser.sign_in_as(here.trainer).get(f"/cohorts/{cohort.id}")
    assert not browser.sees("must not share a group")


def test_who_enrols_both_is_warned_by_name_and_may_leave_one_out(here, session, browser):
    pair, cohort = two(here), here.cohort()
    browser.sign_in_as(here.coordinator).get(f"/cohorts/{cohort.id}/enrol")
    browser.fill({WHO: [pair.one.name, pair.other.name]}).submit("Enrol", status=422)
    assert browser.errors == [f"{pair.one.name} and {pair.other.name} must not share a group"]
    assert browser.sees("Two of these people must not share a group")
    assert REASON not in browser.html
    assert session.scalars(select(Enrolment)).all() == []
    browser.fill({WHO: [pair.one.name]}).submit("Enrol")
    assert browser.sees("1 enrolled on Cohort 7")


def test_who_enrols_both_all_the_same_says_why(here, session, browser):
    pair, cohort = two(here), here.cohort()
    browser.sign_in_as(here.coordinator).get(f"/cohorts/{cohort.id}/enrol")
    browser.fill({WHO: [pair.one.name, pair.other.name]}).submit("Enrol", status=422)
    browser.fill({"Why may they share this group all the same?": "They have made it up"}).submit("Enrol")
    assert browser.sees("2 enrolled on Cohort 7", "Both have a place here")
    assert len(records(session)) == 1


def test_enrolling_costs_the_same_for_a_full_group(here, session, count_queries):
    cohort = here.cohort()
    totals = []
    for _ in range(2):
        person = here.ready()[0]
        with count_queries() as counted:
            services.enrol(cohort, person, by=here.coordinator)
        totals.append(counted.total)
        here.enrolled(cohort, 8)
    assert totals[0] >= totals[1]
