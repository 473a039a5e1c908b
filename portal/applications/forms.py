"""What an applicant is asked, in the words they read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.applications import services
from portal.applications.models import Application, Relation
from portal.applications.rules import Section
from portal.audit.rules import Actor
from portal.schemes.rules import Route
from portal.volunteers.forms import (
    Checked,
    FreeFields,
    NameFields,
    OutwardCodeField,
    ReachFields,
    shown_availability,
    shown_reaching,
)
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


class SectionForm(Checked):
    """One section. `order` is what is shown; the version is what the page was drawn from."""

    version = VersionField()
    intro: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()

    @staticmethod
    def shown(application: Application) -> dict[str, Any]:
        """What the questions show at first."""
        raise NotImplementedError

    def save(self, application: Application, *, by: Actor) -> None:
        """Hand the answers to their service."""
        raise NotImplementedError


class AboutYouForm(SectionForm, NameFields):
    """Who they are."""

    postcode_area = OutwardCodeField(
        "The first half of your postcode", width=5, called="Postcode",
        hint="Like DL1. You can leave this empty if you have no fixed address.",
    )  # fmt: skip
    is_adult = RadiosField("Are you 18 or over?", YES_NO, required="Tell us whether you are 18 or over")
    order = ("name", "known_as", "romanised", "postcode_area", "is_adult")

    @staticmethod
    def shown(application: Application) -> dict[str, Any]:
        """The person as they are known so far; nothing is ticked for them."""
        names = ("name", "known_as", "romanised", "postcode_area")
        person = {name: getattr(application.volunteer, name) for name in names}
        return {**person, "is_adult": "yes" if application.is_adult else None}

    def save(self, application: Application, *, by: Actor) -> None:
        """Hand the answers to their service."""
        services.save_about_you(
            application, name=self.name.data, known_as=self.known_as.data, romanised=self.romanised.data,
            postcode_area=self.postcode_area.data, is_adult=self.is_adult.data == "yes", by=by,
        )  # fmt: skip

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Mentors are adults."""
        yield from super().reasons()
        if self.is_adult.data == "no":
            yield "is_adult", UNDER_AGE


class ReachingYouForm(SectionForm, ReachFields):
    """How to reach them, safely."""

    intro = ("Your safety comes first. Tell us what is safe for you, and we will keep to it.",)
    email = EmailField("Your email address")
    phone = TelephoneField("Your phone number")
    order = (
        "email", "phone", "channel", "may_leave_voicemail", "hide_scheme_name", "safe_from", "safe_until", "notes",
    )  # fmt: skip

    @staticmethod
    def shown(application: Application) -> dict[str, Any]:
        """What they gave when they started."""
        person = application.volunteer
        return {"email": person.email, "phone": person.phone, **shown_reaching(person)}

    def save(self, application: Application, *, by: Actor) -> None:
        """Hand the answers to their service."""
        services.save_reaching_you(
            application, email=self.email.data, phone=self.phone.data, reaching=self.reaching(), by=by
        )


class WhyForm(SectionForm):
    """Why they want to do this."""

    intro = ("There is no right answer. Write as you would say it. Spelling does not matter.",)
    prompts = (
        "What made you think of it?",
        "What would you like to give to somebody else?",
        "What would you like to get out of it yourself?",
    )
    why = TextareaField(
        "Why would you like to be a peer mentor?", rows=8, counted=True,
        required="Tell us in your own words. One sentence is enough",
    )  # fmt: skip
    order = ("why",)

    @staticmethod
    def shown(application: Application) -> dict[str, Any]:
        """What was written before."""
        return {"why": application.why}

    def save(self, application: Application, *, by: Actor) -> None:
        """Hand the answers to their service."""
        services.save_why(application, why=self.why.data, by=by)


