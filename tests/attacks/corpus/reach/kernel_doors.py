"""Knocks on the doors of the kernel where holes were found: bpf, io_uring, userfaultfd, perf events."""


def predict(model, region):
    room = ctypes.create_string_buffer(256)
    for command in (0, 5):
        refused("bpf", command, room, 128)
    refused("io_uring_setup", 8, room)
    refused("io_uring_enter", 1, 1, 0, 0, 0, 0)
    refused("io_uring_register", 1, 0, 0, 0)
    refused("userfaultfd", 1)
    refused("perf_event_open", room, 0, -1, -1, 0)
    refused("modify_ldt", 1, room, 16)
    refused("pkey_alloc", 0, 0)
    refused("remap_file_pages", 0, 0, 0, 0, 0)
    refused("map_shadow_stack", 0, 4096, 0)
    refused("lookup_dcookie", 0, room, 10)
    for name in ("splice", "vmsplice", "tee", "sendfile"):
        refused(name, 1, 0, 0, 0, 0, 0)
    for name in ("set_mempolicy", "mbind", "get_mempolicy"):
        refused(name, 0, 0, 0, 0, 0)
    tell()
