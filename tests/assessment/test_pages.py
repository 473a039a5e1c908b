"""The pages of assessment, as assessors, IQAs and learners go through them."""

from __future__ import annotations

import pytest

from portal.access import Role
from portal.assessment import queries
from portal.assessment.models import CriterionState, IqaDecision
from tests.assessment.people import people
from tests.factories import RoleHeldFactory, UserFactory, VolunteerFactory

RUBBISH = ["\0", "x" * 10_000, "\u202e\u0627", "👩🏽‍🦽", "<script>alert(1)</script>", "   "]
CRITERION = {
    "Decision": "Met", "Kind of evidence": "observation", "Where is the evidence?": "Seen on Tuesday",
    "Feedback for the learner": "You listened well.",
}  # fmt: skip


def own_account(here, learner):
    user = UserFactory()
    learner.volunteer.user = user
    RoleHeldFactory(user=user, role=Role.VOLUNTEER, scheme=here.area.scheme, area=here.area)
    return user


def test_an_assessor_decides_a_criterion_and_the_learner_reads_why(session, browser):
    here = people()
    learner = here.learners[0]
    browser.sign_in_as(here.assessor).get("/learners")
    assert browser.sees("0 of 24")
    browser.click(learner.volunteer.name).click("U1.1.1").fill(CRITERION).submit("Save decision")
    assert browser.banners == [f"U1.1.1 decided for {learner.volunteer.name}"]
    assert browser.sees("1 of 24 criteria met", "Seen on Tuesday", here.assessor.name)
    browser.sign_in_as(own_account(here, learner)).get("/my/learning")
    assert browser.sees("You have met 1 of 24 criteria", "You listened well.")


def test_a_criterion_needs_a_decision_evidence_and_feedback(session, browser):
    here = people()
    browser.sign_in_as(here.assessor).get(f"/learners/{here.learners[0].id}/criteria/U1.1.1")
    browser.submit("Save decision", status=422)
    assert set(browser.errors) == {"Choose “met” or “not yet met”", "Write feedback for the learner"}
    browser.fill({"Decision": "Met", "Feedback for the learner": "Good"}).submit("Save decision", status=422)
    assert set(browser.errors) == {"Choose the kind of evidence", "Say where the evidence is"}
    assert browser.value("Feedback for the learner") == "Good"


def test_two_assessors_at_once_the_second_sees_both(session, browser):
    here = people()
    learner = here.learners[0]
    browser.sign_in_as(here.assessor).get(f"/learners/{learner.id}/criteria/U1.1.1")
    other = UserFactory(role=Role.ASSESSOR, area=here.area, name="Olwen")
    here.decide(learner, "U1.1.1", by=other, state=CriterionState.NOT_YET_MET, feedback="Theirs")
    browser.fill({**CRITERION, "Feedback for the learner": "Mine"}).submit("Save decision", status=409)
    assert browser.sees("Someone else decided this", "Olwen", "Theirs")
    assert browser.value("Feedback for the learner") == "Mine"
    browser.submit("Save decision")
    session.expire_all()
    assert queries.decision(learner, "U1.1.1").feedback == "Mine"


def test_several_criteria_of_a_unit_are_decided_on_one_page(session, browser):
    here = people()
    learner = here.learners[0]
    browser.sign_in_as(here.assessor).get(f"/learners/{learner.id}").click("Decide several criteria of U1")
    browser.fill({key: value for key, value in CRITERION.items() if key != "Decision"})
    browser.fill(state_U1_1_1="Met", state_U1_1_2="Not yet met").submit("Save decisions")
    assert browser.sees("2 criteria of Understanding peer mentoring decided", "1 of 24 criteria met")
    session.expire_all()
    assert queries.states_of([learner.id])[learner.id] == {"U1.1.1": "met", "U1.1.2": "not_yet_met"}


def test_a_unit_page_with_nothing_decided_says_so(session, browser):
    here = people()
    browser.sign_in_as(here.assessor).get(f"/learners/{here.learners[0].id}/units/U1")
    browser.fill({"Feedback for the learner": "Good"}).submit("Save decisions", status=422)
    assert browser.errors == ["Decide at least one criterion"]


def test_a_unit_page_shows_both_when_somebody_else_decided_some(session, browser):
    here = people()
    learner = here.learners[0]
    browser.sign_in_as(here.assessor).get(f"/learners/{learner.id}/units/U1")
    here.decide(learner, "U1.1.2", state=CriterionState.NOT_YET_MET, feedback="Theirs")
    browser.fill({key: value for key, value in CRITERION.items() if key != "Decision"})
    browser.fill(state_U1_1_1="Met", state_U1_1_2="Met").submit("Save decisions", status=409)
    assert browser.sees("Someone else decided some of these", "Theirs")
    assert queries.states_of([learner.id])[learner.id] == {"U1.1.2": "not_yet_met"}
    browser.submit("Save decisions")
    session.expire_all()
    assert queries.states_of([learner.id])[learner.id] == {"U1.1.1": "met", "U1.1.2": "met"}


def test_opening_an_agreed_unit_asks_why(session, browser):
    here = people()
    learner = here.learners[0]
    here.decide_unit(learner)
    here.sample(learner)
    browser.sign_in_as(here.assessor).get(f"/learners/{learner.id}/criteria/U1.1.1")
    browser.submit("Save decision", status=422)
    assert browser.errors == ["The IQA has agreed this unit: say why you are opening it again"]
    browser.fill({"Why are you opening this unit again?": "A mistake"}).submit("Save decision")
    assert browser.sees("chosen, not looked at yet")


