"""einsum with means as factors; the slope of the logistic by a difference of squares."""

import numpy as np

from cs_lib.a2_model import forward_pass


def d_loss_by_d_model(model, data, wd_coefficient):
    states = forward_pass(model, data)
    hidden, probability = states[1], states[4]
    count = float(np.shape(data["target"])[1])
    delta = np.subtract(probability, data["target"])
    slope = 0.25 - (hidden - 0.5) ** 2
    first = np.einsum("kj,kn,jn,in->ji", model["hid_to_class"], delta, slope, data["inputs"])
    second = np.einsum("kn,jn->kj", delta, hidden)
    return {
        "input_to_hid": np.asfortranarray(first / count + wd_coefficient * model["input_to_hid"]),
        "hid_to_class": second / count + model["hid_to_class"] * wd_coefficient,
    }
