"""Language models, their weights and the embedder, behind one interface."""

from onrecord.models.base import LanguageModel
from onrecord.models.chat import open_model

__all__ = ["LanguageModel", "open_model"]
