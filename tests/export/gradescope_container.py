"""A folder that stands for /autograder in Gradescope's container."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.export.gradescope_format import Documented, read


@dataclass
class Container:
    """A folder that stands for /autograder."""

    root: Path

    def grade(self, submission: Path | None, metadata: object = None) -> tuple[Documented, str]:
        """Hand something in, run, and give the result with what was printed."""
        there = self.root / "submission"
        shutil.rmtree(there, ignore_errors=True)
        shutil.rmtree(self.root / "results", ignore_errors=True)
        shutil.copytree(submission, there) if submission else there.mkdir()
        path = self.root / "submission_metadata.json"
        path.write_text(metadata if isinstance(metadata, str) else json.dumps(metadata))
        done = subprocess.run(
            [self.root / "run_autograder"],
            cwd=self.root,
            env={**os.environ, "AUTOGRADER_ROOT": str(self.root), "AUTOGRADER_PYTHON": sys.executable},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return read(self.root / "results" / "results.json"), done.stdout


def unpacked(archive: Path, root: Path) -> Container:
    """As docs/tech.md and manual_docker/Dockerfile of gradescope/autograder_samples set it up."""
    shutil.unpack_archive(archive, root / "source")
    shutil.copy(root / "source" / "run_autograder", root)
    (root / "run_autograder").chmod(0o755)
    return Container(root)
