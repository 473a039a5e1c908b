"""One factory for each model. A test writes only what it is about; the rest comes from here, in sequence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from factory.alchemy import SQLAlchemyModelFactory

from courses.loader import builtin
from courses.marks import Code
from portal import clock
from portal.access import Role
from portal.accounts.models import Invitation, RoleHeld, User
from portal.agreements.models import Acknowledgement, Agreement
from portal.apologies.models import Apology, ApologyBy, ApologyLink, ReceivedText
from portal.applications.models import Application, Helper, Referee, Relation, SentApplication
from portal.assessment.models import CriterionDecision, CriterionState, IqaSample
from portal.attendance.models import CatchUp, CatchUpBooking, CatchUpRequest, Mark
from portal.carriers.rules import Carrier
from portal.certification.models import Certificate
from portal.checks.models import DbsCheck, Eligibility, Level, Workforce
from portal.cohorts.models import Cohort, CohortSession, Enrolment
from portal.correspondence.models import Contact, Reached, Way
from portal.courses.models import Audience, CourseDraft, CourseVersion, SessionFile
from portal.database import session
from portal.decisions.models import Condition, Decline, MightReturn, Offer, Signpost, WhoDecided, Withdrawal
from portal.disclosure.models import Disclosure
from portal.duplicates.models import Pair, Verdict
from portal.enquiries.models import Enquiry
from portal.files.rules import PDF, Examined
from portal.files.services import keep
from portal.interviews.models import Interview, InterviewLink, ScoreSheet, Setting, Slot
from portal.messages.models import Message, Wording
from portal.paper.models import PaperForm
from portal.pool.models import Approval
from portal.recommendations.models import Recommendation
from portal.references.models import Reference
from portal.schemes.models import Area, Scheme
from portal.support.models import KeptApart, LearnerPlan
from portal.volunteers.journey import Stage
from portal.volunteers.models import Channel, ContactPreference, HistoryLine, Volunteer


class Factory(SQLAlchemyModelFactory):
    """Commits at once: a page opened afterwards sees it."""

    class Meta:
        abstract = True
        sqlalchemy_session = session
        sqlalchemy_session_persistence = "commit"


class SchemeFactory(Factory):
    class Meta:
        model = Scheme

    slug = factory.Sequence(lambda n: f"scheme-{n}")
    name = factory.Sequence(lambda n: f"Scheme {n}")
    phone = "0191 498 0000"
    email = factory.Sequence(lambda n: f"hello-{n}@scheme.example")
    created_at = factory.LazyFunction(clock.now)


class AreaFactory(Factory):
    class Meta:
        model = Area

    scheme = factory.SubFactory(SchemeFactory)
    slug = factory.Sequence(lambda n: f"area-{n}")
    name = factory.Sequence(lambda n: f"Area {n}")


class UserFactory(Factory):
    """`UserFactory(role=Role.TRAINER, area=area)`, or `scheme=` for a role in the whole scheme; no role without."""

    class Meta:
        model = User
        exclude = ("role", "scheme", "area")

    role: Any = None
    scheme: Any = None
    area: Any = None
    email = factory.Sequence(lambda n: f"person-{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    fs_uniquifier = factory.Sequence(lambda n: f"uniquifier-{n}")
    created_at = factory.LazyFunction(clock.now)

    @classmethod
    def _generate(cls, strategy: Any, params: Any) -> User:
        role, scheme, area = params.pop("role", None), params.pop("scheme", None), params.pop("area", None)
        user: User = super()._generate(strategy, params)
        if role is not None:
            scheme = scheme or (area.scheme if area else SchemeFactory())
            RoleHeldFactory(user=user, role=role, scheme=scheme, area=area)
        return user


class RoleHeldFactory(Factory):
    class Meta:
        model = RoleHeld

    user = factory.SubFactory(UserFactory)
    scheme = factory.SubFactory(SchemeFactory)
    area = None
    role = Role.COORDINATOR
    from_on = factory.LazyFunction(lambda: clock.today() - timedelta(days=365))


class InvitationFactory(Factory):
    class Meta:
        model = Invitation

    scheme = factory.SubFactory(SchemeFactory)
    email = factory.Sequence(lambda n: f"invited-{n}@example.org")
    name = factory.Sequence(lambda n: f"Invited {n}")
    role = Role.TRAINER
    token_hash = factory.Sequence(lambda n: f"{n:064d}")
    invited_by = factory.SubFactory(UserFactory)
    invited_at = factory.LazyFunction(clock.now)
    expires_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=7))


class VolunteerFactory(Factory):
    """A volunteer of `area`, with contact preferences; `user=` gives them an account (add `RoleHeldFactory` for it)."""

    class Meta:
        model = Volunteer

    area = factory.SubFactory(AreaFactory)
    scheme = factory.LazyAttribute(lambda o: o.area.scheme)
    reference = factory.Sequence(lambda n: f"V-{n:06d}")
    name = factory.Sequence(lambda n: f"Volunteer {n}")
    sort_name = factory.LazyAttribute(lambda o: o.name.casefold())
    email = factory.Sequence(lambda n: f"volunteer-{n}@example.org")
    stage = Stage.APPLYING
    stage_since = factory.LazyFunction(clock.now)
    created_at = factory.LazyFunction(clock.now)
    contact = factory.RelatedFactory("tests.factories.ContactPreferenceFactory", factory_related_name="volunteer")


class ContactPreferenceFactory(Factory):
    class Meta:
        model = ContactPreference

    volunteer = factory.SubFactory(VolunteerFactory)


class HistoryLineFactory(Factory):
    class Meta:
        model = HistoryLine

    volunteer = factory.SubFactory(VolunteerFactory)
    move = "submit"
    from_stage = Stage.APPLYING
    to_stage = Stage.APPLIED
    at = factory.LazyFunction(clock.now)
    by_name = "Somebody"


class ApplicationFactory(Factory):
    class Meta:
        model = Application

    volunteer = factory.SubFactory(VolunteerFactory, stage=Stage.APPLIED)
    return_code_hash = factory.Sequence(lambda n: f"{n:064d}")
    is_adult = True
    why = "I want to help others as I was helped."
    agrees_to_checks = True
    started_at = factory.LazyFunction(clock.now)
    saved_at = factory.LazyFunction(clock.now)
    submitted_at = factory.LazyFunction(clock.now)


class RefereeFactory(Factory):
    class Meta:
        model = Referee

    application = factory.SubFactory(ApplicationFactory)
    name = factory.Sequence(lambda n: f"Referee {n}")
    relation = Relation.KEY_WORKER
    email = factory.Sequence(lambda n: f"referee-{n}@example.org")
    years_known = 2


class ReferenceFactory(Factory):
    class Meta:
        model = Reference

    referee = factory.SubFactory(RefereeFactory)
    volunteer = factory.LazyAttribute(lambda o: o.referee.application.volunteer)
    token_hash = factory.Sequence(lambda n: f"{n:064d}")
    requested_at = factory.LazyFunction(clock.now)
    expires_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=21))


class InterviewFactory(Factory):
    class Meta:
        model = Interview

    volunteer = factory.SubFactory(VolunteerFactory, stage=Stage.INTERVIEWING)
    planned_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=3))
    setting = Setting.PHONE
    interviewer = factory.SubFactory(UserFactory)


class OfferFactory(Factory):
    class Meta:
        model = Offer

    interview = factory.SubFactory(InterviewFactory, volunteer__stage=Stage.OFFERED)
    volunteer = factory.LazyAttribute(lambda o: o.interview.volunteer)
    because = "Warm, honest and reliable."
    offered_at = factory.LazyFunction(clock.now)
    offered_by_id = factory.LazyAttribute(lambda o: o.interview.interviewer.id)


class DisclosureFactory(Factory):
    class Meta:
        model = Disclosure

    volunteer = factory.SubFactory(VolunteerFactory, stage=Stage.OFFERED)
    asked_at = factory.LazyFunction(clock.now)


class EligibilityFactory(Factory):
    class Meta:
        model = Eligibility

    scheme = factory.SubFactory(SchemeFactory)
    role_title = "Peer mentor"
    level = Level.ENHANCED
    workforce = Workforce.ADULT
    relied_on = "Advice and guidance, weekly, for adults receiving support."
    decided_on = factory.LazyFunction(clock.today)
    decided_by_id = factory.LazyAttribute(lambda o: UserFactory().id)


class DbsCheckFactory(Factory):
    class Meta:
        model = DbsCheck

    volunteer = factory.SubFactory(VolunteerFactory, stage=Stage.OFFERED)
    eligibility = factory.LazyAttribute(lambda o: EligibilityFactory(scheme=o.volunteer.scheme))
    level = Level.ENHANCED
    workforce = Workforce.ADULT
    applied_on = factory.LazyFunction(clock.today)


class AgreementFactory(Factory):
    class Meta:
        model = Agreement

    scheme_id = factory.LazyAttribute(lambda o: SchemeFactory().id)
    number = factory.Sequence(lambda n: n + 1)
    title = "What we expect of each other"
    text = "We will support you. You will tell us when something changes."
    published_at = factory.LazyFunction(clock.now)
    published_by_id = factory.LazyAttribute(lambda o: UserFactory().id)


class AcknowledgementFactory(Factory):
    class Meta:
        model = Acknowledgement

    volunteer = factory.SubFactory(VolunteerFactory, stage=Stage.OFFERED)
    agreement = factory.LazyAttribute(lambda o: AgreementFactory(scheme_id=o.volunteer.scheme_id))
    typed_name = "A Volunteer"
    at = factory.LazyFunction(clock.now)


class LearnerPlanFactory(Factory):
    class Meta:
        model = LearnerPlan

    volunteer = factory.SubFactory(VolunteerFactory, stage=Stage.TRAINING)
    support_needs = "A seat near the door."
    adjustments = "Large print."
    access_arrangements = "A step-free way in."
    comment = ""
    may_trainers_see = True
    changed_at = factory.LazyFunction(clock.now)
    changed_by = factory.SubFactory(UserFactory)


class KeptApartFactory(Factory):
    """Two people of one area; the one made first is `one`."""

    class Meta:
        model = KeptApart

    one = factory.SubFactory(VolunteerFactory)
    other = factory.LazyAttribute(lambda o: VolunteerFactory(area=o.one.area))
    because = "A matter between their families."
    set_at = factory.LazyFunction(clock.now)
    set_by = factory.SubFactory(UserFactory)


class CourseVersionFactory(Factory):
    class Meta:
        model = CourseVersion

    scheme = factory.SubFactory(SchemeFactory)
    code = "peer_mentor_level_2"
    number = factory.Sequence(lambda n: n + 1)
    title = "Peer mentor training"
    body = factory.LazyFunction(lambda: builtin().to_json())
    created_at = factory.LazyFunction(clock.now)


class CourseDraftFactory(Factory):
    class Meta:
        model = CourseDraft

    scheme = factory.SubFactory(SchemeFactory)
    code = factory.Sequence(lambda n: f"course_{n}")
    body = factory.LazyFunction(lambda: builtin().to_json())
    started_at = factory.LazyFunction(clock.now)
    changed_at = factory.LazyFunction(clock.now)
    changed_by = factory.SubFactory(UserFactory)


class SessionFileFactory(Factory):
    """A file of a session, whose bytes lie where the tests' portal keeps them."""

    class Meta:
        model = SessionFile

    scheme_id = factory.LazyAttribute(lambda o: SchemeFactory().id)
    course_code = "peer_mentor_level_2"
    session_number = 1
    title = "Slides"
    number = factory.Sequence(lambda n: n + 1)
    audience = Audience.LEARNERS
    file = factory.LazyAttribute(
        lambda o: keep(Examined("Slides.pdf", PDF, b"%PDF-1.7 a trial"), scheme_id=o.scheme_id, by=None)
    )
    added_at = factory.LazyFunction(clock.now)
    added_by = factory.LazyAttribute(lambda o: UserFactory())


