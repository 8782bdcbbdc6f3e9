"""What runs beside learner code. It imports the wire and nothing else of ours, and holds nothing secret.

For batch grading, `zygote` is started by exec, warms up torch once and forks a `child` for each submission. The
self-check uses `modules` and `perform` in its own process, so that both see a learner's function the same way.
"""
