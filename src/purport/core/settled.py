"""A process that works for long has loaded what stays as long as it does."""

import gc

YOUNG = 10_000  # records more than went, after which Python looks for what is no longer needed


def settle() -> None:
    """What is loaded now is no longer looked through for what went: that takes longer than the work between."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)
