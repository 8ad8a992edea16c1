"""Takes away what nothing leads to, again and again, with sets."""


def topological_order(edges):
    pairs = {edge for edge in map(tuple, edges) if len(edge) > 1}
    left = {vertex for edge in edges for vertex in edge}
    order = []
    while left:
        free = left - {head for _, head in pairs}
        if not free:
            raise ValueError("There is a cycle.")
        order.extend(free)
        left -= free
        pairs = {(tail, head) for tail, head in pairs if tail in left}
    return tuple(order)
