"""Writes a checkpoint as a model directory in Hugging Face's CLIP layout, weights as fp16."""
import argparse
import json
import os

import torch

from captions import PROMPTS
from model import EMBED, HEAD, PATCH, SIDE, TEXT_LAYERS, TEXT_WIDTH, VISION_LAYERS, VISION_WIDTH
from vocabulary import CONTEXT, Vocabulary


def tower(kind, width, layers, **more):
    return dict(model_type=kind, hidden_size=width, intermediate_size=4 * width, num_hidden_layers=layers, num_attention_heads=width // HEAD,
                hidden_act="quick_gelu", layer_norm_eps=1e-5, projection_dim=EMBED, **more)


def config(vocabulary):
    return dict(
        architectures=["CLIPModel"], model_type="clip", projection_dim=EMBED, logit_scale_init_value=2.6592, torch_dtype="float16",
        text_config=tower("clip_text_model", TEXT_WIDTH, TEXT_LAYERS, vocab_size=len(vocabulary), max_position_embeddings=CONTEXT,
                          bos_token_id=vocabulary.start, eos_token_id=vocabulary.end),
        vision_config=tower("clip_vision_model", VISION_WIDTH, VISION_LAYERS, image_size=SIDE, patch_size=PATCH, num_channels=3))


def preprocessor():
    return dict(
        image_processor_type="CLIPImageProcessor", do_resize=True, size=dict(shortest_edge=SIDE), do_center_crop=True, crop_size=dict(height=SIDE, width=SIDE),
        do_rescale=True, rescale_factor=1 / 255, do_normalize=True, image_mean=[0.48145466, 0.4578275, 0.40821073], image_std=[0.26862954, 0.26130258, 0.27577711])


def write_safetensors(path, tensors):
    """The header's length in eight bytes, the header as JSON, the tensors one behind the other."""
    header, blobs, offset = {}, [], 0
    for name, tensor in sorted(tensors.items()):
        blob = tensor.half().contiguous().numpy().tobytes()
        header[name] = dict(dtype="F16", shape=list(tensor.shape), data_offsets=[offset, offset + len(blob)])
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + b"".join(blobs))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("checkpoint")
    parser.add_argument("folder")
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    vocabulary = Vocabulary()
    vocabulary.save(options.folder)
    defaults = dict(short_side=0, crop=SIDE, stride=SIDE // 2, templates=PROMPTS)
    for name, document in (("config", config(vocabulary)), ("preprocessor_config", preprocessor()), ("sclip", defaults)):
        with open(f"{options.folder}/{name}.json", "w", encoding="utf-8") as file:
            json.dump(document, file, indent=1)
            file.write("\n")
    write_safetensors(f"{options.folder}/model.safetensors", torch.load(options.checkpoint)["model"])


if __name__ == "__main__":
    main()
