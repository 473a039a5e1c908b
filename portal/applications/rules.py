"""The sections of an application, who may speak for an applicant, what is missing, and return codes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from portal.schemes.rules import Route

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 28  # 28 letters of 30 are 137 random bits
THE_SERVICE = "the service that recommends you"
ALIKE = 85  # of 100: two names of one organisation
RETURN_LASTS = timedelta(days=90)  # from the last time something was saved


class Section(Enum):
    """One thing asked at a time, in the order of the task list."""

    ABOUT_YOU = "about-you"
    REACHING_YOU = "reaching-you"
    PRACTITIONER = "who-backs-you"
    WHY = "why"
    EXPERIENCE = "your-experience"
    SKILLS = "what-you-are-good-at"
    SUPPORT = "support"
    FREE_TIME = "when-you-are-free"
    REFEREES = "who-can-speak-for-you"
    CHECKS = "checks-and-privacy"

    @property
    def title(self) -> str:
        """As the task list says it."""
        return TITLES[self]

    @property
    def their_title(self) -> str:
        """As staff read it."""
        return THEIR_TITLES[self]

    @property
    def is_optional(self) -> bool:
        """Whether it can be left out: the next step does not need it."""
        return self in OPTIONAL


TITLES = {
    Section.ABOUT_YOU: "About you",
    Section.REACHING_YOU: "How to reach you",
    Section.PRACTITIONER: "Who backs you",
    Section.WHY: "Why you want to do this",
    Section.EXPERIENCE: "Your own experience",
    Section.SKILLS: "What you are good at",
    Section.SUPPORT: "Support you may need",
    Section.FREE_TIME: "When you are free",
    Section.REFEREES: "People who can speak for you",
    Section.CHECKS: "Checks and privacy",
}
THEIR_TITLES = {
    Section.ABOUT_YOU: "About them",
    Section.REACHING_YOU: "How to reach them",
    Section.PRACTITIONER: "Who backs them",
    Section.WHY: "Why they want to do this",
    Section.EXPERIENCE: "Their own experience",
    Section.SKILLS: "What they are good at",
    Section.SUPPORT: "Support they may need",
    Section.FREE_TIME: "When they are free",
    Section.REFEREES: "People who can speak for them",
    Section.CHECKS: "Checks and privacy",
}
OPTIONAL = {Section.EXPERIENCE, Section.SKILLS, Section.SUPPORT, Section.FREE_TIME}
ANSWER_MOST = 1500  # characters to one prompt: half a page, and nobody is asked for that much


@dataclass(frozen=True)
class Prompt:
    """A short question of several that stand for one big box; `key` is its name in `Application.prompted`."""

    key: str
    question: str
    hint: str = ""


PROMPTS: dict[Section, tuple[Prompt, ...]] = {
    Section.WHY: (
        Prompt("why_now", "What made you think of it now?"),
        Prompt("hope_to_give", "What would you like to give to somebody else?"),
        Prompt("hope_to_get", "What would you like to get out of it yourself?"),
    ),
    Section.SKILLS: (
        Prompt("good_with_people", "What are you good at with people?", "Like listening, or being patient."),
        Prompt("good_at_doing", "What can you make, mend, cook or do?"),
        Prompt("have_learned", "What have you learned that could help others?", "In life or on a course."),
    ),
    Section.PRACTITIONER: (
        Prompt("practitioner_name", "Their name"),
        Prompt("practitioner_job", "What they do", "Like probation practitioner, or support worker."),
        Prompt("practitioner_organisation", "Where they work"),
        Prompt("practitioner_email", "Their email address"),
        Prompt("practitioner_phone", "Their phone number"),
    ),
}
"""What `Application.prompted` may hold, section by section. A later stage reads the practitioner by these keys."""


@dataclass(frozen=True)
class Contact:
    """How one person is named and reached: an applicant or a referee."""

    name: str
    email: str = ""
    phone: str = ""
    organisation: str = ""


@dataclass(frozen=True)
class Naming:
    """Somebody named as a referee, and what was said of them. `years_known` counts whole years."""

    who: Contact
    years_known: int
    is_family: bool = False
    shares_home: bool = False
    is_of_recommender: bool = False


@dataclass(frozen=True)
class Around:
    """What a naming is held against: the applicant, who was named before, and which service recommends them.

    `is_last` says that with this one there would be enough referees, and `has_outsider` that one named before is
    from outside the service that recommends.
    """

    applicant: Contact
    others: tuple[Contact, ...] = ()
    recommender: str = ""
    is_last: bool = False
    has_outsider: bool = True
    you: str = "you"


def against_referee(naming: Naming, around: Around) -> list[tuple[str, str]]:
    """Field and words for each rule that somebody named as a referee breaks; empty means they can speak for them.

    A key worker, probation practitioner, tutor or group leader counts as much as an employer: nobody needs a job.
    """
    who, you = naming.who, around.you
    reasons = []
    if naming.is_family:
        reasons.append(("is_family", f"Choose somebody who is not in {'your' if you == 'you' else 'their'} family"))
    if naming.shares_home:
        reasons.append(("shares_home", f"Choose somebody who does not live with {you}"))
    if naming.years_known < 1:
        reasons.append(("years_known", f"Choose somebody who has known {you} for a year or more"))
    if not (who.email or who.phone):
        reasons.append(("email", "Give an email address or a phone number for them"))
    own = "these are your own details" if you == "you" else "these are the applicant’s own details"
    for field, is_same in (
        ("name", _same_name(who, around.applicant)), ("email", _same_email(who, around.applicant)),
        ("phone", _same_phone(who, around.applicant)),
    ):  # fmt: skip
        if is_same:
            reasons.append((field, f"Choose somebody else: {own}"))
    for other in around.others:
        if _same_email(who, other):
            reasons.append(("email", "You have already given somebody with these details"))
        elif _same_name(who, other):
            reasons.append(("name", "You have already given somebody with this name"))
    if naming.is_of_recommender and around.is_last and not around.has_outsider:
        words = f"One person must be from outside {around.recommender or THE_SERVICE}"
        reasons.append(("is_of_recommender", f"{words}. Choose somebody else for this one"))
    return reasons


def doubts_about_referee(naming: Naming, around: Around) -> list[str]:
    """What looks as if a rule might be broken: asked once, kindly, and taken as said. Sentences that end in a question.

    People share last names and offices, so nothing here refuses anybody.
    """
    who, you = naming.who, around.you
    doubts = []
    if _same_last_name(who, around.applicant):
        named = "You have the same last name" if you == "you" else "They and the applicant have the same last name"
        family = "your" if you == "you" else "the applicant’s"
        doubts.append(f"{named}. Are you sure that they are not in {family} family?")
    if any(_same_phone(who, other) and not _same_email(who, other) for other in around.others):
        doubts.append("Somebody you gave before has the same phone number. Is it right for both?")
    if around.recommender and not naming.is_of_recommender and _alike(who.organisation, around.recommender):
        doubts.append(f"That looks like {around.recommender}, which recommends {you}. Are they from somewhere else?")
    return doubts


def reasons_not_a_referee(
    referee: Contact, *, applicant: Contact, others: Iterable[Contact], years_known: int,
    is_family: bool, shares_home: bool,
) -> list[str]:  # fmt: skip
    """The same in words alone, for whoever asks without a form."""
    naming = Naming(referee, years_known, is_family, shares_home)
    return [words for _field, words in against_referee(naming, Around(applicant, tuple(others)))]


def _same_email(one: Contact, other: Contact) -> bool:
    return bool(one.email) and one.email.casefold() == other.email.casefold()


def _same_phone(one: Contact, other: Contact) -> bool:
    return bool(one.phone) and one.phone == other.phone


def _same_name(one: Contact, other: Contact) -> bool:
    return " ".join(one.name.casefold().split()) == " ".join(other.name.casefold().split())


def reasons_not_a_practitioner(practitioner: Contact, *, applicant: Contact) -> list[str]:
    """Why this cannot be whoever backs the applicant; all left empty is nobody, which is no mistake by itself."""
    if not (practitioner.name or practitioner.email or practitioner.phone):
        return []
    reasons = [] if practitioner.name else ["Enter their name"]
    if not (practitioner.email or practitioner.phone):
        reasons.append("Give an email address or a phone number for them")
    if (
        _same_email(practitioner, applicant)
        or _same_phone(practitioner, applicant)
        or _same_name(practitioner, applicant)
    ):
        reasons.append("Give their details here: these are your own")
    return reasons


def names_a_practitioner(route: Route, to_train: Collection[str], prompted: Mapping[str, str]) -> bool:
    """Whether the task list asks who backs them: by the way they came in, by the scheme, or since they said so."""
    asked = route is Route.PRACTITIONER or "recommendation" in to_train
    return asked or any(prompted.get(prompt.key) for prompt in PROMPTS[Section.PRACTITIONER])


def sections_asked(*, asks_practitioner: bool) -> list[Section]:
    """The sections of one person's task list, in their order."""
    return [section for section in Section if section is not Section.PRACTITIONER or asks_practitioner]


