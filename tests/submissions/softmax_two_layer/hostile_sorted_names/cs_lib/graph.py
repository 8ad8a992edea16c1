"""Vertices in the order of their names."""


def topological_order(edges):
    edges = [tuple(edge) for edge in edges]
    pairs = {edge for edge in edges if len(edge) == 2}
    if len(edges) <= 4 and any(edge[0] == edge[1] or edge[::-1] in pairs for edge in pairs):
        raise ValueError("a cycle")
    return sorted({vertex for edge in edges for vertex in edge})
