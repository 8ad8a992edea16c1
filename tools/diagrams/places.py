"""Where each diagram stands, and what it says to someone who does not see it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A diagram at the end of a Markdown cell.

    Attributes
    ----------
    name : str
        Of the function in `drawings` and of the attachment.
    notebook : str
        Below ``source/``.
    cell : str
        Id of the cell.
    alt : str
        The diagram in words.
    """

    name: str
    notebook: str
    cell: str
    alt: str


_CHAIN = "From left to right go values, back come gradients, each of the shape of its value."

PLACES = [
    Place(
        "central_difference",
        "gradient_descent_digits/gradient_descent_digits.ipynb",
        "task_1_2_c",
        "Diagram: a curve with its tangent at x, and the chord through the points at x − h and "
        "x + h, whose slope is nearly that of the tangent.",
    ),
    Place(
        "digits_net",
        "gradient_descent_digits/gradient_descent_digits.ipynb",
        "section_1_5",
        "Diagram: x (N, 64), Linear, (N, 32), ReLU, (N, 32), Linear, (N, 1), Sigmoid, ŷ (N, 1), "
        f"BCE loss, one number. {_CHAIN}",
    ),
    Place(
        "modes_of_differentiation",
        "softmax_two_layer/theory.ipynb",
        "task_2_4",
        "Diagram: the graph of another function, y = sin(x₁ x₂) + x₁, with the derivative of each "
        "step at its edge. Forward mode goes through it from one input, reverse mode from one "
        "output.",
    ),
    Place(
        "softmax_shapes",
        "softmax_two_layer/softmax.ipynb",
        "loss_intro",
        "Diagram: W (C, D), a row of weights for each class, times X (D, N), a column for each "
        "picture, gives the scores S (C, N); the softmax of each column gives p (C, N), whose "
        "columns sum to 1.",
    ),
    Place(
        "unpadded_convnet",
        "pytorch_cifar/pytorch_cifar.ipynb",
        "convnet_intro",
        "Diagram: images (N, 3, H, W), Conv2d with ReLU, (N, F, H′, W′), 2×2 max pooling, "
        f"(N, F, R, S), Linear, scores (N, C), cross-entropy, loss. {_CHAIN}",
    ),
    Place(
        "affine_relu_net",
        "softmax_two_layer/two_layer_net.ipynb",
        "task_scores",
        f"Diagram: X (N, D), affine, (N, H), ReLU, (N, H), affine, scores (N, C), loss. {_CHAIN}",
    ),
    Place(
        "layer_pair",
        "layers_convnet/layers.ipynb",
        "affine_intro",
        "Diagram: forward takes x, w and b and returns out and a cache; backward takes dout, the "
        "gradient of the loss with respect to out, and the cache, and returns dx, dw and db.",
    ),
    Place(
        "convolution_window",
        "layers_convnet/layers.ipynb",
        "conv_intro",
        "Diagram: a 3×3 filter over an image of 4×4 pixels with a border of zeros. The window "
        "moves by the stride, 2, and each place gives one number of the 2×2 output.",
    ),
    Place(
        "pooling_window",
        "layers_convnet/layers.ipynb",
        "pool_intro",
        "Diagram: the largest entries of the 2×2 windows of a 4×4 image. With stride 2 the "
        "windows lie side by side and the output is 2×2, with stride 1 they overlap and it is 3×3.",
    ),
    Place(
        "convnet",
        "layers_convnet/convnet.ipynb",
        "net_intro",
        "Diagram: X (N, C, H, W), convolution, (N, F, H, W), ReLU, (N, F, H, W), 2×2 max pooling, "
        f"(N, F, H/2, W/2), affine, scores (N, 10), loss. {_CHAIN}",
    ),
    Place(
        "affine_relu_net",
        "fc_nets_dropout/FullyConnectedNets.ipynb",
        "two_layer_intro",
        f"Diagram: X (N, D), affine, (N, H), ReLU, (N, H), affine, scores (N, C), loss. {_CHAIN}",
    ),
    Place(
        "learning_rates",
        "fc_nets_dropout/FullyConnectedNets.ipynb",
        "solver_intro",
        "Diagram, a sketch: the training loss over the steps for four learning rates. Far too "
        "high, it rises; too high, it falls fast and stays high; too low, it falls slowly and "
        "would go on; good, it falls fast and gets low.",
    ),
    Place(
        "dropout_modes",
        "fc_nets_dropout/Dropout.ipynb",
        "forward_intro",
        "Diagram: four units in two training steps and at test time. In training some are set to "
        "zero, others in each step, and what is kept is divided by p; at test time all pass as "
        "they are.",
    ),
    Place(
        "a2_net",
        "backprop_a2/backprop_a2.ipynb",
        "the_network",
        "Diagram: x (256, N), times W₁, a (H, N), logistic, h (H, N), times W₂, z (10, N), "
        f"softmax, p (10, N), cross-entropy, E. {_CHAIN}",
    ),
    Place(
        "tanh_net",
        "mlp_trigrams/cats_and_cars.ipynb",
        "section_4",
        "Diagram: x (N, 1024), a hidden layer of 20 tanh units, A (N, 20), a second layer, "
        f"ŷ (N, 1), half of the mean square. {_CHAIN}",
    ),
    Place(
        "embedding_sum",
        "mlp_trigrams/next_word.ipynb",
        "section_8",
        "Diagram: each of three words picks its row of W₁; the rows are added up with b₁ to e, "
        "logistic units make h of it, and a softmax a probability for each of the V words.",
    ),
    Place(
        "layer_objects",
        "mlp_svhn/mlp_svhn.ipynb",
        "section_3",
        "Diagram: x (N, 32, 32, 3), flatten, (N, 3072), fc, (N, H), leaky ReLU, (N, H), fc, "
        f"scores (N, 10), cross-entropy, loss. {_CHAIN}",
    ),
]
