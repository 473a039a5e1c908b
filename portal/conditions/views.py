"""Pages to come."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("conditions", __name__)
