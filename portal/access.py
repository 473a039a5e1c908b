"""Who may do what: roles, permissions, which role grants which, and the one guard in front of every page."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, Protocol, TypeVar

from flask import Flask, abort, request
from flask_login import current_user
from sqlalchemy import ColumnElement, and_, false, or_

F = TypeVar("F", bound=Callable[..., Any])


class Role(Enum):
    """What somebody is, in one scheme and perhaps one area of it."""

    VOLUNTEER = "volunteer"
    TRAINER = "trainer"
    ASSESSOR = "assessor"
    IQA = "iqa"
    INTERVIEWER = "interviewer"
    COORDINATOR = "coordinator"
    APPROVER = "approver"
    DBS_OFFICER = "dbs_officer"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    SCHEME_ADMIN = "scheme_admin"
    FUNDER_READER = "funder_reader"

    @property
    def words(self) -> str:
        """As people say it."""
        return ROLE_WORDS[self]


ROLE_WORDS = {
    Role.VOLUNTEER: "Volunteer",
    Role.TRAINER: "Trainer",
    Role.ASSESSOR: "Assessor",
    Role.IQA: "Internal quality assurer (IQA)",
    Role.INTERVIEWER: "Interviewer",
    Role.COORDINATOR: "Coordinator",
    Role.APPROVER: "Approver",
    Role.DBS_OFFICER: "DBS officer",
    Role.SAFEGUARDING_LEAD: "Safeguarding lead",
    Role.SCHEME_ADMIN: "Scheme admin",
    Role.FUNDER_READER: "Funder (reader)",
}


class Can(Enum):
    """Everything a page can ask for."""

    VISIT = "open a page that is for anybody, signed in or not"
    SIGNED_IN = "use one's own account"
    OWN_JOURNEY = "see and act on one's own journey as a volunteer"
    SEE_PEOPLE = "see the volunteers of an area and where each one is"
    DECIDE_APPLICATIONS = "read applications, interview, offer and decline"
    INTERVIEW = "hold the interviews one is named for, and score them"
    SEE_CORRESPONDENCE = "see what was said to people, and write down calls and letters"
    SEE_REFERENCES = "ask for references and read them"
    RECORD_DBS = "record DBS checks and see their number and outcome"
    DECIDE_SUITABILITY = "decide whether a DBS result is suitable"
    READ_DISCLOSURES = "read what somebody disclosed about their past"
    SEE_COURSES = "read courses and what is handed out in their sessions"
    MANAGE_COURSES = "write and import courses, and put files to their sessions"
    PLAN_SUPPORT = "agree with a learner what they need"
    KEEP_APART = "say that two people must not share a group"
    READ_KEPT_APART = "read why two people must not share a group"
    MANAGE_COHORTS = "make cohorts, enrol, change dates"
    SEE_COHORTS = "see cohorts and their people"
    MARK_REGISTER = "mark registers"
    SEE_ATTENDANCE = "see attendance and its figures"
    ASSESS = "decide criteria"
    ASSURE = "sample and agree assessment as IQA"
    SEE_ASSESSMENT = "see the criteria grid"
    CERTIFY = "issue and withdraw certificates"
    APPROVE = "approve somebody to active duty"
    SEE_POOL = "see the active pool"
    SEE_REPORTS = "see figures without people"
    MANAGE_SCHEME = "change a scheme's settings, areas and agreements"
    MANAGE_STAFF = "invite staff and change their roles"
    SEE_OUTBOX = "see what was sent and what failed"
    SEE_AUDIT = "read the audit trail"


GRANTS: dict[Role, frozenset[Can]] = {
    Role.VOLUNTEER: frozenset({Can.OWN_JOURNEY}),
    Role.TRAINER: frozenset({Can.SEE_COURSES, Can.SEE_COHORTS, Can.MARK_REGISTER, Can.SEE_ATTENDANCE}),
    Role.ASSESSOR: frozenset({Can.SEE_COURSES, Can.SEE_COHORTS, Can.ASSESS, Can.SEE_ASSESSMENT}),
    Role.IQA: frozenset({Can.SEE_COURSES, Can.SEE_COHORTS, Can.ASSURE, Can.SEE_ASSESSMENT}),
    Role.INTERVIEWER: frozenset({Can.INTERVIEW}),
    Role.COORDINATOR: frozenset(
        {
            Can.SEE_PEOPLE,
            Can.DECIDE_APPLICATIONS,
            Can.INTERVIEW,
            Can.SEE_CORRESPONDENCE,
            Can.SEE_REFERENCES,
            Can.SEE_COURSES,
            Can.MANAGE_COURSES,
            Can.PLAN_SUPPORT,
            Can.KEEP_APART,
            Can.MANAGE_COHORTS,
            Can.SEE_COHORTS,
            Can.MARK_REGISTER,
            Can.SEE_ATTENDANCE,
            Can.SEE_ASSESSMENT,
            Can.CERTIFY,
            Can.SEE_POOL,
            Can.SEE_REPORTS,
        }
    ),
    Role.APPROVER: frozenset({Can.SEE_PEOPLE, Can.APPROVE, Can.SEE_POOL, Can.SEE_REPORTS}),
    Role.DBS_OFFICER: frozenset({Can.SEE_PEOPLE, Can.RECORD_DBS}),
    Role.SAFEGUARDING_LEAD: frozenset(
        {
            Can.SEE_PEOPLE,
            Can.INTERVIEW,
            Can.SEE_REFERENCES,
            Can.RECORD_DBS,
            Can.DECIDE_SUITABILITY,
            Can.READ_DISCLOSURES,
            Can.KEEP_APART,
            Can.READ_KEPT_APART,
            Can.SEE_POOL,
        }
    ),
    Role.SCHEME_ADMIN: frozenset(
        {Can.MANAGE_SCHEME, Can.MANAGE_STAFF, Can.SEE_OUTBOX, Can.SEE_AUDIT, Can.SEE_COURSES, Can.MANAGE_COURSES}
    ),
    Role.FUNDER_READER: frozenset({Can.SEE_REPORTS}),
}


class Holder(Protocol):
    """Somebody who may hold roles: a user, or nobody in particular."""

    @property
    def is_authenticated(self) -> bool:
        """Signed in, with every step done that their roles ask for."""

    def reach(self, can: Can) -> list[tuple[int, int | None]]:
        """Where they hold a role that grants it: (scheme, area), area None for the whole scheme."""


def allows(can: Can) -> Callable[[F], F]:
    """Mark a view with what it needs. A view without a mark is refused to everybody."""

    def mark(view: F) -> F:
        view.needs = can  # type: ignore[attr-defined]
        return view

    return mark


def may(holder: Holder, can: Can) -> bool:
    """Whether they may do it anywhere. Whose record it may be done to is the query's part: see `within`."""
    if can is Can.VISIT:
        return True
    if not holder.is_authenticated:
        return False
    return can is Can.SIGNED_IN or bool(holder.reach(can))


