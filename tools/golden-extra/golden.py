"""What the scripts beside this share: reading golden models and pictures, and writing further numbers."""
import json, os, struct, sys, types

import numpy as np
import torch
from PIL import Image

# Of the published data preprocessor, for 0..255.
MEAN, STD = [122.771, 116.746, 104.094], [68.501, 66.632, 70.323]


def stub(*names):
    """Modules that authors import for what is not run here: whatever is asked of them is there, and does nothing."""
    for name in names:
        module = types.ModuleType(name)
        module.__path__ = []
        module.__getattr__ = lambda attribute: types.SimpleNamespace(register_module=lambda: lambda item: item) if attribute == "MODELS" else type(attribute, (torch.nn.Module,), {})
        sys.modules[name] = module


def tensors(path):
    """The tensors of a file of safetensors, in fp32."""
    with open(path, "rb") as file:
        content = file.read()
    length, = struct.unpack_from("<Q", content)
    header, data = json.loads(content[8:8 + length]), content[8 + length:]
    kinds = {"F32": np.float32, "F16": np.float16}
    return {
        name: torch.from_numpy(np.frombuffer(data[slice(*tensor["data_offsets"])], kinds[tensor["dtype"]]).astype(np.float32).reshape(tensor["shape"]))
        for name, tensor in header.items() if name != "__metadata__"
    }


def openai_names(model):
    """The vision tower of a CLIP of Hugging Face's layout by OpenAI's names."""
    named, prefix = {}, "vision_model."
    plain = {
        "embeddings.class_embedding": "class_embedding", "embeddings.patch_embedding.weight": "conv1.weight", "embeddings.position_embedding.weight": "positional_embedding",
        "pre_layrnorm.weight": "ln_pre.weight", "pre_layrnorm.bias": "ln_pre.bias", "post_layernorm.weight": "ln_post.weight", "post_layernorm.bias": "ln_post.bias",
    }
    parts = {"self_attn.out_proj": "attn.out_proj", "layer_norm1": "ln_1", "layer_norm2": "ln_2", "mlp.fc1": "mlp.c_fc", "mlp.fc2": "mlp.c_proj"}
    for name, target in plain.items():
        named[target] = model[prefix + name]
    blocks = len({name.split(".")[3] for name in model if name.startswith(f"{prefix}encoder.layers.")})
    for block in range(blocks):
        source, target = f"{prefix}encoder.layers.{block}.", f"transformer.resblocks.{block}."
        for kind in ["weight", "bias"]:
            named[f"{target}attn.in_proj_{kind}"] = torch.cat([model[f"{source}self_attn.{part}_proj.{kind}"] for part in "qkv"])
            for part, own in parts.items():
                named[f"{target}{own}.{kind}"] = model[f"{source}{part}.{kind}"]
    named["proj"] = model["visual_projection.weight"].t().contiguous()
    return named


def pixels(path):
    """A picture, 0..255, [3, height, width]."""
    return torch.from_numpy(np.asarray(Image.open(path).convert("RGB"), np.float32).transpose(2, 0, 1).copy())


def normalised(picture):
    return (picture - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1)


def write(folder, name, values):
    """Writes an array, and tells its name."""
    os.makedirs(folder, exist_ok=True)
    np.save(os.path.join(folder, name), values)
    return name


def agree(what, theirs, ours, tolerance=1e-4):
    """Ends the script where two arrays differ by more, absolutely or relatively."""
    difference = np.abs(theirs - ours)
    worst = float((difference / np.maximum(1, np.abs(theirs))).max())
    print(f"{what}: {worst:.1e} from a second computation")
    if not worst <= tolerance:
        sys.exit(f"{what}: the two computations differ.")
