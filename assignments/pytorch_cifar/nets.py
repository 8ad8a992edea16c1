"""What the models of ``pytorch_cifar`` compute, in NumPy, and the cases they are tried in."""

import numpy as np

from autograder.checks import case


def dense(x, weight, bias):
    return x.reshape(len(x), -1) @ weight.T + bias


def _convolved(x, filters, bias):
    """Convolve with stride 1 and no padding, without turning the filters around."""
    windows = np.lib.stride_tricks.sliding_window_view(x, filters.shape[2:], axis=(2, 3))
    scores = np.tensordot(windows, filters, axes=((1, 4, 5), (1, 2, 3))) + bias
    return scores.transpose(0, 3, 1, 2)


def _pooled(x):
    """Take the largest of each 2×2 window; a row or column that is left over is not used."""
    rows, columns = x.shape[2] // 2, x.shape[3] // 2
    windows = x[:, :, : 2 * rows, : 2 * columns].reshape(*x.shape[:2], rows, 2, columns, 2)
    return windows.max(axis=(3, 5))


def _softmax_net(x, W, b):
    return dense(x, W, b)


def _relu(x):
    return np.maximum(x, 0)


def _two_layers(x, W1, b1, W2, b2, between=_relu):
    return dense(between(dense(x, W1, b1)), W2, b2)


def _convnet(x, filters, b1, W2, b2, between=_relu):
    return dense(_pooled(between(_convolved(x, filters, b1))), W2, b2)


def _softmax_case(shows, im_size, C, N):
    D = int(np.prod(im_size))
    return case(shows, model="softmax", sizes=(im_size, C), N=N, shapes=[(C, D), (C,)])


def _two_layer_case(shows, im_size, H, C, N):
    D = int(np.prod(im_size))
    shapes = [(H, D), (H,), (C, H), (C,)]
    return case(shows, model="twolayernn", sizes=(im_size, H, C), N=N, shapes=shapes)


def _convnet_case(shows, im_size, F, k, C, N):
    rows, columns = ((side - k + 1) // 2 for side in im_size[1:])
    shapes = [(F, im_size[0], k, k), (F,), (C, F * rows * columns), (C,)]
    return case(shows, model="convnet", sizes=(im_size, F, k, C), N=N, shapes=shapes)


NETS = {"softmax": _softmax_net, "twolayernn": _two_layers, "convnet": _convnet}
CLASSES = {"softmax": "Softmax", "twolayernn": "TwoLayerNN", "convnet": "CNN", "mymodel": "MyModel"}
SOFTMAX = {
    "pictures": _softmax_case(
        "colours, height, width, classes and pictures, all of different number", (3, 4, 5), 7, N=6
    ),
    "one_grey_picture": _softmax_case(
        "one grey picture: an axis of length 1 goes wrong here", (1, 6, 2), 4, N=1
    ),
    "more_classes_than_pixels": _softmax_case("more classes than pixels", (2, 2, 1), 9, N=3),
}
TWO_LAYERS = {
    "pictures": _two_layer_case(
        "colours, height, width, hidden units, classes and pictures, all of different number",
        (3, 4, 5),
        8,
        6,
        N=7,
    ),
    "one_grey_picture": _two_layer_case(
        "one grey picture: an axis of length 1 goes wrong here", (1, 6, 2), 5, 3, N=1
    ),
    "wide": _two_layer_case("more hidden units than pixels", (2, 3, 1), 40, 11, N=4),
}
CONVNETS = {
    "odd_kernel": _convnet_case(
        "filters of odd size, height and width differ", (3, 8, 10), 4, 3, 6, N=5
    ),
    "even_kernel": _convnet_case(
        "filters of even size, for which no padding keeps the size", (2, 7, 9), 5, 4, 3, N=2
    ),
    "rest_of_the_pooling": _convnet_case(
        "a column that the pooling leaves over", (3, 9, 6), 6, 2, 4, N=3
    ),
    "one_grey_picture": _convnet_case(
        "one grey picture: an axis of length 1 goes wrong here", (1, 6, 7), 3, 5, 5, N=1
    ),
}


def bends(model, images, weights):
    """Whether a net's ReLU shows in its scores, and one after the scores would show, too."""
    scores = NETS[model](images, *weights)
    if model == "softmax":
        return True
    straight = NETS[model](images, *weights, between=np.copy)
    return np.abs(scores - straight).max() > 0.1 and scores.min() < -0.1 < 0.1 < scores.max()
