"""Checkpoints of a few thousand random weights, written as the real repositories are: the real code loads and runs them.

Tokenizers are made here too: bytes for CLIP, letters for T5. Nothing is fetched.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,!?'-:;()"
CLIP_WORDS = 514  # 512 bytes, alone and at a word's end, and two marks
TEXT_WIDTH = 32


def seeded(make: Callable[[], Any], seed: int = 0) -> Any:
    """A model with the random weights of a seed, ready to run."""
    torch.manual_seed(seed)
    made = make()
    return made.eval() if hasattr(made, "eval") else made


def clip_tokenizer(folder: Path, pad: str = "<|endoftext|>") -> Any:
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import CLIPTokenizer

    letters = sorted(ByteLevel.alphabet())
    words = [*letters, *(letter + "</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps({word: number for number, word in enumerate(words)}), "utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n", "utf-8")
    return CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"), pad_token=pad, model_max_length=77)


def t5_tokenizer() -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
    from transformers import T5TokenizerFast

    words = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -1.0), *((letter, -2.0) for letter in LETTERS)]
    made = Tokenizer(models.Unigram(words, unk_id=2))
    made.pre_tokenizer, made.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    made.post_processor = processors.TemplateProcessing(single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)])
    return T5TokenizerFast(tokenizer_object=made, extra_ids=0, model_max_length=512)


def t5(multilingual: bool = True) -> Any:
    from transformers import T5Config, T5EncoderModel, UMT5Config, UMT5EncoderModel

    facts = {
        "vocab_size": 128, "d_model": TEXT_WIDTH, "d_kv": 8, "d_ff": 37, "num_layers": 2, "num_heads": 4,
        "relative_attention_num_buckets": 8, "dropout_rate": 0.0,
    }  # fmt: skip
    return seeded(lambda: UMT5EncoderModel(UMT5Config(**facts)) if multilingual else T5EncoderModel(T5Config(**facts)))


def clip_text(width: int, projected: int | None = None, act: str = "quick_gelu") -> Any:
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    config = CLIPTextConfig(
        bos_token_id=512, eos_token_id=513, pad_token_id=513, vocab_size=CLIP_WORDS, hidden_size=width, intermediate_size=37,
        num_attention_heads=4, num_hidden_layers=3, hidden_act=act, projection_dim=projected or width,
    )  # fmt: skip
    return seeded(lambda: CLIPTextModelWithProjection(config) if projected else CLIPTextModel(config))


def clip_vision(size: int, patch: int) -> Any:
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    config = CLIPVisionConfig(
        hidden_size=32, projection_dim=32, num_hidden_layers=3, num_attention_heads=4, image_size=size, intermediate_size=37, patch_size=patch
    )
    return seeded(lambda: CLIPVisionModelWithProjection(config))


# WAN and its kin: one text encoder, one VAE, one transformer


def wan_vae() -> Any:
    from diffusers import AutoencoderKLWan

    return seeded(lambda: AutoencoderKLWan(base_dim=3, z_dim=16, dim_mult=[1, 1, 1, 1], num_res_blocks=1, temperal_downsample=[False, True, True]))


def wan_vae_22() -> Any:
    """The VAE of TI2V-5B: 48 channels, 16 x smaller."""
    from diffusers import AutoencoderKLWan

    return seeded(
        lambda: AutoencoderKLWan(
            base_dim=3,
            decoder_base_dim=3,
            z_dim=48,
            dim_mult=[1, 1, 1, 1],
            num_res_blocks=1,
            temperal_downsample=[False, True, True],
            in_channels=12,
            out_channels=12,
            is_residual=True,
            patch_size=2,
            latents_mean=[0.0] * 48,
            latents_std=[1.0] * 48,
            scale_factor_spatial=16,
            scale_factor_temporal=4,
        )
    )


def wan_transformer(kind: Any = None, channels: tuple[int, int] = (16, 16), seed: int = 0, **more: Any) -> Any:
    from diffusers import WanTransformer3DModel

    return seeded(
        lambda: (kind or WanTransformer3DModel)(
            patch_size=(1, 2, 2),
            num_attention_heads=2,
            attention_head_dim=12,
            in_channels=channels[0],
            out_channels=channels[1],
            text_dim=TEXT_WIDTH,
            freq_dim=256,
            ffn_dim=32,
            num_layers=2,
            cross_attn_norm=True,
            qk_norm="rms_norm_across_heads",
            rope_max_seq_len=64,
            **more,
        ),
        seed,
    )


def flow(shift: float) -> Any:
    from diffusers import UniPCMultistepScheduler

    return UniPCMultistepScheduler(prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=shift)


def _wan(pipe: Any, folder: Path, **more: Any) -> Path:
    parts = {"tokenizer": t5_tokenizer(), "text_encoder": t5(), "vae": wan_vae(), "scheduler": flow(3.0), **more}
    pipe(**parts).save_pretrained(folder)
    return folder


def wan_t2v(folder: Path) -> Path:
    from diffusers import WanPipeline

    return _wan(WanPipeline, folder, transformer=wan_transformer())


def wan22_t2v(folder: Path) -> Path:
    from diffusers import WanPipeline

    return _wan(WanPipeline, folder, transformer=wan_transformer(), transformer_2=wan_transformer(seed=1), boundary_ratio=0.875)


def wan22_i2v(folder: Path) -> Path:
    from diffusers import WanImageToVideoPipeline

    parts = {"transformer": wan_transformer(channels=(36, 16)), "transformer_2": wan_transformer(channels=(36, 16), seed=1)}
    return _wan(WanImageToVideoPipeline, folder, image_processor=None, image_encoder=None, boundary_ratio=0.9, **parts)


def wan_flf2v(folder: Path) -> Path:
    """WAN 2.1 first and last frame: both pictures go through a vision model too, side by side."""
    from diffusers import WanImageToVideoPipeline
    from transformers import CLIPImageProcessor

    size, patch = 32, 8
    seen = (size // patch) ** 2 + 1
    side = {"height": size, "width": size}
    parts = {
        "transformer": wan_transformer(channels=(36, 16), image_dim=32, added_kv_proj_dim=24, pos_embed_seq_len=2 * seen),
        "image_encoder": clip_vision(size, patch),
        "image_processor": CLIPImageProcessor(size=side, crop_size=side),
    }
    return _wan(WanImageToVideoPipeline, folder, **parts)


def wan22_ti2v(folder: Path) -> Path:
    from diffusers import WanPipeline

    return _wan(WanPipeline, folder, vae=wan_vae_22(), transformer=wan_transformer(channels=(48, 48)), expand_timesteps=True)


def wan_vace(folder: Path) -> Path:
    from diffusers import WanVACEPipeline, WanVACETransformer3DModel

    return _wan(WanVACEPipeline, folder, transformer=wan_transformer(WanVACETransformer3DModel, vace_layers=[0], vace_in_channels=96))


def skyreels_df(folder: Path) -> Path:
    from diffusers import SkyReelsV2DiffusionForcingPipeline, SkyReelsV2Transformer3DModel

    return _wan(SkyReelsV2DiffusionForcingPipeline, folder, scheduler=flow(8.0), transformer=wan_transformer(SkyReelsV2Transformer3DModel))


def helios(folder: Path) -> Path:
    from diffusers import HeliosPipeline, HeliosScheduler, HeliosTransformer3DModel

    transformer = seeded(
        lambda: HeliosTransformer3DModel(
            patch_size=(1, 2, 2),
            num_attention_heads=2,
            attention_head_dim=12,
            in_channels=16,
            out_channels=16,
            text_dim=TEXT_WIDTH,
            freq_dim=256,
            ffn_dim=32,
            num_layers=2,
            cross_attn_norm=True,
            qk_norm="rms_norm_across_heads",
            rope_dim=(4, 4, 4),
            has_multi_term_memory_patch=True,
            guidance_cross_attn=True,
            zero_history_timestep=True,
            is_amplify_history=False,
        )
    )
    return _wan(HeliosPipeline, folder, transformer=transformer, scheduler=HeliosScheduler(stage_range=[0, 1], stages=1, use_dynamic_shifting=True))


def ltx(folder: Path) -> Path:
    from diffusers import AutoencoderKLLTXVideo, FlowMatchEulerDiscreteScheduler, LTXPipeline, LTXVideoTransformer3DModel

    transformer = seeded(
        lambda: LTXVideoTransformer3DModel(
            in_channels=8,
            out_channels=8,
            patch_size=1,
            patch_size_t=1,
            num_attention_heads=4,
            attention_head_dim=8,
            cross_attention_dim=32,
            num_layers=1,
            caption_channels=TEXT_WIDTH,
        )
    )
    vae = seeded(
        lambda: AutoencoderKLLTXVideo(
            in_channels=3,
            out_channels=3,
            latent_channels=8,
            block_out_channels=(8, 8, 8, 8),
            decoder_block_out_channels=(8, 8, 8, 8),
            layers_per_block=(1,) * 5,
            decoder_layers_per_block=(1,) * 5,
            spatio_temporal_scaling=(True, True, False, False),
            decoder_spatio_temporal_scaling=(True, True, False, False),
            decoder_inject_noise=(False,) * 5,
            upsample_residual=(False,) * 4,
            upsample_factor=(1,) * 4,
            timestep_conditioning=False,
            patch_size=1,
            patch_size_t=1,
            encoder_causal=True,
            decoder_causal=False,
        )
    )
    parts = {"scheduler": FlowMatchEulerDiscreteScheduler(), "text_encoder": t5(multilingual=False), "tokenizer": t5_tokenizer()}
    LTXPipeline(transformer=transformer, vae=vae, **parts).save_pretrained(folder)
    return folder
