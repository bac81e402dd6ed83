#!/usr/bin/env python3
"""Makes the golden numbers of RF-CLIP by its authors' code, which has to be there.

Usage: rf_clip.py AUTHORS SUCCESSORS TARGET
AUTHORS holds clip/model.py and custom_segmentor.py of liblacklucy/RF-CLIP; SUCCESSORS is the set of the model `deep`; TARGET is emptied but for README.md.
"""
import functools, json, os, sys, types

import numpy as np
import torch

import golden

# No channel of a random model stands out as those that the authors name for trained ones do: these do, by the smaller share, in about one patch of eight.
CHANNELS, SHARE = [3, 50, 90, 101], 1.6
SIZES = [[96, 96], [112, 144]]
WEIGHTS = {"global_semantics_weight": 0.3, "mean_vector_weight": 0.05, "h_threshold": 0.06}
OUTPUTS = [(40, 0.0), (60, 0.5)]
# Every so many pixels down and across class scores are kept.
STEP = 6

if len(sys.argv) != 4:
    sys.exit(__doc__)
authors, source, target = sys.argv[1:]
golden.stub(
    "torchvision", "torchvision.ops", "torchvision.transforms", "skimage", "skimage.segmentation", "mmengine", "mmengine.structures", "mmseg", "mmseg.models",
    "mmseg.models.data_preprocessor", "mmseg.models.segmentors", "mmseg.registry", "sklearn", "sklearn.metrics", "sklearn.metrics.pairwise", "prompts", "prompts.imagenet_template", "pamr")


def cosine_distances(rows):
    """As scikit-learn has it."""
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    distances = np.clip(1 - unit @ unit.T, 0, 2)
    np.fill_diagonal(distances, 0)
    # Which its check of symmetry takes to the last bit.
    return np.maximum(distances, distances.T)


sys.modules["sklearn.metrics.pairwise"].cosine_distances = cosine_distances
sys.modules["mmengine.structures"].PixelData = lambda data: data
sys.path.insert(0, authors)
import clip.model
import custom_segmentor

torch.set_grad_enabled(False)
with open(os.path.join(source, "manifest.json")) as text:
    deep = json.load(text)["models"]["deep"]
weights = golden.openai_names(golden.tensors(os.path.join(source, "models/deep/model.safetensors")))
width, blocks, heads = 128, 12, 2
vision = clip.model.VisionTransformer(deep["image_size"], deep["patch_size"], width, blocks, heads, weights["proj"].shape[1])
vision.load_state_dict(weights)
vision.eval()
masked = []


def denoise(x, n_patches):
    """Their function by these channels; what it changes is counted."""
    changed = denoise_of_authors(x, n_patches, sink_channel=CHANNELS, sigma=SHARE)
    masked.append(((changed - x).abs().amax(-1) > 1e-3).sum().item() / len(x))
    return changed


denoise_of_authors, vision.feat_denoising = vision.feat_denoising, denoise
names = np.load(os.path.join(source, deep["label_embeddings"]["embeddings"]))

segmentor = custom_segmentor.RF_CLIP()
for name, value in {**WEIGHTS, "scale_up": False, "slide_crop": deep["slide"]["crop"], "slide_stride": deep["slide"]["stride"], "align_corners": False, "pamr": None, "dataset": "ade20k"}.items():
    setattr(segmentor, name, value)
segmentor.net = segmentor.cls_net = types.SimpleNamespace(visual=vision, encode_image=lambda image, return_all, return_cls: vision(image, return_all=return_all, return_cls=return_cls))
segmentor.query_features = segmentor.cls_query_features = torch.from_numpy(names)
segmentor.query_idx, segmentor.num_queries = torch.tensor(deep["label_embeddings"]["class_of_name"]), len(names)
segmentor.cluster_info = segmentor.hierarchical_clustering(segmentor.query_features)


def unit(rows):
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def softmax(scores):
    scores = np.exp(scores - scores.max(-1, keepdims=True))
    return scores / scores.sum(-1, keepdims=True)