class CohortFactory(Factory):
    """A cohort without sessions; add them with `CohortSessionFactory(cohort=…)`."""

    class Meta:
        model = Cohort

    area = factory.SubFactory(AreaFactory)
    scheme_id = factory.LazyAttribute(lambda o: o.area.scheme.id)
    course_version = factory.LazyAttribute(lambda o: CourseVersionFactory(scheme=o.area.scheme))
    name = factory.Sequence(lambda n: f"Cohort {n}")
    venue = "The Hub"
    capacity = 20
    starts_on = factory.LazyFunction(clock.today)
    slots = factory.LazyFunction(lambda: [{"weekday": 1, "starts_at": "18:00", "minutes": 120}])
    created_at = factory.LazyFunction(clock.now)


class CohortSessionFactory(Factory):
    class Meta:
        model = CohortSession

    cohort = factory.SubFactory(CohortFactory)
    number = factory.Sequence(lambda n: n + 1)
    week = 1
    title = factory.Sequence(lambda n: f"Session {n}")
    starts_at = factory.LazyFunction(lambda: clock.now() - timedelta(hours=1))
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + timedelta(minutes=o.minutes))
    minutes = 120


class EnrolmentFactory(Factory):
    class Meta:
        model = Enrolment

    cohort = factory.SubFactory(CohortFactory)
    volunteer = factory.LazyAttribute(lambda o: VolunteerFactory(area=o.cohort.area, stage=Stage.TRAINING))
    joined_on = factory.LazyFunction(clock.today)
    enrolled_at = factory.LazyFunction(clock.now)
    enrolled_by_id = factory.LazyAttribute(lambda o: UserFactory().id)


