#!/bin/sh
# onnx 1.23.2: a model brought to another opset by onnx's own version converter has another softmax, and passes every check.
#
# Up to opset 12 Softmax, LogSoftmax and Hardmax run over all axes from `axis` on, since opset 13 over that one axis. From 13
# down to 12 the converter hands `axis` on as it is: a softmax over the classes of a segmentation map (axis 1 of N, C, H, W)
# becomes one over classes and pixels together. Expected: the same numbers, or "No Adapter", as Hardmax gets on that way.
# From 12 up to 13 Softmax and LogSoftmax are put right by a Flatten and a Reshape, Hardmax is not: "No Adapter" again, or
# the wrong axis, by direction. Along the last axis all is well both ways.
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
from onnx import TensorProto, helper, version_converter
from onnxruntime import InferenceSession

print("onnx", version("onnx"), "onnxruntime", version("onnxruntime"))
x = np.random.default_rng(0).normal(size=(1, 3, 4, 4)).astype(np.float32)


def run(model):
    onnx.checker.check_model(model, full_check=True)
    return InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]


def look(kind, axis, before, after):
    node = helper.make_node(kind, ["x"], ["y"], axis=axis)
    x_info, y_info = (helper.make_tensor_value_info(name, TensorProto.FLOAT, x.shape) for name in "xy")
    graph = helper.make_graph([node], "net", [x_info], [y_info])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", before)], ir_version=8)
    way = f"{kind}, axis {axis}, opset {before} to {after}"
    y = run(model)
    try:
        converted = version_converter.convert_version(model, after)
    except RuntimeError as error:
        print(f"{way}: refused, {str(error).split('failed: ')[-1]}")
        return "refused"
    got = run(converted)
    same = np.allclose(y, got, atol=1e-6)
    if kind == "LogSoftmax":
        y, got = np.exp(y), np.exp(got)
    print(f"{way}: sum over the classes at pixel 0, 0: {y[0, :, 0, 0].sum():.3f}, then {got[0, :, 0, 0].sum():.3f}")
    return "same" if same else "other numbers"


as_seen = [
    look("Softmax", 1, 13, 12) == "other numbers",
    look("LogSoftmax", 1, 13, 12) == "other numbers",
    look("Hardmax", 1, 13, 12) == "refused",
    look("Softmax", 3, 13, 12) == "same",
    look("LogSoftmax", 3, 13, 12) == "same",
    look("Softmax", 1, 12, 13) == "same",
    look("LogSoftmax", 1, 12, 13) == "same",
    look("Hardmax", 1, 12, 13) == "other numbers",
]
print("as found" if all(as_seen) else "CHANGED")
sys.exit(not all(as_seen))
END
"$folder/venv/bin/python" "$folder/look.py"
