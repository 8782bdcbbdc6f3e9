"""A notebook as data: its cells, and the modules that are built of the definitions in them.

Nothing here runs learner code. Learners have this package too, so that the self-check can look at a saved notebook
as the grading does.
"""
