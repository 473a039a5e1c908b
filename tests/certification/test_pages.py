"""The pages of certificates: staff, mentor, and anybody who checks one."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal import database
from portal.access import Role
from portal.certification import services
from portal.certification.models import Certificate
from tests.browser import Browser
from tests.certification.ready import finish, finished, group
from tests.documents import reading
from tests.factories import CertificateFactory, RoleHeldFactory, UserFactory


def mentor_of(here, learner):
    user = UserFactory()
    learner.volunteer.user = user
    RoleHeldFactory(user=user, role=Role.VOLUNTEER, scheme=here.area.scheme, area=here.area)
    return user


def certified(here, learner=None):
    made = services.certify(learner or here.learners[0], by=here.coordinator)
    database.session.commit()
    return made


def test_everybody_ready_of_a_group_gets_a_certificate_at_once(session, browser):
    here = group(3)
    finish(here, *here.learners[:2])
    names = [each.volunteer.name for each in here.learners]
    browser.sign_in_as(here.coordinator).get(f"/cohorts/{here.cohort.id}").click("Certificates")
    assert browser.sees("0 of 3 have a certificate", "What is missing", "Criteria: 0 of 24 met (The assessor)")
    browser.submit("Issue certificates")
    assert browser.banners == [f"{name} has a certificate" for name in names[:2]]
    assert browser.sees("2 of 3 have a certificate", names[2])
    assert len(session.scalars(select(Certificate)).all()) == 2


def test_a_single_refusal_on_a_page_names_the_gates(session, browser):
    here = group()
    learner = here.learners[0]
    browser.sign_in_as(here.coordinator).get(f"/people/{learner.volunteer_id}/certificates")
    assert browser.sees("This is what is missing", "DBS check: no check has been applied for (The DBS officer)")


def test_a_certificate_is_issued_shown_and_downloaded(session, browser):
    here = finished()
    learner = here.learners[0]
    browser.sign_in_as(here.coordinator).get(f"/people/{learner.volunteer_id}/certificates")
    browser.submit("Issue the certificate")
    number = session.scalars(select(Certificate.number)).one()
    browser.click(number)
    assert browser.sees(learner.volunteer.name, "48 hours of 48 hours", "Understanding peer mentoring")
    browser.click("Download as PDF")
    assert browser.response.mimetype == "application/pdf"
    assert number in reading.text(browser.body)


def test_a_mentor_sees_and_downloads_their_own_with_few_queries(session, browser, count_queries):
    here = finished()
    made = certified(here)
    browser.sign_in_as(mentor_of(here, here.learners[0])).get("/my/certificate")
    assert browser.sees(made.number, here.learners[0].volunteer.name)
    with count_queries() as counted:
        browser.get("/my/certificate.pdf")
    assert made.number in reading.text(browser.body)
    assert counted.total <= 5


def test_without_a_certificate_the_page_says_when_it_comes(session, browser):
    here = group()
    browser.sign_in_as(mentor_of(here, here.learners[0])).get("/my/certificate")
    assert browser.sees("You do not have a certificate yet")
    browser.get("/my/certificate.pdf", status=404)


def test_a_certificate_is_issued_again_with_a_reason_and_withdrawn(session, browser):
    here = finished()
    made = certified(here)
    volunteer = here.learners[0].volunteer
    browser.sign_in_as(here.coordinator).get(f"/people/{volunteer.id}/certificates")
    browser.click(f"Issue again, {made.number}").submit("Issue again", status=422)
    assert browser.errors == ["Enter the reason"]
    browser.fill({"Why?": "Name spelled wrongly"}).submit("Issue again")
    assert browser.sees("Replaced", "Name spelled wrongly", "Valid")
    new = session.scalars(select(Certificate).where(Certificate.replaces_id == made.id)).one()
    browser.click(f"Withdraw {new.number}").fill({"Why?": "Copied"}).submit("Withdraw the certificate")
    assert browser.sees("Withdrawn", "Copied")


def test_two_coordinators_at_once_the_second_sees_what_happened(session, browser):
    here = finished()
    made = certified(here)
    browser.sign_in_as(here.coordinator).get(f"/certificates/{made.id}/withdraw")
    services.withdraw(made, because="Copied", by=here.coordinator)
    session.commit()
    browser.fill({"Why?": "Mine"}).submit("Withdraw the certificate", status=409)
    assert browser.sees("Somebody else changed this certificate", "Copied")
    assert browser.value("Why?") == "Mine"


def test_anybody_with_the_code_sees_that_it_is_valid_and_nothing_more(session, browser):
    here = finished()
    made = certified(here)
    volunteer = here.learners[0].volunteer
    browser.get(f"/c/{made.check_code.lower()}")
    assert browser.heading == "This certificate is valid"
    assert browser.sees(volunteer.name, "Peer mentor training, Level 2")
    for secret in (made.number, volunteer.email, here.area.scheme.name, here.cohort.name, here.coordinator.name, "48"):
        assert secret not in browser.text
    assert 'content="noindex"' in browser.html


def test_a_replaced_and_a_withdrawn_certificate_say_so(session, browser):
    here = finished()
    made = certified(here)
    new = services.reissue(made, because="Name", by=here.coordinator)
    session.commit()
    assert browser.get(f"/c/{made.check_code}").heading == "This certificate has been replaced"
    services.withdraw(new, because="A secret reason", by=here.coordinator)
    session.commit()
    browser.get(f"/c/{new.check_code}")
    assert browser.heading == "This certificate has been withdrawn"
    assert "secret" not in browser.text


@pytest.mark.parametrize("code", ["nonsense", "%00", "x" * 3000, "%F0%9F%92%A9", "AL-2026-7F3K-2Q"])
def test_an_unknown_code_is_a_kind_404(session, app, code):
    browser = Browser(app, address=f"192.0.2.{len(code) % 200 + 20}")
    browser.get(f"/c/{code}", status=404)
    assert browser.heading == "We have no certificate with this code"


def test_a_code_is_typed_as_people_type(session, browser):
    here = finished()
    made = certified(here)
    browser.get("/certificates/check").submit("Check", status=422)
    assert browser.errors == ["Enter the check code"]
    browser.fill({"Check code": made.number}).submit("Check", status=422)
    assert browser.sees("We have no certificate with this code")
    assert here.learners[0].volunteer.name not in browser.text
    browser.fill({"Check code": f" {made.check_code[:9].lower()}-{made.check_code[9:]} "}).submit("Check")
    assert browser.heading == "This certificate is valid"


def test_who_guesses_codes_is_stopped(session, app):
    browser = Browser(app, address="192.0.2.77")
    statuses = set()
    for number in range(45):
        statuses.add(browser._open("GET", f"/c/guess{number}", status=None).status)
    assert statuses == {404, 429}


def test_a_mentor_chooses_sees_and_downloads_their_evidence(session, browser):
    here = finished()
    certified(here)
    browser.sign_in_as(mentor_of(here, here.learners[0])).get("/my/cv")
    browser.fill({"What shall it show?": ["My skills, with what shows them", "My own words"]})
    browser.fill({"Your own words, if you want any": "Dw i’n gwrando."}).submit("Save and see it")
    assert browser.sees("Keeping boundaries", "Dw i’n gwrando.")
    assert not browser.sees("Units studied")
    browser.click("Download as PDF")
    text = reading.text(browser.body)
    assert "Keeping boundaries" in text
    assert "Units studied" not in text


def test_bad_answers_about_evidence_are_said_at_the_field(session, browser):
    here = group()
    browser.sign_in_as(mentor_of(here, here.learners[0])).get("/my/cv")
    browser.fill({"Your own words, if you want any": "x" * 10_000}).submit("Save and see it", status=422)
    assert browser.errors == ["Your own words must be 1,000 characters or fewer"]
    browser.post("/my/cv", {"shown": "disclosure"}, status=422)
    assert browser.errors == ["Choose only from the answers on the list"]


def test_two_pages_at_once_show_both_choices(session, browser):
    here = group()
    browser.sign_in_as(mentor_of(here, here.learners[0])).get("/my/cv")
    services.save_cv_choice(here.learners[0].volunteer, shown=["hours"], own_words="Theirs", by=here.coordinator)
    session.commit()
    browser.fill({"Your own words, if you want any": "Mine"}).submit("Save and see it", status=409)
    assert browser.sees("What is saved now", "How many hours I trained", "Theirs")
    assert browser.value("Your own words, if you want any") == "Mine"
    assert browser.submit("Save and see it").heading == "Your CV evidence"


def test_another_scheme_has_no_such_certificate(session, browser):
    here, elsewhere = finished(), group()
    made = certified(here)
    browser.sign_in_as(elsewhere.coordinator)
    for path in ("", "/certificate.pdf", "/reissue", "/withdraw"):
        browser.get(f"/certificates/{made.id}{path}", status=404)
    browser.get(f"/cohorts/{here.cohort.id}/certificates", status=404)
    browser.get(f"/people/{here.learners[0].volunteer_id}/certificates", status=404)
    browser.sign_in_as(here.assessor).get(f"/certificates/{made.id}", status=403)


def test_the_list_of_a_group_costs_the_same_for_2_and_for_12(session, browser, count_queries):
    counts = []
    for size in (2, 12):
        here = group(size)
        CertificateFactory(enrolment=here.learners[0])
        browser.sign_in_as(here.coordinator).get(f"/cohorts/{here.cohort.id}/certificates")
        with count_queries() as counted:
            browser.get(f"/cohorts/{here.cohort.id}/certificates")
        counts.append(counted.total)
    assert counts[0] == counts[1]
