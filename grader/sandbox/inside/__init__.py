"""What runs beside learner code. It imports the protocol and nothing else of ours, and holds nothing secret.

For batch grading, `zygote` is started by exec, warms up torch once and forks a `worker` for each submission. The
self-check uses `modules` and `execute` in its own process, so that both see a learner's function the same way.
"""
