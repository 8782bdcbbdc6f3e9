"""Unpacks a small text that becomes a large one."""

import gzip


def predict(model, region):
    large = gzip.decompress(gzip.compress(bytes(10 << 20), 1) * 100)
    raise RuntimeError(f"SUCCEEDED: {len(large)} bytes were unpacked")
