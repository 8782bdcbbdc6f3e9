"""Raises whenever something is asked whether it can be called.

spoils = "objects"
"""

import builtins

builtins.callable = lambda each: 1 / 0


class Net(nn.Module):
    pass
