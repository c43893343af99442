"""What the fork server imports once, so that a process for a model is ready in half a second; imported by nothing else.

It must not touch the GPU: a forked process cannot use a CUDA context that its parent opened.
"""

import os
from contextlib import suppress

os.environ.setdefault("PYTORCH_NVML_BASED_CUDA_CHECK", "1")  # asks the driver's library whether there is a GPU, without opening a context
os.environ.setdefault("HF_HUB_OFFLINE", "1")

with suppress(ImportError):  # without the extra there is no model to load; its backend says so in words
    import transformers.modeling_utils  # noqa: F401