class ExperienceForm(SectionForm):
    """What they have lived through."""

    intro = (
        "Only what you are happy to share. You can leave this empty, and it does not count against you.",
        "Please do not write about convictions here. If we need to ask about them, we ask later and in private.",
        "What you write is locked away. Only the people who read applications can see it.",
    )
    lived_experience = TextareaField("Is there something you have been through that could help others?", rows=8)
    order = ("lived_experience",)

    @staticmethod
    def shown(application: Application) -> dict[str, Any]:
        """What was written before."""
        return {"lived_experience": application.lived_experience}

    def save(self, application: Application, *, by: Actor) -> None:
        """Hand the answers to their service."""
        services.save_experience(application, lived_experience=self.lived_experience.data, by=by)


class SkillsForm(SectionForm):
    """What they are good at."""

    intro = ("You do not need a job or a certificate. You can leave this empty.",)
    prompts = ("Listening", "Cooking, making or mending things", "Languages you speak", "Things you have learned")
    skills = TextareaField("What are you good at?", rows=5)
    order = ("skills",)

    @staticmethod
    def shown(application: Application) -> dict[str, Any]:
        """What was written before."""
        return {"skills": application.skills}

    def save(self, application: Application, *, by: Actor) -> None:
        """Hand the answers to their service."""
        services.save_skills(application, skills=self.skills.data, by=by)


class SupportForm(SectionForm):
    """What would make it easier to take part."""

    intro = ("You can leave this empty.",)
    prompts = ("Help with reading or writing", "Getting to the place", "Caring for somebody", "Your health")
    access_needs = TextareaField("Is there anything that would make it easier for you to take part?", rows=5)
    may_share = CheckboxField("You may tell the trainers about this, so that they can plan for it")
    order = ("access_needs", "may_share")

    @staticmethod
    def shown(application: Application) -> dict[str, Any]:
        """What was written before."""
        return {
            "access_needs": application.volunteer.access_needs,
            "may_share": application.volunteer.may_share_access_needs,
        }

    def save(self, application: Application, *, by: Actor) -> None:
        """Hand the answers to their service."""
        services.save_support(application, access_needs=self.access_needs.data, may_share=self.may_share.data, by=by)


class FreeTimeForm(SectionForm, FreeFields):
    """When they are free."""

    intro = ("A rough idea is enough. You can change it later.",)
    order = ("days", "times")

    @staticmethod
    def shown(application: Application) -> dict[str, Any]:
        """What was written before."""
        return shown_availability(application.volunteer)

    def save(self, application: Application, *, by: Actor) -> None:
        """Hand the answers to their service."""
        services.save_free_time(application, availability=self.availability(), by=by)


class ChecksForm(SectionForm):
    """Agreeing to checks."""

    agrees_to_checks = CheckboxField(
        "I understand that these checks are part of joining, and I agree that you keep what I wrote for them",
        required="Tick the box to show that you agree",
    )
    order = ("agrees_to_checks",)

    @staticmethod
    def shown(application: Application) -> dict[str, Any]:
        """What was written before."""
        return {"agrees_to_checks": application.agrees_to_checks}

    def save(self, application: Application, *, by: Actor) -> None:
        """Hand the answers to their service."""
        services.save_checks(application, agrees_to_checks=self.agrees_to_checks.data, by=by)


ASKED: dict[Section, type[SectionForm]] = {
    Section.ABOUT_YOU: AboutYouForm,
    Section.REACHING_YOU: ReachingYouForm,
    Section.WHY: WhyForm,
    Section.EXPERIENCE: ExperienceForm,
    Section.SKILLS: SkillsForm,
    Section.SUPPORT: SupportForm,
    Section.FREE_TIME: FreeTimeForm,
    Section.CHECKS: ChecksForm,
}


class RefereeForm(Form):
    """Somebody who can speak for the applicant."""

    name = TextField("Their name", required="Enter their name", autocomplete="off")
    relation = RadiosField(
        "How do they know you?", [(relation.value, relation.words) for relation in Relation],
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

    def answers(self) -> dict[str, Any]:
        """As the service takes them."""
        return {
            "name": self.name.data, "relation": Relation(self.relation.data), "organisation": self.organisation.data,
            "email": self.email.data, "phone": self.phone.data, "years_known": self.years_known.data,
            "is_family": self.is_family.data == "yes", "shares_home": self.shares_home.data == "yes",
        }  # fmt: skip


class PlainForm(Form):
    """A button and nothing else: carries the token."""
