"""The list of kept conversations as HTML: to be opened, renamed, exported and deleted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape

from onrecord.conversations import Summary
from onrecord.ui import words
from onrecord.ui.message import message_html

MOST_LISTED = 100  # a browser takes seconds for thousands, and nobody reads them


def archive_html(
    kept: Sequence[Summary],
    current: str,
    said: str = "",
    is_search: bool = False,
    fallen: Collection[str] = (),
) -> str:
    """Return the list, latest first; of a long one its beginning.

    Args:
        kept: The conversations.
        current: The id of the one on the page.
        said: What came of the last change.
        is_search: Whether these are those alone that have some words.
        fallen: The ids of those that quote what is no longer in the documents.
    """
    if not kept and not is_search and not said:
        return f'<div class="archive"><p class="hint">{words.NOTHING_KEPT}</p></div>'
    status = f'<p class="said">{message_html(said)}</p>' if said else ""
    items = "".join(
        _item(each, each.id == current, each.id in fallen) for each in kept[:MOST_LISTED]
    )
    none = f'<p class="hint">{words.NOTHING_FOUND}</p>' if is_search else ""
    more = len(kept) - MOST_LISTED
    unlisted = f'<p class="hint">{words.unlisted(more)}</p>' if more > 0 else ""
    listed = f"<ul>{items}</ul>{unlisted}" if kept else none
    return (
        f'<div class="archive"><div role="status">{status}</div>{listed}'
        f'<button type="button" class="facts" data-do="facts" title="{words.FACTS_NOTE}">'
        f"{words.FACTS}</button></div>"
    )


def outbox_html(name: str, content: str, nonce: str) -> str:
    """Return a file that the page's script saves.

    Args:
        name: What the file is called.
        content: What is in it.
        nonce: Another one each time: the same file may be wanted twice.
    """
    return (
        f'<div class="parcel" hidden data-nonce="{escape(nonce)}" data-name="{escape(name)}"'
        f' data-content="{escape(content)}"></div>'
    )


def _item(summary: Summary, is_current: bool, has_fallen: bool) -> str:
    name, title = escape(summary.id), escape(summary.title)
    changed = summary.changed.astimezone()
    when = f'<time datetime="{changed.isoformat()}">{words.moment(changed)}</time>'
    alarm = f'<small class="fallen">{words.DOCUMENTS_CHANGED}</small>' if has_fallen else ""
    renames, deletes, new_name = (
        _label(tool, summary) for tool in (words.RENAME, words.DELETE, words.NEW_NAME)
    )
    exports = "".join(
        f'<button type="button" data-do="export" data-conversation="{name}" data-as="{kind}"'
        f" {_label(f'{words.EXPORT} {label}', summary)}>{label}</button>"
        for kind, label in words.EXPORTS.items()
    )
    return (
        f"<li{' class=current aria-current=true' * is_current}>"
        f'<button type="button" class="title" data-do="open" data-conversation="{name}"'
        f' dir="auto">{title}</button>'
        f"<small>{when} · {words.counted(summary.exchanges, 'question')}</small>{alarm}"
        '<div class="tools">'
        f'<button type="button" class="reveal" aria-expanded="false" {renames}>{words.RENAME}'
        f'</button><button type="button" data-do="delete" data-conversation="{name}" {deletes}'
        f' data-sure="{words.REALLY}">{words.DELETE}</button>'
        f'<div class="exports"><span>{words.EXPORT}</span>{exports}</div></div>'
        f'<form class="revealed" data-do="rename" data-conversation="{name}" hidden>'
        f'<input name="title" dir="auto" {new_name} value="{title}"'
        f' maxlength="200" required><button type="submit">{words.KEEP}</button></form></li>'
    )


def _label(tool: str, summary: Summary) -> str:
    return f'aria-label="{message_html(words.of(tool, summary.title))}"'
