"""Every letter the portal writes, made by its own function from facts of the factories."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import portal
from portal import clock
from portal.accounts.models import Invitation, User
from portal.agreements.models import Agreement
from portal.applications.models import Application, Helper
from portal.attendance.models import CatchUpBooking
from portal.certification.models import Certificate
from portal.chasers.queries import SessionRow
from portal.cohorts.models import Cohort, CohortSession, Enrolment, Pause
from portal.decisions.models import Decline
from portal.enquiries.models import Enquiry
from portal.interviews.models import Interview
from portal.messages.rules import Letter
from portal.recommendations.models import Recommendation
from portal.references.models import Reference
from portal.volunteers.models import Volunteer
from tests import factories

AT = clock.now() + timedelta(days=3)


def _cohort(volunteer: Volunteer) -> Any:
    return factories.CohortFactory(area=volunteer.area, name="Spring group")


def _enrolment(volunteer: Volunteer) -> Any:
    return factories.EnrolmentFactory(cohort=_cohort(volunteer), volunteer=volunteer)


def _session(volunteer: Volunteer) -> Any:
    return factories.CohortSessionFactory(
        cohort=_cohort(volunteer), starts_at=AT, ends_at=AT + timedelta(hours=2), title="Listening well"
    )


def _reference(volunteer: Volunteer) -> Any:
    referee = factories.RefereeFactory(application=factories.ApplicationFactory(volunteer=volunteer), name="Chris Hill")
    return factories.ReferenceFactory(
        volunteer=volunteer, referee=referee, requested_at=clock.now(), expires_at=clock.now() + timedelta(days=28)
    )


MAKERS: dict[Any, Callable[[Volunteer], Any]] = {
    Volunteer: lambda volunteer: volunteer,
    Agreement: lambda volunteer: factories.AgreementFactory(scheme_id=volunteer.scheme_id),
    Application: lambda volunteer: factories.ApplicationFactory(volunteer=volunteer),
    Interview: lambda volunteer: factories.InterviewFactory(volunteer=volunteer, place="The Hub, High Street"),
    Certificate: lambda volunteer: factories.CertificateFactory(volunteer=volunteer, enrolment=_enrolment(volunteer)),
    Cohort: _cohort,
    CohortSession: _session,
    Enrolment: _enrolment,
    CatchUpBooking: lambda volunteer: factories.CatchUpBookingFactory(
        enrolment=_enrolment(volunteer), session=_session(volunteer), place="The Hub"
    ),
    Pause: lambda volunteer: Pause(from_on=date(2026, 11, 2), until_on=date(2026, 11, 13)),
    Reference: _reference,
    Enquiry: lambda volunteer: factories.EnquiryFactory(scheme=volunteer.scheme, area=volunteer.area),
    Decline: lambda volunteer: factories.DeclineFactory(volunteer=volunteer),
    Helper: lambda volunteer: factories.HelperFactory(application=factories.ApplicationFactory()),
    Recommendation: lambda volunteer: factories.RecommendationFactory(
        volunteer=volunteer, look_again_on=date(2027, 3, 1), expires_at=clock.now()
    ),
    User: lambda volunteer: factories.UserFactory(),
    Invitation: lambda volunteer: factories.InvitationFactory(scheme=volunteer.scheme),
    SessionRow: lambda volunteer: None,
    str: lambda volunteer: "K7M2-PX9Q-4TRW",
    int: lambda volunteer: 3,
    bool: lambda volunteer: True,
}
"""What a parameter of a letter's function is given, by its type. A new type: one more line."""


def functions() -> Iterator[tuple[str, Callable[..., Letter]]]:
    """Every public function of a package's messages.py that makes a letter, with its name."""
    for package in pkgutil.iter_modules(portal.__path__):
        if not package.ispkg:
            continue
        try:
            module = importlib.import_module(f"portal.{package.name}.messages")
        except ModuleNotFoundError:
            continue
        for name, function in inspect.getmembers(module, inspect.isfunction):
            is_ours = function.__module__ == module.__name__ and not name.startswith("_")
            if (
                is_ours
                and typing.get_type_hints(function).get("return") is Letter
                and "template" not in (inspect.signature(function).parameters)
            ):
                yield f"{package.name}.{name}", function


def made(function: Callable[..., Letter], volunteer: Volunteer) -> Letter:
    """A letter of this function, for this volunteer."""
    hints = typing.get_type_hints(function)
    given = {name: _value(hints[name], volunteer) for name in inspect.signature(function).parameters}
    if "calendar" in given:
        given["calendar"] = ""
    return function(**given)


def _value(kind: Any, volunteer: Volunteer) -> Any:
    origin, inside = typing.get_origin(kind), [each for each in typing.get_args(kind) if each is not type(None)]
    if origin is not None and issubclass(origin if isinstance(origin, type) else object, typing.Sequence):
        found = _value(inside[0], volunteer)
        return [] if found is None else [found]
    if origin is not None and issubclass(origin if isinstance(origin, type) else object, Mapping):
        return {"title": "Volunteer Centre", "about": "Other ways to help", "phone": "0191 498 0001", "web": ""}
    if inside:
        return _value(inside[0], volunteer)
    if kind in MAKERS:
        return MAKERS[kind](volunteer)
    if isinstance(kind, type) and hasattr(kind, "__members__"):
        return next(iter(kind))
    if isinstance(kind, type) and hasattr(kind, "__dataclass_fields__"):
        hints = typing.get_type_hints(kind)
        return kind(**{name: _value(hints[name], volunteer) for name in kind.__dataclass_fields__})
    if kind in (date, typing.Any):
        return date(2027, 3, 1)
    if getattr(kind, "__name__", "") == "datetime":
        return AT
    raise AssertionError(f"say in MAKERS how to make a {kind}")
