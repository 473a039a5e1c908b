"""Pages to come."""

from __future__ import annotations

from flask import Blueprint

from portal.correspondence import models  # noqa: F401 - its tables

bp = Blueprint("correspondence", __name__)
