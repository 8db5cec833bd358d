"""Make what the engine loads from a trained adapter: `python training/export.py ADAPTER OUT`.

`--before EARLIER --share 0.75` takes three parts of the adapter and one of an earlier stage of its
training: the weights' mean keeps what the last stage alone would unlearn (Wortsman et al. 2022,
https://arxiv.org/abs/2109.01903).

The form is llama.cpp's own (GGUF, general.type "adapter"): for each adapted matrix its two
factors, in half precision, under the engine's names.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import gguf
from safetensors.torch import load_file
from torch import Tensor

NAMES = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
_KEY = re.compile(r"layers\.(\d+)\.([\w.]+)\.lora_([AB])\.weight$")


def weights_of(adapter: Path) -> dict[str, Tensor]:
    """Return an adapter's factors, as peft keeps them in a folder."""
    return load_file(adapter / "adapter_model.safetensors")


def mean(later: dict[str, Tensor], before: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """Return `share` of the later weights and the rest of those before."""
    return {
        key: (share * tensor.float() + (1 - share) * before[key].float()).to(tensor.dtype)
        for key, tensor in later.items()
    }


def export(adapter: Path, weights: dict[str, Tensor], out: Path) -> None:
    """Write weights, with the configuration of an adapter's folder, as one GGUF file."""
    config = json.loads((adapter / "adapter_config.json").read_text())
    writer = gguf.GGUFWriter(str(out), "qwen2")
    writer.add_string("general.type", "adapter")
    writer.add_string("general.name", "onrecord reader")
    writer.add_string("general.license", "apache-2.0")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(config["lora_alpha"]))
    for key, tensor in sorted(weights.items()):
        match = _KEY.search(key)
        assert match, key
        name = f"blk.{match[1]}.{NAMES[match[2]]}.weight.lora_{match[3].lower()}"
        writer.add_tensor(name, tensor.half().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("adapter", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--before", type=Path, help="the adapter that training went on from")
    parser.add_argument("--share", type=float, default=1.0, help="of the later one in the mean")
    asked = parser.parse_args()
    weights = weights_of(asked.adapter)
    if asked.before:
        weights = mean(weights, weights_of(asked.before), asked.share)
    export(asked.adapter, weights, asked.out)
