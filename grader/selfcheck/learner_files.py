"""The learner's own files: their text, or a sentence about why there is none."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LearnerFiles:
    """The modules of one lesson in `folder`: texts by module, and sentences for those that can't be read."""

    folder: Path
    texts: dict[str, str]
    problems: dict[str, str]

    def path(self, module: str) -> Path:
        """Where a module's file is, or should be."""
        return self.folder / f"{module}.py"


def read_files(folder: Path, modules: Iterable[str]) -> LearnerFiles:
    """The files of a lesson's modules, read as Python reads them: UTF-8 unless they say otherwise, a BOM allowed."""
    files = LearnerFiles(folder, {}, {})
    for module in modules:
        path = files.path(module)
        try:
            files.texts[module] = _decoded(path.read_bytes())
        except FileNotFoundError:
            files.problems[module] = f"{path.name} is missing: expected it in {folder}."
        except OSError as error:
            files.problems[module] = f"{path.name} can't be read: {error.strerror or error}."
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            what = f"{path.name} is not {error.encoding.upper()} text: see line {line}."
            files.problems[module] = f"{what} Save it as UTF-8 in your editor."
        except (SyntaxError, LookupError, ValueError) as error:
            files.problems[module] = f"{path.name} can't be read as text: {error}. Save it as UTF-8 in your editor."
    return files


def _decoded(data: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    if encoding.startswith("utf-8"):
        data = data.removeprefix(b"\xef\xbb\xbf")
        encoding = "utf-8"
    return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
