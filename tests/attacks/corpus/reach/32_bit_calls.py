"""Calls the kernel through the door for 32-bit programs, where calls have other numbers.

status = ["crashed", "failed"]
words = "signal 31|STOPPED"
"""

import mmap


def predict(model, region):
    if os.uname().machine != "x86_64":
        _note("not on this machine")
        tell()
    code = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(bytes.fromhex("53b814000000cd805bc3"))  # getpid
    run = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
    succeeded(f"a 32-bit call gave {run()}")
    tell()
