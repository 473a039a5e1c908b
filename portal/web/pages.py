"""Rendering a page: its status, its links, and where to go next."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from portal.refusals import Refused
from portal.web.own import form_errors

OK, CONFLICT, UNPROCESSABLE = 200, 409, 422
STALE = (
    "Someone else changed this while you had the page open. What is saved now is shown on this page, "
    "and what you typed is still here. Look at both, then send it again if it is still needed"
)


def register(app: Flask) -> None:
    """Let templates find the GOV.UK components, our static files and a form's errors."""
    components = {package: PackageLoader(package) for package in ("govuk_frontend_jinja", "govuk_frontend_wtf")}
    loaders = [app.jinja_loader] if app.jinja_loader else []
    app.jinja_loader = ChoiceLoader([*loaders, PrefixLoader(components)])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(form_errors=form_errors, static_url=static_url)


def page(template: str, *, status: int = OK, **context: Any) -> ResponseReturnValue:
    """Render a template; a form in the context that has errors makes the answer a 422, unless `status` says more."""
    if status == OK and any(getattr(value, "errors", None) for key, value in context.items() if _is_form(key)):
        status = UNPROCESSABLE
    return render_template(template, **context), status


def accepted(form: Any, verb: Callable[..., object], *given: Any, **named: Any) -> bool:
    """Do it; a service that refuses has its reasons said on the form, at the field where they lie: then False."""
    try:
        verb(*given, **named)
    except Refused as refused:
        at = {name: words for name, words in refused.by_field.items() if name in form}
        for name, words in at.items():
            form[name].errors = [*form[name].errors, words]
        form.form_errors.extend(each for each in refused.reasons if each not in at.values())
        return False
    return True


def is_stale(form: Any, version: int) -> bool:
    """Whether the record changed since this form's page was drawn; the form then says so, and carries the new version.

    Answer with `status=CONFLICT` and a page that shows the record as it is saved now beside the form.
    """
    if form.version.data == version:
        return False
    form.version.raw_data, form.version.data = None, version
    form.form_errors.append(STALE)
    return True


def _is_form(key: str) -> bool:
    return key == "form" or key.endswith("_form")


def static_url(path: str) -> str:
    """The address of a static file, which changes when the file does, so that it may be kept for long."""
    return url_for("static", filename=path, v=_version(path))


def _version(path: str) -> str:
    """Eight letters of the file's digest; on a real service read once, elsewhere again when the file was written."""
    versions: dict[str, tuple[int, str]] = current_app.extensions.setdefault("static_versions", {})
    if getattr(current_app.config.get("SETTINGS"), "in_production", False) and path in versions:
        return versions[path][1]
    file = Path(current_app.static_folder or "") / path
    written = file.stat().st_mtime_ns
    if path not in versions or versions[path][0] != written:
        versions[path] = written, sha256(file.read_bytes()).hexdigest()[:8]
    return versions[path][1]


def is_safe_next(target: str | None) -> bool:
    """Whether this is a path of our own: nobody's link may lead from our sign-in to their site."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return False
    if "\\" in target or any(ord(character) < 32 or ord(character) == 127 for character in target):
        return False
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc


def next_url(default: str) -> str:
    """Where to go after this: `next` from the request when it is a page of ours, else the default."""
    target = request.values.get("next")
    return target if target and is_safe_next(target) else default
