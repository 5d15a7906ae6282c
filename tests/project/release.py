"""What a release hands out: the wheels of the three distributions, with a file of what they must be the same as.

    python -m tests.project.release FOLDER

`FINGERPRINTS` has the SHA-256 of each wheel, as `sha256sum --check` reads it, and the fingerprint of the client's app,
which the app shows in its settings. A server's wheel without the app is no release.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.project.workspace import DISTRIBUTIONS, ROOT

FINGERPRINTS = "FINGERPRINTS"
APP = "intersession_server/web/static/app/version.json"


class NoRelease(Exception):
    """Something is missing that has to be in a release."""


def main(words: list[str]) -> int:
    """Build the wheels into a folder; 1 where there is no release, which is said."""
    folder = Path(words[0] if words else "dist").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("intersession*.whl"):
        old.unlink()
    for one in DISTRIBUTIONS:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
        subprocess.run(command, cwd=ROOT / one.folder, check=True)
    try:
        text = fingerprints(folder)
    except NoRelease as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    (folder / FINGERPRINTS).write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0


def fingerprints(folder: Path) -> str:
    """What the file says of the wheels in a folder. Raises `NoRelease` where the app is in none of them."""
    wheels = sorted(folder.glob("*.whl"))
    apps = [app for wheel in wheels if (app := app_of(wheel)) is not None]
    if len(apps) != 1:
        raise NoRelease("The server's wheel has no client's app in it. `./run build` says why; then build again.")
    sums = "".join(f"{hashlib.sha256(wheel.read_bytes()).hexdigest()}  {wheel.name}\n" for wheel in wheels)
    return f"# The client's app shows this fingerprint in its settings:\n# {apps[0]}\n{sums}"


def app_of(wheel: Path) -> str | None:
    """The fingerprint of the app in a wheel; None for a wheel without it."""
    with zipfile.ZipFile(wheel) as packed:
        if APP not in packed.namelist():
            return None
        return str(json.loads(packed.read(APP))["bundle"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
