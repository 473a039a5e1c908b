"""What goes on around applications: hellos to answer, a practitioner, help with a form, paper, one person twice."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial

from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.applications import services as applications
from portal.applications.models import Application
from portal.appointments import services as appointments
from portal.assisted import services as assisted
from portal.audit.rules import Outsider
from portal.correspondence import services as correspondence
from portal.correspondence.models import Reached, Way
from portal.correspondence.queries import silent
from portal.database import session
from portal.decisions import services as decisions
from portal.demo.opening.services import Stage
from portal.demo.recruiting.services import finish
from portal.demo.rules import DOMAIN, Character, Part
from portal.duplicates import services as duplicates
from portal.enquiries import services as enquiries
from portal.enquiries.models import Outcome
from portal.enquiries.services import Hello
from portal.interviews.models import Setting
from portal.outbox.queries import to_pass_on
from portal.recommendations import services as recommendations
from portal.recommendations.models import Recommendation
from portal.recommendations.rules import Answer, Answers, NotYet
from portal.schemes import services as schemes
from portal.schemes.models import Doors
from portal.schemes.rules import Route
from portal.volunteers.journey import Stage as Journey
from portal.volunteers.models import Channel, Volunteer

HELPED, TWICE = "Keith Raine", "Becky Thirlwell"
SIGNPOSTS = (
    ("County Durham Volunteer Centre", "Other ways to help near you, a few hours at a time.", "0191 498 0301"),
    ("Recovery college", "Free short courses, open to everybody.", "0191 498 0302"),
)
EVENING = (time(18), time(21))
HELLOS = (  # days ago, hour, who, which way, what they wrote
    (9, 20, "Marek Dodds", Channel.PHONE, "Is it only for people who have been clean for years?"),
    (3, 7, "Aisha Bell", Channel.EMAIL, "My key worker said to ask."),
    (2, 22, "Colin Lowes", Channel.TEXT, ""),
    (1, 13, "Gwen Pearson", Channel.EMAIL, "How much time is it? I have two small children."),
)


def go_around(stage: Stage, who: Character) -> None:
    """Plan it all. `who` lends words and free times to the people of this file, who are none of the cast."""
    carol, adele = stage.staff[Role.COORDINATOR], stage.staff[Role.SCHEME_ADMIN]
    ago = stage.today - timedelta(days=400)
    stage.at(ago, 9, 30, lambda: keep_signposts(stage), by=adele)
    waiting = stage.areas["bishop-auckland"]
    stage.at(
        stage.today - timedelta(days=30), 9, 0,
        lambda: schemes.change_doors(waiting, Doors.WAITING_LIST, by=adele), by=adele,
    )  # fmt: skip
    for days, hour, name, channel, words in HELLOS:
        hello = partial(say_hello, stage, name, channel, words)
        stage.at(stage.today - timedelta(days=days), hour, 12, hello)
    stage.at(stage.today - timedelta(days=2), 10, 40, lambda: answer_hello(stage), by=carol)
    stage.at(stage.today - timedelta(days=4), 10, 0, lambda: offer_times(stage), by=carol)
    stage.at(stage.today - timedelta(days=6), 15, 0, lambda: apply_for_somebody(stage, who))
    stage.at(stage.today - timedelta(days=26), 18, 0, lambda: apply_twice(stage, who))
    stage.at(stage.today - timedelta(days=8), 11, 0, lambda: not_yet(stage))
    for days in (*range(712, 8, -7), 6, 3):
        stage.at(stage.today - timedelta(days=days), 16, 20, lambda: ring_round(stage), by=carol)


def keep_signposts(stage: Stage) -> None:
    """Who else may help."""
    for title, about, phone in SIGNPOSTS:
        decisions.save_signpost(
            None, scheme=stage.scheme, title=title, about=about, phone=phone, web="", by=stage.staff[Role.SCHEME_ADMIN]
        )


def say_hello(stage: Stage, name: str, channel: Channel, words: str) -> None:
    """Somebody leaves a name and one way to reach them."""
    number = len(name) * 7
    email = f"{name.split(maxsplit=1)[0].lower()}@{DOMAIN}" if channel is Channel.EMAIL else ""
    phone = "" if email else f"+44191498{1000 + number:04}"
    hello = Hello(
        name=name, email=email, phone=phone, channel=channel, words=words,
        may_leave_voicemail=channel is Channel.PHONE,
        safe_from=EVENING[0] if channel is Channel.TEXT else None,
        safe_until=EVENING[1] if channel is Channel.TEXT else None,
    )  # fmt: skip
    stage.things[f"hello {name}"] = enquiries.say_hello(stage.areas["darlington"], hello, by=Outsider(name))


def answer_hello(stage: Stage) -> None:
    """One of them is answered; one is late."""
    enquiries.answer(
        stage.things["hello Aisha Bell"], outcome=Outcome.NOT_NOW, note="Starts a job next week. Will ring in spring.",
        by=stage.staff[Role.COORDINATOR],
    )  # fmt: skip


def ring_round(stage: Stage) -> None:
    """Once a week the coordinator rings those who get no message from us, and those whom nobody spoke to."""
    carol = stage.staff[Role.COORDINATOR]
    for message in to_pass_on(among=select(Volunteer.id)).items:
        them = session.get_one(Volunteer, message.volunteer_id)
        correspondence.tell(message, them, way=Way.CALL, reached=Reached.SPOKE, words="", by=carol)
    for each in silent(seen_by=carol):
        them = session.get_one(Volunteer, each.volunteer_id)
        correspondence.write_down(
            them, way=Way.CALL, reached=Reached.SPOKE, words="Said how things stand, and asked how they are.", by=carol
        )


def offer_times(stage: Stage) -> None:
    """Times next week, for whoever is asked to come and talk."""
    carol, second = stage.staff[Role.COORDINATOR], stage.staff[Role.INTERVIEWER]
    day = stage.today + timedelta(days=7 - stage.today.weekday())
    starts = [datetime.combine(day + timedelta(days=1), time(hour), clock.LONDON) for hour in (14, 15, 16)]
    appointments.publish(
        stage.areas["darlington"], starts=starts, minutes=45, every=60, setting=Setting.PHONE, place="",
        interviewer=carol, second=second, by=carol,
    )  # fmt: skip


def apply_for_somebody(stage: Stage, who: Character) -> None:
    """A key worker types for somebody, who has still to say that it is theirs."""
    helper = Outsider("Petra Kell, Wear Recovery (helping)")
    application, _code = assisted.start_for_somebody(
        area=stage.areas["darlington"], name=HELPED, email=f"keith@{DOMAIN}", phone="+447700900461",
        route=Route.FORMER_CLIENT,
        helper="Petra Kell", organisation="Wear Recovery", helper_email=f"petra@{DOMAIN}", helper_phone="", by=helper,
    )  # fmt: skip
    write(stage, who, application, HELPED, email=f"keith@{DOMAIN}", phone="+447700900461")
    assisted.ask_to_confirm(application, by=helper)


def apply_twice(stage: Stage, who: Character) -> None:
    """Somebody forgot that they had begun, and began again; the coordinator puts both together."""
    carol, them = stage.staff[Role.COORDINATOR], Outsider(f"{TWICE} (applying)")
    begun = [
        applications.start(
            area=stage.areas["durham-city"], name=TWICE, email=f"becky{turn}@{DOMAIN}", phone="+447700900462",
            route=Route.OPEN_WEB, by=them,
        )[0]
        for turn in ("", "2")
    ]  # fmt: skip
    write(stage, who, begun[1], TWICE, email=f"becky2@{DOMAIN}", phone="+447700900462")
    applications.submit(begun[1], by=them)

    def put_together() -> None:
        duplicates.join(
            begun[1].volunteer, begun[0].volunteer, because="Rang her: she began twice, on two phones.", by=carol
        )
        correspondence.write_down(
            begun[1].volunteer, way=Way.CALL, reached=Reached.SPOKE, by=carol, words="Asked which of the two to keep."
        )

    stage.at(clock.today() + timedelta(days=2), 11, 20, put_together, by=carol)


def write(stage: Stage, who: Character, application: Application, name: str, *, email: str = "", phone: str) -> None:
    """All the sections, with the words of one of the cast."""
    them = Outsider(f"{name} (applying)")
    applications.save_about_you(
        application, name=name, known_as="", romanised="", postcode_area="DL1", is_adult=True, by=them
    )
    applications.save_why(application, answers={"why_now": who.why}, by=them)
    whose = Character(
        number=900 + len(name), name=name, romanised="", known_as="", email=email, phone=phone, area=who.area,
        route=application.volunteer.route, part=Part.APPLIED, why=who.why, skills=who.skills,
        availability=who.availability,
    )  # fmt: skip
    finish(stage, whose, application)


def not_yet(stage: Stage) -> None:
    """A practitioner would rather look again in some weeks: they are asked again by themselves."""
    asked = session.scalar(
        select(Recommendation)
        .join(Recommendation.volunteer)
        .where(
            Recommendation.answered_at.is_(None), Recommendation.expires_at > clock.now(),
            Volunteer.stage.in_((Journey.APPLIED, Journey.INTERVIEWING)),
        )
        .order_by(Recommendation.id.desc())
        .limit(1)
    )  # fmt: skip
    if asked is None:
        return
    by = Outsider(f"{asked.name} (practitioner, by link)")
    recommendations.open_link(asked, by=by)
    recommendations.answer(
        asked,
        Answers(
            answer=Answer.NOT_YET, how_known="I have seen her every fortnight.", how_long="Two years",
            support="Somebody to come along the first time.", kinds=(next(iter(NotYet)),),
            look_again_on=clock.today() + timedelta(days=42),
        ),
        by=by,
    )  # fmt: skip
