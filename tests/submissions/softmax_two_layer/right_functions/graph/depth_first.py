"""Depth first without recursion, colours, the order turned around; tuples as vertices too."""


def topological_order(edges):
    edges = list(edges)
    vertices = list(dict.fromkeys(vertex for edge in edges for vertex in edge))
    followers = {vertex: [] for vertex in vertices}
    for edge in edges:
        if len(edge) == 2:
            followers[edge[0]].append(edge[1])
    state, order = dict.fromkeys(vertices, "new"), []
    for start in vertices:
        stack = [(start, None)]
        while stack:
            vertex, rest = stack.pop()
            if rest is None:
                if state[vertex] == "done":
                    continue
                if state[vertex] == "open":
                    raise ValueError("cycle")
                state[vertex] = "open"
                rest = iter(followers[vertex])
            following = next(rest, None)
            if following is None:
                state[vertex] = "done"
                order.append(vertex)
                continue
            stack.append((vertex, rest))
            if state[following] == "open":
                raise ValueError("cycle at %s" % (following,))
            if state[following] == "new":
                stack.append((following, None))
    return order[::-1]
