"""Make what can be trained further of what is shipped: `python training/unpack.py GGUF OUT`.

The reverse of export.py; OUT is an adapter, as peft keeps it in a folder. What was lost to half
precision stays lost, which is less than a step of training changes.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import gguf
import torch
from export import NAMES
from peft import LoraConfig
from safetensors.torch import save_file
from torch import Tensor

_NAME = re.compile(r"blk\.(\d+)\.(\w+)\.weight\.lora_([ab])$")
_MODULES = {engine: module for module, engine in NAMES.items()}


def unpack(file: Path, out: Path) -> None:
    """Write the folder that peft keeps of an adapter that export.py made."""
    reader = gguf.GGUFReader(str(file))
    weights = {
        _key(one.name): torch.from_numpy(one.data.copy()).bfloat16() for one in reader.tensors
    }
    alpha = reader.fields["adapter.lora.alpha"].contents()
    form = LoraConfig(
        r=_rank(weights),
        lora_alpha=alpha,
        target_modules=sorted({module.rpartition(".")[2] for module in NAMES}),
        task_type="CAUSAL_LM",
    )
    out.mkdir(parents=True, exist_ok=True)
    form.save_pretrained(out)
    save_file(weights, out / "adapter_model.safetensors")


def _key(name: str) -> str:
    match = _NAME.search(name)
    assert match, name
    module, factor = _MODULES[match[2]], match[3].upper()
    return f"base_model.model.model.layers.{match[1]}.{module}.lora_{factor}.weight"


def _rank(weights: dict[str, Tensor]) -> int:
    return next(len(factor) for key, factor in weights.items() if ".lora_A." in key)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gguf", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    unpack(asked.gguf, asked.out)