class MarkFactory(Factory):
    class Meta:
        model = Mark

    enrolment = factory.SubFactory(EnrolmentFactory)
    session = factory.LazyAttribute(lambda o: CohortSessionFactory(cohort=o.enrolment.cohort))
    code = Code.P
    marked_at = factory.LazyFunction(clock.now)
    marked_by_id = factory.LazyAttribute(lambda o: UserFactory().id)


class CatchUpFactory(Factory):
    class Meta:
        model = CatchUp

    enrolment = factory.SubFactory(EnrolmentFactory)
    session = factory.LazyAttribute(lambda o: CohortSessionFactory(cohort=o.enrolment.cohort))
    done_on = factory.LazyFunction(clock.today)
    minutes = 60
    evidence = "Went through the handout together and answered the questions."
    tutor_id = factory.LazyAttribute(lambda o: UserFactory().id)
    recorded_at = factory.LazyFunction(clock.now)


class CriterionDecisionFactory(Factory):
    class Meta:
        model = CriterionDecision

    enrolment = factory.SubFactory(EnrolmentFactory)
    criterion = "U1.1.1"
    state = CriterionState.MET
    decided_at = factory.LazyFunction(clock.now)
    decided_by = factory.SubFactory(UserFactory)


class IqaSampleFactory(Factory):
    class Meta:
        model = IqaSample

    enrolment = factory.SubFactory(EnrolmentFactory)
    unit = "U1"
    planned_at = factory.LazyFunction(clock.now)
    planned_by_id = factory.LazyAttribute(lambda o: UserFactory().id)


