"""Reads and writes the memory of its parent, of the first process and of its siblings."""


class Part(ctypes.Structure):
    _fields_ = (("start", ctypes.c_void_p), ("length", ctypes.c_size_t))


def predict(model, region):
    kept = ctypes.create_string_buffer(64)
    ours, theirs = Part(ctypes.addressof(kept), 64), Part(id(None), 64)
    for pid in (os.getppid(), 1, *range(2, 60)):
        for name in ("process_vm_readv", "process_vm_writev"):
            if pid != os.getpid():
                refused(name, pid, ctypes.byref(ours), 1, ctypes.byref(theirs), 1, 0)
        tried("/proc/pid/mem", open, f"/proc/{pid}/mem", "r+b")
    tell()
