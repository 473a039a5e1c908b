"""Pages to come."""

from __future__ import annotations

from flask import Blueprint

from portal.duplicates import models  # noqa: F401 - its tables

bp = Blueprint("duplicates", __name__)
