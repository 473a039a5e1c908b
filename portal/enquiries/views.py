"""Pages to come."""

from __future__ import annotations

from flask import Blueprint

from portal.enquiries import models  # noqa: F401 - its tables

bp = Blueprint("enquiries", __name__)
