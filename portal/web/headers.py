"""The response headers that tell a browser what our pages may do: as little as they need."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "font-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # One-time links carry a secret in their path: no other site may learn it.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
}
SHOWN_IN_OURS = {"frame-ancestors": "'self'", "object-src": "'self'"}  # Safari shows a PDF as an object of its own
SHOWS_OURS = {"frame-src": "'self'", "object-src": "'self'"}
ONE_YEAR = 365 * 24 * 60 * 60


def register(app: Flask) -> None:
    """Send the headers with every response, and let a template ask for `csp_nonce()`."""
    app.after_request(_add_headers)
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def csp_nonce() -> str:
    """The word that lets an inline script of this response run; the policy names it only when asked for."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def show_ours() -> None:
    """Let this page show another answer of ours inside it, such as a scan beside what is typed from it."""
    g.csp_more = g.get("csp_more", {}) | SHOWS_OURS


def be_shown_in_ours() -> None:
    """Let this answer be shown inside a page of ours, and of nobody else."""
    g.csp_more = g.get("csp_more", {}) | SHOWN_IN_OURS


def policy(nonce: str | None = None, more: dict[str, str] | None = None) -> str:
    """The content security policy as the header says it; `more` is what this answer needs beside the rest."""
    rules = POLICY | (more or {})
    if nonce:
        rules["script-src"] += f" 'nonce-{nonce}'"
    return "; ".join(f"{what} {sources}" for what, sources in rules.items())


def _add_headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = policy(g.get("csp_nonce"), g.get("csp_more"))
    if "frame-ancestors" in g.get("csp_more", {}):
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}; includeSubDomains"
    # Computers are shared, in a library say: the back button must not show the last person's page.
    if request.endpoint != "static" and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response
