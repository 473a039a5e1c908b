"""People apply, are interviewed, checked and confirmed: each as far as their part goes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial

from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.accounts.models import User
from portal.agreements import services as agreements
from portal.applications import services as applications
from portal.applications.models import Application, Relation
from portal.audit.rules import Outsider
from portal.checks import services as checks
from portal.checks.models import DbsCheck, Outcome, Suitability
from portal.checks.rules import FreeTest
from portal.conditions import services as conditions
from portal.database import session
from portal.decisions import services as decisions
from portal.decisions.models import MightReturn, Signpost
from portal.decisions.rules import DeclineKind, WithdrawReason
from portal.demo.opening.services import Stage
from portal.demo.rules import ACCESS_NEEDS, DOMAIN, EXPERIENCE, Character, Part
from portal.disclosure import services as disclosure
from portal.disclosure.rules import NOTHING
from portal.interviews import services as interviews
from portal.interviews.models import Interview, Setting
from portal.interviews.queries import talks_of
from portal.interviews.rules import ScoreArea
from portal.recommendations import services as recommendations
from portal.recommendations.models import Recommendation
from portal.recommendations.rules import Answer
from portal.recommendations.rules import Answers as Recommended
from portal.references import services as references
from portal.references.models import Reference
from portal.references.rules import Answers, Grade, Recommends
from portal.schemes.rules import Route
from portal.volunteers.models import Channel, Volunteer
from portal.volunteers.services import Reaching

CONFIRMED_AFTER = 44  # days from the first page to a confirmed place, when all goes well
REFEREES = (
    ("Mary Tindale", Relation.KEY_WORKER, "Wear Recovery", 3),
    ("Joe Emmerson", Relation.VOLUNTEERING, "Teesdale Food Bank", 2),
    ("Rev. Ruth Hepple", Relation.COMMUNITY, "St Hild’s", 6),
    ("Paul Surtees", Relation.EMPLOYER, "Surtees Joinery", 4),
)
NOT_SPOKEN_FOR = {Part.APPLYING, Part.APPLIED, Part.INTERVIEWING, Part.WITHDRAWN}  # not yet, or no more
NOT_DONE = {Part.APPLYING, Part.APPLIED, Part.INTERVIEWING, Part.OFFERED, Part.DECLINED, Part.WITHDRAWN}


def recruit(stage: Stage, who: Character, applies_on: date) -> None:
    """Plan one person's way from the first page to a confirmed place, or to where their part ends."""
    stage.at(applies_on, 10, who.number % 60, lambda: apply(stage, who, applies_on))


def apply(stage: Stage, who: Character, day: date) -> None:
    """They write, perhaps send."""
    them = Outsider(f"{who.name} (applying)")
    application, _code = applications.start(
        area=stage.areas[who.area], name=who.name, email=who.email, phone=who.phone, route=who.route, by=them
    )
    stage.things[f"volunteer {who.number}"] = application.volunteer
    applications.save_about_you(
        application, name=who.name, known_as=who.known_as, romanised=who.romanised,
        postcode_area=stage.chance.choice(("DL3", "DL14", "DH1", "DL1", "DH7")), is_adult=True, by=them,
    )  # fmt: skip
    if who.part is Part.APPLYING and who.number % 3 == 0:
        return
    applications.save_why(application, answers={"why_now": who.why}, by=them)
    if who.part is Part.APPLYING:
        return
    finish(stage, who, application)
    if who.part is Part.WITHDRAWN and who.number % 2:
        stage.at(day + timedelta(days=6), 19, 5, lambda: withdraw(stage, who))
        return
    stage.at(day + timedelta(days=1), 12, 30, lambda: applications.submit(application, by=them), by=them)
    if who.route is Route.PRACTITIONER and who.part not in NOT_SPOKEN_FOR:
        stage.at(day + timedelta(days=2), 16, 20, lambda: speak_for(stage, who))
    if who.part is not Part.APPLIED:
        stage.at(day + stage.soon(3, 3), 11, 10, lambda: invite(stage, who), by=stage.staff[Role.COORDINATOR])


def finish(stage: Stage, who: Character, application: Application) -> None:
    """The rest of the application, short as most people are."""
    them = Outsider(f"{who.name} (applying)")
    channel = Channel.EMAIL if who.email else stage.chance.choice((Channel.TEXT, Channel.PHONE))
    careful = who.number % 6 == 0
    reaching = Reaching(
        channel=channel, may_leave_voicemail=not careful, hide_scheme_name=careful,
        safe_from=time(9) if careful else None, safe_until=time(15) if careful else None,
    )  # fmt: skip
    applications.save_reaching_you(application, email=who.email, phone=who.phone, reaching=reaching, by=them)
    applications.save_experience(application, lived_experience=stage.chance.choice(EXPERIENCE), by=them)
    applications.save_skills(application, answers={"good_with_people": who.skills}, by=them)
    needs = stage.chance.choice(ACCESS_NEEDS)
    applications.save_support(application, access_needs=needs, may_share=bool(needs), by=them)
    applications.save_free_time(application, availability=list(who.availability), by=them)
    if who.route is Route.PRACTITIONER:
        backs = {
            "practitioner_name": "Helen Straughan", "practitioner_job": "Probation practitioner",
            "practitioner_organisation": "Probation Service",
            "practitioner_email": f"practitioner{who.number:03}@{DOMAIN}",
        }  # fmt: skip
        applications.save_practitioner(application, answers=backs, by=them)
    for turn in (0, 1):
        name, relation, organisation, years = REFEREES[(who.number + turn) % len(REFEREES)]
        applications.add_referee(
            application, name=name, relation=relation, organisation=organisation, years_known=years, by=them,
            email=f"referee{who.number:03}{'ab'[turn]}@demo.example", phone="",
        )  # fmt: skip
    applications.save_checks(application, agrees_to_checks=True, by=them)


