"""The trusted side of the process wall: the zygote, its workers, what they may use."""
