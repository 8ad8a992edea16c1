"""Decode a picture that somebody else made: only its pixels go back to the grader.

Runs in a worker that holds no submission: a decoder that is led astray by a
picture is behind the wall, and there is nothing with it.
"""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

Image.preinit()  # its decoders: a worker may not be able to open files
Image.MAX_IMAGE_PIXELS = None  # the grader's own limit is looked at before anything is decoded


def pixels(
    content: bytes, kind: str, most: int, side: int
) -> tuple[int, int, NDArray[np.uint8] | None]:
    """Return a picture's width, height and pixels; None in their place where they are too many.

    Parameters
    ----------
    kind : str
        "PNG" or "JPEG": no other decoder is tried.
    most : int
        Pixels that are decoded.
    side : int
        Longest side of what is returned, in pixels; a larger picture is shrunk.

    Returns
    -------
    width, height : int
        As the file has them.
    pixels : ndarray of uint8, shape (rows, columns, 3), or 4 with transparency
    """
    with Image.open(io.BytesIO(content), formats=(kind,)) as image:
        if image.width * image.height > most:
            return (*image.size, None)
        width, height = image.size
        image.draft("RGB", (side, side))  # a photograph is decoded small, not shrunk later
        clear = "A" in image.getbands() or "transparency" in image.info
        upright = ImageOps.exif_transpose(image).convert("RGBA" if clear else "RGB")
        upright.thumbnail((side, side))
        return width, height, np.asarray(upright)
