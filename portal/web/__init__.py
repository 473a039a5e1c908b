"""What every page uses: fields, pages, errors, formats, headers."""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect

from portal.web import decoding, errors, formats, headers, pages, patterns, serving, uploads


def register(app: Flask) -> None:
    """Give the application its page kit. After the guard: who may not come in is told so, token or not."""
    app.request_class = decoding.Request
    app.url_map.converters["int"] = decoding.RowNumber
    uploads.register(app)  # before the token is looked for in a form that must be read first
    CSRFProtect(app)
    formats.register(app)
    pages.register(app)
    patterns.register(app)
    errors.register(app)
    headers.register(app)
    serving.register(app)