def speak_for(stage: Stage, who: Character) -> None:
    """Their practitioner says yes, by the link."""
    volunteer = person(stage, who)
    for asked in session.scalars(select(Recommendation).where(Recommendation.volunteer_id == volunteer.id)):
        by = Outsider(f"{asked.name} (practitioner, by link)")
        recommendations.open_link(asked, by=by)
        said = Recommended(Answer.RECOMMEND, how_known="We meet every fortnight.", how_long="A year")
        recommendations.answer(asked, said, by=by)


def person(stage: Stage, who: Character) -> Volunteer:
    """The volunteer that this character became."""
    volunteer: Volunteer = stage.things[f"volunteer {who.number}"]
    return volunteer


def withdraw(stage: Stage, who: Character) -> None:
    """They stop for now."""
    decisions.withdraw(
        person(stage, who), reasons=[WithdrawReason.NOT_NOW], their_words="Not the right time for me.",
        might_return=MightReturn.PERHAPS, by=Outsider(who.name),
    )  # fmt: skip


def invite(stage: Stage, who: Character) -> None:
    """The coordinator asks them to come and talk."""
    carol = stage.staff[Role.COORDINATOR]
    day = clock.today() + stage.soon(4, 5)
    setting = stage.chance.choice((Setting.IN_PERSON, Setting.PHONE, Setting.VIDEO))
    to_come = who.part is Part.INTERVIEWING and who.number % 2
    at = _free_hour(day, who.number, *[carol, *([stage.staff[Role.INTERVIEWER]] if to_come else [])])
    interview = interviews.invite(
        person(stage, who), planned_at=at, setting=setting, interviewer=carol, by=carol,
        second=stage.staff[Role.INTERVIEWER] if to_come else None,
        place={Setting.IN_PERSON: "The Hub, Saddler Street", Setting.VIDEO: "https://meet.demo.example/hub"}.get(
            setting, ""
        ),
    )  # fmt: skip
    if to_come:
        return

    def talk() -> None:
        scores = {area.value: stage.chance.choice((2, 3, 3, 4)) for area in ScoreArea}
        interviews.record(
            interview, held_at=at, scores=scores, notes="", second_interviewer_name="Sheila Lamb", by=carol
        )
        if who.part is Part.INTERVIEWING:
            return
        after = clock.today() + timedelta(days=1)
        if who.part is Part.DECLINED:
            stage.at(after, 9, 40, lambda: decline(stage, who), by=carol)
            return
        stage.at(after, 9, 40, lambda: offer(stage, who, interview), by=carol)

    stage.at(at.date(), 16, 45, talk, by=carol)


def _free_hour(day: date, number: int, *people: User) -> datetime:
    """An hour of that day, or of one after it, at which none of them has a talk yet."""
    hours = [
        datetime.combine(day + timedelta(days=later), time(10 + (number + turn) % 6), clock.LONDON)
        for later in range(14)
        for turn in range(6)
    ]
    talks = talks_of({each.id for each in people}, min(hours), max(hours) + timedelta(hours=1))
    taken = {span.starts_at for _, span in talks}
    return next(at for at in hours if at not in taken)


def decline(stage: Stage, who: Character) -> None:
    """A kind no, with what may help."""
    decisions.decline(
        person(stage, who), because="Settling into a new home; would like to wait. Talk again in spring.",
        kind=DeclineKind.NOT_YET, words="Thank you for being so open with us. Please ring us in the spring.",
        by=stage.staff[Role.COORDINATOR], apply_again_on=clock.today() + timedelta(days=120),
        signposts=session.scalars(select(Signpost).order_by(Signpost.id).limit(1)).all(),
    )  # fmt: skip