class CertificateFactory(Factory):
    class Meta:
        model = Certificate

    enrolment = factory.SubFactory(EnrolmentFactory)
    volunteer = factory.LazyAttribute(lambda o: o.enrolment.volunteer)
    number = factory.Sequence(lambda n: f"CM-{n:05d}")
    check_code = factory.Sequence(lambda n: f"check-code-{n}")
    facts = factory.LazyFunction(dict)
    issued_on = factory.LazyFunction(clock.today)
    issued_at = factory.LazyFunction(clock.now)
    issued_by_id = factory.LazyAttribute(lambda o: UserFactory().id)


class ApprovalFactory(Factory):
    class Meta:
        model = Approval

    volunteer = factory.SubFactory(VolunteerFactory, stage=Stage.ACTIVE)
    approved_at = factory.LazyFunction(clock.now)
    approved_by = factory.SubFactory(UserFactory)
    because = "Every gate is met."
    gates = factory.LazyFunction(list)


class MessageFactory(Factory):
    class Meta:
        model = Message

    message_id = factory.Sequence(lambda n: f"<message-{n}@alongside>")
    template = "trial"
    to_address = factory.Sequence(lambda n: f"reader-{n}@example.org")
    subject = "Good news"
    body = "You have a place."
    next_try_at = factory.LazyFunction(clock.now)
    queued_at = factory.LazyFunction(clock.now)


