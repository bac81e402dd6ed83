#!/usr/bin/env python3
"""Makes the part of the golden vectors that the repository keeps, at most 12 MB, out of the three whole sets.

Usage: make.py GOLDEN SUCCESSORS TRAINED TARGET
GOLDEN goes to TARGET, SUCCESSORS to TARGET/successors, TRAINED to TARGET/trained; what was in TARGET is removed, but for README.md and what tools/golden-extra makes.
Manifests keep their form and list only what was copied. Values are copied as they are: the same sets give the same bytes.
"""
import ast, json, os, shutil, struct, sys

LIMIT = 12_000_000
# Of TARGET, what is not made here.
OTHERS = ["README.md", "rf-clip", "lposs"]

# Of the model `tiny`: a whole picture and one of windows, which alone keeps its logits; as many projections as these methods need.
SLIDES, SLIDE_WITH_LOGITS = ["tiny/slide_5.png", "tiny/slide_6.png"], "tiny/slide_6.png"
PROJECTIONS, TOO_MANY_PROJECTIONS = 2, ["sclip-random:4", "sclip-random:16"]
LARGEST_INTERPOLATION, LARGEST_PAMR = 80_000, 50_000
# Of the successors: a square picture, one that is not, and clusters by two densities.
PICTURES, CLUSTERING = [[96, 96], [112, 144]], [(0.7, 3), (0.5, 3)]
# Of the trained systems: the GroupViT of two stages, a picture, and small pictures in windows.
GROUPVIT, GROUPVIT_PICTURE, GROUPVIT_SLIDES = "groupvit2", [48, 48], ["groupvit2/slide_1.png", "groupvit2/slide_2.png"]


class Part:
    """A set, of which a part is copied to a folder."""

    def __init__(self, source, target):
        self.source, self.target = source, target

    def path(self, file):
        return os.path.join(self.source, file)

    def read(self, file):
        with open(self.path(file)) as text:
            return json.load(text)

    def size(self, file):
        return os.path.getsize(self.path(file))

    def write(self, file, content):
        path = os.path.join(self.target, file)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as output:
            output.write(content)

    def copy(self, file, change=lambda content: content):
        with open(self.path(file), "rb") as content:
            self.write(file, change(content.read()))

    def copy_folder(self, folder, changes={}):
        for name in sorted(os.listdir(self.path(folder))):
            self.copy(f"{folder}/{name}", changes.get(name, lambda content: content))

    def copy_named(self, node, changes={}):
        """Copies the files that a part of a manifest names."""
        if isinstance(node, dict):
            node = list(node.values())
        if isinstance(node, list):
            for value in node:
                self.copy_named(value, changes)
        elif isinstance(node, str) and os.path.isfile(self.path(node)):
            self.copy(node, changes.get(node, lambda content: content))

    def write_manifest(self, file, manifest):
        self.write(file, json.dumps(manifest, indent=1).encode())


def first_of(count):
    """The first entries of an array of floats, as .npy."""
    def cut(content):
        length, = struct.unpack_from("<H", content, 8)
        header = ast.literal_eval(content[10:10 + length].decode())
        shape = (count, *header["shape"][1:])
        text = str({**header, "shape": shape}).encode()
        text += b" " * (-(len(text) + 11) % 64) + b"\n"
        size = struct.calcsize("f")
        for side in shape:
            size *= side
        return content[:8] + struct.pack("<H", len(text)) + text + content[10 + length:10 + length + size]
    return cut


def without_text(content):
    """The tensors of a model, but for those of its text tower."""
    length, = struct.unpack_from("<Q", content)
    header, kept, data = json.loads(content[8:8 + length]), {}, b""
    for name, tensor in sorted(header.items(), key=lambda item: item[1].get("data_offsets", [-1])):
        if name == "__metadata__":
            kept[name] = tensor
        elif not name.startswith("text_"):
            start, end = tensor["data_offsets"]
            kept[name] = {**tensor, "data_offsets": [len(data), len(data) + end - start]}
            data += content[8 + length + start:8 + length + end]
    text = json.dumps(kept, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def golden(part):
    manifest = part.read("manifest.json")
    tiny = manifest["models"]["tiny"]
    tiny["slide"] = [case for case in tiny["slide"] if case["image"] in SLIDES]
    for case in tiny["slide"]:
        if case["image"] != SLIDE_WITH_LOGITS:
            del case["logits"]
    del tiny["single_names"]["logits"], tiny["pamr_pipeline"]["logits_after_pamr"]
    for method in TOO_MANY_PROJECTIONS:
        manifest["methods"].remove(method)
        for picture in tiny["vision"]:
            del picture["features"][method]
    manifest["interpolation"] = [case for case in manifest["interpolation"] if part.size(case["output"]) <= LARGEST_INTERPOLATION]
    manifest["pamr"] = [case for case in manifest["pamr"] if part.size(case["output"]) <= LARGEST_PAMR]
    manifest["models"] = {"tiny": tiny}
    part.copy_named(manifest, {tiny["projections"]: first_of(PROJECTIONS)})
    part.copy_folder("models/tiny")
    for file in ["tokens.json", "templates.json"]:
        part.copy(file)
    part.write_manifest("manifest.json", manifest)


def successors(part):
    manifest = part.read("manifest.json")
    deep = manifest["models"]["deep"]
    deep["vision"] = [picture for picture in deep["vision"] if picture["size"] in PICTURES]
    for picture in deep["vision"]:
        picture.pop("window_logits", None)
    proxy = deep["proxyclip"]
    for slide in [*deep["slide"]["methods"].values(), proxy["slide"]]:
        del slide["logits"]
    square = PICTURES[0]
    deep["cliptrase_clustering"] = [case for case in deep["cliptrase_clustering"] if case["size"] == square and (case["eps"], case["min_samples"]) in CLUSTERING]
    proxy["vision"] = [picture for picture in proxy["vision"] if picture["size"] == square]
    manifest["models"] = {"deep": deep}
    part.copy_named(manifest)
    part.copy_folder("models/deep", {"model.safetensors": without_text})
    part.copy_folder(proxy["dino"])
    part.write_manifest("manifest.json", manifest)


def trained(part):
    groupvit = Part(part.path("groupvit"), os.path.join(part.target, "groupvit"))
    index = groupvit.read("groupvit.json")
    model = index["models"][GROUPVIT]
    model["vision"] = [picture for picture in model["vision"] if picture["size"] == GROUPVIT_PICTURE]
    model["slide"] = [case for case in model["slide"] if case["image"] in GROUPVIT_SLIDES]
    index["models"] = {GROUPVIT: model}
    groupvit.copy_named(index)
    groupvit.copy_folder(model["directory"])
    groupvit.write_manifest("groupvit.json", index)


def empty(target):
    for name in os.listdir(target):
        path = os.path.join(target, name)
        if name in OTHERS:
            continue
        if os.path.isdir(path):
            shutil.rmtree(path)
        else:
            os.remove(path)


if len(sys.argv) != 5:
    sys.exit(__doc__)
sources, target = sys.argv[1:4], sys.argv[4]
empty(target)
for make, source, folder in zip([golden, successors, trained], sources, ["", "successors", "trained"]):
    make(Part(source, os.path.join(target, folder)))
sizes = [os.path.getsize(os.path.join(folder, file)) for folder, _, files in os.walk(target) for file in files]
print(f"{sum(sizes) / 1e6:.2f} MB in {len(sizes)} files")
if sum(sizes) > LIMIT:
    sys.exit(f"That is more than {LIMIT / 1e6:.0f} MB.")
