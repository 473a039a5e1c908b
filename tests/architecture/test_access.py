"""Every role on every page is let in or refused as granted; another scheme's record does not exist for anybody."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.routing import IntegerConverter

from portal.access import GRANTS, Can, Role
from tests.architecture.plan import values_for
from tests.browser import Browser
from tests.factories import (
    AgreementFactory,
    ApplicationFactory,
    AreaFactory,
    CatchUpBookingFactory,
    CertificateFactory,
    CohortFactory,
    CohortSessionFactory,
    ConditionFactory,
    CourseDraftFactory,
    CourseVersionFactory,
    CriterionDecisionFactory,
    DbsCheckFactory,
    DeclineFactory,
    DisclosureFactory,
    EligibilityFactory,
    EnquiryFactory,
    EnrolmentFactory,
    InterviewFactory,
    InvitationFactory,
    IqaSampleFactory,
    KeptApartFactory,
    MessageFactory,
    OfferFactory,
    PairFactory,
    PaperFormFactory,
    ReceivedTextFactory,
    RecommendationFactory,
    RefereeFactory,
    ReferenceFactory,
    RoleHeldFactory,
    SchemeFactory,
    SentApplicationFactory,
    SessionFileFactory,
    SignpostFactory,
    SlotFactory,
    UserFactory,
    VolunteerFactory,
)

NO_SUCH = 2_000_000_000
REFUSED = {401, 403}


@pytest.fixture(autouse=True)
def without_tokens(app, monkeypatch):
    """Requests here are made by hand; that a missing token is refused has its own tests."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", False)


def endpoints(app: Any) -> list[tuple[str, str, str, Can]]:
    """(endpoint, method, a path with ids that do not exist, what it needs)."""
    found = []
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            path = adapter.build(rule.endpoint, values_for(rule, NO_SUCH), force_external=False)
            method = "GET" if "GET" in rule.methods else "POST"
            found.append((rule.endpoint, method, path, app.view_functions[rule.endpoint].needs))
    return found


@pytest.mark.parametrize("role", [*Role, None], ids=lambda role: role.value if role else "nobody")
def test_every_page_answers_this_role_as_granted(app, session, role):
    browser = Browser(app)
    user = UserFactory(role=role, scheme=SchemeFactory()) if role else None
    if role is Role.VOLUNTEER:
        area = AreaFactory(scheme=user.roles_held[0].scheme)
        VolunteerFactory(user=user, area=area)
    wrong = []
    for endpoint, method, path, needs in endpoints(app):
        if endpoint in {"accounts.sign_out", "health.show_readiness"}:
            continue  # the one would end this test's own session; the other misses migrations, which tests do not run
        if user:
            browser.sign_in_as(user)
        status = browser._send(path, method=method).status_code
        granted = needs is Can.VISIT or (role and (needs is Can.SIGNED_IN or needs in GRANTS[role]))
        if not granted and not user:
            as_granted = status in REFUSED or status == 302
        elif granted:
            as_granted = status not in REFUSED and status < 500
        else:
            as_granted = status == 403
        if not as_granted:
            wrong.append(f"{endpoint}: {method} {path} answered {status}")
    assert wrong == []


