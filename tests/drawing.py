"""Pictures for tests, made by a library and by hand."""

import base64
import io
import struct
import zlib

import numpy as np
from PIL import Image


def png(width=40, height=30, colour=(200, 30, 30)):
    """A picture of one colour, as a file."""
    return _file(Image.new("RGB", (width, height), colour), "PNG")


def jpeg(width=40, height=30, turned=False):
    """A photograph, dark on the left; turned, as a telephone says it in the file."""
    ramp = np.tile(np.linspace(0, 255, width).astype(np.uint8)[None, :, None], (height, 1, 3))
    exif = Image.Exif()
    exif[0x0112] = 6 if turned else 1
    return _file(Image.fromarray(ramp), "JPEG", exif=exif, quality=95)


def _file(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png_base64(**options):
    return base64.b64encode(png(**options)).decode()


def bomb(width, height, body=b""):
    """A PNG that says it has this many pixels, whatever is in it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(body)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(name, content):
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )
