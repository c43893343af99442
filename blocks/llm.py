"""Which language model the environment names, and the one key that goes with it."""

from collections.abc import Mapping

from pydantic import SecretStr

from songreel.access import Account, LanguageModel
from songreel.errors import UserError
from songreel.planning.llm_catalogue import parsed


def language_model(name: str, url: str, key: SecretStr | None, keys: Mapping[str, SecretStr | None], patience: float) -> LanguageModel:
    """The language model that may be asked.

    Args:
        name: 'provider:model'.
        url: an address of one's own; empty: the provider's.
        key: for that address.
        keys: by the variables that the providers named; such a key goes to its provider's own address alone.
        patience: seconds to wait for one answer.
    """
    try:
        vendor = keys.get(parsed(name)[0].key)
    except UserError:  # whoever asks it will say so
        vendor = None
    taken = key or (None if url else vendor)
    return LanguageModel(name, Account(taken.get_secret_value() if taken else "", url), patience)
