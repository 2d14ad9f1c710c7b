#!/usr/bin/env python3
"""A consumer of models in RAM: live_norm.py LINK [SECONDS]

Maps the safetensors file that LINK, an active/NAME:TAG of the RAM cache, leads to, and computes
the Euclidean norm of its bfloat16 tensors without copying the file; again whenever LINK has been
flipped to another one. What is mapped stays valid while it is used, also when it is evicted.
Nothing but Python's own library.
"""

import json
import math
import mmap
import os
import struct
import sys
import time
from collections import Counter

LARGEST_HEADER = 100 << 20  # the format's own bound


def open_live(link):
    """Opens what the link leads to; it may lead elsewhere between the two steps of the system."""
    while True:
        try:
            return os.open(link, os.O_RDONLY)
        except FileNotFoundError:
            if not os.path.islink(link):
                raise


def squared(pattern):
    """The square of the bfloat16 with that bit pattern: the upper half of a 32-bit float."""
    (value,) = struct.unpack("<f", struct.pack("<I", pattern << 16))
    return value * value


def norm(content):
    """Norm of all tensors of bfloat16, and how many there are."""
    (length,) = struct.unpack_from("<Q", content, 0)
    if length > min(LARGEST_HEADER, len(content) - 8):
        raise ValueError("not a safetensors file")
    header = json.loads(content[8 : 8 + length])
    patterns, tensors = Counter(), 0
    with memoryview(content) as view:
        for name, tensor in header.items():
            if name != "__metadata__" and tensor["dtype"] == "BF16":
                start, end = (8 + length + offset for offset in tensor["data_offsets"])
                with view[start:end] as part:
                    patterns.update(value for (value,) in struct.iter_unpack("<H", part))
                tensors += 1
    return math.sqrt(math.fsum(n * squared(p) for p, n in patterns.items())), tensors


def main(link, seconds):
    seen = None
    end = time.monotonic() + seconds
    while True:
        descriptor = open_live(link)
        try:
            file = os.fstat(descriptor)
            if file.st_ino != seen:
                seen = file.st_ino
                with mmap.mmap(descriptor, 0, prot=mmap.PROT_READ) as content:
                    value, tensors = norm(content)
                name = os.path.basename(os.path.realpath(link))[:12]
                print(f"{name} {file.st_size} bytes, {tensors} tensors, norm {value:.6f}", flush=True)
        finally:
            os.close(descriptor)
        if time.monotonic() >= end:
            return
        time.sleep(0.05)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(sys.argv[1], float(sys.argv[2]) if len(sys.argv) == 3 else 0.0)
