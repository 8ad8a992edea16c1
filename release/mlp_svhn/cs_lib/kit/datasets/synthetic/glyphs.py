"""Digits drawn with the fonts that come with matplotlib."""

import numpy as np

FONTS = (
    ("DejaVu Sans", "normal"),
    ("DejaVu Sans", "bold"),
    ("DejaVu Serif", "normal"),
    ("DejaVu Serif", "bold"),
    ("DejaVu Sans Mono", "bold"),
    ("STIXGeneral", "normal"),
    ("STIXGeneral", "bold"),
)
TEMPLATE_SIZE = 48
_OVERSAMPLING = 2


def digit_templates():
    """Every digit in every font, centred, its height nine tenths of the template.

    Returns
    -------
    ndarray, shape (10 * len(FONTS), 48, 48), float32
        Template ``digit * len(FONTS) + font``; ink 1, paper 0.
    """
    return np.stack([_draw(str(digit), *font) for digit in range(10) for font in FONTS])


def _draw(text, family, weight):
    # Imported here: a release without this data set need not load matplotlib for the command line.
    from matplotlib.font_manager import FontProperties
    from matplotlib.path import Path
    from matplotlib.textpath import TextPath

    path = TextPath((0, 0), text, size=100, prop=FontProperties(family=family, weight=weight))
    box = path.get_extents()
    points = TEMPLATE_SIZE * _OVERSAMPLING
    steps = ((np.arange(points) + 0.5) / points - 0.5) * box.height / 0.9
    x, y = np.meshgrid(steps + (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2 - steps)
    pixels = np.column_stack([x.ravel(), y.ravel()])
    inside = np.zeros(len(pixels), dtype=bool)
    # One outline at a time, by the even-odd rule: of the whole path the holes would be filled.
    for outline in path.to_polygons():
        inside ^= Path(outline).contains_points(pixels)
    blocks = inside.reshape(TEMPLATE_SIZE, _OVERSAMPLING, TEMPLATE_SIZE, _OVERSAMPLING)
    return blocks.mean(axis=(1, 3)).astype(np.float32)
