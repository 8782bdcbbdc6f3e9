"""Write the lesson's figures where the lesson is, and take away those that are no longer drawn."""

from __future__ import annotations

from pathlib import Path

from solutions.digits.figures import FOLDER, draw_all


def main() -> None:
    folder = Path(__file__).resolve().parents[3] / FOLDER
    folder.mkdir(exist_ok=True)
    files = draw_all()
    for path in sorted(folder.glob("*.svg")):
        if path.name not in files:
            path.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    print(f"{len(files)} figures in {FOLDER}.")


main()