class CatchUpBookingFactory(Factory):
    class Meta:
        model = CatchUpBooking

    enrolment = factory.SubFactory(EnrolmentFactory)
    session = factory.LazyAttribute(lambda o: CohortSessionFactory(cohort=o.enrolment.cohort))
    starts_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=1))
    minutes = 60
    place = "The small room"
    tutor = factory.LazyAttribute(lambda o: UserFactory(role=Role.TRAINER, area=o.enrolment.cohort.area))
    booked_at = factory.LazyFunction(clock.now)
    booked_by_id = factory.LazyAttribute(lambda o: o.tutor.id)


class CatchUpRequestFactory(Factory):
    class Meta:
        model = CatchUpRequest

    enrolment = factory.SubFactory(EnrolmentFactory)
    session = factory.LazyAttribute(lambda o: CohortSessionFactory(cohort=o.enrolment.cohort))
    asked_at = factory.LazyFunction(clock.now)


class ApologyFactory(Factory):
    """Somebody cannot come to a session of tomorrow."""

    class Meta:
        model = Apology

    enrolment = factory.SubFactory(EnrolmentFactory)
    session = factory.LazyAttribute(
        lambda o: CohortSessionFactory(cohort=o.enrolment.cohort, starts_at=clock.now() + timedelta(days=1))
    )
    by = ApologyBy.PAGE
    told_at = factory.LazyFunction(clock.now)


class ApologyLinkFactory(Factory):
    class Meta:
        model = ApologyLink

    enrolment = factory.SubFactory(EnrolmentFactory)
    token_hash = factory.Sequence(lambda n: f"{n:064d}")
    to_address = factory.LazyAttribute(lambda o: o.enrolment.volunteer.email)
    made_at = factory.LazyFunction(clock.now)
    expires_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=90))


class ReceivedTextFactory(Factory):
    class Meta:
        model = ReceivedText

    enrolment = factory.SubFactory(EnrolmentFactory)
    notify_id = factory.Sequence(lambda n: f"text-{n}")
    words = "Running late, start without me"
    received_at = factory.LazyFunction(clock.now)


class HelperFactory(Factory):
    class Meta:
        model = Helper

    application = factory.SubFactory(ApplicationFactory)
    name = "Petra Key"
    organisation = "Wear Recovery"
    began_at = factory.LazyFunction(clock.now)


class SentApplicationFactory(Factory):
    class Meta:
        model = SentApplication

    application = factory.SubFactory(ApplicationFactory)
    number = 1
    facts = "{}"
    sent_at = factory.LazyFunction(clock.now)
    sent_by_name = "Somebody"


class EnquiryFactory(Factory):
    class Meta:
        model = Enquiry

    area = factory.SubFactory(AreaFactory)
    scheme = factory.LazyAttribute(lambda o: o.area.scheme)
    name = factory.Sequence(lambda n: f"Asker {n}")
    email = factory.Sequence(lambda n: f"asker-{n}@example.org")
    channel = Channel.EMAIL
    made_at = factory.LazyFunction(clock.now)
    reply_by = factory.LazyFunction(lambda: clock.today() + timedelta(days=5))


class PaperFormFactory(Factory):
    class Meta:
        model = PaperForm

    area = factory.SubFactory(AreaFactory)
    scheme_id = factory.LazyAttribute(lambda o: o.area.scheme_id)
    kept_by = factory.SubFactory(UserFactory)
    received_on = factory.LazyFunction(clock.today)
    kept_at = factory.LazyFunction(clock.now)

    @factory.lazy_attribute
    def file(self) -> Any:
        return keep(Examined("form.pdf", PDF, b"%PDF-1.7 a form"), scheme_id=self.scheme_id, by=self.kept_by)


