"""Environments of their own, with some of the packages that are installed here."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from filelock import FileLock

from grader.results.export.deployments import all_pinned


def make_environment(folder: Path, names: tuple[str, ...], lock: FileLock) -> Path:
    """An environment with these packages and what they need, and nothing else; its folder of programs.

    `lock` is the one of the installed packages.
    """
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    programs = folder / "bin"
    ask: list[str | Path] = [programs / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    libraries = Path(subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip())
    with lock:
        for package in all_pinned(names):
            _put(package, libraries)
    # A script of pip's own making is what people call; pytest's is made by hand.
    (programs / "pytest").write_text(
        f"#!{programs / 'python'}\nimport sys\n\nimport pytest\n\nsys.exit(pytest.main())\n"
    )
    (programs / "pytest").chmod(0o755)
    return programs


def _put(package: str, libraries: Path) -> None:
    """A package as it is installed here. By hard links, since torch is large; with its bytecode, which takes long to make."""
    found = metadata.distribution(package)
    for file in found.files or ():
        source, target = Path(str(found.locate_file(file))), libraries / file
        if ".." in file.parts or not source.exists() or target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            target.hardlink_to(source)
        except OSError:  # on another disk
            shutil.copy2(source, target)
