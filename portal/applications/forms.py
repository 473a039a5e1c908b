"""What an applicant is asked, in the words they read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from wtforms.fields import HiddenField

from portal.applications import services
from portal.applications.models import LADDER, Application, Relation
from portal.applications.rules import (
    ANSWER_MOST,
    PROMPTS,
    Contact,
    Naming,
    Prompt,
    Section,
    against_referee,
    doubts_about_referee,
)
from portal.audit.rules import Actor
from portal.schemes.rules import Route
from portal.volunteers.forms import (
    CHANNELS,
    Checked,
    FreeFields,
    NameFields,
    OutwardCodeField,
    ReachFields,
    shown_availability,
    shown_reaching,
)
from portal.volunteers.models import Channel
from portal.web.fields import (
    CheckboxField,
    EmailField,
    Form,
    RadiosField,
    TelephoneField,
    TextareaField,
    TextField,
)
from portal.web.numbers import VersionField, WholeNumberField

YES_NO = [("yes", "Yes"), ("no", "No")]
UNDER_AGE = "You need to be 18 or over to be a peer mentor. Ring us: we may know of something else for you"


class StartForm(Checked):
    """As little as it takes to begin: a name, one way to reach them, how they heard of us."""

    name = TextField(
        "What is your name?", required="Enter your name", called="Your name", hint="First name is fine for now.",
        autocomplete="name",
    )  # fmt: skip
    email = EmailField("Your email address", hint="We send you a link, so that you can stop and come back.")
    phone = TelephoneField("Or your phone number", hint="If you have no email, or you would rather talk.")
    route = RadiosField(
        "How did you hear about us?", [(route.value, route.words) for route in Route],
        required="Choose how you heard about us",
    )  # fmt: skip

    def reasons(self) -> Iterator[tuple[str, str]]:
        """One of the two is enough."""
        yield from super().reasons()
        if not self.email.data and not self.phone.data and not self.phone.errors:
            yield "email", "Enter an email address or a phone number, so that we can reach you"


class CodeForm(Form):
    """Coming back with a code."""

    code = TextField(
        "Your return code", required="Enter your return code", max_length=80, autocomplete="off",
        hint="28 letters and numbers in seven groups, like ABCD-EFGH. Small letters are fine.",
    )  # fmt: skip


class PromptField(TextareaField):
    """A short answer to one of several prompts."""

    max_length = ANSWER_MOST

    def __init__(self, prompt: Prompt, **kwargs: Any) -> None:
        """The question and its hint are the prompt's."""
        super().__init__(prompt.question, hint=prompt.hint, rows=4, called="Your answer", **kwargs)


class SectionForm(Checked):
    """One section. `order` is what is shown; the version is what the page was drawn from.

    Saved to come back to (`later`), nothing is compulsory, and the section does not count as done.
    """

    version = VersionField()
    later = HiddenField()
    intro: tuple[str, ...] = ()
    ideas: tuple[str, ...] = ()
    may_wait = True
    saves: Callable[..., None]

    @staticmethod
    def shown(application: Application) -> dict[str, Any]:
        """What the questions show at first."""
        raise NotImplementedError

    def names(self, shown: dict[str, Any]) -> list[str]:
        """The questions on the page: what only a few are asked, or were asked before, is left out for others."""
        unasked = {"romanised"} if not getattr(self, "asks_romanised", True) else set()
        unasked |= {name for name in ("why", "skills") if not shown.get(name) and not self.errors.get(name)}
        return [name for name in self.order if name not in unasked]

    def suit(self, application: Application) -> None:
        """Fit the questions to this person, before they are shown or read."""

    def answers(self) -> dict[str, Any]:
        """As the service takes them."""
        return {name: self[name].data for name in self.order}

    def save(self, application: Application, *, by: Actor) -> None:
        """Hand the answers to their service."""
        waits = {"is_done": not self.is_for_later} if self.may_wait else {}
        type(self).saves(application, **self.answers(), **waits, by=by)

    @property
    def is_for_later(self) -> bool:
        """Whether they want to come back to it."""
        return self.may_wait and self.later.data == "yes"

    def validate(self, extra_validators: Any = None) -> bool:
        """To come back to it, a choice may be left open."""
        if self.is_for_later:
            for name in self.order:
                if isinstance(self[name], RadiosField):
                    self[name].required = None
        return super().validate(extra_validators)


class PromptedForm(SectionForm):
    """A section asked by prompts."""

    asked: Section

    @classmethod
    def shown(cls, application: Application) -> dict[str, Any]:
        """What was answered to its prompts, and in one text before there were any."""
        prompts = {prompt.key: application.prompted.get(prompt.key, "") for prompt in PROMPTS[cls.asked]}
        return prompts | {name: getattr(application, name) for name in cls.order if name not in prompts}

    def answers(self) -> dict[str, Any]:
        """The prompts together, what else is asked by its name."""
        keys = [prompt.key for prompt in PROMPTS[self.asked]]
        others = {name: self[name].data for name in self.order if name not in keys}
        return {"answers": {key: self[key].data for key in keys}, **others}


