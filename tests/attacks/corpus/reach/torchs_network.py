"""Opens a store for distributed training, which listens on a port."""

import multiprocessing.connection

import torch.distributed


def predict(model, region):
    tried(
        "a store",
        torch.distributed.TCPStore,
        "127.0.0.1",
        KNOWN["tcp"],
        1,
        False,
        __import__("datetime").timedelta(seconds=1),
    )
    tried(
        "a group", torch.distributed.init_process_group, "gloo", init_method="tcp://127.0.0.1:0", rank=0, world_size=1
    )
    tried("a listener", multiprocessing.connection.Listener)
    tried("a client", multiprocessing.connection.Client, ("127.0.0.1", KNOWN["tcp"]))
    tell()
