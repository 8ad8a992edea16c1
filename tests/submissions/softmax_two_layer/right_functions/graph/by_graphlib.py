"""The standard library's sorter, whose CycleError is a ValueError."""

from graphlib import TopologicalSorter


def topological_order(edges):
    sorter = TopologicalSorter()
    for tail, *heads in edges:
        sorter.add(tail)
        for head in heads:
            sorter.add(head, tail)
    return list(sorter.static_order())