def within(holder: Holder, can: Can, scheme: Any, area: Any = None) -> ColumnElement[bool]:
    """A WHERE condition: rows of schemes and areas in which the holder may do it.

    Give no `area` for rows that belong to a whole scheme: a role held in one area then reaches them too.
    """
    places = holder.reach(can)
    if not places:
        return false()
    whole = {scheme_id for scheme_id, area_id in places if area_id is None or area is None}
    parts = {(scheme_id, area_id) for scheme_id, area_id in places if scheme_id not in whole}
    conditions: list[ColumnElement[bool]] = [scheme.in_(sorted(whole))] if whole else []
    for scheme_id, area_id in sorted(parts):
        conditions.append(and_(scheme == scheme_id, area == area_id))
    return or_(*conditions)


def guard() -> None:
    """Before every request: the view says what it needs, and whoever lacks it goes no further."""
    if request.endpoint is None:
        return  # no such page: 404 follows by itself
    view = _view(request.endpoint)
    needs: Can | None = getattr(view, "needs", None)
    if needs is None:
        abort(403)
    if not may(current_user, needs):
        abort(403 if current_user.is_authenticated else 401)


def _view(endpoint: str) -> Any:
    from flask import current_app

    return current_app.view_functions[endpoint]


def stand_guard(app: Flask) -> None:
    """Put the guard in front of every page of this app."""
    app.before_request(guard)
    allows(Can.VISIT)(app.view_functions["static"])
