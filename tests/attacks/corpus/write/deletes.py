"""Deletes and moves somebody's files."""

import shutil


def predict(model, region):
    place = KNOWN["bystander"]
    tried("unlink", os.unlink, f"{place}/diary.txt")
    tried("rename", os.rename, f"{place}/diary.txt", f"{place}/{MARK}")
    tried("move", os.rename, f"{place}/diary.txt", "diary.txt")
    tried("rmdir", os.rmdir, f"{place}/folder")
    tried("rmtree", shutil.rmtree, place)
    tried("the results", os.unlink, f"{KNOWN['results']}/results.db")
    tried("the submission", shutil.rmtree, os.path.dirname(KNOWN["sibling"]))
    tell()