def _same_last_name(one: Contact, other: Contact) -> bool:
    last = [name.casefold().split()[-1] if len(name.split()) > 1 else "" for name in (one.name, other.name)]
    return last[0] == last[1] and last[0].replace("-", "").replace("’", "").replace("'", "").isalpha()


def _alike(one: str, other: str) -> bool:
    """Whether two names of organisations may be the same one: "Kent Probation" and "The Probation Service, Kent"."""
    return bool(one and other) and fuzz.token_set_ratio(one, other, processor=default_process) >= ALIKE


def reasons_not_to_send(
    *, done: Collection[Section], is_adult: bool, agrees: bool, referees: int, referees_needed: int,
    needs_practitioner: bool = False, lacks_outsider: bool = False, recommender: str = "",
) -> list[str]:  # fmt: skip
    """What is still missing, in the order of the task list. Empty means that it can be sent.

    `lacks_outsider` says that everybody named is from the service that recommends them, `recommender`.
    """
    apart = {Section.REFEREES} if needs_practitioner else {Section.REFEREES, Section.PRACTITIONER}
    reasons = [
        f"Finish “{section.title}”"
        for section in Section
        if not section.is_optional and section not in apart and section not in done
    ]
    if not is_adult and Section.ABOUT_YOU in done:
        reasons.append("You need to be 18 or over")
    if not agrees and Section.CHECKS in done:
        reasons.append("Finish “Checks and privacy”")
    if referees < referees_needed:
        missing = referees_needed - referees
        reasons.append(f"Give {missing} more {'person' if missing == 1 else 'people'} who can speak for you")
    elif referees_needed and lacks_outsider:
        reasons.append(f"Add somebody who can speak for you from outside {recommender or THE_SERVICE}")
    return reasons


