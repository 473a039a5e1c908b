"""Pages to come."""

from __future__ import annotations

from flask import Blueprint

from portal.recommendations import models  # noqa: F401 - its tables

bp = Blueprint("recommendations", __name__)
