"""Never finishes being imported.

module = "with_torch"
"""

while True:
    pass
