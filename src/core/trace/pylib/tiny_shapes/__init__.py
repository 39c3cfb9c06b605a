"""The toy world of the trained models, drawn by integer rules: coloured shapes on 16x16 pictures and captions of 32 words.

    picture("a red square above a blue circle")     [3, 16, 16] in [-1, 1]
    tokens("a red square above a blue circle")      [12] ids, start and end marked, padded with 0
    noise("0:imagic.0", 1, 3, 16, 16)               Gaussian numbers by name

The rules are those of packs/weights/DATASET.md; only plain Python and `torch.tensor` are used.
"""

import math

import torch

WORDS = (
    "<pad> a red green blue yellow square circle triangle above below left right of what color shape is the there "
    "how many shapes are yes no one two <enc> <dec> <start> <end>"
).split()
COLORS = {"red": (220, 40, 40), "green": (40, 180, 60), "blue": (50, 80, 230), "yellow": (240, 210, 40)}
SHAPES = ("square", "circle", "triangle")
BACKGROUND = (32, 32, 32)
SIZE = 16
LENGTH = 12


def ids(text):
    """Word ids of a text, without marks. A word outside the list is named."""
    for word in text.split():
        if word not in WORDS:
            raise ValueError(f'"{word}" is not one of the words: {", ".join(WORDS)}')
    return [WORDS.index(word) for word in text.split()]


def tokens(text, length=LENGTH):
    """[length] int64: start, words, end, padding."""
    row = [WORDS.index("<start>"), *ids(text), WORDS.index("<end>")]
    if len(row) > length:
        raise ValueError(f'"{text}" has more than {length - 2} words')
    return torch.tensor(row + [0] * (length - len(row)))


def objects(caption):
    """The one or two objects (colour, shape) of a caption in painting order, and the axis: 0 above, 1 left of, None for one."""
    words = caption.split()
    ids(caption)
    if len(words) == 3:
        return [_object(words, caption)], None
    if len(words) not in (7, 8) or words[3] not in ("above", "below", "left", "right"):
        raise ValueError(f'"{caption}" is neither "a COLOR SHAPE" nor two of them with above, below, left of or right of between')
    if (words[3] in ("left", "right")) != (len(words) == 8 and words[4] == "of"):
        raise ValueError(f'"{caption}": write "above", "below", "left of" or "right of"')
    pair = [_object(words, caption), _object(words[-3:], caption)]
    if words[3] in ("below", "right"):
        pair.reverse()
    return pair, 0 if words[3] in ("above", "below") else 1


def _object(words, caption):
    if words[0] != "a" or words[1] not in COLORS or words[2] not in SHAPES:
        raise ValueError(f'"{caption}": an object is "a COLOR SHAPE", as in "a red square"')
    return words[1], words[2]


def layout(caption, centre=7, positions=(3, 12), across=(7, 7), radius=4):
    """Where the objects of a caption stand: (colour, shape, cx, cy, r) each. Pairs have r = 3."""
    things, axis = objects(caption)
    if axis is None:
        return [(*things[0], centre, centre, radius)]
    placed = []
    for (color, shape), along, beside in zip(things, positions, across):
        cx, cy = (beside, along) if axis == 0 else (along, beside)
        placed.append((color, shape, cx, cy, 3))
    return placed


def is_inside(shape, dx, dy, r):
    """Whether the pixel at offset (dx, dy) from the centre belongs to a shape of half-size r."""
    if abs(dx) > r or abs(dy) > r:
        return False
    if shape == "square":
        return True
    if shape == "circle":
        return dx * dx + dy * dy <= r * r + 1
    return abs(dx) <= (dy + r) // 2


def paint(things):
    """[3, 16, 16] float32 in [-1, 1] of objects (colour, shape, cx, cy, r), painted in order."""
    pixels = [[BACKGROUND] * SIZE for _ in range(SIZE)]
    for color, shape, cx, cy, r in things:
        for y in range(max(0, cy - r), min(SIZE, cy + r + 1)):
            for x in range(max(0, cx - r), min(SIZE, cx + r + 1)):
                if is_inside(shape, x - cx, y - cy, r):
                    pixels[y][x] = COLORS[color]
    return torch.tensor([[[pixel[channel] / 127.5 - 1 for pixel in row] for row in pixels] for channel in range(3)])


def picture(caption, **where):
    """The picture of a caption. `where`: see `layout`."""
    return paint(layout(caption, **where))


def noise(name, *shape):
    """Gaussian float32 numbers by name: Box and Muller over mulberry32, seeded with the FNV-1a 32 hash of the name (ASCII)."""
    h = 0x811C9DC5
    for letter in name:
        h = _low_product(h ^ ord(letter), 0x01000193)
    values = []
    for _ in range(math.prod(shape)):
        u1, h = _uniform(h)
        u2, h = _uniform(h)
        values.append(math.sqrt(-2 * math.log(1 - u1)) * math.cos(2 * math.pi * u2))
    return torch.tensor(values).reshape(shape)


def _uniform(state):
    """A number in [0, 1) and the next state of mulberry32."""
    a = (state + 0x6D2B79F5) % 2**32
    t = _low_product(a ^ (a >> 15), 1 | a)
    t = ((t + _low_product(t ^ (t >> 7), 61 | t)) % 2**32) ^ t
    return (t ^ (t >> 14)) / 2**32, a


def _low_product(a, b):
    """Lower 32 bits of a product whose parts stay within 53 bits."""
    return (((a >> 16) * b % 65536) * 65536 + (a & 65535) * b) % 2**32
