"""What is asked at the page, and how its answer comes in."""

from __future__ import annotations

import gradio as gr

from onrecord.ui.handlers import Handlers
from onrecord.ui.parts import AT_ONCE, QUIET, WHEN_ANSWERED, Parts, told, until

# What the page says of itself goes along with a question, as the last of what is sent (see `Sent`):
# what it is asked of, too, so that this is always what is shown.
# A question is taken out of its box at once: what is typed from then on is the next.
_SENT = """async (...sent) => {
    const { wish } = document.querySelector("#scope").dataset;
    const scope = wish ?? document.querySelector("#scope .scope").dataset.scope;
    // when
    const { conversation } = document.querySelector("#latest .turns").dataset;
    const shown = document.querySelectorAll("#conversation .turn").length;
    return [...sent.slice(0, -1), JSON.stringify({ scope, conversation, shown })];
}"""
_ASKING = _SENT.replace("// when", until("asking"))
_TAKEN = _SENT.replace("// when", until("taken"))
# What is typed until then stays behind the question that is taken back.
_TYPED = 'sent[0] = document.querySelector("#question textarea").value;'
_EDITING = _SENT.replace("// when", until("asking") + _TYPED)
_UNTAKEN = told("untaken")
_ANSWERED = told("answered")
# Gradio says of an answer that is stopped, too, that it has failed, and more than once, and may say
# so when the next question is asked already: for half a minute it is not believed.
_STOPPED = """(session) => {
    document.documentElement.dataset.stopped = Date.now();
    return [session];
}"""
_FAILED = """(session) => {
    const { stopped = 0 } = document.documentElement.dataset;
    return [session, Date.now() - stopped < 30000 ? "yes" : ""];
}"""


def wire_asking(handlers: Handlers, parts: Parts) -> None:
    """Wire the presses that ask something, and those that stop, edit or begin anew."""
    answering, question = parts.answering, parts.question
    session, view = answering.session, answering.view
    sent = gr.Textbox(visible=False)
    asking = [session, sent]
    saying = {"js": _ASKING, **AT_ONCE}
    taking = {"js": _TAKEN, **AT_ONCE}
    puts = [
        gr.on(
            [question.submit, answering.ask.click],
            handlers.ask,
            inputs=[question, *asking],
            outputs=view,
            **taking,
        ),
        answering.retry.click(handlers.ask_again, inputs=[session, sent], outputs=view, **saying),
        answering.latest.select(handlers.press, inputs=asking, outputs=view, **saying),
    ]
    puts[0].failure(None, js=_UNTAKEN, **QUIET)
    answers = [
        put.then(
            handlers.answer,
            inputs=[session],
            outputs=answering.coming,
            concurrency_limit=None,  # the desk has them answered in turn
            # "once" would lose a question that is asked while the last answer's
            # connection is being closed.
            trigger_mode="multiple",
            **QUIET,
        )
        for put in puts
    ]
    for answer in answers:
        for then in (answer.then, answer.failure):  # Gradio goes on with one of them
            then(None, js=_ANSWERED, **QUIET)
        answer.failure(
            handlers.fail, inputs=[session, sent], outputs=answering.coming, js=_FAILED, **AT_ONCE
        )
    answering.stop.click(
        handlers.stop,
        inputs=[session],
        outputs=answering.coming,
        cancels=answers,
        js=_STOPPED,
        **AT_ONCE,
    ).then(None, js=_ANSWERED, **QUIET)
    answering.latest.submit(
        handlers.hand_over,
        inputs=[session, sent],
        outputs=[parts.outbox],
        js=_SENT,
        **AT_ONCE,
    )
    answering.edit.click(
        handlers.edit,
        inputs=[question, session, sent],
        outputs=[question, *view, parts.scope, parts.asked_of],
        js=_EDITING,
        **AT_ONCE,
    )
    answering.new.click(handlers.begin, outputs=view, js=WHEN_ANSWERED, **AT_ONCE)
