"""What npm installed for the tests (package.json), run by the node that the lock brings. Missing is an error."""

import json
import subprocess
import sys
from pathlib import Path

from tests.servers.process import MissingPart
from tooling.static_files import ROOT

MODULES = ROOT / "node_modules"


def module(name):
    """The path of a file below node_modules."""
    path = MODULES / name
    if not path.exists():
        raise MissingPart(f"{path} is missing. Install it with: ./dev test --version")
    return path


def run_node(script, said):
    """What `script`, a file, answers in JSON to `said` in JSON on its standard input."""
    module("html-validate")
    node = Path(sys.executable).parent / "node"
    done = subprocess.run([node, script], input=json.dumps(said), capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout)
