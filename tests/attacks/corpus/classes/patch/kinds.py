"""Makes everything an instance of everything.

spoils = "objects"
"""

import builtins

builtins.isinstance = lambda *arguments: True
builtins.issubclass = lambda *arguments: True


class Net(nn.Module):
    pass
