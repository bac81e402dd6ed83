#!/usr/bin/env python3
"""Draws the glyph atlas of overlays: a grey PNG of cells, 32 a row, and a text file of "code point, advance in pixels" per cell.

Needs Debian's python3-pil and fonts-dejavu-core. Usage: make.py FOLDER
"""
import sys
from PIL import Image, ImageDraw, ImageFont

CELL_WIDTH, CELL_HEIGHT, SIZE, COLUMNS = 40, 40, 30, 32
RANGES = [(0x20, 0x7E), (0xA0, 0x17F), (0x370, 0x3FF), (0x400, 0x45F), (0x2013, 0x2014), (0x2018, 0x201D), (0x2026, 0x2026), (0x25A1, 0x25A1)]

folder = sys.argv[1]
font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", SIZE)
points = [p for first, last in RANGES for p in range(first, last + 1) if chr(p).isprintable() or p in (0x20, 0xA0)]
rows = (len(points) + COLUMNS - 1) // COLUMNS
atlas = Image.new("L", (COLUMNS * CELL_WIDTH, rows * CELL_HEIGHT), 0)
draw = ImageDraw.Draw(atlas)
lines = []
for i, point in enumerate(points):
    x, y = i % COLUMNS * CELL_WIDTH, i // COLUMNS * CELL_HEIGHT
    advance = min(CELL_WIDTH, round(font.getlength(chr(point))))
    draw.text((x, y + 2), chr(point), font=font, fill=255)
    lines.append(f"{point:04X} {advance}")
atlas.save(f"{folder}/glyphs.png", optimize=True)
with open(f"{folder}/glyphs.txt", "w") as file:
    file.write("\n".join(lines) + "\n")
