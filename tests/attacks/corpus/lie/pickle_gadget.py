"""Returns objects that run code wherever they are unpickled, copied or printed."""


class Gadget:
    def __reduce__(self):
        return os.system, (f"touch {KNOWN['bystander']}/{MARK}",)

    def __repr__(self):
        open(f"{KNOWN['bystander']}/{MARK}", "w").close()
        return "gadget"

    __deepcopy__ = __copy__ = __str__ = __format__ = __repr__


def mse(t1, t2):
    return Gadget()
