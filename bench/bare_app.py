"""The least that each page can cost: bare Flask, SQL by hand over the same rows, one plain template each.

No access guard, no signing in, no audit, no names of pages, no compression: what is left is Python, Flask,
the driver and the database.
"""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from io import BytesIO
from pathlib import Path
from typing import Any

import fontpkg_fira_sans
import psycopg
from argon2 import PasswordHasher
from argon2.low_level import Type
from flask import Flask, Response, redirect, request
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from bench import PASSWORD

app = Flask(__name__)
local = threading.local()
HEAD = (
    "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{{ title }}</title></head><body><h1>{{ title }}</h1>"
)

REGISTER = app.jinja_env.from_string(
    HEAD
    + """<p>{{ head[0] }}, session {{ head[1] }}: {{ head[2] }}, {{ head[3] }}</p><form method=post>
<input type=hidden name=version value="{{ head[4] }}">
{% for id, name, code, minutes, note in rows %}<fieldset><legend>{{ name }}</legend>
{% for letter in "PLAUVE" %}<label><input type=radio name="code-{{ id }}" value="{{ letter }}"
{% if letter == code %} checked{% endif %}>{{ letter }}</label>{% endfor %}
<input name="minutes-{{ id }}" value="{{ minutes or '' }}"><input name="note-{{ id }}" value="{{ note }}"></fieldset>
{% endfor %}<button>Save</button></form></body></html>"""
)  # fmt: skip
PEOPLE = app.jinja_env.from_string(
    HEAD
    + """<table>{% for id, name, stage, since, area in rows %}<tr><td><a href="/people/{{ id }}">{{ name }}</a></td>
<td>{{ stage }}</td><td>{{ since }}</td><td>{{ area }}</td></tr>{% endfor %}</table></body></html>"""
)
REPORT = app.jinja_env.from_string(
    HEAD
    + """<table>{% for (_, name), codes in rows %}<tr><th>{{ name }}</th>
{% for code in codes %}<td>{{ code }}</td>{% endfor %}
<td>{{ (100 * codes.count("P") / codes|length)|int }}%</td></tr>{% endfor %}</table></body></html>"""
)
LIST = """SELECT v.id, v.name, v.stage, v.stage_since, a.name FROM volunteer v JOIN area a ON a.id = v.area_id
WHERE v.scheme_id = 1 {} ORDER BY v.sort_name, v.id LIMIT 41"""
SAVE = """INSERT INTO mark (session_id, enrolment_id, code, note, marked_at, marked_by_id)
VALUES (%s, %s, %s, '', now(), 1) ON CONFLICT (session_id, enrolment_id)
DO UPDATE SET code = excluded.code, marked_at = excluded.marked_at,
minutes = NULL, reason = NULL"""


def database() -> psycopg.Connection[Any]:
    """This thread's connection, kept open."""
    if not hasattr(local, "connection"):
        local.connection = psycopg.connect(os.environ["BARE_DATABASE_URL"], autocommit=True)
    connection: psycopg.Connection[Any] = local.connection
    return connection


@app.get("/register/<int:number>")
def register(number: int) -> str:
    """The group of one session with its marks."""
    connection = database()
    head = connection.execute(
        "SELECT c.name, s.number, s.title, s.starts_at, s.register_version, c.id FROM cohort_session s"
        " JOIN cohort c ON c.id = s.cohort_id WHERE s.id = %s", (number,)
    ).fetchone()  # fmt: skip
    rows = connection.execute(
        "SELECT e.id, v.name, m.code, m.minutes, m.note FROM enrolment e JOIN volunteer v ON v.id = e.volunteer_id"
        " LEFT JOIN mark m ON m.enrolment_id = e.id AND m.session_id = %s WHERE e.cohort_id = %s"
        " ORDER BY v.sort_name", (number, head[5] if head else 0)
    ).fetchall()  # fmt: skip
    return REGISTER.render(title="Register", head=head, rows=rows)


@app.post("/register/<int:number>")
def save(number: int) -> Any:
    """Every mark that was posted, in one upsert."""
    marks = [
        (number, int(name[5:]), code) for name, code in request.form.items() if name.startswith("code-")
    ]  # fmt: skip
    with database().transaction():
        connection = database()
        connection.cursor().executemany(SAVE, marks)
        connection.execute("UPDATE cohort_session SET register_version = register_version + 1 WHERE id = %s", (number,))
    return redirect(f"/register/{number}")


@app.get("/people")
def people() -> str:
    """The first page of the people, or of those whose name begins with what is asked."""
    search = request.args.get("search")
    connection = database()
    if search:
        asked = (f"{search}%", f"% {search}%")
        rows = connection.execute(LIST.format("AND (v.sort_name LIKE %s OR v.sort_name LIKE %s)"), asked).fetchall()
    else:
        rows = connection.execute(LIST.format("")).fetchall()
    return PEOPLE.render(title="People", rows=rows)


@app.get("/report/<int:number>")
def report(number: int) -> str:
    """Every mark of a cohort, a person a row, and the share of sessions each came to."""
    codes: dict[tuple[int, str], list[str]] = defaultdict(list)
    connection = database()
    for learner, name, code in connection.execute(
        "SELECT e.id, v.name, m.code FROM enrolment e JOIN volunteer v ON v.id = e.volunteer_id JOIN cohort_session s"
        " ON s.cohort_id = e.cohort_id LEFT JOIN mark m ON m.enrolment_id = e.id AND m.session_id = s.id"
        " WHERE e.cohort_id = %s ORDER BY v.sort_name, e.id, s.number", (number,)
    ):  # fmt: skip
        codes[learner, name].append(code)
    return REPORT.render(title="Attendance", rows=codes.items())


# reportlab cuts a font to its letters in an object all threads share: two at once break each other's
drawing = threading.Lock()
FONT = Path(fontpkg_fira_sans.__file__).parent
pdfmetrics.registerFont(TTFont("Bare", str(next(FONT.rglob("FiraSans-Regular.ttf")))))


@app.get("/certificate/<int:number>")
def certificate(number: int) -> Response:
    """One landscape page with the words of a certificate: no tags, no code to scan, no second font."""
    connection = database()
    facts = connection.execute("SELECT facts FROM certificate WHERE id = %s", (number,)).fetchone()[0]  # type: ignore[index]
    lines = ["Certificate of completion of training", facts["mentor"], facts["course_title"], facts["cohort"]]
    lines += [f"{code} {title}" for code, title in facts["units"]] + [facts["number"], facts["signed_by"]]
    written = BytesIO()
    with drawing:
        canvas = Canvas(written, pagesize=landscape(A4))
        canvas.rect(20, 20, 800, 555)
        for n, line in enumerate(lines):
            canvas.setFont("Bare", 18)
            canvas.drawCentredString(420, 500 - 28 * n, line)
        canvas.save()
    return Response(written.getvalue(), mimetype="application/pdf")


hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
KEPT = hasher.hash(PASSWORD)


@app.post("/sign-in")
def sign_in() -> Any:
    """One password verified, and nothing else."""
    hasher.verify(KEPT, request.form["password"])
    return redirect("/")
