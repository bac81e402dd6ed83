#!/usr/bin/env python3
"""Makes the golden numbers of LPOSS by its authors' code, which has to be there, and a small guide.

Usage: lposs.py AUTHORS DINO SUCCESSORS TARGET
AUTHORS holds models/ and segmentation/evaluation/ of vladan-stojnic/LPOSS; DINO vision_transformer.py of facebookresearch/dino; SUCCESSORS is the set of the model
`deep`; TARGET is emptied but for README.md.
"""
import importlib.util, json, os, shutil, struct, sys, types

import numpy as np
import scipy.sparse, scipy.sparse.linalg
import torch

import golden

# Windows of the model's own grid, more patches than there are neighbours; and windows of another grid.
SLIDES = [{"crop": 96, "stride": 16}, {"crop": 160, "stride": 16}]
# As their config has it, but for neighbours where there are fewer patches: their search takes as many as it is asked for.
CONFIG = {"alpha": 0.95, "gamma": 3.0, "k": 400, "sigma": 0.01, "pix_dist_pow": 1.0, "pixel_refine": False}
SCALE, STEP = 10, 6
# Names are directions in which these patches of the picture differ from the mean: of all the names of the model `deep`, one is nearest to every patch.
NAMED_PATCHES = [0, 15, 33, 51, 66, 80]
# The guide: patches as large as CLIP's, since the authors' grids have to be one.
WIDTH, HEADS, BLOCKS, PATCH, SIDE = 16, 2, 2, 16, 96

if len(sys.argv) != 5:
    sys.exit(__doc__)
authors, dino, source, target = sys.argv[1:]
torch.set_grad_enabled(False)
golden.stub("mmseg", "mmseg.ops", "mmseg.models", "mmcv", "mmcv.utils", "omegaconf", "open_clip", "torchvision", "torchvision.transforms", "kornia", "kornia.color",
            "faiss", "faiss.contrib", "faiss.contrib.torch_utils", "cupy", "cupyx", "cupyx.scipy", "cupyx.scipy.sparse", "utils")


class Registry:
    def __init__(self, name):
        self.known = {}

    def register_module(self):
        return lambda item: self.known.setdefault(item.__name__, item)

    def build(self, config, default_args):
        return self.known[config["type"]](**{**{key: value for key, value in config.items() if key != "type"}, **default_args})


class Normalize:
    def __init__(self, mean, std):
        self.mean, self.std = torch.tensor(mean).view(3, 1, 1), torch.tensor(std).view(3, 1, 1)

    def __call__(self, x):
        return (x - self.mean) / self.std


class FaissOnCpu:
    """What is asked of the search's memory; exact search in its place."""
    METRIC_INNER_PRODUCT = 0

    class StandardGpuResources:
        def setDefaultNullStreamAllDevices(self):
            pass

        def setTempMemory(self, size):
            pass

    @staticmethod
    def knn_gpu(resources, queries, rows, k, metric):
        return torch.topk(queries @ rows.T, k)


class Visual(torch.nn.Module):
    """CLIP's vision tower by OpenCLIP's names, tokens behind the batch as in its present versions."""

    def __init__(self, weights, heads, patch):
        super().__init__()
        self.weights, self.heads, self.patch = weights, heads, patch
        blocks = len({name.split(".")[2] for name in weights if name.startswith("transformer.resblocks.")})
        self.transformer = torch.nn.Module()
        self.transformer.resblocks = torch.nn.ModuleList([Block(weights, f"transformer.resblocks.{block}.", heads) for block in range(blocks)])
        self.positional_embedding = torch.nn.Parameter(weights["positional_embedding"].clone())
        self.proj, self.ln_post = torch.nn.Parameter(weights["proj"]), norm(weights, "ln_post")
        self.ln_pre = norm(weights, "ln_pre")

    def forward(self, pixels):
        x = torch.nn.functional.conv2d(pixels, self.weights["conv1.weight"], stride=self.patch).flatten(2).transpose(1, 2)
        x = torch.cat([self.weights["class_embedding"].expand(len(x), 1, -1), x], 1) + self.positional_embedding
        x = self.ln_pre(x)
        for block in self.transformer.resblocks:
            x = block(x)
        return x


