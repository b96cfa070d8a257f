"""WebP in few bytes: sharp, in its true colours, and never too large."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw

from generator.charts import webp


def png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def opened(data: bytes | None) -> Image.Image:
    assert data is not None
    image = Image.open(io.BytesIO(data))
    assert image.format == "WEBP"
    return image.convert("RGB")


def drawing() -> Image.Image:
    """A ground, a scale of 400 colours, and one small symbol of a colour that nothing else has."""
    image = Image.new("RGB", (800, 400), "#fdfcf9")
    draw = ImageDraw.Draw(image)
    for x in range(400):
        draw.line([(x, 100), (x, 300)], fill=(255 - x // 2, x // 2, 80 + x // 4))
    draw.rectangle([700, 20, 705, 25], fill="#cc79a7")
    return image


def test_a_flat_picture_keeps_its_ground_and_its_rare_colours() -> None:
    made = opened(webp.compressed(png(drawing()), 30_000))
    assert made.size == (800, 400)
    assert made.getpixel((790, 390)) == (0xFD, 0xFC, 0xF9)
    pink = made.getpixel((702, 22))
    assert isinstance(pink, tuple)
    assert max(abs(one - other) for one, other in zip(pink, (0xCC, 0x79, 0xA7), strict=True)) <= 16


def test_what_few_colours_can_t_show_loses_detail_and_what_fits_in_no_way_is_none() -> None:
    noise = Image.frombytes("RGB", (200, 200), random.Random(1).randbytes(120_000))
    data = webp.compressed(png(noise), 30_000)
    assert data is not None
    assert len(data) <= 30_000
    assert opened(data).size == (200, 200)
    assert webp.compressed(png(noise), 1000) is None
