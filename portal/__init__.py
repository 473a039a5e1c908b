"""Alongside: the portal. `create_app` reads top to bottom as its contents page."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask_migrate import Migrate

from config import Settings
from portal import access, database, health, logs, web, worker
from portal.accounts import views as accounts_views
from portal.accounts.commands import accounts as accounts_commands
from portal.accounts.commands import encryption as encryption_commands
from portal.accounts.views import bp as accounts
from portal.agreements.views import bp as agreements
from portal.apologies.views import bp as apologies
from portal.applications.views import bp as applications
from portal.appointments.views import bp as appointments
from portal.assessment.views import bp as assessment
from portal.assisted.views import bp as assisted
from portal.attendance.views import bp as attendance
from portal.audit import commands as audit_commands
from portal.audit import services as audit_services
from portal.audit.views import bp as audit
from portal.audit.views import say_who_acts
from portal.calendars.views import bp as calendars
from portal.catchups.views import bp as catchups
from portal.certification.views import bp as certification
from portal.checkin.views import bp as checkin
from portal.checks.views import bp as checks
from portal.cohorts.views import bp as cohorts
from portal.conditions.views import bp as conditions
from portal.correspondence.views import bp as correspondence
from portal.courses.views import bp as courses
from portal.decisions.views import bp as decisions
from portal.demo.commands import demo
from portal.disclosure.views import bp as disclosure
from portal.drafts.views import bp as drafts
from portal.duplicates.views import bp as duplicates
from portal.enquiries.views import bp as enquiries
from portal.files.services import shelf
from portal.home.views import bp as home
from portal.hours.views import bp as hours
from portal.interviews.views import bp as interviews
from portal.learning.views import bp as learning
from portal.meetings.views import bp as meetings
from portal.messages.documents import post_room
from portal.offline.views import bp as offline
from portal.outbox import commands as outbox_commands
from portal.outbox.views import bp as outbox
from portal.packs.views import bp as packs
from portal.paper.views import bp as paper
from portal.pool.views import bp as pool
from portal.privacy.views import bp as privacy
from portal.public.views import bp as public
from portal.recommendations.views import bp as recommendations
from portal.references.views import bp as references
from portal.registers.views import bp as registers
from portal.reminders.views import bp as reminders
from portal.reports.views import bp as reports
from portal.returning.views import bp as returning
from portal.revisions.views import bp as revisions
from portal.schemes.commands import schemes as schemes_commands
from portal.schemes.views import bp as schemes
from portal.scorecards.views import bp as scorecards
from portal.sheets.views import bp as sheets
from portal.support.views import bp as support
from portal.timetable.views import bp as timetable
from portal.volunteers.commands import journey
from portal.volunteers.views import bp as volunteers
from portal.web import limits, navigation, requests
from portal.wordings.views import bp as wordings

ROOT = Path(__file__).resolve().parent.parent
PAGES = (
    home, reports, privacy, duplicates, correspondence, pool, certification, assessment, offline, checkin, meetings,
    sheets, registers, learning, catchups, hours, apologies, attendance, timetable, packs, cohorts, drafts, courses,
    support, conditions, checks, agreements, disclosure, decisions, scorecards, appointments, interviews, calendars,
    revisions, reminders, references, recommendations, enquiries, assisted, returning, paper, wordings, public,
    applications, volunteers, accounts, schemes, outbox, audit, health.bp,
)  # fmt: skip
COMMANDS = (
    journey,
    accounts_commands,
    encryption_commands,
    schemes_commands,
    audit_commands.commands,
    outbox_commands.commands,
    worker.commands,
    demo,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The whole portal, ready to serve. Settings come from the environment unless given."""
    settings = settings or Settings.read()
    app = requests.Portal(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "portal/static"))
    configure(app, settings)
    logs.set_up(settings.log_level)
    database.keyring.load(settings.keys, settings.secret_key)
    database.set_up(app, settings.database_url)
    Migrate(app, database.db, directory=str(ROOT / "migrations"))
    audit_services.listen()
    shelf.load(settings.files_url)
    post_room.load(public_url=settings.public_url, mail_from=settings.mail_from, sends_texts=settings.sends_texts)
    requests.set_up(app)
    limits.set_up(app, settings)
    accounts_views.set_up(app)
    access.stand_guard(app)
    web.register(app)
    app.before_request(say_who_acts)
    navigation.register(app)
    for pages in PAGES:
        app.register_blueprint(pages)
    for commands in COMMANDS:
        app.cli.add_command(commands)
    return app


def configure(app: Flask, settings: Settings) -> None:
    """Our settings in Flask's words."""
    secure = settings.public_url.startswith("https://")
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        TESTING=settings.environment == "test",
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # a form left open overnight still saves; the session is the limit
    )
