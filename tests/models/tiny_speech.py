"""Small models of speech in the layouts of the real ones: a Whisper of random weights, and an aligner that has learned an alphabet of tones.

In the alphabet every letter is a tone of its own, so a text can be sung exactly: the truth of every word's time is known.
"""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
RATE = 16_000  # Hz
LETTERS = "abcdefghijkl"
LOWEST, STEP = 250.0, 2 ** (4 / 12)  # Hz of the first letter; ratio from letter to letter
LENGTH, GAP, PAUSE = 0.08, 0.04, 0.3  # seconds of a letter, between letters, between words
STEPS, BATCH = 70, 4  # of training
WINDOW, HOP = 400, 320  # samples that a frame hears, and between two frames, as in the real models
SPECIALS = ("<pad>", "<s>", "</s>", "<unk>", "|")


def tone(letter: str, seconds: float = LENGTH) -> Floats:
    time = np.arange(int(seconds * RATE)) / RATE
    return np.asarray(0.4 * np.sin(2 * np.pi * LOWEST * STEP ** LETTERS.index(letter) * time) * np.hanning(len(time)) ** 0.25, np.float32)


def sing(lines: list[str], line_gap: float = 1.5, begin: float = 0.5) -> tuple[Floats, list[list[float]]]:
    """Lines as tones, shape (n,), and the start of every word."""
    parts, at, starts = [np.zeros(int(begin * RATE), np.float32)], begin, []
    for line in lines:
        starts.append([])
        for word in line.split():
            starts[-1].append(at)
            for letter in word:
                parts += [tone(letter), np.zeros(int(GAP * RATE), np.float32)]
            parts.append(np.zeros(int(PAUSE * RATE), np.float32))
            at += len(word) * (LENGTH + GAP) + PAUSE
        parts.append(np.zeros(int(line_gap * RATE), np.float32))
        at += line_gap
    return np.concatenate(parts), starts


def aligner(folder: Path) -> Path:
    """A wav2vec 2.0 letter model that knows the tones, as ``save_pretrained`` leaves it."""
    import torch
    from transformers import Wav2Vec2Config, Wav2Vec2FeatureExtractor, Wav2Vec2ForCTC

    torch.manual_seed(0)
    vocabulary = {letter: number for number, letter in enumerate((*SPECIALS, *LETTERS))}
    config = Wav2Vec2Config(
        vocab_size=len(vocabulary), hidden_size=48, num_hidden_layers=1, num_attention_heads=2, intermediate_size=96,
        conv_dim=(4 * len(LETTERS),), conv_kernel=(WINDOW,), conv_stride=(HOP,), conv_bias=True, feat_extract_norm="layer",
        num_conv_pos_embeddings=8, num_conv_pos_embedding_groups=4, pad_token_id=0, apply_spec_augment=False, hidden_dropout=0.0,
        attention_dropout=0.0, feat_proj_dropout=0.0, final_dropout=0.0, layerdrop=0.0,
    )  # fmt: skip
    model = Wav2Vec2ForCTC(config)
    with torch.no_grad():
        model.wav2vec2.feature_extractor.conv_layers[0].conv.weight[:, 0] = torch.from_numpy(_filters())
    _teach(model, vocabulary)
    model.save_pretrained(folder, safe_serialization=True)
    Wav2Vec2FeatureExtractor(do_normalize=True).save_pretrained(folder)
    (folder / "vocab.json").write_text(json.dumps(vocabulary))
    return folder


def _filters() -> Floats:
    """Each letter's tone in four phases, shape (filters, WINDOW): rectified and summed, they tell its level."""
    time = np.arange(WINDOW) / RATE
    phases = [2 * np.pi * LOWEST * STEP**number * time + quarter * np.pi / 2 for number in range(len(LETTERS)) for quarter in range(4)]
    return np.asarray(np.sin(phases) * np.hanning(WINDOW) / 20, np.float32)


