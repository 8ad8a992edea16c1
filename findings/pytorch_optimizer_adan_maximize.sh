#!/bin/sh
# pytorch_optimizer 4.1.0 with torch 2.13.0: Adan(maximize=True) on -f goes another way than Adan on f.
#
# Maximising -f is minimising f, step for step: so it is with the package's AdaBelief, AdamP and Lion and torch's AdamW.
# Adan keeps the gradient before, to take differences; its first one is kept before maximize turns the sign. The first
# difference, 0 by Adan's paper, is thus twice the gradient, and decays as slowly as the averages do: on a parabola the two
# ways are up to 0.34 apart, where the whole way is 1.5 long. Minimising follows the paper.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps pytorch-optimizer==4.1.0
cat >"$folder/look.py" <<'END'
import sys
from importlib.metadata import version

import numpy as np
import torch
from pytorch_optimizer import AdaBelief, Adan, AdamP, Lion

print("pytorch_optimizer", version("pytorch_optimizer"), "torch", torch.__version__)
start, goal, lr, steps = np.array([2.0, -1.0]), 0.5, 0.1, 60


def way(optimizer, maximize):
    """Where each step leads to, shape (steps, 2), on a parabola or, with maximize, on its negative."""
    place = torch.nn.Parameter(torch.tensor(start))
    rule = optimizer([place], lr=lr, maximize=maximize, weight_decay=0.0)
    places = []
    for _ in range(steps):
        rule.zero_grad()
        value = ((place - goal) ** 2).sum()
        (-value if maximize else value).backward()
        rule.step()
        places.append(place.detach().numpy().copy())
    return np.array(places)


def adan(betas=(0.98, 0.92, 0.99), eps=1e-8):
    """The same way by the paper's formulas (arXiv:2208.06677), with averages corrected for their start at 0."""
    place, before, m, v, n, places = start, None, 0.0, 0.0, 0.0, []
    for t in range(1, steps + 1):
        grad = 2 * (place - goal)
        change = 0 if before is None else grad - before
        before = grad
        m, v, n = (
            beta * average + (1 - beta) * new
            for beta, average, new in zip(betas, (m, v, n), (grad, change, (grad + betas[1] * change) ** 2))
        )
        m_hat, v_hat, n_hat = (average / (1 - beta**t) for beta, average in zip(betas, (m, v, n)))
        place = place - lr * (m_hat + betas[1] * v_hat) / (np.sqrt(n_hat) + eps)
        places.append(place)
    return np.array(places)


as_seen = np.allclose(way(Adan, False), adan(), atol=1e-6)
print("Adan, minimising, follows the paper:", as_seen)
for optimizer in (torch.optim.AdamW, AdaBelief, AdamP, Lion, Adan):
    apart = np.abs(way(optimizer, False) - way(optimizer, True)).max()
    print(f"{optimizer.__name__}: maximising -f is up to {apart:.3f} apart from minimising f")
    as_seen &= bool(apart > 0.2) if optimizer is Adan else bool(apart < 1e-12)
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
"$folder/venv/bin/python" "$folder/look.py"
