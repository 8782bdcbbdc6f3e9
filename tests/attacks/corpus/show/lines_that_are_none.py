"""Raises from code that says it is in other files, at lines that don't exist.

words = "raised"
"""


def predict(model, region):
    code = compile("\n" * 100_000 + "raise ValueError('from nowhere')", "with_torch.py", "exec")
    exec(code.replace(co_name="<img src=x onerror=alert(1)>", co_filename="with_torch.py"))
