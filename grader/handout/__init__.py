"""What is handed out: an archive for learners, an nbgrader course, and a listing; nothing, if anything is wrong."""

from grader.handout.contents import Archive
from grader.handout.handout import Handout, make_handout, write_handout

__all__ = ["Archive", "Handout", "make_handout", "write_handout"]
