"""WebP: a picture of a chart in few bytes.

A chart is flat: lines, letters and a few colours. Without loss and with no more colours than an eye tells apart it is
both sharper and smaller than by WebP's lossy way, which is left for what is not flat, such as a shaded surface. (A
heatmap, at twice its size on the page: 26 KB with 256 colours, no channel off by more than 13 of 255; 21 KB with 64,
off by 34; with loss 36 KB at quality 40, off by 88.) The colours are chosen to cover those that there are, however
rare: a chart's symbols are few pixels, and a palette by number would turn them grey.
"""

from __future__ import annotations

import io

from PIL import Image

COLOURS = (256, 128, 64)
"""How many colours are tried, the most faithful first."""
QUALITIES = (70, 50, 30)


def compressed(png: bytes, limit: int) -> bytes | None:
    """The picture as WebP of at most `limit` bytes, in the best way that fits, or None if none does."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in COLOURS:
        data = _encoded(_reduced(image, colours), lossless=True)
        if len(data) <= limit:
            return data
    for quality in QUALITIES:
        data = _encoded(image, quality=quality)
        if len(data) <= limit:
            return data
    return None


def _encoded(image: Image.Image, *, lossless: bool = False, quality: int = 80) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "WEBP", lossless=lossless, quality=quality, method=4)
    return stream.getvalue()


def _reduced(image: Image.Image, colours: int) -> Image.Image:
    """The image in so many colours, each of which is the commonest of those that it stands for.

    A mean, which is usual, would tint the ground, and the picture would stand on the page as a box.
    """
    indexed = image.quantize(colours, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    indices = Image.frombytes("L", indexed.size, indexed.tobytes())
    counted = Image.merge("RGBA", (*image.split(), indices)).getcolors(image.width * image.height) or []
    commonest: dict[int, tuple[int, tuple[int, ...]]] = {}
    for count, pixel in counted:
        assert isinstance(pixel, tuple)
        *colour, index = pixel
        commonest[index] = max(commonest.get(index, (0, ())), (count, tuple(colour)))
    indexed.putpalette([part for index in range(256) for part in commonest.get(index, (0, (0, 0, 0)))[1]])
    return indexed.convert("RGB")
