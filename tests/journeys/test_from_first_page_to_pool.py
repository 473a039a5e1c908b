"""One volunteer, all the way: from the public page to the active pool, with a certificate and CV evidence in hand.

The same story runs twice on each database: without JavaScript through `Browser`, and in Chromium on a phone, where axe
and the Nu HTML checker look at every page that is opened.
"""

from __future__ import annotations

from datetime import date, timedelta

from tests.journeys.house import House
from tests.journeys.steps import given, joining, learning, mentoring


def test_the_whole_way_without_javascript(house_without_javascript: House) -> None:
    the_whole_way(house_without_javascript)


def test_the_whole_way_in_chromium_on_a_phone(house_on_phones: House) -> None:
    the_whole_way(house_on_phones)


def the_whole_way(house: House) -> None:
    given.a_scheme_with_its_staff(house)

    joining.a_visitor_starts_to_apply_and_stops(house)
    house.at(date(2026, 1, 7))
    joining.she_returns_by_the_link_and_sends_it(house)
    her = joining.she_signs_in_with_a_code(house)
    joining.her_page_says(house, her, "We have your application.", "get in touch within")

    house.at(date(2026, 1, 8))
    joining.the_coordinator_signs_in_with_a_password_and_an_authenticator(house)
    joining.the_coordinator_reads_it_and_invites_her(house, date(2026, 1, 13))
    her = house.she()
    joining.her_page_says(house, her, "We would like to talk with you.", "Tuesday 13 January at 2pm")

    house.at(date(2026, 1, 13), 16)
    joining.they_talk_and_she_is_offered_a_place(house)
    joining.the_coordinator_cannot_confirm_yet(house, "eference", "DBS", "greement")
    her = house.she()
    joining.her_page_says(house, her, "We have offered you a place", "Read and agree the volunteer agreement.")
    joining.she_agrees_and_tells_in_confidence(house, her)
    joining.her_page_says(house, her, "We have offered you a place", "We are waiting for your references")

    house.at(date(2026, 1, 19))
    joining.her_referees_answer_by_their_links(house)
    joining.the_coordinator_checks_the_references(house)
    joining.the_safeguarding_lead_considers_it(house)
    joining.the_dbs_is_applied_for_seen_and_decided(house, applied=date(2026, 1, 20), issued=date(2026, 2, 9))
    joining.the_coordinator_confirms_her_place(house)
    her = house.she()
    joining.her_page_says(house, her, "Your checks are done.", "We will tell you when your course starts.")

    house.at(date(2026, 2, 23))
    learning.the_coordinator_makes_a_cohort_and_enrols_her(house, date(2026, 3, 3), day_off=date(2026, 3, 17))
    days = [day for _, day in learning.the_sessions(house)]
    assert len(days) == 24
    assert days[0] == date(2026, 3, 3)
    assert date(2026, 3, 17) not in days
    assert {day.weekday() for day in days} == {1, 3}
    her = house.she()
    joining.her_page_says(house, her, "You are on the course.", "Come to your next session")
    learning.the_trainer_marks_every_register(house)

    house.at(days[-1] + timedelta(days=1))
    learning.no_certificate_can_be_issued_yet(house, joining.NAME)
    learning.the_assessor_decides_every_criterion(house)
    house.at(days[-1] + timedelta(days=3))
    learning.the_iqa_samples_and_agrees(house)
    learning.the_coordinator_issues_the_certificate(house)
    her = house.she()
    joining.her_page_says(house, her, "You have finished the course", "We look at it once more")
    learning.anybody_can_check_it(house, her)
    learning.her_certificate_and_cv_evidence_are_hers_to_print(her)

    house.at(days[-1] + timedelta(days=7))
    mentoring.whoever_assessed_her_may_not_approve_her(house)
    mentoring.the_approver_approves_her(house)
    mentoring.the_pool_shows_her(house)
    mentoring.the_whole_way_is_on_record(house)
    her = house.she()
    joining.her_page_says(
        house, her, "You are an active peer mentor.", "Tell us when the days on which you are free change."
    )