class Second:
    """The same from the formulas, in numpy and doubles, so that the case is understood."""

    def __init__(self, size):
        self.rows, self.columns = size[0] // deep["patch_size"], size[1] // deep["patch_size"]
        self.w = {name: value.numpy().astype(np.float64) for name, value in weights.items()}

    def norm(self, x, name):
        x = x - x.mean(-1, keepdims=True)
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-5) * self.w[f"{name}.weight"] + self.w[f"{name}.bias"]

    def linear(self, x, name, joint="."):
        return x @ self.w[f"{name}{joint}weight"].T + self.w[f"{name}{joint}bias"]

    def inputs(self, x, block):
        """q, k and v of all heads, [heads, tokens, 64]."""
        qkv = self.linear(self.norm(x, f"{block}.ln_1"), f"{block}.attn.in_proj", "_")
        return [part.reshape(len(x), heads, -1).transpose(1, 0, 2) for part in np.split(qkv, 3, axis=1)]

    def out(self, maps, v, block):
        return self.linear((maps @ v).transpose(1, 0, 2).reshape(maps.shape[1], -1), f"{block}.attn.out_proj")

    def denoise(self, x):
        x, patches = x.copy(), x[1:].copy()
        low = patches - patches.min(-1, keepdims=True)
        sinks = (low[:, CHANNELS] / low.sum(-1, keepdims=True)).max(-1) > SHARE / width
        for i in np.flatnonzero(sinks):
            y, z = divmod(i, self.columns)
            around = [r * self.columns + c for r in range(y - 1, y + 2) for c in range(z - 1, z + 2) if 0 <= r < self.rows and 0 <= c < self.columns]
            x[1 + i] = 0.6 * patches[i] + 0.4 * patches[around].sum(0) / 9
        return x

    def run(self, embedded):
        x, levels, shared = embedded, [], 0
        for number in range(blocks):
            block = f"transformer.resblocks.{number}"
            q, k, v = self.inputs(x, block)
            before, scale = x, q.shape[-1] ** -0.5
            x = x + self.out(softmax(scale * q @ k.transpose(0, 2, 1)), v, block)
            hidden = self.linear(self.norm(x, f"{block}.ln_2"), f"{block}.mlp.c_fc")
            x = self.denoise(x + self.linear(hidden / (1 + np.exp(-1.702 * hidden)), f"{block}.mlp.c_proj"))
            levels.append(x)
            if number < blocks - 1:
                shared = shared + softmax(scale * k @ k.transpose(0, 2, 1))
        guide = np.mean(levels, 0)
        alike = unit(guide[1:]) @ unit(guide[1:]).T
        alike[alike < 0.4] = 0
        outs = []
        for z in [before, guide]:
            _, k, v = self.inputs(np.concatenate([z[:1], alike @ z[1:]]), block)
            maps = (shared + softmax(scale * k @ k.transpose(0, 2, 1))) / blocks
            outs.append(self.out(maps[:, 1:, 1:], v[:, 1:], block))
        return self.norm(np.mean(outs, 0), "ln_post") @ self.w["proj"], self.norm(x[:1], "ln_post") @ self.w["proj"]

    def prompts(self, patches, whole):
        """The names' embeddings, those of the likeliest of each cluster moved."""
        moved, similar = names.astype(np.float64), unit(patches) @ names.T.astype(np.float64)
        likely = (unit(whole) @ names.T)[0]
        for cluster in range(segmentor.cluster_info.max() + 1):
            own = np.flatnonzero(segmentor.cluster_info == cluster)
            name = own[likely[own].argmax()]
            best = unit(patches)[np.argsort(-similar[:, name])[:2]].mean(0)
            moved[name] = unit(0.95 * names[name] + 0.05 * unit(best))
        return moved


def embedded(picture):
    """What enters the first block, by the authors."""
    kept = []
    hook = vision.ln_pre.register_forward_hook(lambda module, inputs, output: kept.append(output[0].numpy().astype(np.float64)))
    vision(picture)
    hook.remove()
    return kept[0]


for name in os.listdir(target) if os.path.isdir(target) else []:
    if name != "README.md":
        os.remove(os.path.join(target, name))
pictures = []
for node in [node for node in deep["vision"] if node["size"] in SIZES]:
    picture = golden.normalised(golden.pixels(os.path.join(source, node["image"])))[None]
    masked.clear()
    patches, whole = vision(picture)
    print(f"{node['size']}: {np.mean(masked[:blocks]):.2f} of all tokens are denoised")
    segmentor.net.encode_image(picture, True, False)
    features = torch.nn.functional.normalize(patches, dim=-1)
    likely = torch.nn.functional.normalize(whole, dim=-1) @ segmentor.query_features.T
    prompts = segmentor.hierarchical_prompt(features, likely)
    second = Second(node["size"])
    ours, our_whole = second.run(embedded(picture))
    golden.agree(f"{node['size']} features", patches[0].numpy(), ours)
    golden.agree(f"{node['size']} CLS", whole.numpy(), our_whole)
    golden.agree(f"{node['size']} prompts", prompts.numpy(), second.prompts(ours, our_whole))
    label = "x".join(map(str, node["size"]))
    pictures.append({
        "image": node["image"], "size": node["size"], "features": golden.write(target, f"{label}_features.npy", np.concatenate([whole.numpy(), patches[0].numpy()])),
        "prompts": golden.write(target, f"{label}_prompts.npy", prompts.numpy()),
    })

slide, outputs = deep["slide"], []
picture = golden.normalised(golden.pixels(os.path.join(source, slide["image"])))[None]
logits = segmentor.forward_slide(picture, segmentor.slide_stride, segmentor.slide_crop)
for index, (scale, threshold) in enumerate(OUTPUTS):
    segmentor.logit_scale, segmentor.prob_thd = scale, threshold
    # On the way to the picture's size as their predict has it, which needs a data set's sample.
    result = {}
    segmentor.postprocess_result(torch.nn.functional.interpolate(logits, size=slide["original_size"], mode="bilinear", align_corners=False), [types.SimpleNamespace(set_data=result.update)])
    labels, scores = result["pred_sem_seg"][0].numpy().astype(np.uint8), result["seg_logits"][:, ::STEP, ::STEP].numpy()
    print(f"labels {index}: {np.bincount(labels.ravel())}")
    outputs.append({
        "logit_scale": scale, "prob_threshold": threshold, "area_threshold": None, "label_map": golden.write(target, f"labels_{index}.npy", labels),
        "scores": golden.write(target, f"scores_{index}.npy", np.ascontiguousarray(scores)),
    })
manifest = {
    "model": "deep", "channels": CHANNELS, "share": SHARE, "clusters": segmentor.cluster_info.tolist(), "pictures": pictures,
    "slide": {"image": slide["image"], "crop": slide["crop"], "stride": slide["stride"], "original_size": slide["original_size"], "score_step": STEP, "outputs": outputs},
}
with open(os.path.join(target, "manifest.json"), "w") as text:
    json.dump(manifest, text, indent=1)
