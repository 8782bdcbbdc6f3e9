"""Starts processes while its object is made."""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        tried("fork", os.fork)
        tried("spawn", os.posix_spawn, KNOWN["python"], ["python", "-c", ""], {})
        tried("system", lambda: os.system("true") and os.stat("/no"))
        tell()
