"""The links at the top of the page: what this person may open, in the order of the journey."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask, current_app, request, url_for
from flask_login import current_user

from portal.access import Can, may

LINKS = (
    ("Home", "home.show_start", Can.SIGNED_IN),
    ("My journey", "home.show_my_journey", Can.OWN_JOURNEY),
    ("Enquiries", "enquiries.list_enquiries", Can.DECIDE_APPLICATIONS),
    ("Applications", "applications.list_applications", Can.DECIDE_APPLICATIONS),
    ("Interviews", "appointments.list_interviews", Can.DECIDE_APPLICATIONS),
    ("Interviews", "scorecards.list_mine", Can.INTERVIEW),  # for whoever only holds them
    ("People", "volunteers.list_volunteers", Can.SEE_PEOPLE),
    ("To tell", "correspondence.list_to_tell", Can.SEE_CORRESPONDENCE),
    ("Checks", "checks.list_checks", Can.RECORD_DBS),
    ("Cohorts", "cohorts.list_cohorts", Can.SEE_COHORTS),
    ("Courses", "courses.list_courses", Can.SEE_COURSES),
    ("Catch-ups", "catchups.list_catch_ups", Can.MARK_REGISTER),
    ("Assessment", "assessment.list_learners", Can.SEE_ASSESSMENT),
    ("Readiness", "pool.show_readiness_board", Can.SEE_PEOPLE),
    ("Pool", "pool.list_pool", Can.SEE_POOL),
    ("Reports", "reports.show_figures", Can.SEE_REPORTS),
    ("Scheme", "schemes.show_scheme", Can.MANAGE_SCHEME),
    ("Staff", "accounts.list_staff", Can.MANAGE_STAFF),
    ("Outbox", "outbox.list_messages", Can.SEE_OUTBOX),
    ("Record", "audit.list_lines", Can.SEE_AUDIT),
)

PERSON_LINKS = (
    ("Summary", "volunteers.show_volunteer", Can.SEE_PEOPLE),
    ("Messages", "correspondence.show_messages", Can.SEE_CORRESPONDENCE),
    ("Readiness", "pool.show_readiness", Can.SEE_PEOPLE),
    ("Application", "applications.show_application", Can.DECIDE_APPLICATIONS),
    ("Interview", "interviews.show_interviews", Can.DECIDE_APPLICATIONS),
    ("Decision", "decisions.show_decision", Can.DECIDE_APPLICATIONS),
    ("Recommendation", "recommendations.show_recommendations", Can.SEE_REFERENCES),
    ("References", "references.list_references", Can.SEE_REFERENCES),
    ("Disclosure", "disclosure.show_disclosure", Can.READ_DISCLOSURES),
    ("Checks", "checks.show_checks", Can.RECORD_DBS),
    ("Place", "conditions.confirm_place", Can.DECIDE_APPLICATIONS),
    ("Support", "support.edit_plan", Can.PLAN_SUPPORT),
    ("Training", "attendance.show_training", Can.SEE_ATTENDANCE),
    ("Certificates", "certification.list_certificates", Can.CERTIFY),
)

SELDOM_LINKS = (
    ("Their forms on paper", "paper.list_originals", Can.DECIDE_APPLICATIONS),
    ("Records joined with this one", "duplicates.list_joined", Can.DECIDE_APPLICATIONS),
    ("Who must not share a group with them", "support.list_kept_apart", Can.KEEP_APART),
)
"""About a volunteer too, but of few: at the end of their summary, and among the other links only while it is open."""

PAGES_OF_A_COHORT = {
    "apologies", "attendance", "checkin", "hours", "meetings", "registers", "revisions", "sheets", "timetable",
}  # fmt: skip

FOOTER = (("Privacy", "privacy.show_notice"), ("Accessibility", "home.show_accessibility"))


def register(app: Flask) -> None:
    """Let the base template ask for its links."""
    app.jinja_env.globals.update(navigation=navigation, account_links=account_links, footer_links=footer_links)
    app.jinja_env.globals.update(person_links=person_links, seldom_links=seldom_links, own_scheme_name=own_scheme_name)


def own_scheme_name() -> str:
    """Whose portal this is to somebody signed in, for the top of each page; a page may name another scheme."""
    return getattr(current_user, "scheme_name", "")


def navigation() -> list[dict[str, object]]:
    """The links this person may open: text, href, and which one is open now."""
    user = current_user._get_current_object()  # asked a dozen times below, and each time through a proxy
    if not user.is_authenticated:
        return []
    blueprint = "cohorts" if request.blueprint in PAGES_OF_A_COHORT else request.blueprint
    blueprint = "courses" if blueprint == "drafts" else blueprint
    known = {endpoint: text for text, endpoint, _ in LINKS if endpoint.split(".")[0] == blueprint}
    current = known.get(request.endpoint or "") or next(iter(known.values()), "")  # two links may share a package
    shown: dict[str, str] = {}
    for text, endpoint, can in LINKS:
        if text not in shown and endpoint in current_app.view_functions and may(user, can):
            shown[text] = endpoint  # the first of two with the same words: it leads to the other
    return [{"text": text, "href": _path_of(endpoint), "active": text == current} for text, endpoint in shown.items()]


def person_links(volunteer_id: int) -> list[dict[str, object]]:
    """The pages about one volunteer that this person may open, for the row of links above them."""
    seldom = [link for link in SELDOM_LINKS if link[1] == request.endpoint]
    return _about((*PERSON_LINKS, *seldom), volunteer_id)


def seldom_links(volunteer_id: int) -> list[dict[str, object]]:
    """The pages that there is something on for few volunteers only."""
    return _about(SELDOM_LINKS, volunteer_id)


def _about(links: Iterable[tuple[str, str, Can]], volunteer_id: int) -> list[dict[str, object]]:
    return [
        {"text": text, "href": url_for(endpoint, volunteer_id=volunteer_id), "active": endpoint == request.endpoint}
        for text, endpoint, can in links
        if endpoint in current_app.view_functions and may(current_user, can)
    ]


def account_links() -> list[dict[str, object]]:
    """The way in, or the password and the way out: a POST, so that no picture on a page can sign anybody out."""
    if current_user.is_authenticated:
        password = _existing((("Password", "accounts.set_password"),), is_post=False)
        return password + _existing((("Sign out", "accounts.sign_out"),), is_post=True)
    return _existing((("Sign in", "accounts.sign_in"),), is_post=False)


def footer_links() -> list[dict[str, object]]:
    """What every page offers at its end, to everybody."""
    return _existing(FOOTER, is_post=False)


def _existing(links: tuple[tuple[str, str], ...], *, is_post: bool) -> list[dict[str, object]]:
    return [
        {"text": text, "href": _path_of(endpoint), "is_post": is_post}
        for text, endpoint in links
        if endpoint in current_app.view_functions
    ]


def _path_of(endpoint: str) -> str:
    """The path of a page whose address has nothing in it; worked out once, as every page asks for a dozen."""
    known: dict[tuple[str, str], str] = current_app.extensions.setdefault("menu_paths", {})
    key = (request.script_root, endpoint)
    if key not in known:
        known[key] = url_for(endpoint)
    return known[key]
