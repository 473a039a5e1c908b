"""How bytes leave the house: static files without Flask, pages compressed on their way."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from flask import Flask, current_app, url_for
from flask_compress import Compress
from whitenoise import WhiteNoise

ONE_DAY = 24 * 60 * 60
MODULES = "register"  # a folder of scripts that import each other


def register(app: Flask) -> None:
    """Serve the static folder in front of the application, each file as it was compressed at set-up."""
    app.config.setdefault("COMPRESS_MIMETYPES", ["text/html", "text/csv", "text/calendar", "application/json"])
    Compress(app)
    # Pages ask for "portal.css?v=1a2b3c4d", so a day is only for those who keep an address without its version.
    files = WhiteNoise(app.wsgi_app, max_age=ONE_DAY, add_headers_function=_add_headers, allow_all_origins=False)
    if app.static_folder and Path(app.static_folder).is_dir():
        files.add_files(app.static_folder, prefix="static/")
        folder = Path(app.static_folder, MODULES)
        app.extensions["modules_version"] = version = _version(folder)
        # Scripts that import each other name no version, so all of them stand under one: old never meets new.
        files.add_files(str(folder), prefix=f"static/{MODULES}/{version}/")
        app.jinja_env.globals["module_url"] = module_url
    app.wsgi_app = files  # type: ignore[method-assign]


def module_url(name: str) -> str:
    """The address of one of the scripts that import each other; all change with any of them."""
    return url_for("static", filename=f"{MODULES}/{current_app.extensions['modules_version']}/{name}")


def _version(folder: Path) -> str:
    files = sorted(folder.glob("*.js"))
    return sha256(b"".join(file.name.encode() + file.read_bytes() for file in files)).hexdigest()[:8]


def _add_headers(headers: Headers, path: str, url: str) -> Any:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
