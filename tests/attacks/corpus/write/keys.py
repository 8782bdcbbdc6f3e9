"""Leaves a key in the kernel's keyring, and looks for those of others."""


def predict(model, region):
    kind, text = ctypes.create_string_buffer(b"user"), ctypes.create_string_buffer(MARK.encode())
    for ring in (-1, -2, -3):  # of the thread, the process, the session
        refused("add_key", kind, text, text, 4, ring)
        refused("keyctl", 0, ring, 0)
    refused("request_key", kind, text, 0, -4)
    tell()
