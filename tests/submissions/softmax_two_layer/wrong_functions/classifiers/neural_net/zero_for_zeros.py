"""b1 = 0 and b2 = 0 where zeros are asked for, one for each unit.

initial_two_layer_model says expected an array, got the number 0
not sum or mean
"""

import numpy as np


def init_two_layer_model(input_size, hidden_size, output_size):
    W1 = 1e-5 * np.random.randn(input_size, hidden_size)
    W2 = 1e-5 * np.random.randn(hidden_size, output_size)
    return {"W1": W1, "b1": 0, "W2": W2, "b2": 0}
