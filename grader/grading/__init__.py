"""The hidden run: learners' functions in children of a zygote, hidden checks in the grader's process, and verdicts."""
