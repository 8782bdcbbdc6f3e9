"""`python -m grader`."""

# Grading processes import this module again: only the one that was started runs the command line.
if __name__ == "__main__":
    import sys

    from grader.cli import main

    sys.exit(main())
