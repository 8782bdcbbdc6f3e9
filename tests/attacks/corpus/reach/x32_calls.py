"""Makes calls with the bit that means the x32 form of each.

status = ["crashed", "failed"]
words = "signal 31|STOPPED"
"""


def predict(model, region):
    tried("x32 getpid", raw, 0x40000000 + 39)
    tried("x32 getuid", raw, 0x40000000 + 102)
    tell()
