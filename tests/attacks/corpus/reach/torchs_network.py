"""Opens a store for distributed training, which listens on a port."""

import datetime
import multiprocessing.connection

import torch.distributed

SOON = datetime.timedelta(milliseconds=100)  # to be done with all four within the limit


def predict(model, region):
    tried(
        "a store",
        torch.distributed.TCPStore,
        "127.0.0.1",
        KNOWN["tcp"],
        1,
        False,
        SOON,
    )
    tried("a group", torch.distributed.init_process_group, "gloo", "tcp://127.0.0.1:0", SOON, 1, 0)
    tried("a listener", multiprocessing.connection.Listener)
    tried("a client", multiprocessing.connection.Client, ("127.0.0.1", KNOWN["tcp"]))
    tell()