class Block(torch.nn.Module):
    def __init__(self, weights, prefix, heads):
        super().__init__()
        width = len(weights[f"{prefix}ln_1.weight"])
        self.attn = torch.nn.MultiheadAttention(width, heads, batch_first=True)
        self.mlp = torch.nn.Sequential(torch.nn.Linear(width, 4 * width), QuickGelu(), torch.nn.Linear(4 * width, width))
        self.ln_1, self.ln_2 = norm(weights, f"{prefix}ln_1"), norm(weights, f"{prefix}ln_2")
        self.attn.load_state_dict({name[len(prefix) + 5:]: value for name, value in weights.items() if name.startswith(f"{prefix}attn.")})
        self.mlp.load_state_dict({f"{layer}.{kind}": weights[f"{prefix}mlp.{name}.{kind}"] for layer, name in [(0, "c_fc"), (2, "c_proj")] for kind in ["weight", "bias"]})

    def forward(self, x):
        y = self.ln_1(x)
        x = x + self.attn(y, y, y)[0]
        return x + self.mlp(self.ln_2(x))


class QuickGelu(torch.nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(1.702 * x)


def norm(weights, name):
    layer = torch.nn.LayerNorm(len(weights[f"{name}.weight"]))
    layer.load_state_dict({kind: weights[f"{name}.{kind}"] for kind in ["weight", "bias"]})
    return layer


def load(name, folder, file):
    spec = importlib.util.spec_from_file_location(name, os.path.join(folder, file))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def guide():
    """Random weights of a DINO, by Hugging Face's names, in 16 bits."""
    random = np.random.default_rng(16)

    def values(*shape, size=1.0):
        return (size * random.standard_normal(shape)).astype(np.float16)

    made = {
        "embeddings.cls_token": values(1, 1, WIDTH), "embeddings.position_embeddings": values(1, 1 + (SIDE // PATCH) ** 2, WIDTH, size=0.5),
        "embeddings.patch_embeddings.projection.weight": values(WIDTH, 3, PATCH, PATCH, size=0.3), "embeddings.patch_embeddings.projection.bias": values(WIDTH, size=0.1),
        "layernorm.weight": 1 + values(WIDTH, size=0.1), "layernorm.bias": values(WIDTH, size=0.1),
    }
    for block in range(BLOCKS):
        prefix = f"encoder.layer.{block}."
        for name, outputs, inputs in [("attention.attention.query", WIDTH, WIDTH), ("attention.attention.key", WIDTH, WIDTH), ("attention.attention.value", WIDTH, WIDTH),
                                      ("attention.output.dense", WIDTH, WIDTH), ("intermediate.dense", 4 * WIDTH, WIDTH), ("output.dense", WIDTH, 4 * WIDTH)]:
            made[f"{prefix}{name}.weight"], made[f"{prefix}{name}.bias"] = values(outputs, inputs, size=inputs ** -0.5), values(outputs, size=0.1)
        for name in ["layernorm_before", "layernorm_after"]:
            made[f"{prefix}{name}.weight"], made[f"{prefix}{name}.bias"] = 1 + values(WIDTH, size=0.1), values(WIDTH, size=0.1)
    return made


def write_guide(folder, made):
    os.makedirs(folder)
    header, data = {}, b""
    for name, value in sorted(made.items()):
        header[name] = {"dtype": "F16", "shape": list(value.shape), "data_offsets": [len(data), len(data) + value.nbytes]}
        data += value.astype(np.float16).tobytes()
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(os.path.join(folder, "model.safetensors"), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)
    with open(os.path.join(folder, "config.json"), "w") as file:
        json.dump({"architectures": ["ViTModel"], "model_type": "vit", "hidden_size": WIDTH, "num_hidden_layers": BLOCKS, "num_attention_heads": HEADS, "intermediate_size": 4 * WIDTH,
                   "hidden_act": "gelu", "layer_norm_eps": 1e-06, "image_size": SIDE, "patch_size": PATCH, "num_channels": 3, "qkv_bias": True}, file, indent=1)


def dino_names(made):
    named = {"cls_token": made["embeddings.cls_token"], "pos_embed": made["embeddings.position_embeddings"]}
    for kind in ["weight", "bias"]:
        named[f"patch_embed.proj.{kind}"], named[f"norm.{kind}"] = made[f"embeddings.patch_embeddings.projection.{kind}"], made[f"layernorm.{kind}"]
        for block in range(BLOCKS):
            own, theirs = f"encoder.layer.{block}.", f"blocks.{block}."
            named[f"{theirs}attn.qkv.{kind}"] = np.concatenate([made[f"{own}attention.attention.{part}.{kind}"] for part in ["query", "key", "value"]])
            for one, other in [("attn.proj", "attention.output.dense"), ("mlp.fc1", "intermediate.dense"), ("mlp.fc2", "output.dense"), ("norm1", "layernorm_before"), ("norm2", "layernorm_after")]:
                named[f"{theirs}{one}.{kind}"] = made[f"{own}{other}.{kind}"]
    return {name: torch.from_numpy(value.astype(np.float32)) for name, value in named.items()}


with open(os.path.join(source, "manifest.json")) as text:
    deep = json.load(text)["models"]["deep"]
weights = golden.openai_names(golden.tensors(os.path.join(source, "models/deep/model.safetensors")))
for name in os.listdir(target) if os.path.isdir(target) else []:
    path = os.path.join(target, name)
    if os.path.isdir(path):
        shutil.rmtree(path)
    elif name != "README.md":
        os.remove(path)
made = guide()
write_guide(os.path.join(target, "guide"), made)


def load_dino(repository, name):
    encoder = vision_transformer.VisionTransformer(img_size=[SIDE], patch_size=PATCH, embed_dim=WIDTH, depth=BLOCKS, num_heads=HEADS, qkv_bias=True, norm_layer=lambda width: torch.nn.LayerNorm(width, eps=1e-6))
    encoder.load_state_dict(dino_names(made))
    return encoder.eval()


def load_clip(*ignored, **settings):
    clip = torch.nn.Module()
    clip.visual = Visual(weights, 2, deep["patch_size"])
    clip.forward, clip.cuda = clip.visual.forward, lambda: clip
    return clip, None


def resize(input, size, mode, align_corners, warning=True):
    return torch.nn.functional.interpolate(input, size=size, mode=mode, align_corners=align_corners)


deep_width = weights["proj"].shape[1]
maskclip = {"model": {
    "type": "MaskClip", "clip_model": "deep", "backbone": {"img_size": deep["image_size"], "patch_size": deep["patch_size"]},
    "decode_head": {"type": "MaskClipHead", "in_channels": 128, "text_channels": deep_width, "pretrained": "golden"},
}}
sys.modules["mmcv.utils"].Registry = Registry
sys.modules["omegaconf"].OmegaConf = types.SimpleNamespace(load=lambda file: maskclip, to_container=lambda config, resolve: config)
sys.modules["mmseg.ops"].resize = resize
sys.modules["torchvision.transforms"].Normalize, sys.modules["torchvision"].transforms = Normalize, sys.modules["torchvision.transforms"]
sys.modules["open_clip"].create_model_from_pretrained, sys.modules["open_clip"].get_tokenizer = load_clip, lambda model: None
sys.modules["utils"].trunc_normal_ = torch.nn.init.trunc_normal_
sys.modules["faiss"] = FaissOnCpu
sys.modules["faiss"].contrib = sys.modules["faiss.contrib"]
sys.modules["cupy"], sys.modules["cupyx.scipy.sparse"] = np, scipy.sparse
as_tensor = torch.as_tensor
torch.as_tensor = lambda values, device=None: as_tensor(values)
torch.hub.load = load_dino
vision_transformer = load("vision_transformer", dino, "vision_transformer.py")
sys.path.insert(0, authors)
import models

maskclip_module = sys.modules["models.maskclip.maskclip"]
maskclip_module.MaskClipHead._get_class_embeddings = lambda self, text_model, class_names: torch.zeros(len(class_names), deep_width)
lposs = models.LPOSS("maskclip", [str(patch) for patch in NAMED_PATCHES], vit_patch_size=PATCH, enc_type_feats="v").eval()
evaluation = load("lposs_eval", authors, "segmentation/evaluation/lposs_eval.py")


def second(dino_features, clip_features, centres):
    """The same from the formulas, in numpy and doubles, by the authors' ten steps of conjugate gradients."""
    f, y = dino_features.astype(np.float64), clip_features.astype(np.float64) @ names.numpy().T.astype(np.float64)
    cosines, kept = f @ f.T, min(CONFIG["k"], len(f))
    w = np.maximum(cosines, 0) ** 3 * np.exp(-0.01 * np.linalg.norm(centres[:, None] - centres[None], axis=-1))
    near = np.zeros_like(w)
    np.put_along_axis(near, np.argsort(-cosines, axis=1)[:, :kept], 1, axis=1)
    w = w * near
    w = w + w.T
    np.fill_diagonal(w, 0)
    root = np.sqrt(w.sum(1))
    a = np.eye(len(w)) - 0.95 * w / root[:, None] / root[None]
    z, r = np.zeros_like(y), y.copy()
    p, squares = r.copy(), (y * y).sum(0)
    for _ in range(10):
        image = a @ p
        along = squares / (p * image).sum(0)
        z, r = z + along * p, r - along * image
        after = (r * r).sum(0)
        p, squares = r + after / squares * p, after
    return z


raw = golden.pixels(os.path.join(source, deep["slide"]["image"]))
# Their CLIP normalises 0..1 by its published mean and deviation, the golden model 0..255 by the same, rounded: these are taken, since they are the model's.
picture, slides = raw[None] / 255, []
maskclip_module.OPENAI_NORMALIZE.mean, maskclip_module.OPENAI_NORMALIZE.std = torch.tensor(golden.MEAN).view(3, 1, 1) / 255, torch.tensor(golden.STD).view(3, 1, 1) / 255
size = deep["slide"]["original_size"]
whole = lposs(picture)[1].reshape(-1, deep_width)
names = torch.nn.functional.normalize((whole - whole.mean(0))[NAMED_PATCHES], dim=-1)
lposs.clip_backbone.decode_head.class_embeddings = names
for index, slide in enumerate(SLIDES):
    kept = {}

    def keep_windows(windows, encode=lposs.forward):
        kept["dino"], kept["clip"], clf = encode(windows)
        return kept["dino"], kept["clip"], clf

    solve = evaluation.perform_lp

    def keep_solution(laplacian, predictions):
        kept["z"] = solve(laplacian, predictions)
        return kept["z"]

    windows = [len(range(0, max(side - slide["crop"], 0) + slide["stride"], slide["stride"])) for side in picture.shape[2:]]
    first = [[min(i * slide["stride"], max(side - slide["crop"], 0)) for i in range(count)] for count, side in zip(windows, picture.shape[2:])]
    patches = [min(slide["crop"], side) // PATCH for side in picture.shape[2:]]
    count = windows[0] * windows[1] * patches[0] * patches[1]
    config = types.SimpleNamespace(**{**CONFIG, "k": min(CONFIG["k"], count)}, model=types.SimpleNamespace(vit_patch_size=PATCH))
    test = types.SimpleNamespace(stride=[slide["stride"]] * 2, crop_size=[slide["crop"]] * 2)
    inference = evaluation.LPOSS_Infrencer(keep_windows, config, len(names), test_cfg={"mode": "slide"})
    inference.test_cfg = test
    evaluation.perform_lp = keep_solution
    masks = inference.slide_inference(picture, [{"ori_shape": size}], True)[0]
    evaluation.perform_lp = solve
    centres = np.array([[y + PATCH // 2 + PATCH * i, x + PATCH // 2 + PATCH * j] for y in first[0] for x in first[1] for i in range(patches[0]) for j in range(patches[1])], np.float64)
    flat = [torch.nn.functional.normalize(kept[name].reshape(-1, kept[name].shape[-1]), dim=-1).numpy() for name in ["dino", "clip"]]
    golden.agree(f"{slide} Z of {count} patches", kept["z"].numpy(), second(*flat, centres))
    # As they compare names, and scores as this product makes them of Z: of the size of cosines.
    labels = masks.argmax(0).numpy().astype(np.uint8)
    scores = (SCALE * (1 - CONFIG["alpha"]) * masks).softmax(0).numpy()[:, ::STEP, ::STEP]
    print(f"labels: {np.bincount(labels.ravel())}")
    slides.append({**slide, "label_map": golden.write(target, f"labels_{index}.npy", labels), "scores": golden.write(target, f"scores_{index}.npy", np.ascontiguousarray(scores, np.float32))})
with open(os.path.join(target, "manifest.json"), "w") as text:
    json.dump({"model": "deep", "guide": "guide", "names": golden.write(target, "names.npy", names.numpy()), "image": deep["slide"]["image"], "original_size": size, "logit_scale": SCALE, "score_step": STEP, "slides": slides}, text, indent=1)
