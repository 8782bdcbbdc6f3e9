"""However pip has installed the kit, a course that is begun with it takes it from the same place, and pip finds it there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import grader
from tests.authoring.test_from_the_wheel import build_wheel

ROOT = Path(__file__).resolve().parents[2]
NAMED = "autograded-course-kit[grade]"
# Without a network: what it needs is here already.
OPTIONS = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-index", "--no-build-isolation")

pytestmark = pytest.mark.slow


def pip_install(target: Path, *what: object) -> None:
    command = [sys.executable, "-m", "pip", "install", *OPTIONS, "--target", str(target), *map(str, what)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the kit; beside it, in `source`, what it was built of. The folder's name is not simple."""
    folder = tmp_path_factory.mktemp("some one's kit")
    return build_wheel(folder)


def a_wheel(wheel: Path, _: Path) -> tuple[str, str]:
    return str(wheel), f"{NAMED} @ {wheel.as_uri()}"


def a_folder(wheel: Path, tmp_path: Path) -> tuple[str, str]:
    folder = shutil.copytree(wheel.parent / "source", tmp_path / "a checkout")
    return str(folder), f"{NAMED} @ {folder.as_uri()}"


def a_repository(wheel: Path, tmp_path: Path) -> tuple[str, str]:
    folder = shutil.copytree(wheel.parent / "source", tmp_path / "repository")
    as_somebody = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    for command in (("init",), ("add", "."), ("commit", "-m", "The kit")):
        subprocess.run(["git", *as_somebody, *command], cwd=folder, check=True, capture_output=True)
    return f"git+{folder.as_uri()}", f"{NAMED} @ {folder.as_uri()}"  # pip refuses `NAME @ git+file:…`


@pytest.fixture
def address(wheel: Path) -> Iterator[str]:
    """Where the wheel is served."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=wheel.parent)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{wheel.name}"
        server.shutdown()


def begun(installed: Path, folder: Path) -> tuple[str, str]:
    """What `grader init` of this kit writes of the kit, and what it prints besides the files."""
    folder.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    done = subprocess.run(
        [sys.executable, "-m", "grader", "init"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    line = (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()[-1]
    return line, "\n".join(line for line in done.stdout.splitlines() if not line.startswith("written: "))


@pytest.mark.parametrize("place", [a_wheel, a_folder, a_repository])
def test_a_place_on_this_machine_is_written_down_and_said(
    place: Callable[[Path, Path], tuple[str, str]], wheel: Path, tmp_path: Path
) -> None:
    given, expected = place(wheel, tmp_path)
    pip_install(tmp_path / "installed", given)
    written, said = begun(tmp_path / "installed", tmp_path / "course")
    assert written == expected
    path = given.removeprefix("git+file://")
    assert f"requirements.txt takes the kit from where it was installed from, {path}, and nobody else has that." in said
    pip_install(tmp_path / "again", "-r", tmp_path / "course/requirements.txt")
    assert (tmp_path / "again/grader/__init__.py").is_file()


def test_an_address_is_written_down_without_a_word(address: str, tmp_path: Path) -> None:
    pip_install(tmp_path / "installed", address)
    written, said = begun(tmp_path / "installed", tmp_path / "course")
    assert written == f"{NAMED} @ {address}"
    assert "requirements.txt" not in said
    pip_install(tmp_path / "again", "-r", tmp_path / "course/requirements.txt")


def test_a_version_of_an_index_is_written_down_without_a_word(wheel: Path, tmp_path: Path) -> None:
    index = ("--find-links", wheel.parent)
    pip_install(tmp_path / "installed", *index, "autograded-course-kit")
    written, said = begun(tmp_path / "installed", tmp_path / "course")
    assert written == f"{NAMED}=={grader.__version__}"
    assert "requirements.txt" not in said
    pip_install(tmp_path / "again", *index, "-r", tmp_path / "course/requirements.txt")


def test_a_place_that_is_gone_is_to_be_put_right(wheel: Path, tmp_path: Path) -> None:
    gone = Path(shutil.copy(wheel, tmp_path))
    pip_install(tmp_path / "installed", gone)
    gone.unlink()
    written, said = begun(tmp_path / "installed", tmp_path / "course")
    assert written == f"{NAMED} @ {gone.as_uri()}"
    assert f"{gone}, and that is gone. Before make setup, put in its place where the kit is now" in said


def test_a_checkout_that_runs_as_it_lies_is_where_the_kit_is(tmp_path: Path) -> None:
    written, said = begun(ROOT, tmp_path / "course")
    assert written == f"{NAMED} @ {ROOT.as_uri()}"
    assert f"{ROOT}, and nobody else has that." in said
