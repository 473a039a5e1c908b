"""How bytes leave the house: static files without Flask, pages compressed on their way."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from flask import Flask
from flask_compress import Compress
from whitenoise import WhiteNoise

ONE_DAY = 24 * 60 * 60


def register(app: Flask) -> None:
    """Serve the static folder in front of the application, each file as it was compressed at set-up."""
    app.config.setdefault("COMPRESS_MIMETYPES", ["text/html", "text/csv", "text/calendar", "application/json"])
    Compress(app)
    # Pages ask for "portal.css?v=1a2b3c4d", so a day is only for those who keep an address without its version.
    files = WhiteNoise(app.wsgi_app, max_age=ONE_DAY, add_headers_function=_add_headers, allow_all_origins=False)
    if app.static_folder and Path(app.static_folder).is_dir():
        files.add_files(app.static_folder, prefix="static/")
    app.wsgi_app = files  # type: ignore[method-assign]


def _add_headers(headers: Headers, path: str, url: str) -> Any:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