class RecommendationFactory(Factory):
    class Meta:
        model = Recommendation

    volunteer = factory.SubFactory(VolunteerFactory)
    name = "Priya Practitioner"
    organisation = "Probation"
    email = factory.Sequence(lambda n: f"practitioner-{n}@example.org")
    token_hash = factory.Sequence(lambda n: f"recommendation-{n:049d}")
    asked_at = factory.LazyFunction(clock.now)
    expires_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=28))


class SlotFactory(Factory):
    class Meta:
        model = Slot

    area = factory.SubFactory(AreaFactory)
    scheme_id = factory.LazyAttribute(lambda o: o.area.scheme_id)
    interviewer = factory.SubFactory(UserFactory)
    starts_at = factory.Sequence(lambda n: clock.now() + timedelta(days=3, hours=n))
    setting = Setting.PHONE
    made_at = factory.LazyFunction(clock.now)
    made_by_id = factory.LazyAttribute(lambda o: o.interviewer.id)


class InterviewLinkFactory(Factory):
    class Meta:
        model = InterviewLink

    volunteer = factory.SubFactory(VolunteerFactory)
    token_hash = factory.Sequence(lambda n: f"interview-{n:054d}")
    to_address = factory.LazyAttribute(lambda o: o.volunteer.email)
    made_at = factory.LazyFunction(clock.now)
    expires_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=28))


class ScoreSheetFactory(Factory):
    class Meta:
        model = ScoreSheet

    interview = factory.SubFactory(InterviewFactory)
    scorer = factory.SubFactory(UserFactory)
    scores = factory.LazyFunction(dict)
    locked_at = factory.LazyFunction(clock.now)


class SignpostFactory(Factory):
    class Meta:
        model = Signpost

    scheme = factory.SubFactory(SchemeFactory)
    title = "Volunteer Centre"
    phone = "01325 400 000"
    reviewed_on = factory.LazyFunction(clock.today)


class DeclineFactory(Factory):
    class Meta:
        model = Decline

    volunteer = factory.SubFactory(VolunteerFactory)
    kind = "not_yet"
    because = "Not the right time."
    declined_at = factory.LazyFunction(clock.now)
    declined_by_id = factory.LazyFunction(lambda: UserFactory().id)


class WithdrawalFactory(Factory):
    class Meta:
        model = Withdrawal

    volunteer = factory.SubFactory(VolunteerFactory)
    decided_by = WhoDecided.THEM
    might_return = MightReturn.UNKNOWN
    from_stage = Stage.APPLIED
    withdrawn_at = factory.LazyFunction(clock.now)
    undo_until = factory.LazyFunction(lambda: clock.now() + timedelta(days=14))
    by_name = "Somebody"


class ConditionFactory(Factory):
    class Meta:
        model = Condition

    offer = factory.SubFactory(OfferFactory)
    key = factory.Sequence(lambda n: f"own-{n}")
    words = "You tell us when your new home is ready."


class PairFactory(Factory):
    class Meta:
        model = Pair

    kept = factory.SubFactory(VolunteerFactory)
    other = factory.SubFactory(VolunteerFactory, area=factory.SelfAttribute("..kept.area"))
    scheme_id = factory.LazyAttribute(lambda o: o.kept.scheme_id)
    verdict = Verdict.DIFFERENT
    decided_at = factory.LazyFunction(clock.now)
    decided_by_id = factory.LazyFunction(lambda: UserFactory().id)


class ContactFactory(Factory):
    class Meta:
        model = Contact

    volunteer = factory.SubFactory(VolunteerFactory)
    at = factory.LazyFunction(clock.now)
    way = Way.CALL
    reached = Reached.SPOKE
    by = factory.SubFactory(UserFactory)


class WordingFactory(Factory):
    class Meta:
        model = Wording

    scheme_id = factory.LazyFunction(lambda: SchemeFactory().id)
    template = "application_sent"
    carrier = Carrier.EMAIL
    number = 1
    subject = "We have it"
    body = "Hello {{ to_name }}"
    written_at = factory.LazyFunction(clock.now)
    written_by_id = factory.LazyFunction(lambda: UserFactory().id)
