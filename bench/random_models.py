"""Makes models of published sizes with random weights out of the small ones of the golden vectors, so that speed can be measured without a checkpoint.

    /usr/bin/python3 bench/random_models.py ../shared/golden-trained ../shared/golden-successors bench/models

Text towers stay small: no name is embedded while windows are timed. Needs numpy."""

import json
import re
import shutil
import struct
import sys
from pathlib import Path

import numpy


def stored(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    return {name: entry["shape"] for name, entry in header.items() if name != "__metadata__"}


def write(path, shapes):
    header, offset = {}, 0
    for name, shape in shapes.items():
        size = 2 * int(numpy.prod(shape, dtype=numpy.int64))
        header[name] = {"dtype": "F16", "shape": shape, "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    random = numpy.random.default_rng(1)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name, shape in shapes.items():
            centre = 1 if re.search(r"(norm|ln)\w*\.weight$|running_var$", name) else 0
            file.write((centre + 0.06 * (random.random(shape, dtype=numpy.float32) - 0.5)).astype(numpy.float16).tobytes())


def grow(source, target, config, vision, sizes, layers, named=(), moved=("", "")):
    """Writes a model whose tensors of the vision side have other sizes (a table of old to new) and numbers of layers (prefix to count); tensors that
    `named` finds have sizes of their own."""
    target.mkdir(parents=True, exist_ok=True)
    for file in source.iterdir():
        if not file.name.endswith(".safetensors"):
            shutil.copy(file, target)
    file = next(source / name for name in ("open_clip_config.json", "config.json") if (source / name).exists())
    text = json.loads(file.read_text())
    change(text, config)
    (target / file.name).write_text(json.dumps(text, indent=1))
    shapes = {}
    for name, shape in stored(source / "model.safetensors").items():
        for pattern, own in named:
            if re.search(pattern, name):
                shape = own if isinstance(own, list) else [own.get(side, side) for side in shape]
                break
        else:
            if re.search(vision, name):
                shape = [side if side == 3 else sizes.get(side, side) for side in shape]
        shapes[name.replace(*moved)] = shape
    for prefix, count in layers.items():
        for name in [name for name in shapes if re.match(prefix + r"\.\d+\.", name)]:
            rest, at = re.sub("^" + prefix + r"\.\d+\.", "", name), name[: re.match(prefix, name).end()]
            for number in range(count):
                shapes.setdefault(f"{at}.{number}.{rest}", shapes[name])
    write(target / "model.safetensors", shapes)
    print(target)


def change(node, config):
    for key, value in config.items():
        if isinstance(value, dict):
            change(node[key], value)
        else:
            node[key] = value


trained, successors, out = (Path(argument) for argument in sys.argv[1:4])
grow(trained / "groupvit/models/groupvit3", out / "groupvit",
     {"projection_dim": 256, "projection_intermediate_dim": 4096,
      "vision_config": {"hidden_size": 384, "intermediate_size": 1536, "depths": [6, 3, 3], "num_hidden_layers": 12, "num_group_tokens": [64, 8, 0], "num_output_groups": [64, 8, 8],
                        "num_attention_heads": 6, "image_size": 224}},
     r"^vision_model", {48: 384, 192: 1536, 24: 192, 8: 64, 4: 8},
     {r"vision_model\.encoder\.stages\.0\.layers": 6, r"vision_model\.encoder\.stages\.1\.layers": 3, r"vision_model\.encoder\.stages\.2\.layers": 3},
     [(r"patch_embeddings", {48: 384}), (r"position_embeddings", {16: 196, 48: 384}), (r"^visual_projection\.0\.weight", [4096, 384]), (r"^(visual|text)_projection\.3", {32: 256, 48: 4096}),
      (r"^(visual|text)_projection\.[01]", {48: 4096})])
grow(trained / "segclip/models/segclip", out / "segclip",
     {"embed_dim": 512, "image_size": 224, "width": 768, "heads": 12, "first_stage_layers": 10, "second_stage_layers": 2, "groups": 8},
     r"^clip\.visual", {64: 768, 256: 3072, 192: 2304, 17: 197, 32: 512, 6: 8},
     {r"clip\.visual\.transformer\.layers0": 10, r"clip\.visual\.transformer\.layers2": 2},
     [(r"[kv]_conv", {64: 768, 32: 64}), (r"text_projection", {32: 512}), (r"conv1", {64: 768})])
grow(trained / "tcl/models/tcl", out / "tcl",
     {"embed_dim": 512, "image_size": 224, "width": 768, "heads": 12, "layers": 12, "ie_freeze": 11},
     r"^(clip_image_encoder|masker)", {64: 768, 256: 3072, 192: 2304, 17: 197, 32: 512},
     {r"clip_image_encoder\.clip_visual\.transformer\.resblocks": 12},
     [(r"text_projection", {32: 512})],
     # The copy of the last block keeps its number.
     ("backbone.transformer.resblocks.2.", "backbone.transformer.resblocks.11."))
grow(trained / "eva/models/eva02", out / "eva02",
     {"embed_dim": 512, "vision_cfg": {"image_size": 224, "layers": 12, "width": 768}},
     r"^visual", {128: 768, 341: 2048, 17: 197, 32: 512}, {r"visual\.blocks": 12}, [(r"text_projection", {32: 512})])
grow(successors / "models/dino", out / "dino-vitb8",
     {"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072, "image_size": 224},
     r".", {64: 768, 256: 3072, 37: 785}, {r"encoder\.layer": 12})
