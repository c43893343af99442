"""Worlds by meaning: a small sentence-transformers model in the real layout whose words lie where we put them."""

import json

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the models extra: make test-models")

from schemas import FilmRequest, Lyrics
from songreel import planning
from songreel.access import Access
from songreel.errors import MissingDependency
from songreel.planning import meaning
from songreel.planning.words import Meant, world_words
from tests.test_planning import made_analysis, made_song

REPO = "sentence-transformers--all-MiniLM-L6-v2"
SIZE = 32
FAR = "quark"
OWN = {"basilica": "temple", "cutlass": "ocean", "photon": "space"}
"""Words that no vocabulary has, and the world beside which each lies here."""


@pytest.fixture(scope="module")
def access(tmp_path_factory):
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    weights = tmp_path_factory.mktemp("weights")
    folder = weights / REPO
    (folder / "1_Pooling").mkdir(parents=True)
    worlds = world_words()
    known = dict.fromkeys(word for phrases in worlds.values() for phrase in phrases for word in phrase.lower().split() if word.isalpha())
    listed = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *known, *(word for word in (*OWN, FAR) if word not in known)]
    (folder / "vocab.txt").write_text("\n".join(listed))
    BertTokenizerFast(str(folder / "vocab.txt"), do_lower_case=True).save_pretrained(folder)
    torch.manual_seed(0)
    bert = BertModel(BertConfig(vocab_size=len(listed), hidden_size=SIZE, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32))
    with torch.no_grad():
        for name, part in bert.named_parameters():
            if "LayerNorm.weight" not in name:
                part.zero_()  # what comes in goes out: a word's vector is the one we give it
        table = torch.zeros(len(listed), SIZE)
        for axis, (world, phrases) in enumerate(worlds.items()):
            for word in {word for phrase in phrases for word in phrase.lower().split()} | {word for word, home in OWN.items() if home == world}:
                if word in listed:
                    table[listed.index(word), axis] += 4
        table[listed.index(FAR), SIZE - 1] = 4
        bert.embeddings.word_embeddings.weight.copy_(table)
    bert.save_pretrained(folder, safe_serialization=True)
    kinds = enumerate((("Transformer", ""), ("Pooling", "1_Pooling"), ("Normalize", "2_Normalize")))
    parts = [{"idx": at, "name": str(at), "path": path, "type": f"sentence_transformers.models.{kind}"} for at, (kind, path) in kinds]
    (folder / "modules.json").write_text(json.dumps(parts))
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"word_embedding_dimension": SIZE, "pooling_mode_mean_tokens": True}))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 64, "do_lower_case": False}))
    (folder / "config_sentence_transformers.json").write_text(json.dumps({"__version__": {"sentence_transformers": "2.0.0"}}))
    return Access(weights=weights)


def test_words_go_to_the_world_they_lie_beside_and_far_ones_to_none(access):
    told = []
    assert dict(meaning.nearest((*OWN, FAR), "minilm", access, told.append)) == OWN
    assert told == [1.0]


def test_a_plan_goes_to_the_worlds_that_the_model_found(access):
    request = FilmRequest(prompt="an old basilica")
    words = planning.unplaced(request)
    assert words == ("basilica",)
    found = meaning.nearest(words, "minilm", access, lambda share: None)
    plan = planning.plan(made_song(60.0), made_analysis(), Lyrics(), request, None, Meant("minilm", found))
    assert plan.scenes[0].look.world == "temple"
    note = next(note for note in plan.notes if note.took.startswith("the nearest worlds"))
    assert "for 'basilica'" in note.took
    assert note.because.endswith("found by meaning (minilm)")


def test_the_nearest_three_words_count_and_not_one():
    cosines = np.array([[0.9, 0.1, 0.1, 0.6, 0.6, 0.6], [0.4, 0.4, 0.4, 0.3, 0.3, 0.3]], np.float32)
    assert meaning.placed(("odd", "far"), cosines, [("city", 3), ("ocean", 3)]) == (("odd", "ocean"),)


def test_missing_weights_are_told_with_the_command(tmp_path):
    with pytest.raises(MissingDependency, match="hf download sentence-transformers/all-MiniLM-L6-v2"):
        meaning.nearest(("abbey",), "minilm", Access(weights=tmp_path), lambda share: None)