def offer(stage: Stage, who: Character, interview: Interview) -> None:
    """A place, once the checks are done; everything that follows runs side by side."""
    carol, doug = stage.staff[Role.COORDINATOR], stage.staff[Role.DBS_OFFICER]
    volunteer = person(stage, who)
    made = decisions.offer(
        volunteer, interview=interview,
        because="Warm, honest, and clear about what a mentor is not.", by=carol,
    )  # fmt: skip
    day = made.offered_at.astimezone(clock.LONDON).date()
    if who.part is Part.WITHDRAWN:
        stage.at(day + timedelta(days=4), 20, 15, lambda: withdraw(stage, who))
        return
    halfway = who.part is Part.OFFERED
    asked = session.scalars(select(Reference).filter_by(volunteer_id=volunteer.id).order_by(Reference.id))
    for turn, reference in enumerate(asked):
        if halfway and (who.number + turn) % 3 == 0:
            continue
        stage.at(day + stage.soon(6, 2), 18, 20, partial(answer, stage, reference))
        if not (halfway and turn):
            verify = partial(references.verify, reference, how="Rang the number on their website.", by=carol)
            stage.at(day + timedelta(days=11), 10, 5, verify, by=carol)
    if halfway and who.number % 4 == 0:
        return
    stage.at(day + timedelta(days=2), 19, 30, lambda: agree(stage, who), by=Outsider(who.name))
    stage.at(day + timedelta(days=3), 20, 10, lambda: disclose(stage, who), by=Outsider(who.name))
    stage.at(day + timedelta(days=1), 14, 0, lambda: check(stage, who), by=doug)


def answer(stage: Stage, reference: Reference) -> None:
    """A referee answers by their link."""
    by = Outsider(f"{reference.referee.name} (referee, by link)")
    references.open_link(reference, by=by)
    references.answer(
        reference,
        Answers(
            how_known="We worked side by side every week.", how_long="Three years", reliable=Grade.VERY,
            honest=Grade.VERY, boundaries=stage.chance.choice((Grade.VERY, Grade.MOSTLY)), has_concern=False,
            concern="", recommends=stage.chance.choice((Recommends.YES, Recommends.YES, Recommends.WITH_SUPPORT)),
        ),
        by=by,
    )  # fmt: skip


def agree(stage: Stage, who: Character) -> None:
    """They type their name under what we expect of each other."""
    volunteer = person(stage, who)
    for agreement in stage.agreements:
        agreements.acknowledge(volunteer, agreement=agreement, typed_name=volunteer.name, by=Outsider(who.name))


def disclose(stage: Stage, who: Character) -> None:
    """They tell us about their past, or that there is nothing to tell; the safeguarding lead considers it."""
    statement = NOTHING if who.number % 3 else "A short sentence, eleven years ago. I have told you all of it."
    told = disclosure.answer(person(stage, who), statement=statement, by=Outsider(who.name))
    sheila = stage.staff[Role.SAFEGUARDING_LEAD]
    if who.part is Part.OFFERED and who.number % 2:
        return

    def consider() -> None:
        disclosure.open_statement(told, purpose="Risk assessment before the place is confirmed", by=sheila)
        disclosure.consider(told, by=sheila)

    stage.at(clock.today() + stage.soon(3, 2), 15, 25, consider, by=sheila)


def check(stage: Stage, who: Character) -> None:
    """The DBS officer applies; the certificate comes some weeks later."""
    doug = stage.staff[Role.DBS_OFFICER]
    made = checks.apply(
        person(stage, who), eligibility=stage.eligibility, applied_on=clock.today(),
        application_reference=f"E{2_000_000_000 + who.number}", free_as_volunteer=True, statements=list(FreeTest),
        by=doug,
    )  # fmt: skip
    if who.part is Part.OFFERED and who.number % 3 == 1:
        return
    stage.at(clock.today() + stage.soon(8, 14), 11, 35, lambda: see(stage, who, made), by=doug)


def see(stage: Stage, who: Character, made: DbsCheck) -> None:
    """The certificate is seen, and somebody decides; two people where there is something on it."""
    doug, sheila = stage.staff[Role.DBS_OFFICER], stage.staff[Role.SAFEGUARDING_LEAD]
    something = who.number % 3 == 0
    checks.see_certificate(
        made, number=f"{1_600_000_000 + who.number * 7919:012}", issued_on=clock.today() - timedelta(days=4),
        seen_on=clock.today(), by=doug,
        outcome=Outcome.INFORMATION_DISCLOSED if something else Outcome.NO_INFORMATION,
    )  # fmt: skip
    if who.part is Part.OFFERED:
        return

    def decide() -> None:
        checks.decide(
            made, by=sheila,
            decision=Suitability.SUITABLE_WITH_CONDITIONS if something else Suitability.SUITABLE,
            because="Talked it over with her and her key worker; long ago, and much has changed since."
            if something else "Nothing on the certificate.",
            conditions="Works in pairs for the first three months." if something else "",
        )  # fmt: skip
        stage.at(
            clock.today() + timedelta(days=2), 9, 20, lambda: confirm(stage, who), by=stage.staff[Role.COORDINATOR]
        )

    stage.at(clock.today() + timedelta(days=1), 13, 15, decide, by=sheila)


def confirm(stage: Stage, who: Character) -> None:
    """Every check is done: the place is theirs."""
    conditions.confirm_place(person(stage, who), by=stage.staff[Role.COORDINATOR])
