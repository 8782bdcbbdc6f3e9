"""What was submitted, read as data: archives, notebooks and sources are taken apart, and nothing of them is run.

Learners have this package too, so that the self-check can look at a saved notebook as the grading does.
"""
