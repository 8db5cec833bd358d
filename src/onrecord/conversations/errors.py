"""What can go wrong with conversations that are kept."""

from __future__ import annotations

from onrecord import OnrecordError


class ConversationsError(OnrecordError):
    """Conversations cannot be kept, found or written out."""
