"""math is used and not imported.

softmax_loss says The line that imports this module is missing at the top of the file.
"""


def softmax_loss_vectorized(W, X, y, reg):
    return math.log(W.shape[0]), W
