"""What there is before a story begins."""

from __future__ import annotations

from portal.access import Role
from portal.accounts import services as accounts
from portal.agreements import services as agreements
from portal.audit.rules import Outsider
from portal.checks import services as checks
from portal.checks.models import Level, Workforce
from portal.database import session, will_write
from portal.schemes import services as schemes
from tests.journeys.house import House

NAMES = {
    Role.COORDINATOR: "Carol Reed", Role.TRAINER: "Tom Bell", Role.ASSESSOR: "Asha Patel", Role.IQA: "Iris Quinn",
    Role.APPROVER: "Amir Khan", Role.DBS_OFFICER: "Doug Shaw", Role.SAFEGUARDING_LEAD: "Sheila Lamb",
    Role.SCHEME_ADMIN: "Ada Minns",
}  # fmt: skip
PASSWORD = "lantern otter quarry"
OPERATOR = Outsider("A story")


def a_scheme_with_its_staff(house: House) -> None:
    """One scheme and town, one person for each role; the assessor may approve too, the coordinator has a password."""
    will_write(True)
    with house.hour():
        scheme = schemes.open_scheme(
            name="Harbour Peer Mentors",
            slug="harbour",
            phone="0191 498 0000",
            email="hello@harbour.example",
            by=OPERATOR,
        )
        house.scheme = scheme
        house.area = schemes.add_area(scheme, name="Seaham", slug="seaham", by=OPERATOR)
        for role, name in NAMES.items():
            user = accounts.open_account(email=f"{role.value}@harbour.example", name=name, by=OPERATOR)
            accounts.give_role(user, role, scheme=scheme, by=OPERATOR)
            house.staff[role] = user
        accounts.give_role(house.staff[Role.ASSESSOR], Role.APPROVER, scheme=scheme, by=OPERATOR)
        accounts.set_password(house.staff[Role.COORDINATOR], PASSWORD, by=OPERATOR)
        agreements.publish(
            scheme, title="What we expect of each other", text="We support you.\n\nYou tell us when something changes.",
            by=house.staff[Role.SCHEME_ADMIN],
        )  # fmt: skip
        checks.decide_eligibility(
            scheme, role_title="Peer mentor", level=Level.ENHANCED, workforce=Workforce.ADULT,
            relied_on="Advice and guidance, every week, for adults who receive support.",
            by=house.staff[Role.SAFEGUARDING_LEAD],
        )  # fmt: skip
        session.commit()
    will_write(False)
