"""Writes a program to memory or to its box, and runs it from there."""


def predict(model, region):
    empty = ctypes.create_string_buffer(b"")
    refused("memfd_create", empty, 1)
    with open("program", "wb") as file:
        file.write(b"#!/bin/sh\nexit 0\n")
    refused("fchmodat", -100, ctypes.create_string_buffer(b"program"), 0o700)
    here = os.open("program", os.O_RDONLY)
    refused("execveat", here, empty, 0, 0, 0x1000)
    tried("loader", os.execv, "/lib64/ld-linux-x86-64.so.2", ["ld", KNOWN["python"]])
    tried("script", os.execv, "program", ["program"])
    tried("by descriptor", os.execve, here, ["program"], {})
    tell()
