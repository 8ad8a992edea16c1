"""Topological order of a directed graph."""

from collections import defaultdict, deque


def topological_order(edges):
    """Order the vertices of a directed acyclic graph so that every edge leads forward.

    Parameters
    ----------
    edges : iterable of tuple
        ``(u, v)`` is an edge from u to v; ``(u,)`` names a vertex that need not
        have any edge. Vertices are of any hashable type. The same edge may come
        twice.

    Returns
    -------
    list
        Every vertex once, u before v for each edge (u, v). Where several orders
        are possible, any of them.

    Raises
    ------
    ValueError
        If the graph has a cycle (an edge from a vertex to itself is one).

    Notes
    -----
    Aim at a time proportional to the number of vertices and edges: Kahn, 1962,
    "Topological sorting of large networks", takes away the vertices without
    incoming edges again and again.
    """
    ### BEGIN SOLUTION
    successors = defaultdict(list)
    in_degree = {}
    for tail, *heads in edges:
        in_degree.setdefault(tail, 0)
        for head in heads:
            successors[tail].append(head)
            in_degree[head] = in_degree.get(head, 0) + 1
    ready = deque(vertex for vertex, degree in in_degree.items() if degree == 0)
    order = []
    while ready:
        vertex = ready.popleft()
        order.append(vertex)
        for head in successors[vertex]:
            in_degree[head] -= 1
            if in_degree[head] == 0:
                ready.append(head)
    if len(order) < len(in_degree):
        raise ValueError("topological_order: expected an acyclic graph, got one with a cycle.")
    return order
    ### END SOLUTION
