"""Conversations kept on this machine: what was asked, answered, and said of the answers.

store = Conversations(Path("conversations.db"))
begun = store.begin(assistant.receipt(answer))
store.judge(begun.exchanges[0].id, Feedback(liked=True))
"""

from onrecord.conversations.alarms import ALTERED_SINCE, CHANGED_SINCE, Alarms, alarmed, gone
from onrecord.conversations.errors import ConversationsError
from onrecord.conversations.export import as_html, as_json, as_markdown
from onrecord.conversations.facts import as_jsonl, facts_of, judged, write_facts
from onrecord.conversations.files import write_whole
from onrecord.conversations.store import DATABASE, Conversations
from onrecord.conversations.values import Conversation, Exchange, Feedback, Quotation, Summary

__all__ = [
    "ALTERED_SINCE",
    "CHANGED_SINCE",
    "DATABASE",
    "Alarms",
    "Conversation",
    "Conversations",
    "ConversationsError",
    "Exchange",
    "Feedback",
    "Quotation",
    "Summary",
    "alarmed",
    "as_html",
    "as_json",
    "as_jsonl",
    "as_markdown",
    "facts_of",
    "gone",
    "judged",
    "write_facts",
    "write_whole",
]
