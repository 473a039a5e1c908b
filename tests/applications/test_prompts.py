"""Short prompts instead of big boxes, whoever backs the applicant, and what a later stage does at a sending."""

from __future__ import annotations

import pytest

from portal.applications import services
from portal.applications.rules import PROMPTS, Progress, Section, sections_asked
from portal.refusals import Refused
from portal.schemes.rules import Route, SchemeSettings
from tests.applications.test_services import BY, complete, started

KIM = {
    "practitioner_name": "Kim Officer", "practitioner_job": "Probation practitioner",
    "practitioner_organisation": "Probation", "practitioner_email": "Kim@Probation.example",
    "practitioner_phone": "+447700900555",
}  # fmt: skip


@pytest.mark.parametrize("key", [prompt.key for prompt in PROMPTS[Section.WHY]])
def test_any_one_of_the_prompts_is_enough(session, key):
    application, _ = started()
    services.save_why(application, answers={key: "To help."}, by=BY)
    assert application.prompted == {key: "To help."}
    assert Section.WHY in Progress.read(application.sections_done).done


def test_no_answer_at_all_is_not_enough_unless_they_come_back_to_it(session):
    application, _ = started()
    with pytest.raises(Refused, match="One sentence is enough"):
        services.save_why(application, answers={}, by=BY)
    services.save_why(application, answers={}, is_done=False, by=BY)
    progress = Progress.read(application.sections_done)
    assert (Section.WHY in progress.begun, Section.WHY in progress.done) == (True, False)


def test_what_was_written_into_the_one_big_box_stays(session):
    application, _ = started()
    application.why = "As I wrote it long ago."
    services.save_why(application, answers={"why_now": "More."}, by=BY)
    assert (application.why, application.prompted) == ("As I wrote it long ago.", {"why_now": "More."})


def test_an_answer_taken_out_again_is_gone_and_keys_of_nobody_are_not_kept(session):
    application, _ = started()
    services.save_skills(application, answers={"good_at_doing": "Bread", "have_learned": "Patience"}, by=BY)
    services.save_skills(application, answers={"have_learned": "Patience", "why_now": "x", "odd": "y"}, by=BY)
    session.commit()
    session.refresh(application)
    assert application.prompted == {"have_learned": "Patience"}


def test_whoever_backs_them_is_kept_under_the_keys_that_a_later_stage_reads(session):
    application, _ = started()
    services.save_practitioner(application, answers=KIM, by=BY)
    assert application.prompted == KIM | {"practitioner_email": "kim@probation.example"}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"practitioner_email": "kim@x.example"}, "Enter their name"),
        ({"practitioner_name": "Kim"}, "email address or a phone number"),
        ({"practitioner_name": "Kim", "practitioner_email": "SAM@example.org"}, "these are your own"),
    ],
)
def test_somebody_who_could_not_be_asked_is_refused(session, given, why):
    application, _ = started()
    with pytest.raises(Refused, match=why):
        services.save_practitioner(application, answers=given, by=BY)


def test_who_backs_them_is_asked_of_those_who_came_that_way_and_needed_where_it_is_a_gate(session):
    application, _ = started()
    person = application.volunteer
    assert Section.PRACTITIONER not in services.asked_of(application)
    person.route = Route.PRACTITIONER
    assert Section.PRACTITIONER in services.asked_of(application)
    assert "Finish “Who backs you”" not in services.missing(application)
    person.scheme.settings = SchemeSettings(gates_by_route={"practitioner": ("recommendation", "interview")})
    assert "Finish “Who backs you”" in services.missing(application)
    with pytest.raises(Refused, match="Enter their name"):
        services.save_practitioner(application, answers={}, by=BY)
    services.save_practitioner(application, answers=KIM, by=BY)
    assert "Finish “Who backs you”" not in services.missing(application)


def test_somebody_who_came_another_way_may_name_who_backs_them(session):
    application, _ = started()
    services.save_practitioner(application, answers=KIM, by=BY)
    assert Section.PRACTITIONER in services.asked_of(application)
    assert len(sections_asked(asks_practitioner=False)) == len(Section) - 1


def test_a_later_stage_acts_once_at_each_sending(session, monkeypatch):
    seen = []
    monkeypatch.setattr(services, "_WHEN_SUBMITTED", [])
    assert services.when_submitted(seen.append) == seen.append
    application, _ = started()
    complete(application)
    services.submit(application, by=BY)
    services.submit(application, by=BY)
    assert seen == [application]
    assert application.submitted_at


def test_progress_survives_the_column_whatever_is_in_it():
    progress = Progress.read("why,~support,^checks-and-privacy,~nonsense,^,,~")
    assert progress.done == {Section.WHY, Section.CHECKS}
    assert (progress.begun, progress.carried) == ({Section.SUPPORT}, {Section.CHECKS})
    assert Progress.read(progress.text()) == progress


def test_starting_again_carries_over_what_was_done_but_for_what_is_asked_anew():
    progress = Progress.read("why,checks-and-privacy,~support").reopened(Section.CHECKS)
    assert (progress.done, progress.carried) == ({Section.WHY}, {Section.WHY})
    assert progress.begun == {Section.CHECKS, Section.SUPPORT}
    assert Progress.read(progress.text()).saved(Section.WHY, is_done=True).carried == frozenset()
