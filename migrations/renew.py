"""Write the first revision again from the models: `python -m migrations.renew`. Only until the first release.

Later a table is changed by a revision of its own (docs/migrations.md), because real databases stand on this one.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from flask import current_app

from config import Settings
from portal import create_app

HERE = Path(__file__).resolve().parent
FIRST = HERE / "versions" / "0001_every_table.py"


def main() -> None:
    """Compare the models with an empty database, in a folder that knows no other revision."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(environment="test", database_url=f"sqlite:///{folder}/empty.sqlite"))
        with app.app_context():
            config = current_app.extensions["migrate"].migrate.get_config(str(HERE))
            config.set_main_option("version_locations", folder)
            command.revision(config, message="every table", autogenerate=True, rev_id="0001")
        lines = next(Path(folder).glob("0001_*.py")).read_text().splitlines(keepends=True)
        FIRST.write_text("".join(line for line in lines if not line.strip().startswith("# ###")))
        subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", FIRST], check=True)  # noqa: S603 - our own file
    sys.stdout.write(f"{FIRST.relative_to(HERE.parent)} written\n")


if __name__ == "__main__":
    main()
