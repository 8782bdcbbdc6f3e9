"""Beginning a course, a lesson or an exercise, and releasing it: archives for learners and for nbgrader."""
