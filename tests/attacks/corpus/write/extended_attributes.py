"""Sets and removes extended attributes."""


def predict(model, region):
    for path in (KNOWN["bystander"] + "/diary.txt", os.__file__, "."):
        tried("setxattr", os.setxattr, path, "user." + MARK, b"x")
        tried("removexattr", os.removexattr, path, "user." + MARK)
        tried("listxattr", os.listxattr, path)
    tell()