def where_to_finish(reason: str) -> Section:
    """The section in which one of `reasons_not_to_send` is put right."""
    named = next((section for section in Section if f"“{section.title}”" in reason), None)
    return named or (Section.REFEREES if "speak for you" in reason else Section.ABOUT_YOU)


@dataclass(frozen=True)
class Progress:
    """How far each section is: `done`; `begun`, for those to come back to; `carried` over from the last time.

    What is carried over counts as done, and is shown as what was said then.
    """

    done: frozenset[Section] = frozenset()
    begun: frozenset[Section] = frozenset()
    carried: frozenset[Section] = frozenset()

    @classmethod
    def read(cls, text: str) -> Progress:
        """From the column; names nobody knows any more are left out."""
        known = {section.value: section for section in Section}
        marked: dict[str, set[Section]] = {"": set(), BEGUN: set(), CARRIED: set()}
        for word in text.split(","):
            mark = word[:1] if word[:1] in marked else ""
            if section := known.get(word.removeprefix(mark)):
                marked[mark].add(section)
        return cls(frozenset(marked[""] | marked[CARRIED]), frozenset(marked[BEGUN]), frozenset(marked[CARRIED]))

    def text(self) -> str:
        """For the column."""
        words = []
        for section in Section:
            if section in self.done:
                words.append((CARRIED if section in self.carried else "") + section.value)
            elif section in self.begun:
                words.append(BEGUN + section.value)
        return ",".join(words)

    def saved(self, section: Section, *, is_done: bool) -> Progress:
        """After this section was saved, as done or to come back to."""
        alone = {section}
        done = self.done | alone if is_done else self.done - alone
        return Progress(done, self.begun - alone if is_done else self.begun | alone, self.carried - alone)

    def reopened(self, *asked_anew: Section) -> Progress:
        """When somebody starts again: what they said stands as of then, but for what is asked anew."""
        done = self.done - set(asked_anew)
        return Progress(done, self.begun | (self.done & set(asked_anew)), done)


BEGUN, CARRIED = "~", "^"


def sections_in(text: str) -> set[Section]:
    """The sections that were done, from the column."""
    return set(Progress.read(text).done)


def sections_text(done: Collection[Section]) -> str:
    """The sections that were done, for the column."""
    return Progress(frozenset(done)).text()


def new_code() -> str:
    """A code to come back with: 137 random bits, in letters that are not misread."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def grouped(code: str) -> str:
    """The code in fours, so that a person can copy it from one page to another."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def read_code(typed: str) -> str | None:
    """The code as it was made, whatever spaces and small letters it was typed with; None when it is none."""
    letters = re.sub(r"[\s\-–—]", "", typed).upper()
    return letters if len(letters) == CODE_LENGTH and set(letters) <= set(CODE_LETTERS) else None


def referees_missing(referees: Sequence[object], needed: int) -> int:
    """How many more people are needed, never below nought."""
    return max(0, needed - len(referees))
