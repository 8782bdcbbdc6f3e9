"""Ends the process in `__init_subclass__` and `__set_name__`, while its class is made.

module = "objects"
spoils = ["net"]
"""


class Base(nn.Module):
    def __init_subclass__(cls):
        raise SystemExit(0)


class Net(Base):
    pass