def record_of(area: Any) -> dict[str, Any]:
    """One record of every kind in this area: what each name in a path stands for."""
    volunteer = VolunteerFactory(area=area)
    application = ApplicationFactory(volunteer=volunteer)
    referee = RefereeFactory(application=application)
    interview = InterviewFactory(volunteer=volunteer)
    offer = OfferFactory(interview=interview, volunteer=volunteer)
    cohort = CohortFactory(area=area)
    enrolment = EnrolmentFactory(cohort=cohort, volunteer=volunteer)
    staff = UserFactory(role=Role.TRAINER, area=area)
    other = VolunteerFactory(area=area)
    return {
        "volunteer_id": volunteer.id,
        "application_id": application.id,
        "sending": SentApplicationFactory(application=application).number,
        "referee_id": referee.id,
        "reference_id": ReferenceFactory(referee=referee, volunteer=volunteer).id,
        "recommendation_id": RecommendationFactory(volunteer=volunteer).id,
        "interview_id": interview.id,
        "slot_id": SlotFactory(area=area).id,
        "condition_id": ConditionFactory(offer=offer).id,
        "decline_id": DeclineFactory(volunteer=volunteer, told_by="phone").id,
        "enquiry_id": EnquiryFactory(area=area).id,
        "offer_id": offer.id,
        "disclosure_id": DisclosureFactory(volunteer=volunteer).id,
        "check_id": DbsCheckFactory(volunteer=volunteer).id,
        "cohort_id": cohort.id,
        "session_id": CohortSessionFactory(cohort=cohort).id,
        "enrolment_id": enrolment.id,
        "booking_id": CatchUpBookingFactory(enrolment=enrolment).id,
        "decision_id": CriterionDecisionFactory(enrolment=enrolment).id,
        "sample_id": IqaSampleFactory(enrolment=enrolment).id,
        "certificate_id": CertificateFactory(enrolment=enrolment, volunteer=volunteer).id,
        "user_id": staff.id,
        "held_id": staff.roles_held[0].id,
        "other_id": other.id,
        "text_id": ReceivedTextFactory(enrolment=enrolment).id,
        "session_number": 1,
        "duplicate_id": PairFactory(kept=volunteer, other=VolunteerFactory(area=area)).id,
        "paper_id": PaperFormFactory(area=area).id,
        "pair_id": KeptApartFactory(one=volunteer, other=VolunteerFactory(area=area)).id,
    }


def scheme_wide_record_of(area: Any) -> dict[str, Any]:
    """Records that belong to a whole scheme, which a role in one of its areas may reach."""
    return {
        "scheme_id": area.scheme.id,
        "area_id": area.id,
        "eligibility_id": EligibilityFactory(scheme=area.scheme).id,
        "signpost_id": SignpostFactory(scheme=area.scheme).id,
        "agreement_id": AgreementFactory(scheme_id=area.scheme.id).id,
        "invitation_id": InvitationFactory(scheme=area.scheme).id,
        "message_id": MessageFactory(scheme_id=area.scheme.id).id,
        "version_id": CourseVersionFactory(scheme=area.scheme).id,
        "number": 1,
        "draft_id": CourseDraftFactory(scheme=area.scheme).id,
        "outcome_number": 1,
        "file_id": SessionFileFactory(scheme_id=area.scheme.id).id,
    }


def reach_into(app: Any, record: dict[str, Any], user: Any, names: set[str]) -> list[str]:
    """Every page that takes one of these ids and does not say 404."""
    browser = Browser(app)
    wrong = []
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        tries = []
        for rule in app.url_map.iter_rules():
            ids = {name for name, c in rule._converters.items() if isinstance(c, IntegerConverter)}
            if ids and ids <= names:
                values = values_for(rule, NO_SUCH) | {name: record[name] for name in ids}
                path = adapter.build(rule.endpoint, values)
                tries += [(rule.endpoint, method, path) for method in sorted(rule.methods - {"HEAD", "OPTIONS"})]
    assert tries, "no page takes any of these ids"
    for endpoint, method, path in tries:
        browser.sign_in_as(user)
        status = browser._send(path, method=method).status_code
        if status != 404:
            wrong.append(f"{endpoint}: {method} {path} answered {status}")
    return wrong


def somebody_with_every_role(*, scheme: Any, area: Any = None) -> Any:
    user = UserFactory()
    for role in Role:
        RoleHeldFactory(user=user, role=role, scheme=scheme, area=area)
    VolunteerFactory(user=user, area=area or AreaFactory(scheme=scheme))
    return user


def test_every_id_in_a_path_is_known_to_these_tests(app, session):
    area = AreaFactory()
    known = set(record_of(area)) | set(scheme_wide_record_of(area))
    asked = {
        name
        for rule in app.url_map.iter_rules()
        for name, c in rule._converters.items()
        if isinstance(c, IntegerConverter)
    }
    assert asked - known == set()


def test_every_record_of_another_scheme_is_404_even_for_somebody_with_every_role(app, session):
    theirs = AreaFactory()
    record = record_of(theirs) | scheme_wide_record_of(theirs)
    user = somebody_with_every_role(scheme=SchemeFactory())
    assert reach_into(app, record, user, set(record)) == []


def test_every_record_of_another_area_is_404_for_somebody_with_every_role_in_one_area(app, session):
    scheme = SchemeFactory()
    record = record_of(AreaFactory(scheme=scheme))
    user = somebody_with_every_role(scheme=scheme, area=AreaFactory(scheme=scheme))
    assert reach_into(app, record, user, set(record)) == []
