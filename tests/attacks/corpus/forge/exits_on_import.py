"""Ends its process while it is imported, with the exit code of success.

module = "with_torch"
"""

os._exit(0)
