"""The untrusted side of the wall: the zygote process and the workers forked from it.

Everything here runs in the process that runs student code, and nothing here
is believed by the grader.
"""