class AboutYouForm(SectionForm, NameFields):
    """Who they are."""

    postcode_area = OutwardCodeField(
        "The first half of your postcode", width=5, called="Postcode",
        hint="Like DL1. You can leave this empty if you have no fixed address.",
    )  # fmt: skip
    is_adult = RadiosField("Are you 18 or over?", YES_NO, required="Tell us whether you are 18 or over")
    order = ("name", "known_as", "romanised", "postcode_area", "is_adult")
    saves = services.save_about_you

    @staticmethod
    def shown(application: Application) -> dict[str, Any]:
        """The person as they are known so far; nothing is ticked for them."""
        names = ("name", "known_as", "romanised", "postcode_area")
        person = {name: getattr(application.volunteer, name) for name in names}
        return {**person, "is_adult": "yes" if application.is_adult else None}

    def answers(self) -> dict[str, Any]:
        """Not answered yet is not No."""
        return {**super().answers(), "is_adult": self.is_adult.data == "yes" if self.is_adult.data else None}

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Mentors are adults; how a name is said can wait."""
        found = super().reasons()
        yield from () if self.is_for_later else found
        if self.is_adult.data == "no":
            yield "is_adult", UNDER_AGE


class ReachingYouForm(SectionForm, ReachFields):
    """How to reach them, safely."""

    intro = ("Your safety comes first. Tell us what is safe for you, and we will keep to it.",)
    may_wait = False
    email = EmailField("Your email address")
    phone = TelephoneField("Your phone number")
    order = (
        "email", "phone", "channel", "may_leave_voicemail", "hide_scheme_name", "safe_from", "safe_until", "notes",
    )  # fmt: skip
    saves = services.save_reaching_you

    @staticmethod
    def shown(application: Application) -> dict[str, Any]:
        """What they gave when they started."""
        person = application.volunteer
        return {"email": person.email, "phone": person.phone, **shown_reaching(person)}

    def suit(self, application: Application) -> None:
        """Somebody with no address of their own is reached through whoever helps them."""
        person = application.volunteer
        if application.typed_by is not None and not (person.email or person.phone):
            self.channel.choices = [*CHANNELS, (Channel.POST.value, "Through somebody who passes it on")]

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Who passes it on must be said."""
        yield from super().reasons()
        if self.channel.data == Channel.POST.value and not self.notes.data:
            yield "notes", "Say who passes our messages on"

    def answers(self) -> dict[str, Any]:
        """The ways to reach them, and how to use them."""
        return {"email": self.email.data, "phone": self.phone.data, "reaching": self.reaching()}


class PractitionerForm(PromptedForm):
    """Who backs them, if somebody does."""

    asked = Section.PRACTITIONER
    intro = (
        "Did a probation practitioner or a key worker tell you about us? Say who it is. "
        "When you have sent your application, we ask them if this is a good time for you. Tell them first.",
    )
    practitioner_name = TextField("Their name", called="Their name", autocomplete="off")
    practitioner_job = TextField(
        "What they do", hint="Like probation practitioner, or support worker. You can leave this empty.",
        called="What they do", autocomplete="off",
    )  # fmt: skip
    practitioner_organisation = TextField(
        "Where they work", hint="You can leave this empty.", called="Where they work", autocomplete="off"
    )
    practitioner_email = EmailField("Their email address", hint="Or give a phone number below.", autocomplete="off")
    practitioner_phone = TelephoneField("Their phone number", autocomplete="off")
    order = tuple(prompt.key for prompt in PROMPTS[Section.PRACTITIONER])
    saves = services.save_practitioner


class WhyForm(PromptedForm):
    """Why they want to do this."""

    asked = Section.WHY
    intro = ("Answer any of these: one is enough. There is no right answer, and spelling does not matter.",)
    why_now, hope_to_give, hope_to_get = map(PromptField, PROMPTS[Section.WHY])
    why = TextareaField("What you wrote before", rows=6, called="What you wrote before")
    order = (*(prompt.key for prompt in PROMPTS[Section.WHY]), "why")
    saves = services.save_why

    def reasons(self) -> Iterator[tuple[str, str]]:
        """One answer is enough."""
        yield from super().reasons()
        if not self.is_for_later and not any(self[name].data for name in self.order):
            yield "why_now", "Answer one of these in your own words. One sentence is enough"


class ExperienceForm(SectionForm):
    """What they have lived through."""

    intro = (
        "Only what you are happy to share. You can leave this empty, and it does not count against you.",
        "Please do not write about convictions here. If we need to ask about them, we ask later and in private.",
        "What you write is locked away. Only the people who read applications can see it.",
    )
    lived_experience = TextareaField("Is there something you have been through that could help others?", rows=8)
    order = ("lived_experience",)
    saves = services.save_experience

    @staticmethod
    def shown(application: Application) -> dict[str, Any]:
        """What was written before."""
        return {"lived_experience": application.lived_experience}


