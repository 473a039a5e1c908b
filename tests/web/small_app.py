"""The smallest application that has the page kit: tests of the kit need no people and no database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from flask import Flask
from flask.typing import ResponseReturnValue
from jinja2.bccache import Bucket, BytecodeCache

from portal import web
from portal.web.pages import page
from tests.browser import Browser
from tests.skips import ROOT

FORM_PAGE = """{% extends "web/base.html" %}{% set title = "About you" %}
{% from "web/macros.html" import form_of %}
{% block content %}{% call form_of(form, "Save") %}
{% for field in form if field.name != "csrf_token" %}{{ field }}{% endfor %}{% endcall %}{% endblock %}"""


class _Compiled(BytecodeCache):
    """Templates compiled once for all the small applications: each would take half a second otherwise."""

    known: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key] = bucket.bytecode_to_string()


def small_app(**config: Any) -> Flask:
    """An application with nothing but the kit."""
    app = Flask("portal", root_path=str(ROOT / "portal"), template_folder=str(ROOT / "templates"))
    app.config |= {"SECRET_KEY": "only for these tests", "TESTING": True, "WTF_CSRF_TIME_LIMIT": None, **config}
    web.register(app)
    app.jinja_env.bytecode_cache = _Compiled()
    app.context_processor(lambda: {"scheme_name": "Bridgeway Peer Mentors", "home_url": "/"})
    app.jinja_env.globals.update(
        navigation=lambda: [_link("My tasks", "/tasks"), _link("Cohorts", "/cohorts", active=True)],
        account_links=lambda: [_link("Sign out", "/sign-out", is_post=True)],
        footer_links=lambda: [_link("Privacy", "/privacy"), _link("Accessibility", "/accessibility")],
    )
    return app


def _link(text: str, href: str, **more: bool) -> dict[str, object]:
    return {"text": text, "href": href, **more}


def with_form(form_class: type, **shown: Any) -> tuple[Browser, list[Any]]:
    """A browser on the page of a form, and the list that what was saved is put into."""
    app, saved = small_app(), []
    template = app.jinja_env.from_string(FORM_PAGE)

    def view() -> ResponseReturnValue:
        form = form_class(**shown)
        if form.validate_on_submit():
            saved.append(form.data)
            return page(app.jinja_env.from_string(SAVED), title="Saved")
        return page(template, form=form)

    app.add_url_rule("/", "form", view, methods=["GET", "POST"])
    return Browser(app).get("/"), saved


SAVED = """{% extends "web/base.html" %}{% block content %}<p>Thank you</p>{% endblock %}"""


def with_page(source: str, **context: Any) -> Browser:
    """A browser on a page made from this template's source."""
    app = small_app()
    app.add_url_rule("/", "shown", lambda: page(app.jinja_env.from_string(source), **context))
    return Browser(app).get("/")


def with_view(view: Callable[..., ResponseReturnValue], path: str = "/", **config: Any) -> Browser:
    """A browser for an application with one view."""
    app = small_app(**config)
    app.add_url_rule(path, "view", view, methods=["GET", "POST"])
    return Browser(app)
