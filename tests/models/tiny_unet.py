"""Tiny checkpoints of the models that have a UNet: Stable Diffusion 1.5 with a motion adapter, SDXL with a ControlNet, SVD."""

from pathlib import Path
from typing import Any

from tests.models.tiny import clip_text, clip_tokenizer, clip_vision, seeded

WIDTHS = (32, 32, 32, 32)  # channels of a VAE
MOTION = (32, 32)  # channels; the norms and heads of a motion adapter are then those of the real one
SDXL_UNET = {
    "block_out_channels": (32, 64), "layers_per_block": 2, "in_channels": 4, "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
    "attention_head_dim": (2, 4), "use_linear_projection": True, "addition_embed_type": "text_time", "addition_time_embed_dim": 8,
    "transformer_layers_per_block": (1, 2), "projection_class_embeddings_input_dim": 80, "cross_attention_dim": 64,
}  # fmt: skip
BETAS = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}


def vae(widths: tuple[int, ...] = WIDTHS) -> Any:
    """Makes pictures eight times smaller with the usual widths, as the real ones do."""
    from diffusers import AutoencoderKL

    return seeded(
        lambda: AutoencoderKL(
            block_out_channels=widths,
            in_channels=3,
            out_channels=3,
            down_block_types=["DownEncoderBlock2D"] * len(widths),
            up_block_types=["UpDecoderBlock2D"] * len(widths),
            latent_channels=4,
        )
    )


def sd15(folder: Path) -> Path:
    """The base of AnimateDiff."""
    from diffusers import PNDMScheduler, StableDiffusionPipeline, UNet2DConditionModel

    unet = seeded(
        lambda: UNet2DConditionModel(
            block_out_channels=MOTION,
            layers_per_block=2,
            sample_size=8,
            in_channels=4,
            out_channels=4,
            down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
            cross_attention_dim=8,
        )
    )
    finer = vae((32, 32))  # two scenes of coarse noise are too alike for their cut to be seen
    StableDiffusionPipeline(
        vae=finer, text_encoder=clip_text(8), tokenizer=clip_tokenizer(folder / "words"), unet=unet,
        scheduler=PNDMScheduler(skip_prk_steps=True, **BETAS), safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    ).save_pretrained(folder)  # fmt: skip
    return folder


def animatediff_lightning(folder: Path, steps: int = 4) -> Path:
    """As its repository is: a bare file of weights for each number of steps."""
    from diffusers import MotionAdapter
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    adapter = seeded(lambda: MotionAdapter(block_out_channels=MOTION))
    weights = {name: tensor.contiguous() for name, tensor in adapter.state_dict().items()}
    save_file(weights, str(folder / f"animatediff_lightning_{steps}step_diffusers.safetensors"))
    return folder


def sdxl(folder: Path) -> Path:
    from diffusers import EulerDiscreteScheduler, StableDiffusionXLPipeline, UNet2DConditionModel

    unet = seeded(lambda: UNet2DConditionModel(sample_size=32, out_channels=4, up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"), **SDXL_UNET))
    StableDiffusionXLPipeline(
        unet=unet, vae=vae(), scheduler=EulerDiscreteScheduler(steps_offset=1, timestep_spacing="leading", **BETAS),
        text_encoder=clip_text(32), tokenizer=clip_tokenizer(folder / "words"),
        text_encoder_2=clip_text(32, 32, "gelu"), tokenizer_2=clip_tokenizer(folder / "words_2", "!"),
    ).save_pretrained(folder)  # fmt: skip
    return folder


def sdxl_controlnet(folder: Path) -> Path:
    from diffusers import ControlNetModel

    seeded(lambda: ControlNetModel(conditioning_embedding_out_channels=(16, 16, 32, 32), **SDXL_UNET)).save_pretrained(folder)
    return folder


def svd(folder: Path) -> Path:
    from diffusers import (
        AutoencoderKLTemporalDecoder,
        EulerDiscreteScheduler,
        StableVideoDiffusionPipeline,
        UNetSpatioTemporalConditionModel,
    )
    from transformers import CLIPImageProcessor

    unet = seeded(
        lambda: UNetSpatioTemporalConditionModel(
            block_out_channels=(32, 64),
            layers_per_block=2,
            sample_size=32,
            in_channels=8,
            out_channels=4,
            down_block_types=("CrossAttnDownBlockSpatioTemporal", "DownBlockSpatioTemporal"),
            up_block_types=("UpBlockSpatioTemporal", "CrossAttnUpBlockSpatioTemporal"),
            cross_attention_dim=32,
            num_attention_heads=8,
            projection_class_embeddings_input_dim=96,
            addition_time_embed_dim=32,
            num_frames=14,
        )
    )
    decoder = seeded(
        lambda: AutoencoderKLTemporalDecoder(
            block_out_channels=WIDTHS, in_channels=3, out_channels=3, down_block_types=["DownEncoderBlock2D"] * len(WIDTHS), latent_channels=4
        )
    )
    noise = EulerDiscreteScheduler(
        interpolation_type="linear", prediction_type="v_prediction", sigma_max=700.0, sigma_min=0.002, steps_offset=1,
        timestep_spacing="leading", timestep_type="continuous", use_karras_sigmas=True, **BETAS,
    )  # fmt: skip
    StableVideoDiffusionPipeline(
        vae=decoder, image_encoder=clip_vision(224, 56), unet=unet, scheduler=noise, feature_extractor=CLIPImageProcessor(crop_size=224, size=224)
    ).save_pretrained(folder)
    return folder