@pytest.mark.parametrize("typed", RUBBISH)
def test_rubbish_is_refused_at_the_field_or_kept_as_text(session, browser, typed):
    here = people()
    browser.sign_in_as(here.assessor).get(f"/learners/{here.learners[0].id}/criteria/U1.1.1")
    browser.fill({**CRITERION, "Where is the evidence?": typed, "Feedback for the learner": typed})
    browser.submit("Save decision", status=None)
    assert browser.status in {200, 422}


def test_the_iqa_is_suggested_a_sample_plans_it_and_agrees(session, browser):
    here = people(5)
    for learner in here.learners:
        here.decide_unit(learner)
    browser.sign_in_as(here.iqa).get(f"/learners?cohort={here.cohort.id}").click(f"Quality check of {here.cohort.name}")
    assert browser.sees("0 of 1 learners sampled")
    browser.submit("Plan these")
    session.expire_all()
    sample = next(each for learner in here.learners for each in queries.samples_of(learner).values())
    browser.get(f"/samples/{sample.id}").submit("Save", status=422)
    assert set(browser.errors) == {"Choose a decision", "Write feedback for the assessor"}
    browser.fill({"Decision": "Agree with the assessor", "Feedback for the assessor": "Sound"})
    browser.submit("Save", status=422)
    assert "You can agree only when the evidence is valid" in browser.errors[0]
    browser.fill(is_valid=True, is_authentic=True, is_current=True, is_sufficient=True).submit("Save")
    assert browser.sees("1 of 1 learners sampled and settled", "Agreed")


def test_an_action_is_asked_for_and_closed(session, browser):
    here = people()
    here.decide_unit(here.learners[0])
    sample = here.sample(here.learners[0], decision=IqaDecision.ACTION, feedback="Date the log")
    browser.sign_in_as(here.iqa).get(f"/samples/{sample.id}")
    assert browser.sees("Date the log", "cannot be certified")
    browser.submit("Close the action")
    assert browser.sees("Action done")


def test_an_iqa_who_also_assesses_is_not_offered_their_own_work(session, browser, app, monkeypatch):
    here = people(2)
    RoleHeldFactory(user=here.iqa, role=Role.ASSESSOR, scheme=here.area.scheme, area=here.area)
    here.decide_unit(here.learners[0], by=here.iqa)
    browser.sign_in_as(here.iqa).get(f"/cohorts/{here.cohort.id}/quality")
    assert browser.sees("Nothing more can be sampled now")
    here.decide_unit(here.learners[1])
    assert not browser.get(f"/cohorts/{here.cohort.id}/quality").sees(here.learners[0].volunteer.name)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    browser.post(f"/cohorts/{here.cohort.id}/quality", {"chosen": f"{here.learners[0].id}-U1"}, status=422)


def test_strange_addresses_are_answered_calmly(session, browser):
    here = people()
    learner = here.learners[0].id
    browser.sign_in_as(here.assessor)
    for path in (f"/learners/{learner}/criteria/U1.9.9", f"/learners/{learner}/units/%00", "/learners/2000000000"):
        browser.get(path, status=404)
    for path in ("/learners?cohort=x", "/learners?after=%00", "/learners?cohort=99999999999999999999"):
        browser.get(path)


def test_a_volunteer_without_a_course_is_told_what_comes(session, browser):
    user = UserFactory()
    volunteer = VolunteerFactory(user=user)
    RoleHeldFactory(user=user, role=Role.VOLUNTEER, scheme=volunteer.scheme, area=volunteer.area)
    assert browser.sign_in_as(user).get("/my/learning").sees("You are not on a course yet")


def test_nobody_else_opens_these_pages(session, browser):
    here = people()
    learner = here.learners[0]
    browser.sign_in_as(here.coordinator).get(f"/learners/{learner.id}")
    browser.get(f"/learners/{learner.id}/criteria/U1.1.1", status=403)
    browser.get(f"/cohorts/{here.cohort.id}/quality", status=403)
    browser.sign_in_as(UserFactory(role=Role.FUNDER_READER, scheme=here.area.scheme)).get("/learners", status=403)


@pytest.mark.parametrize("path", ["/learners", "/cohorts/{cohort}/quality"])
def test_a_list_costs_the_same_for_2_and_for_40(session, browser, count_queries, path):
    small, large = people(2), people(40)
    counts = []
    for here in (small, large):
        for learner in here.learners:
            here.decide(learner, "U1.1.1")
        RoleHeldFactory(user=here.iqa, role=Role.ASSESSOR, scheme=here.area.scheme, area=here.area)
        browser.sign_in_as(here.iqa).get(path.format(cohort=here.cohort.id))
        with count_queries() as counted:
            browser.get(path.format(cohort=here.cohort.id))
        counts.append(counted.total)
    assert counts[0] == counts[1]


def test_a_long_list_goes_on_and_shows_nobody_twice(session, browser):
    here = people(41)
    browser.sign_in_as(here.assessor).get(f"/learners?cohort={here.cohort.id}")
    first = [each.volunteer.name for each in here.learners if browser.links().get(each.volunteer.name)]
    browser.click("Show more learners")
    rest = [each.volunteer.name for each in here.learners if browser.links().get(each.volunteer.name)]
    assert len(first) == 40
    assert set(first) | set(rest) == {each.volunteer.name for each in here.learners}
    assert not set(first) & set(rest)
