"""Pictures with writing in them, drawn on the spot."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Grey = NDArray[np.uint8]


def ground(width: int = 640, height: int = 360, level: float = 90.0, seed: int = 1) -> Grey:
    """Something like an unsharp scene: soft patches of brightness."""
    raw = np.random.default_rng(seed).standard_normal((height, width)).astype(np.float32)
    soft = cv2.GaussianBlur(raw, (0, 0), 12)
    return np.clip(level + 25 * soft / soft.std(), 0, 255).astype(np.uint8)


def written(picture: Grey, text: str, at: tuple[int, int], size: int = 24, ink: int = 245, band: int = -1) -> Grey:
    """The picture with a line on it, its upper left corner at (x, y); on a bar of that brightness, if any."""
    image = Image.fromarray(picture)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size)
    if band >= 0:
        left, top, right, bottom = draw.textbbox(at, text, font=font)
        draw.rectangle((left - 12, top - 8, right + 12, bottom + 8), fill=band)
    draw.text(at, text, fill=ink, font=font)
    return np.asarray(image)
