"""Sets timers whose signals go to threads that it names."""


def predict(model, region):
    event = ctypes.create_string_buffer(64)
    ctypes.memmove(
        event,
        b"\0" * 8 + (9).to_bytes(4, "little") + (4).to_bytes(4, "little") + os.getppid().to_bytes(4, "little"),
        20,
    )
    refused("timer_create", 1, event, ctypes.create_string_buffer(8))
    tell()
