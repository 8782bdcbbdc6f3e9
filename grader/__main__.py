"""`python -m grader`, and the command `grader`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line. Says what is missing, in a sentence, where only the learner's part is installed."""
    from grader.core.errors import MissingPackage

    try:
        from grader.cli import main as run
    except ModuleNotFoundError as error:
        if MissingPackage.explains(error):
            print(f"grader: {MissingPackage.of(error)}", file=sys.stderr)
            return MissingPackage.exit_code
        raise
    return run()


# Grading processes import this module again: only the one that was started runs the command line.
if __name__ == "__main__":
    sys.exit(main())
