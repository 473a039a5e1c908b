"""Handing a kept file to a browser; the pages that do so belong to whoever the file belongs to."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response

from portal.files import services
from portal.files.models import StoredFile


def download(stored: StoredFile) -> Response:
    """The file as something to save: never opened inside our pages, never kept by a browser or on the way.

    Whoever calls this has asked whether this person may have it.
    """
    response = Response(services.content_of(stored), mimetype=stored.kind)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(stored.name, safe='')}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
