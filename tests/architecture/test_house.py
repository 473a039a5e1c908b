"""The house stands as it was planned; each rule is also shown to find what breaks it."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
from flask import Flask

from portal.access import GRANTS, Can, Role, allows
from tests.architecture import plan


def test_every_package_uses_the_ten_file_names():
    assert plan.files_out_of_plan(plan.ROOT / "portal") == []


def test_an_eleventh_file_name_is_found(tmp_path):
    for name in ("__init__", "views", "utils"):
        (tmp_path / "pool").mkdir(exist_ok=True)
        (tmp_path / "pool" / f"{name}.py").touch()
    (tmp_path / "hollow").mkdir()
    assert plan.files_out_of_plan(tmp_path) == ["hollow is empty", "hollow has no __init__.py", "pool/utils.py"]


def test_nobody_else_commits():
    assert plan.commits_elsewhere(plan.sources("portal")) == []


def test_a_commit_in_a_service_is_found():
    assert plan.commits_elsewhere({"portal/pool/services.py": "x\nsession.commit()"}) == ["portal/pool/services.py:2"]
    assert plan.commits_elsewhere({"portal/pool/commands.py": "session.commit()"}) == []


def test_nobody_asks_the_machine_for_the_time_but_the_clock():
    assert plan.direct_clocks(plan.sources("portal", "courses")) == []


def test_a_clock_read_past_ours_is_found():
    assert plan.direct_clocks({"portal/a.py": "at = datetime.now(UTC)"}) == ["portal/a.py:1"]


def test_only_a_move_writes_a_stage():
    assert plan.stage_writers(plan.sources("portal")) == []


def test_a_stage_written_by_hand_is_found():
    found = plan.stage_writers({"portal/a.py": "volunteer.stage = Stage.ACTIVE\nif volunteer.stage == x: ..."})
    assert found == ["portal/a.py:1"]


def test_import_contracts_are_kept():
    kept = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=plan.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert kept.returncode == 0, kept.stdout


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("portal/volunteers/queries.py", "import portal.pool.models", "A later stage"),
        ("portal/pool/utils.py", "", "Inside a package"),
        ("portal/pool/models.py", "import portal.pool.views", "Inside a package"),
        ("portal/pool/services.py", "import flask", "never heard of"),
        ("courses/syllabus.py", "import portal.clock", "knows nothing of the portal"),
        ("portal/helpers/__init__.py", "", "A later stage"),
    ],
)
def test_each_import_contract_finds_what_breaks_it(tmp_path, file, line, contract):
    for folder in ("portal", "courses"):
        shutil.copytree(
            plan.ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("static", "*.md", "__pycache__")
        )
    shutil.copy(plan.ROOT / "pyproject.toml", tmp_path)
    broken = tmp_path / file
    broken.parent.mkdir(exist_ok=True)
    broken.write_text((broken.read_text() if broken.exists() else "") + f"\n{line}\n")
    judged = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=tmp_path, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert judged.returncode != 0
    assert contract in " ".join(judged.stdout.split("Broken contracts")[1].split())


def test_every_view_says_who_may_open_it(portal_of_session):
    assert plan.unmarked_views(portal_of_session) == []


def test_a_view_that_says_nothing_is_found():
    app = Flask("trial")
    app.add_url_rule("/open", "open", allows(Can.VISIT)(lambda: ""))
    app.add_url_rule("/silent", "silent", lambda: "")
    assert plan.unmarked_views(app) == ["silent", "static"]


def test_every_role_has_its_grants_and_every_permission_a_use(portal_of_session):
    assert set(GRANTS) == set(Role)
    used = {view.needs for view in portal_of_session.view_functions.values()}
    assert set(Can) - used == set()


def test_the_access_matrix_is_the_one_that_was_reviewed(portal_of_session):
    reviewed = (plan.ROOT / "tests/architecture/access_matrix.txt").read_text()
    assert plan.access_matrix(portal_of_session) == reviewed, "run python -m tests.architecture.plan"