class SkillsForm(PromptedForm):
    """What they are good at."""

    asked = Section.SKILLS
    intro = ("Answer any of these, or none. You do not need a job or a certificate.",)
    good_with_people, good_at_doing, have_learned = map(PromptField, PROMPTS[Section.SKILLS])
    skills = TextareaField("What you wrote before", rows=5, called="What you wrote before")
    order = (*(prompt.key for prompt in PROMPTS[Section.SKILLS]), "skills")
    saves = services.save_skills


class SupportForm(SectionForm):
    """What would make it easier to take part."""

    intro = ("You can leave this empty.",)
    ideas = ("Help with reading or writing", "Getting to the place", "Caring for somebody", "A room without stairs")
    access_needs = TextareaField("Is there anything that would make it easier for you to take part?", rows=5)
    may_share = CheckboxField("You may tell the trainers about this, so that they can plan for it")
    order = ("access_needs", "may_share")
    saves = services.save_support

    @staticmethod
    def shown(application: Application) -> dict[str, Any]:
        """What was written before."""
        person = application.volunteer
        return {"access_needs": person.access_needs, "may_share": person.may_share_access_needs}


class FreeTimeForm(SectionForm, FreeFields):
    """When they are free."""

    intro = ("A rough idea is enough. You can change it later.",)
    order = ("days", "times")
    saves = services.save_free_time

    @staticmethod
    def shown(application: Application) -> dict[str, Any]:
        """What was written before."""
        return shown_availability(application.volunteer)

    def answers(self) -> dict[str, Any]:
        """Days and times in one list."""
        return {"availability": self.availability()}


class ChecksForm(SectionForm):
    """Agreeing to checks."""

    may_wait = False
    agrees_to_checks = CheckboxField(
        "I understand that these checks are part of joining, and I agree that you keep what I wrote for them",
        required="Tick the box to show that you agree",
    )
    order = ("agrees_to_checks",)
    saves = services.save_checks

    @staticmethod
    def shown(application: Application) -> dict[str, Any]:
        """What was written before."""
        return {"agrees_to_checks": application.agrees_to_checks}


ASKED: dict[Section, type[SectionForm]] = {
    Section.ABOUT_YOU: AboutYouForm,
    Section.REACHING_YOU: ReachingYouForm,
    Section.PRACTITIONER: PractitionerForm,
    Section.WHY: WhyForm,
    Section.EXPERIENCE: ExperienceForm,
    Section.SKILLS: SkillsForm,
    Section.SUPPORT: SupportForm,
    Section.FREE_TIME: FreeTimeForm,
    Section.CHECKS: ChecksForm,
}


class RefereeForm(Checked):
    """Somebody who can speak for the applicant. Each rule is said at its field; `about` is the application, and
    `you` how its applicant is spoken of: "them" to staff.

    What only looks wrong is asked once: the box to say that it is right is shown when there is a doubt.
    """

    about: Application
    you = "you"
    name = TextField("Their name", required="Enter their name", autocomplete="off")
    relation = RadiosField(
        "How do they know you?", [(relation.value, relation.words) for relation in LADDER],
        required="Choose how they know you",
    )  # fmt: skip
    organisation = TextField("Where they work or help", hint="You can leave this empty.", autocomplete="off")
    email = EmailField("Their email address", hint="Or give a phone number below.", autocomplete="off")
    phone = TelephoneField("Their phone number", autocomplete="off")
    years_known = WholeNumberField(
        "How many years have they known you?", required="Enter how many years they have known you", most=99,
        called="Years", hint="Whole years. A year or more.",
    )  # fmt: skip
    is_family = RadiosField("Are they in your family?", YES_NO, required="Tell us whether they are in your family")
    shares_home = RadiosField("Do they live with you?", YES_NO, required="Tell us whether they live with you")
    is_of_recommender = CheckboxField("They work for the service that recommends me")
    is_sure = CheckboxField("Yes, I am sure")
    doubts: tuple[str, ...] = ()

    def reasons(self) -> Iterator[tuple[str, str]]:
        """The rules about referees, and what is asked kindly."""
        yield from super().reasons()
        if any(self[name].errors for name in ("name", "email", "phone", "years_known")):
            return
        who = Contact(self.name.data, self.email.data, self.phone.data, self.organisation.data)
        naming = Naming(
            who, self.years_known.data, self.is_family.data == "yes", self.shares_home.data == "yes",
            self.is_of_recommender.data,
        )  # fmt: skip
        around = services.around_referee(self.about, you=self.you)
        yield from against_referee(naming, around)
        self.doubts = tuple(doubts_about_referee(naming, around))
        if self.doubts and not self.is_sure.data:
            yield "is_sure", " ".join(self.doubts)

    def answers(self) -> dict[str, Any]:
        """As the service takes them."""
        return {
            "name": self.name.data, "relation": Relation(self.relation.data), "organisation": self.organisation.data,
            "email": self.email.data, "phone": self.phone.data, "years_known": self.years_known.data,
            "is_family": self.is_family.data == "yes", "shares_home": self.shares_home.data == "yes",
            "is_of_recommender": self.is_of_recommender.data,
        }  # fmt: skip


class PlainForm(Form):
    """A button and nothing else: carries the token."""
