"""The cast of the rehearsal: invented people, the same ones every time."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import Enum

from portal.access import Role
from portal.schemes.rules import Route

DOMAIN = "demo.example"  # a name that no mail server will ever answer for


class Part(Enum):
    """How far somebody comes in the rehearsal."""

    APPLYING = "applying"
    APPLIED = "applied"
    INTERVIEWING = "interviewing"
    OFFERED = "offered"
    READY = "ready"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ENROLLING = "enrolling"  # on the cohort that starts soon
    CANCELLED = "cancelled"  # was on the cohort that was cancelled, ready again
    LEARNING = "learning"  # on the cohort in week six
    NOT_FINISHED = "not finished"  # was on the finished cohort, without a certificate
    CERTIFIED = "certified"
    ACTIVE = "active"
    RESTING = "resting"
    LEFT = "left"


HOW_MANY = {
    Part.ACTIVE: 24, Part.RESTING: 4, Part.LEFT: 3, Part.CERTIFIED: 9, Part.NOT_FINISHED: 4, Part.LEARNING: 22,
    Part.ENROLLING: 10, Part.CANCELLED: 6, Part.READY: 6, Part.OFFERED: 16, Part.INTERVIEWING: 10, Part.APPLIED: 14,
    Part.APPLYING: 10, Part.DECLINED: 6, Part.WITHDRAWN: 6,
}  # fmt: skip
FINISHED_COHORT = (Part.ACTIVE, Part.RESTING, Part.LEFT, Part.CERTIFIED, Part.NOT_FINISHED)
AREAS = (
    ("darlington", "Darlington", "We meet at the library on Tuesdays and Thursdays."),
    ("bishop-auckland", "Bishop Auckland", "We meet in the community hall by the market place."),
    ("durham-city", "Durham City", "We meet near the bus station, up one flight of stairs or by lift."),
)

COHORT_AREA = {  # a cohort is one group in one town
    **dict.fromkeys(FINISHED_COHORT, "durham-city"),
    Part.LEARNING: "darlington",
    Part.ENROLLING: "bishop-auckland",
    Part.CANCELLED: "bishop-auckland",
}

GIVEN = (
    "Aaron", "Abdul", "Agnieszka", "Aisha", "Alan", "Amara", "Amina", "Angharad", "Anil", "Ann", "Beata", "Becky",
    "Bethan", "Carl", "Carys", "Chidi", "Chloe", "Claire", "Colin", "Craig", "Danielle", "Darren", "Dawn", "Deborah",
    "Denise", "Dylan", "Efua", "Eleri", "Emma", "Esther", "Fatima", "Gareth", "Gary", "Grace", "Gwen", "Hannah",
    "Harpreet", "Helen", "Ian", "Imran", "Jade", "Jakub", "Janet", "Joanne", "Josie", "Kasia", "Keith", "Kelly",
    "Kwame", "Lee", "Leanne", "Liam", "Linda", "Lynn", "Maciej", "Małgorzata", "Mandy", "Marek", "Maryam", "Michelle",
    "Natalie", "Neil", "Nia", "Olu", "Oksana", "Paul", "Pauline", "Piotr", "Priya", "Rhys", "Robbie", "Rosie", "Ruth",
    "Sandra", "Sean", "Sharon", "Siân", "Simon", "Sofia", "Stacey", "Steven", "Tariq", "Tomasz", "Tracy", "Wayne",
    "Yasmin", "Zoë", "Zofia",
)  # fmt: skip
FAMILY = (
    "Ahmed", "Armstrong", "Asante", "Bell", "Blenkinsop", "Boateng", "Brown", "Charlton", "Chowdhury", "Collins",
    "Coulson", "Davies", "Dixon", "Dodds", "Elliott", "Ferguson", "Foster", "Gibson", "Graham", "Hall", "Harrison",
    "Hughes", "Hussain", "Iqbal", "Jobling", "Jones", "Kaur", "Khan", "Kowalczyk", "Lewandowska", "Lowes", "Łuczak",
    "Mahmood", "Marshall", "Mensah", "Mitchell", "Nowak", "O’Brien", "Okafor", "Patel", "Pearson", "Raine", "Reed",
    "Richardson", "Robson", "Shaw", "Simpson", "Singh", "Stobbs", "Taylor", "Thirlwell", "Wall", "Watson", "Wilkinson",
    "Wiśniewska", "Wójcik", "Ŵyn-Jones", "Younger",
)  # fmt: skip
NAMED = (  # names that every page and every PDF must get right
    ("Siân Ŵyn-Jones", "", ""),
    ("Łukasz Wójcik", "", ""),
    ("محمد علی", "Muhammad Ali", "Muhammad"),
    ("Zoë O’Brien", "", ""),
    ("Nguyễn Thị Ánh", "", "Ánh"),
    ("Kwame Boateng-Asante", "", "Kwame"),
)
WHY = (
    "Someone sat with me when I had nothing. I would like to be that person for somebody else.",
    "I have been where they are. I know what helped me and what did not.",
    "I am two years on now. Helping others helps me stay on track.",
    "My key worker said I am good at listening. I would like to find out.",
    "I was a victim of crime and felt alone with it. Nobody should.",
    "When I came out I did not know where to start. I can show people where to start.",
)
SKILLS = (
    "I am calm, and I turn up when I say I will.",
    "Cooking for a lot of people. Football coaching. I speak Polish.",
    "I ran the kitchen at the day centre for a year.",
    "Listening. Filling in forms. Knowing who to ring.",
    "",
)
AVAILABILITY = (
    ["tue", "thu", "evening"], ["mon", "wed", "morning"], ["wed", "sat", "evening"], ["fri", "morning", "afternoon"],
    ["sat", "sun"], ["mon", "tue", "wed", "thu", "fri", "afternoon"],
)  # fmt: skip
EXPERIENCE = (
    "Eight years of drinking, four of recovery. The group in Shildon got me through.",
    "I lost my home after prison. I know every form there is.",
    "I lived with somebody who hurt me. I got out with my two children.",
    "",
)
ACCESS_NEEDS = ("", "", "", "Large print, please.", "A seat near the door helps me.", "I read slowly. Give me time.")


@dataclass(frozen=True)
class Character:
    """One invented person: who they are and how far they come."""

    number: int
    name: str
    romanised: str
    known_as: str
    email: str
    phone: str
    area: str
    route: Route
    part: Part
    why: str
    skills: str
    availability: list[str]


STAFF = {  # one for each role of staff, and two more; the first twelve may be tried with one click
    Role.COORDINATOR: "Carol Hindmarsh",
    Role.INTERVIEWER: "Ian Metcalfe",
    Role.TRAINER: "Tony Alderson",
    Role.ASSESSOR: "Asif Rahman",
    Role.IQA: "Ines Cooper",
    Role.APPROVER: "Andrea Proud",
    Role.DBS_OFFICER: "Doug Featherstone",
    Role.SAFEGUARDING_LEAD: "Sheila Lamb",
    Role.SCHEME_ADMIN: "Adele Stephenson",
    Role.FUNDER_READER: "Frances Tate",
}
SECOND_TRAINER = "Teresa Nwosu"
VOLUNTEER = 46  # the number of the character who may be tried as a volunteer


def cast() -> list[Character]:
    """Everybody, in the order of their parts; the same people on every call."""
    chance = random.Random(2016)  # noqa: S311 - the same dice every time is the point
    names = [f"{given} {family}" for given in GIVEN for family in FAMILY]
    chance.shuffle(names)
    parts = [part for part, count in HOW_MANY.items() for _ in range(count)]
    people: list[Character] = []
    for number, part in enumerate(parts, 1):
        name, romanised, known_as = names[number], "", ""
        if part is Part.LEARNING and len([p for p in people if p.part is part]) < len(NAMED):
            name, romanised, known_as = NAMED[len([p for p in people if p.part is part])]
        people.append(
            Character(
                number=number, name=name, romanised=romanised, known_as=known_as,
                email=_address(number),
                phone=f"+441914980{number:03}", area=COHORT_AREA.get(part, AREAS[number % len(AREAS)][0]),
                route=chance.choice((*Route, Route.FORMER_CLIENT, Route.PRACTITIONER)), part=part,
                why=chance.choice(WHY), skills=chance.choice(SKILLS), availability=chance.choice(AVAILABILITY),
            )
        )  # fmt: skip
    return people


def _address(number: int) -> str:
    """One person in eight has no e-mail, as in life; one is the volunteer who may be tried with one click."""
    if number == VOLUNTEER:
        return f"volunteer@{DOMAIN}"
    return "" if number % 8 == 5 else f"volunteer{number:03}@{DOMAIN}"
