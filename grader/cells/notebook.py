"""A notebook's cells, read as plain data: whatever is odd is left out, and only what has no cells at all is refused.

The JSON is read without nbformat's validation on purpose: a notebook that Jupyter would complain of, but whose cells
can be seen, is still somebody's work.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from grader.cells.not_read import NotReadError
from grader.records import SubmissionStatus

_MOST_CELLS = 5000


@dataclass(frozen=True)
class Cell:
    """One cell. `number` counts from 1 over all cells of the file; `tag` is its grade id, `_` for `-`, or empty.

    `retyped`: the file has it as text, and it is read as code.
    """

    number: int
    is_code: bool
    text: str
    tag: str = ""
    retyped: bool = False


def read_cells(data: bytes, shown: str, most: int, code_tags: frozenset[str] = frozenset()) -> list[Cell]:
    """The code and text cells of a notebook of format 3, 4 or later, which may hold `most` characters of code.

    A text or raw cell with one of the `code_tags` was a code cell once, and is read as one where no code cell has the
    tag.
    """
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotReadError(
            f"{shown} is not a notebook: its JSON is damaged or cut off. Save it in Jupyter and hand it in again."
        ) from error
    raw = _raw_cells(content)
    if raw is None:
        raise NotReadError(f"{shown} is not a notebook: it has no cells. Save it in Jupyter and hand it in again.")
    if len(raw) > _MOST_CELLS:
        raise NotReadError(
            f"{shown} has {len(raw):,} cells; at most {_MOST_CELLS:,} are read. Hand in only your own work.",
            SubmissionStatus.REFUSED,
        )
    cells = [cell for number, value in enumerate(raw, 1) if (cell := _cell(number, value, code_tags))]
    retyped = code_tags - {cell.tag for cell in cells if cell.is_code}
    cells = [replace(cell, is_code=True, retyped=True) if cell.tag in retyped else cell for cell in cells]
    # Characters, not bytes: a first bound, so that no enormous text is ever parsed.
    if sum(len(cell.text) for cell in cells if cell.is_code) > most:
        raise NotReadError(
            f"{shown} holds more than {most:,} characters of code, the limit. "
            "Hand in only your own work, without data.",
            SubmissionStatus.REFUSED,
        )
    return cells


def _raw_cells(content: object) -> Sequence[object] | None:
    if not isinstance(content, Mapping):
        return None
    cells, sheets = content.get("cells"), content.get("worksheets")
    if isinstance(cells, list):
        return cells
    if isinstance(sheets, list):  # format 3 kept its cells in worksheets
        return [cell for sheet in sheets if isinstance(sheet, Mapping) for cell in _list(sheet.get("cells"))]
    return None


def _cell(number: int, value: object, code_tags: frozenset[str]) -> Cell | None:
    if not isinstance(value, Mapping):
        return None
    kind = value.get("cell_type")
    source = value.get("source", value.get("input"))  # format 3 said input
    text = "".join(part for part in source if isinstance(part, str)) if isinstance(source, list) else source
    tag = _tag(value.get("metadata"))
    kinds = ("code", "markdown", "heading", *(("raw",) if tag in code_tags else ()))
    if not isinstance(text, str) or kind not in kinds:
        return None
    if kind == "heading":  # format 3 again
        text = f"# {text}"
    return Cell(number, kind == "code", text.replace("\r\n", "\n").replace("\r", "\n"), tag)


def _tag(metadata: object) -> str:
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    tag = nbgrader.get("grade_id") if isinstance(nbgrader, Mapping) else None
    return tag.replace("-", "_") if isinstance(tag, str) else ""


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
