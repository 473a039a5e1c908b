"""The Nu HTML checker, on a folder of pages at once: starting Java is what takes its time."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.skips import ROOT, needs

JAR = "node_modules/vnu-jar/build/dist/vnu.jar"


def mistakes_in(folder: Path) -> list[str]:
    """Every error the checker finds in the pages of a folder."""
    needs("java", JAR)
    done = subprocess.run(
        ["java", "-jar", str(ROOT / JAR), "--format", "json", "--errors-only", "--exit-zero-always", str(folder)],
        check=True, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    found = json.loads(done.stderr or done.stdout)["messages"]
    return [
        f"{Path(each['url']).name}:{each.get('lastLine')}: {each['message']}: {each.get('extract', '')[:120]}"
        for each in found
    ]
