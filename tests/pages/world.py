"""One of everything, at the stage where each page has something to do: what the tests of all pages walk through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal import clock
from portal.access import Can, Role
from portal.accounts import services as locks
from portal.accounts.models import OneTimeSecret, Purpose
from portal.agreements.models import Agreement
from portal.agreements.queries import token_of as token_of_agreement
from portal.apologies.queries import hashed as hashed_to_tell
from portal.applications import services as applications
from portal.applications.models import Application
from portal.applications.queries import mark_of
from portal.assisted.queries import hashed as hashed_to_confirm
from portal.audit.rules import Outsider
from portal.calendars.models import CalendarFeed
from portal.calendars.queries import hashed as hashed_feed
from portal.carriers.rules import Carrier
from portal.certification.documents import Certificate as Printed
from portal.certification.models import Certificate
from portal.cohorts.models import CohortSession, Enrolment
from portal.database import keyring, session
from portal.files.rules import PDF, Examined
from portal.files.services import keep
from portal.interviews.models import Interview
from portal.interviews.queries import hashed as hashed_talk
from portal.interviews.rules import reached_at
from portal.locks.services import once
from portal.messages.models import MessageState
from portal.recommendations.models import Recommendation, RecommendationState
from portal.recommendations.queries import hashed as hashed_to_recommend
from portal.references.models import Reference
from portal.references.queries import ANOTHER, another_path, hashed, step_key
from portal.reminders.queries import address_path
from portal.returning.queries import link_of
from portal.schemes.rules import Route
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import where_token
from tests.browser import Browser
from tests.factories import (
    AcknowledgementFactory,
    AgreementFactory,
    ApologyLinkFactory,
    AreaFactory,
    CohortSessionFactory,
    CourseDraftFactory,
    CourseVersionFactory,
    EligibilityFactory,
    HelperFactory,
    HistoryLineFactory,
    InterviewFactory,
    InterviewLinkFactory,
    InvitationFactory,
    MarkFactory,
    MessageFactory,
    PaperFormFactory,
    RefereeFactory,
    ReferenceFactory,
    RoleHeldFactory,
    SchemeFactory,
    SessionFileFactory,
    SignpostFactory,
    UserFactory,
    VolunteerFactory,
)

TOKEN = "a-link-that-the-tests-know-and-nobody-else-does"
PASSWORD = "seven trombones in the attic"

# The stage at which a page has most to show, by the beginning of its endpoint; the longest that fits counts.
STAGE_OF = {
    "applications": Stage.APPLIED,
    "assisted": Stage.APPLYING,
    "interviews": Stage.INTERVIEWING,
    "appointments": Stage.INTERVIEWING,
    "scorecards": Stage.INTERVIEWING,
    "interviews.invite_to_interview": Stage.APPLIED,
    "recommendations": Stage.APPLIED,
    "agreements": Stage.OFFERED,
    "references": Stage.OFFERED,
    "reminders": Stage.OFFERED,
    "decisions": Stage.OFFERED,
    "decisions.offer_place": Stage.INTERVIEWING,
    "checks": Stage.OFFERED,
    "disclosure": Stage.OFFERED,
    "certification.list_ready": Stage.TRAINING,
    "certification": Stage.CERTIFIED,
    "pool.approve": Stage.CERTIFIED,
    "pool.rest": Stage.ACTIVE,
    "pool.leave": Stage.ACTIVE,
    "pool.welcome_back": Stage.RESTING,
}


@dataclass(frozen=True)
class World:
    """Where each name in a path leads, and who walks there."""

    scheme: Any
    everyone: Any
    volunteer_user: Any
    certified_user: Any
    learner: Any
    application_id: int
    application_mark: str
    code: str
    paper_being_typed_id: int
    records: dict[Stage, dict[str, Any]]
    shared: dict[str, Any]

    def path(self, app: Any, rule: Any) -> str:
        """The path of this page, with real records in it."""
        values = self.values(rule.endpoint, rule.arguments)
        return str(app.url_map.bind("localhost").build(rule.endpoint, values, append_unknown=False))

    def values(self, endpoint: str, names: set[str]) -> dict[str, Any]:
        """What to put into the path of this endpoint; a name nobody knows is a test to be written."""
        known = self.shared | self.records[stage_of(endpoint)]
        if endpoint.startswith("applications."):
            known |= {"code": self.code}
        if endpoint == "applications.edit_section":
            known |= {"slug": "about-you"}
        if endpoint in {"paper.type_in", "paper.let_go"}:
            known |= {"paper_id": self.paper_being_typed_id}
        if endpoint.startswith("returning."):
            begun = session.get_one(Application, self.application_id)
            known |= {"token": link_of(begun, clock.today() + timedelta(days=1))}
        if endpoint in {"home.show_where", "home.stop_by_link", "home.undo_by_link"}:
            on_the_way = session.get_one(Volunteer, self.records[Stage.APPLIED]["volunteer_id"])
            known |= {"token": where_token(on_the_way)}
        if endpoint in {"correspondence.tell_message", "correspondence.print_letter"}:
            known |= {"message_id": known["message_to_tell_id"]}
        return {name: known[name] for name in names}

    def visit(self, browser: Browser, endpoint: str, needs: Can) -> Browser:
        """Put this browser in front of the page as somebody who may open it."""
        if needs is Can.OWN_JOURNEY:
            if endpoint.startswith("packs."):
                return browser.sign_in_as(self.learner)
            if endpoint.startswith("apologies."):
                return browser.sign_in_as(self.learner)
            has_certificate = endpoint.startswith("certification.")
            if endpoint.startswith("checkin."):
                return browser.sign_in_as(self.learner)
            return browser.sign_in_as(self.certified_user if has_certificate else self.volunteer_user)
        if needs is not Can.VISIT:
            browser.sign_in_as(self.everyone)
            if endpoint == "accounts.show_recovery_codes":
                with browser._client.session_transaction() as cookies:
                    cookies["recovery_codes"] = keyring.fernet.encrypt(b"aaaa-bbbb cccc-dddd").decode()
            if endpoint.startswith("paper."):  # a scan is shown only once it was opened with its button
                with browser._client.session_transaction() as cookies:
                    later = int((clock.now() + timedelta(minutes=50)).timestamp())
                    waiting = self.values(endpoint, {"paper_id"})["paper_id"]
                    cookies["scans"] = {str(waiting): later}
            if endpoint == "calendars.show_address":
                with browser._client.session_transaction() as cookies:
                    cookies["calendar_token"] = keyring.fernet.encrypt(TOKEN.encode()).decode()
            return browser
        with browser._client.session_transaction() as cookies:
            cookies.clear()
            cookies["application_id"], cookies["application_mark"] = self.application_id, self.application_mark
            if endpoint.startswith("assisted."):
                helped = self.records[Stage.APPLYING]
                cookies["application_id"], cookies["application_mark"] = helped["application_id"], helped["mark"]
            cookies["enquiry_id"] = self.records[Stage.TRAINING]["enquiry_id"]
            cookies["sign_in"] = {"email": self.everyone.email, "next": "/"}
            if endpoint.startswith("accounts."):
                later = int((clock.now() + timedelta(minutes=9)).timestamp())
                cookies["half_in"] = {"key": self.everyone.fs_uniquifier, "until": later}
                secret = locks.new_authenticator_secret()
                cookies["new_secret"] = keyring.fernet.encrypt(secret.encode()).decode()
        return browser


def stage_of(endpoint: str) -> Stage:
    """The stage at which this page has something to do."""
    fitting = [start for start in STAGE_OF if endpoint.startswith(start)]
    return STAGE_OF[max(fitting, key=len)] if fitting else Stage.TRAINING


def made() -> World:
    """A scheme with a person at every stage that a page is about, all of them reachable for one user."""
    from tests.architecture.test_access import record_of

    area = AreaFactory(scheme=SchemeFactory(name="Harbour Peer Mentors"))
    everyone = UserFactory(name="Every Role")
    for role in Role:
        if role is not Role.VOLUNTEER:
            RoleHeldFactory(user=everyone, role=role, scheme=area.scheme)
    records = {stage: record_of(area) for stage in {*STAGE_OF.values(), Stage.TRAINING}}
    session.get_one(Interview, records[Stage.INTERVIEWING]["interview_id"]).second = everyone
    for stage, record in records.items():
        _bring_to(record["volunteer_id"], stage, record)
    user = UserFactory(role=Role.VOLUNTEER, scheme=area.scheme)
    offered = VolunteerFactory(user=user, area=area, stage=Stage.OFFERED)
    InterviewFactory(volunteer=offered, held_at=clock.now(), scores={}, strengths="Listens before speaking.")
    mentor = UserFactory(role=Role.VOLUNTEER, scheme=area.scheme)
    session.get_one(Volunteer, records[Stage.CERTIFIED]["volunteer_id"]).user = mentor
    learner = UserFactory(role=Role.VOLUNTEER, scheme=area.scheme)
    training = records[Stage.TRAINING]
    session.get_one(Volunteer, training["volunteer_id"]).user = learner
    handed_out = SessionFileFactory(
        scheme_id=area.scheme.id, session_number=session.get_one(CohortSession, training["session_id"]).number
    )
    application, code = applications.start(
        area=area, name="Łucja O’Neill", email="lucja@example.org", phone="", route=Route.OPEN_WEB, by=Outsider("Łucja")
    )
    RefereeFactory(application=application)
    typed_for, _ = applications.start(
        area=area, name="Piotr Paper", email="", phone="+447700900123", route=Route.OPEN_WEB, by=everyone
    )
    being_typed = PaperFormFactory(area=area, volunteer=typed_for.volunteer)
    invitation = InvitationFactory(scheme=area.scheme, token_hash=keyring.hash(TOKEN))
    link = OneTimeSecret(
        user=everyone, purpose=Purpose.NEW_PASSWORD, secret_hash=keyring.hash(TOKEN),
        expires_at=clock.now() + timedelta(hours=1),
    )  # fmt: skip
    session.add(link)
    session.add(CalendarFeed(user_id=everyone.id, token_hash=hashed_feed(TOKEN), made_at=clock.now()))
    session.commit()
    shared = {
        "scheme_id": area.scheme.id, "area_id": area.id, "slug": area.scheme.slug, "area_slug": area.slug,
        "eligibility_id": EligibilityFactory(scheme=area.scheme).id,
        "signpost_id": SignpostFactory(scheme=area.scheme).id,
        "agreement_id": AgreementFactory(scheme_id=area.scheme.id).id,
        "invitation_id": invitation.id, "message_id": MessageFactory(scheme_id=area.scheme.id).id,
        "message_to_tell_id": MessageFactory(
            scheme_id=area.scheme.id, volunteer_id=records[Stage.APPLIED]["volunteer_id"], is_to_volunteer=True,
            state=MessageState.BY_HAND, carrier=Carrier.HAND,
        ).id,
        "version_id": CourseVersionFactory(scheme=area.scheme).id, "number": 1, "file_id": handed_out.id,
        "draft_id": CourseDraftFactory(scheme=area.scheme).id, "outcome_number": 1,
        "part": "plan", "what": "sessions/1",
        "token": TOKEN, "template": "application_sent", "way": "email",
        "answer": "not-yet", "criterion": "U1.1.1", "unit_code": "U1", "filename": "portal.css",
    }  # fmt: skip
    agreement = session.get_one(Agreement, shared["agreement_id"])
    signed = keep(Examined("paper.pdf", PDF, b"%PDF-1.7"), scheme_id=area.scheme.id, by=None)
    for each in (session.get_one(Volunteer, records[Stage.OFFERED]["volunteer_id"]), offered):
        AcknowledgementFactory(volunteer=each, agreement=agreement, file=signed)
    shared["agreement_token"] = token_of_agreement(agreement, offered)
    mark = mark_of(application)
    return World(
        area.scheme, everyone, user, mentor, learner, application.id, mark, code, being_typed.id, records, shared
    )  # fmt: skip


def _bring_to(volunteer_id: int, stage: Stage, record: dict[str, Any]) -> None:
    """Let this record's people be where the pages expect them, with a history that says so."""
    volunteer = session.get_one(Volunteer, volunteer_id)
    volunteer.stage = stage
    if stage is Stage.INTERVIEWING:
        InterviewLinkFactory(volunteer=volunteer, token_hash=hashed_talk(TOKEN), to_address=reached_at(volunteer))
    HistoryLineFactory(volunteer=volunteer, to_stage=stage)
    if stage is Stage.APPLYING:
        _help_with(session.get_one(Application, record["application_id"]), record)
    if stage is Stage.OFFERED:
        asked = session.get_one(Reference, record["reference_id"])
        asked.token_hash = hashed(TOKEN)
        asked.file = keep(Examined("letter.pdf", PDF, b"%PDF-1.7"), scheme_id=volunteer.scheme_id, by=None)
        application = session.get_one(Application, record["application_id"])
        lost = ReferenceFactory(referee=RefereeFactory(application=application), bounced_at=clock.now())
        record["address_token"] = address_path(lost).rpartition("/")[2]
        once(step_key(lost, ANOTHER, 0))
        record["another_token"] = another_path(lost).rpartition("/")[2]
    if stage is Stage.APPLIED:
        backed = session.get_one(Recommendation, record["recommendation_id"])
        backed.token_hash, backed.state = hashed_to_recommend(TOKEN), RecommendationState.OPENED
    if stage is Stage.TRAINING:
        enrolment = session.get_one(Enrolment, record["enrolment_id"])
        MarkFactory(enrolment=enrolment, session=session.get_one(CohortSession, record["session_id"]))
        to_come = CohortSessionFactory(cohort=enrolment.cohort, starts_at=clock.now() + timedelta(days=1))
        record["session_number"] = to_come.number
        ApologyLinkFactory(enrolment=enrolment, token_hash=hashed_to_tell(TOKEN))
    certificate = session.get_one(Certificate, record["certificate_id"])
    certificate.facts, certificate.check_code = _facts(certificate), f"CHECK{certificate.id}"
    record["check_code"] = certificate.check_code
    session.commit()


def _help_with(application: Application, record: dict[str, Any]) -> None:
    """Let somebody type it for its person, who has been sent a link."""
    application.submitted_at = None
    scan = keep(Examined("signed.pdf", PDF, b"%PDF-1.7"), scheme_id=application.volunteer.scheme_id, by=None)
    HelperFactory(
        application=application, token_hash=hashed_to_confirm(TOKEN), sent_to=application.volunteer.email, file=scan,
        expires_at=clock.now() + timedelta(days=3),
    )  # fmt: skip
    record["mark"] = mark_of(application)


def _facts(certificate: Certificate) -> dict[str, Any]:
    today = clock.today()
    return Printed(
        number=certificate.number, check_url="https://example.org/c/x", mentor="Łucja O’Neill", romanised=None,
        scheme="Harbour Peer Mentors", course_title="Peer mentor training, Level 2", cohort="Cohort 1",
        starts_on=today, ends_on=today, hours_attended_minutes=2880, course_minutes=2880,
        units=(("U1", "The role of a peer mentor"),), issued_on=today, signed_by="Carol Reed",
    ).facts()  # fmt: skip
