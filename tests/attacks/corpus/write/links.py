"""Makes symbolic and hard links, into its box and out of it."""


def predict(model, region):
    for target in (KNOWN["secrets"][0], KNOWN["bystander"] + "/diary.txt", os.__file__, "/", "/proc/self/root"):
        tried("symlink", os.symlink, target, f"link{len(os.listdir('.'))}")
        tried("hard link", os.link, target, f"link{len(os.listdir('.'))}")
    open("mine", "w").close()
    tried("link out", os.link, "mine", f"{KNOWN['bystander']}/{MARK}")
    tried("symlink out", os.symlink, "mine", f"{KNOWN['bystander']}/{MARK}")
    tried("move out", os.rename, "mine", f"{KNOWN['bystander']}/{MARK}")
    tried("link in", os.link, "mine", "yours")
    refused("linkat", -100, b"mine", -100, b"yours", 0)
    tell()
