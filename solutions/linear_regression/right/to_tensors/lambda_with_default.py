"""A lambda with a name and an extra default argument."""

import torch

convert = lambda array, dtype: torch.from_numpy(array).to(dtype)
to_tensors = lambda inputs, targets, dtype=torch.float32: (convert(inputs, dtype), convert(targets, dtype))
