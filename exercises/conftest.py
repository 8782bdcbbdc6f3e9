"""`pytest exercises` is the self-check: this makes the machine beside this folder available, and its report."""

import sys
from importlib.util import find_spec
from pathlib import Path

if find_spec("grader") is None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

for needed in ("torch", "numpy", "grader"):
    if find_spec(needed) is None:
        raise SystemExit(
            "The self-check needs the folder `grader` of the course, next to the folder `exercises`."
            if needed == "grader"
            else f"The self-check needs {needed}, which is not installed here: python -m pip install torch numpy pytest"
        )

pytest_plugins = ["grader.selfcheck.plugin"]
