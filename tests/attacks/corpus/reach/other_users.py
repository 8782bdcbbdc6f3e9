"""Becomes root, or somebody else."""


def predict(model, region):
    for user in (0, 1000):
        refused("setuid", user)
        refused("setresuid", user, user, user)
        refused("setfsuid", user)
        tried("group", os.setgid, user)
        tried("groups", os.setgroups, [user])
    refused("capset", 0, 0)
    tried("a session", os.setsid)
    tried("a group", os.setpgid, 0, 0)
    tell()
