"""``cs_lib.graph``: topological order."""

import graphlib

import pytest
from cs_lib.graph import topological_order
from hypothesis import given
from hypothesis import strategies as st

vertices = st.integers(0, 8)


def is_order(order, edges):
    place = {vertex: k for k, vertex in enumerate(order)}
    named = {vertex for edge in edges for vertex in edge}
    return (
        len(order) == len(place)
        and set(place) == named
        and all(place[edge[0]] < place[edge[1]] for edge in edges if len(edge) == 2)
    )


@given(st.lists(st.one_of(st.tuples(vertices, vertices), st.tuples(vertices))))
def test_order_exists_exactly_where_the_standard_library_finds_one(edges):
    sorter = graphlib.TopologicalSorter()
    for tail, *heads in edges:
        sorter.add(tail)
        for head in heads:
            sorter.add(head, tail)
    try:
        list(sorter.static_order())
    except graphlib.CycleError:
        with pytest.raises(ValueError, match="cycle"):
            topological_order(edges)
    else:
        assert is_order(topological_order(edges), edges)


def test_isolated_vertices_and_names_of_any_type():
    edges = [("u", "f1"), ("lonely",), ("w1", "u"), (3, "u"), ("w1", "u")]
    assert is_order(topological_order(edges), edges)


def test_no_edges_no_vertices():
    assert topological_order([]) == []


def test_a_chain_of_a_hundred_thousand_vertices_takes_no_recursion():
    edges = [(k, k + 1) for k in range(100_000)]
    assert topological_order(reversed(edges)) == list(range(100_001))
