"""Certifying, reissuing, withdrawing; what is frozen; what CV evidence holds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from courses.loader import builtin
from courses.marks import Code
from portal.certification import documents, gates, rules, services
from portal.certification.models import Certificate, CertificateState
from portal.certification.rules import LETTERS, Part, new_check_code, new_number, skills, tidy_code
from portal.checks.models import Suitability
from portal.cohorts.models import EnrolmentState
from portal.messages.models import Message
from portal.refusals import Refused
from portal.volunteers.journey import Stage
from portal.volunteers.rules import GateState, MoveRefused
from tests.certification.ready import attend, finished, group, pass_checks
from tests.documents import reading


@pytest.fixture
def here(session):
    return finished()


@pytest.fixture
def certificate(here, session):
    made = services.certify(here.learners[0], by=here.coordinator)
    session.commit()
    return made


def test_a_number_and_a_code_have_no_letters_that_are_misread():
    assert not set("01ILOU") & set(LETTERS)
    assert re.fullmatch(rf"AL-2026-[{LETTERS}]{{4}}-[{LETTERS}]{{2}}", new_number(2026))
    assert len(LETTERS) ** len(new_check_code()) >= 2**128
    assert new_check_code() != new_check_code()


@given(st.text(max_size=200))
def test_any_typed_code_is_tidied_without_an_error(typed):
    assert len(tidy_code(typed)) <= 100


def test_spaces_hyphens_and_small_letters_are_forgiven_in_a_code():
    code = new_check_code()
    assert tidy_code(f" {rules.in_groups(code).lower().replace(' ', '-')} ") == code


def test_a_finished_learner_is_certified_told_and_moved_on(here, certificate, session):
    learner = here.learners[0]
    assert (learner.state, learner.volunteer.stage) == (EnrolmentState.COMPLETED, Stage.CERTIFIED)
    assert learner.volunteer.history[-1].because == f"Certificate {certificate.number}"
    letter = session.scalars(select(Message).where(Message.template == "certificate_issued")).one()
    assert certificate.number in letter.body
    assert "/my/certificate" in letter.body
    assert gates.gates([learner.volunteer])[learner.volunteer_id][0].state is GateState.MET


def test_the_pdf_says_who_did_what(here, certificate):
    pdf = services.printed(certificate).render()
    text = reading.text(pdf)
    for words in (here.learners[0].volunteer.name, certificate.number, "48 of 48 hours", here.cohort.name):
        assert words in text
    assert certificate.number in reading.opened(pdf).metadata.title


def test_facts_stay_although_the_name_and_the_register_change_later(here, certificate, session):
    before = services.printed(certificate).render()
    name = here.learners[0].volunteer.name
    here.learners[0].volunteer.name = "Somebody Else"
    here.cohort.name = "Another group"
    session.commit()
    session.expire_all()
    assert services.printed(certificate).mentor == name
    assert services.printed(certificate).render() == before


def test_every_gate_that_is_not_met_is_named_with_its_holder(session):
    here = group()
    with pytest.raises(MoveRefused) as refused:
        services.certify(here.learners[0], by=here.coordinator)
    titles = {reason.partition(":")[0] for reason in refused.value.reasons}
    assert titles == {"Attendance", "Criteria", "Quality check", "DBS check", "Agreement"}
    assert any("(The IQA)" in reason for reason in refused.value.reasons)
    assert session.scalars(select(Certificate)).all() == []
    assert here.learners[0].volunteer.stage is Stage.TRAINING


def test_attendance_too_low_is_refused(session):
    here = group()
    learner = here.learners[0]
    attend(here, learner, Code.U)
    pass_checks(here, learner)
    here.decide(learner)
    here.sample(learner)
    with pytest.raises(MoveRefused) as refused:
        services.certify(learner, by=here.coordinator)
    assert [reason.partition(":")[0] for reason in refused.value.reasons] == ["Attendance"]


def test_a_dbs_decision_that_says_no_is_refused(session):
    here = group()
    learner = here.learners[0]
    attend(here, learner)
    pass_checks(here, learner, decision=Suitability.NOT_SUITABLE)
    here.decide(learner)
    here.sample(learner)
    with pytest.raises(MoveRefused, match="DBS check"):
        services.certify(learner, by=here.coordinator)


def test_nobody_is_certified_twice_nor_by_themselves(here, certificate, session):
    with pytest.raises(MoveRefused, match="certified, waiting for approval"):
        services.certify(here.learners[0], by=here.coordinator)
    again = finished()
    again.learners[0].volunteer.user = again.coordinator
    session.commit()
    with pytest.raises(Refused, match="to themselves"):
        services.certify(again.learners[0], by=again.coordinator)


def test_a_name_we_cannot_print_needs_english_letters(here, session):
    here.learners[0].volunteer.name = "王小明"
    session.commit()
    with pytest.raises(Refused, match="English letters"):
        services.certify(here.learners[0], by=here.coordinator)
    here.learners[0].volunteer.romanised = "Wang Xiaoming"
    made = services.certify(here.learners[0], by=here.coordinator)
    assert "Wang Xiaoming" in reading.text(services.printed(made).render())


def test_a_reissue_has_the_new_name_and_the_old_learning(here, certificate, session):
    here.learners[0].volunteer.name = "Right Name"
    here.cohort.name = "Renamed"
    made = services.reissue(certificate, because="Name spelled wrongly", by=here.coordinator)
    session.commit()
    assert (certificate.state, certificate.ended_because) == (CertificateState.REPLACED, "Name spelled wrongly")
    assert made.replaces_id == certificate.id
    assert (made.facts["mentor"], made.facts["cohort"]) == ("Right Name", certificate.facts["cohort"])
    assert {made.number, made.check_code}.isdisjoint({certificate.number, certificate.check_code})
    assert "Replaced on" in reading.text(services.printed(certificate).render())
    with pytest.raises(Refused, match="no longer holds"):
        services.reissue(certificate, because="again", by=here.coordinator)


def test_a_withdrawn_certificate_says_so_and_can_be_issued_again_once(here, certificate, session):
    with pytest.raises(Refused, match="Say why"):
        services.withdraw(certificate, because=" ", by=here.coordinator)
    services.withdraw(certificate, because="Work was copied", by=here.coordinator)
    volunteer = here.learners[0].volunteer
    assert gates.gates([volunteer])[volunteer.id][0].state is GateState.REFUSED
    assert services.printed(certificate).state.startswith("Withdrawn on")
    letter = session.scalars(select(Message).where(Message.template == "certificate_withdrawn")).one()
    assert "copied" not in letter.body
    with pytest.raises(Refused, match="no longer holds"):
        services.withdraw(certificate, because="again", by=here.coordinator)
    made = services.reissue(certificate, because="It was theirs after all", by=here.coordinator)
    assert (certificate.state, made.state) == (CertificateState.WITHDRAWN, CertificateState.VALID)
    with pytest.raises(Refused, match="no longer holds"):
        services.reissue(certificate, because="twice", by=here.coordinator)


def test_reasons_for_many_cost_what_those_for_one_cost(session, count_queries):
    here = group(6)
    gates.reasons_not_to_certify(here.learners)
    counts = []
    for some in (here.learners[:1], here.learners):
        with count_queries() as counted:
            gates.reasons_not_to_certify(some)
        counts.append(counted.total)
    assert counts[0] == counts[1]


def test_a_skill_shows_only_when_everything_behind_it_is_met():
    course = builtin()
    every = [each.key for each in course.criteria]
    all_skills = skills(course, every)
    assert len(all_skills) == len(rules.PEER_MENTOR_SKILLS)
    assert skills(course, []) == []
    assert "Keeping boundaries" not in dict(skills(course, [key for key in every if key != "U1.2.2"]))


def test_certificate_and_cv_evidence_give_the_same_days_for_the_course(here, certificate):
    evidence = services.cv_evidence(here.learners[0].volunteer)
    what, first, last = evidence.dates[0]
    assert what == "Peer mentor training"
    assert [first.isoformat(), last.isoformat()] == [certificate.facts["starts_on"], certificate.facts["ends_on"]]


def test_cv_evidence_holds_only_what_was_ticked(here, certificate, session):
    volunteer = here.learners[0].volunteer
    services.save_cv_choice(volunteer, shown=[], own_words="", by=here.coordinator)
    bare = services.cv_evidence(volunteer)
    kept = {"mentor", "scheme", "prepared_on"}
    assert {name for name, value in vars(bare).items() if value not in (None, ())} == kept
    services.save_cv_choice(volunteer, shown=[part.value for part in Part], own_words="I listen.", by=here.coordinator)
    whole = services.cv_evidence(volunteer)
    text = reading.text(whole.render())
    for words in (volunteer.email, "48 hours", "100%", "Understanding peer mentoring", "Keeping boundaries"):
        assert words in text
    for words in ("Trained peer mentor", certificate.number, "I listen."):
        assert words in text


@pytest.mark.parametrize("part", ["disclosure", "dbs", "clients", "", "access_needs"])
def test_nothing_else_can_be_shown_because_there_is_no_such_part(here, part):
    with pytest.raises(Refused, match="cannot be shown"):
        services.save_cv_choice(here.learners[0].volunteer, shown=[part], own_words="", by=here.coordinator)
    names = set(documents.CvEvidence.__dataclass_fields__)
    assert not [name for name in names if re.search("dbs|disclos|client|risk|reference", name)]


def test_a_withdrawn_certificate_is_not_shown_to_an_employer(here, certificate, session):
    services.withdraw(certificate, because="Work was copied", by=here.coordinator)
    assert services.cv_evidence(here.learners[0].volunteer).certificate_number is None


def test_a_choice_made_on_another_page_is_not_overwritten(here, session):
    volunteer = here.learners[0].volunteer
    services.save_cv_choice(volunteer, shown=["hours"], own_words="", by=here.coordinator, seen_version=0)
    with pytest.raises(services.ChangedMeanwhile):
        services.save_cv_choice(volunteer, shown=[], own_words="", by=here.coordinator, seen_version=0)
