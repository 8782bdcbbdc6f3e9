"""Ends its process while it is imported, with the exit code of success.

spoils = "with_torch"
words = "could not be imported"
"""

os._exit(0)
