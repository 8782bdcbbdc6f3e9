"""Raises and returns objects whose types have odd names.

status = ["failed", "crashed"]
"""

COUNT = []
Long = type("L" * 100_000, (Exception,), {"__module__": "<b>"})
Odd = type("\x1b[31m\u202e", (), {"__module__": 7})


def predict(model, region):
    COUNT.append(1)
    if len(COUNT) % 2:
        return Odd()
    raise Long("short")
