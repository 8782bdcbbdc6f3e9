"""Leaves something in memory that outlives its process."""

import multiprocessing.shared_memory


def predict(model, region):
    tried("shared memory", multiprocessing.shared_memory.SharedMemory, MARK, create=True, size=1000)
    tried("torch's", torch.ones(1000).share_memory_)
    tried("a file", open, f"/dev/shm/{MARK}", "w")
    name = ctypes.create_string_buffer(MARK.encode())
    refused("memfd_create", name, 0)
    refused("memfd_secret", 0)
    refused("mq_open", name, os.O_CREAT, 0o600, 0)
    for call_name in ("shmget", "semget"):
        refused(call_name, 0x6D61726B, 1000, 0o1600)
    refused("msgget", 0x6D61726B, 0o1600)
    tell()
