"""Never finishes being imported.

spoils = "with_torch"
status = ["timed_out"]
words = "could not be imported"
"""

while True:
    pass