def _teach(model, vocabulary: dict[str, int]) -> None:
    """Each frame's letter, where a tone sounds in its middle; the blank elsewhere."""
    import torch

    model.freeze_feature_encoder()  # its filters are right already
    chance, learner = np.random.default_rng(0), torch.optim.AdamW(model.parameters(), lr=6e-3)
    for _ in range(STEPS):
        sounds, answers = zip(*(_exercise(chance, vocabulary) for _ in range(BATCH)), strict=True)
        logits = model(torch.from_numpy(np.stack(sounds))).logits
        wanted = torch.from_numpy(np.stack(answers))[:, : logits.shape[1]]
        loss = torch.nn.functional.cross_entropy(logits.transpose(1, 2), wanted)
        learner.zero_grad()
        loss.backward()
        learner.step()
    model.eval()


def _exercise(chance: np.random.Generator, vocabulary: dict[str, int]) -> tuple[Floats, NDArray[np.int64]]:
    hop, frames = HOP, 60
    sound, answer = np.zeros(hop * frames + WINDOW - HOP, np.float32), np.zeros(frames, np.int64)
    at = int(chance.integers(0, 4000))
    while at + int(LENGTH * RATE) < len(sound):
        letter = LETTERS[int(chance.integers(len(LETTERS)))]
        sound[at : at + int(LENGTH * RATE)] = tone(letter)
        middle = at + int(LENGTH * RATE) // 2
        answer[max(middle // hop - 1, 0) : middle // hop + 1] = vocabulary[letter]
        at += int((LENGTH + GAP) * RATE) + (int(PAUSE * RATE) if chance.random() < 0.25 else 0)
    sound += 0.003 * chance.standard_normal(len(sound)).astype(np.float32)
    return (sound - sound.mean()) / (sound.std() + 1e-7), answer


def whisper(folder: Path) -> Path:
    """A Whisper of random weights, converted as the published ones are (CTranslate2)."""
    from ctranslate2.converters import TransformersConverter
    from faster_whisper.tokenizer import _LANGUAGE_CODES
    from transformers import GenerationConfig, WhisperConfig, WhisperFeatureExtractor, WhisperForConditionalGeneration, WhisperTokenizerFast
    from transformers.models.gpt2.tokenization_gpt2 import bytes_to_unicode

    source = folder.with_name("whisper-source")
    source.mkdir()
    (source / "vocab.json").write_text(json.dumps({letter: number for number, letter in enumerate(bytes_to_unicode().values())}))
    (source / "merges.txt").write_text("#version: 0.2\n")
    languages = [f"<|{code}|>" for code in _LANGUAGE_CODES]
    end = "<|endoftext|>"
    specials = ["<|startoftranscript|>", *languages, "<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>",
                "<|notimestamps|>"]  # fmt: skip
    tokens = WhisperTokenizerFast(
        vocab_file=str(source / "vocab.json"), merges_file=str(source / "merges.txt"), unk_token=end, bos_token=end, eos_token=end,
        additional_special_tokens=specials,
    )  # fmt: skip
    tokens.save_pretrained(source)
    ids = {"bos_token_id": tokens.eos_token_id, "eos_token_id": tokens.eos_token_id, "pad_token_id": tokens.eos_token_id,
           "decoder_start_token_id": tokens.convert_tokens_to_ids(specials[0]), "suppress_tokens": [],
           "begin_suppress_tokens": [tokens.eos_token_id]}  # fmt: skip
    model = WhisperForConditionalGeneration(WhisperConfig(
        vocab_size=len(tokens) + 1501, d_model=32, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2, decoder_attention_heads=2,
        encoder_ffn_dim=64, decoder_ffn_dim=64, num_mel_bins=80, **ids,
    ))  # fmt: skip
    model.generation_config = GenerationConfig(**ids, max_length=448)
    model.generation_config.lang_to_id = {code: tokens.convert_tokens_to_ids(code) for code in languages}
    model.generation_config.alignment_heads = [[0, 0], [0, 1]]
    model.save_pretrained(source)
    WhisperFeatureExtractor(feature_size=80).save_pretrained(source)
    TransformersConverter(str(source), copy_files=["tokenizer.json", "preprocessor_config.json"]).convert(str(folder), quantization="float32")
    return folder
