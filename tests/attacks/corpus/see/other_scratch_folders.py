"""Looks into the scratch folders of those who came before it."""


def predict(model, region):
    here = os.getcwd()
    tried("all of them", os.listdir, os.path.dirname(here))
    for number in range(200):
        path = os.path.join(os.path.dirname(here), str(number))
        if path != here:
            tried(path, os.listdir, path)
            tried(path, open, os.path.join(path, "left"), "w")
    left = set(os.listdir(here)) - {"from_scratch.py", "with_torch.py", ".home", ".tmp"}  # its own
    if left or os.listdir(".home") or os.listdir(".tmp"):
        succeeded(f"something was left for it: {left}")
    tell()
