#!/bin/sh
# onnx 1.23.2: the ReferenceEvaluator runs a recurrent net over the padding: sequence_lens is taken and not looked at.
#
# RNN, GRU and LSTM get the length of each sequence of a padded batch as an input; Y_h is the state after the last real step,
# Y is 0 behind it. onnxruntime does so, and gives a short sequence the state it has when run alone. onnx's own reference, the
# one to hold other runtimes against, goes on over the padding: the state is that of step 4, not of step 2, and differs with
# what the padding is; no warning. (It drops `clip` and GRU's and LSTM's `activations` likewise, where its RNN refuses an
# activation it has not got.) Full-length batches, both directions and the peepholes agree.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
cat >"$folder/look.py" <<'END'
import sys
from importlib.metadata import version

import numpy as np
import onnx
from onnx import helper
from onnx.reference import ReferenceEvaluator
from onnxruntime import InferenceSession

print("onnx", version("onnx"), "onnxruntime", version("onnxruntime"))
rng = np.random.default_rng(0)
SIZE, HIDDEN = 3, 2
batch = rng.normal(size=(4, 2, SIZE)).astype(np.float32)
short = batch[:2, 1:]  # the second sequence alone, two steps long


def last_states(kind, gates, x, lengths, **attributes):
    """Run one layer in both tools and return what each takes for the last states."""
    draw = np.random.default_rng(1)
    shapes = {"x": x.shape, "w": (1, gates * HIDDEN, SIZE), "r": (1, gates * HIDDEN, HIDDEN), "b": (1, 2 * gates * HIDDEN)}
    feeds = {name: x if name == "x" else draw.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    feeds["lengths"] = np.array(lengths, np.int32)
    inputs = [helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(v.dtype), v.shape) for n, v in feeds.items()]
    node = helper.make_node(kind, list(feeds), ["", "states"], hidden_size=HIDDEN, **attributes)
    states = helper.make_tensor_value_info("states", onnx.TensorProto.FLOAT, (1, len(lengths), HIDDEN))
    graph = helper.make_graph([node], "net", inputs, [states])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
    onnx.checker.check_model(model, full_check=True)
    runtime = InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return [tool.run(["states"], feeds)[0][0] for tool in (ReferenceEvaluator(model), runtime)]


def look(kind, gates):
    full = last_states(kind, gates, batch, [4, 4])
    reference, runtime = last_states(kind, gates, batch, [4, 2])
    alone = last_states(kind, gates, short, [2])
    print(f"{kind}, lengths 4 and 2: reference {np.round(reference[1], 3)}, onnxruntime {np.round(runtime[1], 3)};", end=" ")
    print(f"the short one alone: {np.round(alone[0][0], 3)} and {np.round(alone[1][0], 3)}")
    return (
        np.allclose(*full, atol=1e-5)
        and np.allclose(*alone, atol=1e-5)
        and np.allclose(runtime[1], alone[1][0], atol=1e-5)
        and np.allclose(reference, full[0])
        and not np.allclose(reference[1], runtime[1], atol=0.01)
    )


def ignores(kind, gates, **attributes):
    plain, changed = last_states(kind, gates, batch, [4, 4]), last_states(kind, gates, batch, [4, 4], **attributes)
    print(f"{kind} with {attributes}: changes reference {not np.allclose(plain[0], changed[0])},", end=" ")
    print(f"onnxruntime {not np.allclose(plain[1], changed[1], atol=0.01)}")
    return np.allclose(plain[0], changed[0]) and not np.allclose(plain[1], changed[1], atol=0.01)


as_seen = [look("RNN", 1), look("GRU", 3), look("LSTM", 4)] + [
    ignores("GRU", 3, activations=["Sigmoid", "Relu"]),
    ignores("LSTM", 4, activations=["Sigmoid", "Relu", "Relu"]),
    ignores("GRU", 3, clip=0.3),
]
print("as found" if all(as_seen) else "CHANGED")
sys.exit(not all(as_seen))
END
"$folder/venv/bin/python" "$folder/look.py"
