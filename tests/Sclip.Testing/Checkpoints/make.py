"""Writes the checkpoints beside it, all of the same few tensors; with Debian's python3-torch 1.13: /usr/bin/python3 make.py"""
import collections, os, torch

os.chdir(os.path.dirname(os.path.abspath(__file__)))
Weights = collections.OrderedDict


def ramp(start, *shape):
    return torch.arange(start, start + torch.Size(shape).numel(), dtype=torch.float32).reshape(shape)


def tensors(convert=lambda tensor: tensor):
    weights = Weights()
    weights["logit_scale"] = convert(torch.tensor(4.5))
    weights["text_model.embeddings.position_ids"] = torch.arange(5).reshape(1, 5)
    weights["text_model.embeddings.token_embedding.weight"] = convert(ramp(200, 4, 3))
    weights["vision_model.embeddings.patch_embedding.weight"] = convert(ramp(100, 2, 3, 2, 2))
    weights["visual_projection.weight"] = convert(ramp(0, 2, 3))
    weights["text_projection.weight"] = convert(ramp(0, 2, 3))
    return weights


def with_metadata(weights):
    weights._metadata = Weights([("", {"version": 1})])  # as Module.state_dict() has it
    return weights


def views():
    weights = tensors()
    weights["text_model.embeddings.token_embedding.weight"] = torch.cat([ramp(900, 2, 3), ramp(200, 4, 3)])[2:]
    weights["vision_model.embeddings.patch_embedding.weight"] = ramp(100, 2, 3, 2, 2).contiguous(memory_format=torch.channels_last)
    weights["visual_projection.weight"] = ramp(0, 2, 3).t().contiguous().t()
    apart = torch.full((4, 8), 77.0)
    apart[::2, 1:7:2] = ramp(0, 2, 3)
    weights["text_projection.weight"] = apart[::2, 1:7:2]
    return weights


def shared():
    weights = tensors()
    weights["text_projection.weight"] = weights["visual_projection.weight"]
    flat = torch.cat([ramp(100, 24), ramp(200, 12)])
    weights["vision_model.embeddings.patch_embedding.weight"] = flat[:24].reshape(2, 3, 2, 2)
    weights["text_model.embeddings.token_embedding.weight"] = flat[24:].reshape(4, 3)
    return weights


plain = with_metadata(tensors())
torch.save(plain, "plain.bin")
torch.save({"epoch": 3, "loss": 0.25, "name": "clip", "best": None, "state_dict": plain}, "state-dict.bin")
torch.save({"model": plain, "step": 2**40}, "model.bin")
torch.save(tensors(lambda tensor: tensor.half()), "half.bin")
torch.save(tensors(lambda tensor: tensor.bfloat16()), "bfloat16.bin")
torch.save(tensors(torch.nn.Parameter), "parameters.bin")
torch.save(views(), "views.bin")
torch.save(shared(), "shared.bin")
torch.save(plain, "protocol-4.bin", pickle_protocol=4)
torch.save(Weights(("module." + name, tensor) for name, tensor in plain.items()), "parallel.bin")
items = list(tensors().items())
torch.save(Weights(items[:3]), "shard-1.bin")
torch.save(Weights(items[3:]), "shard-2.bin")

# What is refused.
torch.save(plain, "before-1.6.bin", _use_new_zipfile_serialization=False)
torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), "torchscript.bin")
torch.save(torch.nn.Linear(2, 2), "module.bin")
torch.save({"state_dict": plain, "names": ["a"]}, "list.bin")
torch.save(Weights(tensors(), logit_scale=torch.tensor(1.0).expand(100, 100)), "stretched.bin")
torch.save(torch.nn.Linear(2, 2).state_dict(), "no-clip.bin")
