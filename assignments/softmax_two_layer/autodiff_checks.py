"""Hidden checks of ``softmax_two_layer``: derivatives by themselves, and the order of a graph."""

from functools import partial

import numpy as np

from autograder.checks import (
    case,
    cases,
    check,
    expect,
    expect_matches,
    expect_raises,
)


def _points(rng):
    """Draw points on all sides at which exp(u) is not huge, and the hand-out's."""
    yield np.array([1.0, 2.0])
    for signs in ((1, -1), (-1, 1), (-1, -1)):
        yield signs * rng.uniform(0.2, 0.8, size=2)


@check
def autodiff_forward(student, rng):
    """The value of f is right: f1 and f2, at any point."""
    for w in _points(rng):
        expect_matches(student.autodiff.forward, w=w, robust=False)


@check
def jacobian_central_differences(student, rng):
    """jacobian_central takes central differences with the step that it is given."""
    for w, h in zip(_points(rng), (0.01, 0.2, 1e-3, rng.uniform(0.02, 0.1)), strict=True):
        expect_matches(student.autodiff.jacobian_central, w=w, h=h, robust=False)


EXACT = 1e-11
"""A formula is off by 2e-15 at these points; central differences, whatever their step, by 6e-10."""


@check
def jacobian_forward(student, rng):
    """jacobian_forward_mode is exact, with a row for each output."""
    for w in _points(rng):
        function = student.autodiff.jacobian_forward_mode
        expect_matches(function, w=w, robust=False, tolerance=EXACT)


@check
def jacobian_reverse(student, rng):
    """jacobian_reverse_mode is exact, with a row for each output."""
    for w in _points(rng):
        function = student.autodiff.jacobian_reverse_mode
        expect_matches(function, w=w, robust=False, tolerance=EXACT)


def _random_dag(rng, names):
    """Draw edges that lead forward in a secret order of the vertices."""
    places = rng.permutation(len(names))
    edges = [
        (names[places[i]], names[places[j]])
        for j in range(len(names))
        for i in range(j)
        if rng.random() < 0.3
    ]
    rng.shuffle(edges)
    return [tuple(edge) for edge in edges]


def _expect_order(student, edges):
    order = student.graph.topological_order(edges)
    expect(isinstance(order, (list, tuple)), "topological_order: expected a list of vertices.")
    vertices = {vertex for edge in edges for vertex in edge}
    expect(
        len(order) == len(vertices) and all(type(vertex) in (int, str) for vertex in order),
        "topological_order: expected every vertex once.",
    )
    expect(set(order) == vertices, "topological_order: expected the vertices of the edges.")
    place = {vertex: number for number, vertex in enumerate(order)}
    expect(
        all(place[edge[0]] < place[edge[1]] for edge in edges if len(edge) == 2),
        "topological_order: an edge leads backwards. A vertex comes after all that lead to it.",
    )


@check
@cases(
    numbers=case("vertices that are numbers", names=[3, 1, 4, 15, 9, 2, 6]),
    words=case("vertices that are words", names=["w1", "w2", "a", "b", "u", "f1", "f2", "loss"]),
)
def topological_order_of_a_graph(student, rng, names):
    """Every edge leads forward, isolated and doubled ones included; a cycle is a ValueError."""
    for _ in range(4):
        edges = _random_dag(rng, names)
        _expect_order(student, [*edges[:3], *edges])
    _expect_order(student, [(names[0],), (names[2], names[1]), (names[3],), (names[2],)])
    chain = [(k, k + 1) for k in range(300)]
    _expect_order(student, [chain[k] for k in rng.permutation(len(chain))])
    a, b, c, d, *_ = names
    for cycle in ([(a, b), (b, c), (c, a), (d, a)], [(a, b), (c, c)], [(d, a), (a, b), (b, a)]):
        expect_raises(
            ValueError, partial(student.graph.topological_order, cycle), when="there is a cycle"
        )
