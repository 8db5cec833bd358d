"""One chat model for all: an engine here or elsewhere, a server, or a hosted provider."""

from __future__ import annotations

import json
import math
import re
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from langchain_core.messages import SystemMessage

from onrecord.errors import ModelError
from onrecord.hosts import shown_address
from onrecord.models.base import LanguageModel, Written
from onrecord.models.borrowing import PREFIX, knock, lent_engine
from onrecord.models.engine import PATIENCE, Engine, patient
from onrecord.models.evaluated import EvaluatedPrompts
from onrecord.models.failures import UselessError, explained, is_break, is_silence
from onrecord.models.heard import chances, heard, worded_odds, written, yes_log_odds
from onrecord.models.patience import Patience, within
from onrecord.models.providers import (
    FOLLOWED,
    hosted,
    is_nearby,
    ollama_is_nearby,
    openai_compatible,
)
from onrecord.models.starting import READER_NAME, READING, WRITER_NAME, WRITING
from onrecord.models.weights import LANGUAGE_MODEL
from onrecord.progress import Progress, silent
from onrecord.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, BaseMessage

_TOP = 10
_OTHERS = 20  # tokens that may be likelier than the least likely of those asked for
_FENCE = re.compile(r"^\s*```(?:json)?\s*|\s*```\s*$")
_LIMITS = ("max_tokens", "max_output_tokens", "num_predict")
_THINKING = 4000  # tokens that a reasoning model may spend before it answers
_PATIENCE = Patience(first=60.0, pause=60.0)
_PAUSE = 30.0  # seconds between two pieces of an engine's answer, of which each is a token
_REMEMBERED = 16  # prompts; of long ones an engine keeps no more
_COUNTED = {"stream_usage": True}  # the engine says at a stream's end how many tokens it took

T = TypeVar("T")


def open_model(settings: Settings, progress: Progress = silent) -> LanguageModel:
    """Return the model that `settings.model` names; nothing is loaded or reached before its use.

    Raises:
        ModelError: The name is of no known form.
    """
    name = settings.model
    if name == "local":
        return _local(settings, progress)
    if name.startswith(("http://", "https://")):
        return _served(settings)
    if name.startswith(PREFIX):
        return _borrowed(settings)
    provider, colon, model = name.partition(":")
    if not (provider and colon and model):
        raise ModelError(
            f"ONRECORD_MODEL is {name!r}; say 'local', 'provider:model' such as "
            "'openai:gpt-5-mini', the address of an OpenAI-compatible server, or 'engine:' and "
            "the address of an engine that is lent."
        )
    nearby = provider == "ollama" and ollama_is_nearby()
    patience = _patience(settings)
    if provider not in FOLLOWED:
        # Some give no stream, but a whole answer: for that, their clients' own limits hold.
        patience = patience._replace(first=math.inf)
    return ChatLanguageModel(name, nearby, Backend(lambda: hosted(settings)), patience)


class Backend(NamedTuple):
    """What answers a model's requests.

    Attributes:
        connect: Makes the chat model; called again when the server has died.
        disconnect: Gives back what `connect` started.
        turn: Held while a request is answered, by a server that mixes up what it is asked at once.
        lost: Told why, when the server has stopped answering or broken off; it may raise an error
            that says more.
        knock: Raises a `ModelError` where the server is gone, if that can be found out for nothing.
    """

    connect: Callable[[], BaseChatModel]
    disconnect: Callable[[], None] = lambda: None
    turn: Callable[[], AbstractContextManager[object]] = nullcontext
    lost: Callable[[Exception], None] = lambda _error: None
    knock: Callable[[], None] = lambda: None


class ChatLanguageModel:
    """A LangChain chat model as the pipeline uses it (see `LanguageModel`).

    Args:
        name: What a reader is told.
        is_local: Whether nothing that is asked leaves this machine.
        backend: What answers its requests.
        patience: How long a stream is waited for.
        reading: What a request says besides, to be answered by the part that was trained to
            choose sentences; None where there is none.
        evaluated: Where the reader's evaluated prompts are kept; None leaves that to the server.
    """

    def __init__(
        self,
        name: str,
        is_local: bool,
        backend: Backend,
        patience: Patience = _PATIENCE,
        reading: Mapping[str, Any] | None = None,
        evaluated: EvaluatedPrompts | None = None,
    ) -> None:
        self.name = name
        self.is_local = is_local
        self._backend = backend
        self._patience = patience
        self._reading = reading
        self._evaluated = evaluated
        self._is_lost = False
        self._prepared: deque[tuple[str, ...]] = deque(maxlen=_REMEMBERED)
        self._chat: BaseChatModel | None = None
        self.restarts = 0

    def warm(self) -> None:
        """Connect now (and start the engine, where it is local)."""
        with explained(self.name):
            self._ready()

    def complete(self, messages: Sequence[BaseMessage], max_tokens: int) -> str:
        """Return the model's answer as text (temperature 0)."""
        with explained(self.name):
            return str(self._invoke(messages, max_tokens=max_tokens).text)

    def stream_json(
        self, messages: Sequence[BaseMessage], schema: Mapping[str, Any], max_tokens: int
    ) -> Iterator[str]:
        """Yield the pieces of one JSON text that follows `schema`, where the model can be held."""
        with explained(self.name), self._in_turn():
            yield from self._asked(
                lambda chat: self._begun(
                    _some(_pieces(_limited(chat, max_tokens), messages, schema)),
                    _room(chat, max_tokens),
                )
            )

    @property
    def has_reader(self) -> bool:
        """Whether there is a part of it that was trained to choose sentences."""
        return self._reading is not None

    def prepare(self, messages: Sequence[BaseMessage]) -> None:
        """Have the reader's prompt evaluated, as an earlier process has left it where one has."""
        if not self.has_reader:
            return
        said = tuple(str(message.content) for message in messages)
        with explained(self.name), self._in_turn():
            self._ready()
            if self._evaluated is not None:
                self._evaluated.provide(messages, lambda: self._read(messages, 1))
            elif said not in self._prepared:
                self._read(messages, 1)
                self._prepared.append(said)

    def next_token(
        self, messages: Sequence[BaseMessage], tokens: Sequence[str]
    ) -> Mapping[str, float]:
        """Return the log-probability (nats) that the reader's answer goes on with each token."""
        with explained(self.name), self._in_turn():
            return chances(self._read(messages, len(tokens) + _OTHERS), tokens)

    def stream_reader(self, messages: Sequence[BaseMessage], max_tokens: int) -> Generator[Written]:
        """Yield the pieces of the reader's answer."""
        shown = self._shown(1)
        with explained(self.name), self._in_turn():
            yield from self._asked(
                lambda chat: self._begun(
                    map(written, _limited(chat, max_tokens).stream(list(messages), **shown)),
                    _room(chat, max_tokens),
                )
            )

    def yes_log_odds(self, messages: Sequence[BaseMessage]) -> float:
        """Return log p("Yes") - log p("No") for the first token of the answer, in nats."""
        from openai import BadRequestError

        with explained(self.name):
            if _shows_probabilities(self._ready()):
                with suppress(BadRequestError):  # the server takes no `logprobs`
                    answer = self._invoke(messages, max_tokens=1, logprobs=True, top_logprobs=_TOP)
                    return yes_log_odds(answer)
            return worded_odds(self._invoke(messages, max_tokens=5))

    def knock(self) -> None:
        """Return if its server is there, as far as it may be asked that for nothing.

        One that is not is connected to anew by the next `warm`, or the next question.
        """
        try:
            self._backend.knock()
        except ModelError:
            self._chat, self._is_lost = None, True
            raise

    def close(self) -> None:
        """Give back what the model holds."""
        self._chat = None
        self._backend.disconnect()

    def _ready(self) -> BaseChatModel:
        chat = self._chat
        if chat is None:
            self._prepared.clear()  # another engine has evaluated nothing yet
            chat = self._chat = self._backend.connect()
        return chat

    def _read(self, messages: Sequence[BaseMessage], shown: int) -> AIMessage:
        """Return the reader's next token, with the so many that are likeliest."""
        options = self._shown(shown)
        return self._asked(lambda chat: heard(_limited(chat, 1).invoke(list(messages), **options)))

    def _shown(self, likeliest: int) -> dict[str, Any]:
        """Return how the reader is asked for the chances of each token, and of the likeliest."""
        body = dict(self._reading or {})
        return {"logprobs": True, "top_logprobs": likeliest, "extra_body": body}

    def _invoke(
        self,
        messages: Sequence[BaseMessage],
        max_tokens: int,
        **options: Any,  # noqa: ANN401
    ) -> AIMessage:
        with self._in_turn():
            return self._asked(
                lambda chat: heard(_limited(chat, max_tokens).invoke(list(messages), **options))
            )

    def _asked(self, ask: Callable[[BaseChatModel], T]) -> T:
        """Ask; if the server is gone, connect once more (to its successor) and ask again."""
        from openai import APIConnectionError, APITimeoutError

        try:
            answer = ask(self._ready())
        except APITimeoutError:
            raise
        except APIConnectionError:
            self._chat, self._is_lost = None, True
            answer = ask(self._ready())
        if self._is_lost:
            self.restarts += 1
            self._is_lost = False
        return answer

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Wait for the turn; a server that is lost inside is not asked again, but its successor."""
        with self._backend.turn():
            try:
                yield
            except Exception as error:
                if is_silence(error) or is_break(error):
                    self._chat, self._is_lost = None, True
                    self._backend.lost(error)
                raise

    def _begun(self, pieces: Iterator[T], tokens: int) -> Iterator[T]:
        """Return the pieces once the first is there, or the request has failed."""
        waited_for = within(pieces, self._patience, tokens)
        return chain([*islice(waited_for, 1)], waited_for)


def _local(settings: Settings, progress: Progress) -> ChatLanguageModel:
    settings = patient(settings)
    own = settings.weights
    title = own.stem if own else LANGUAGE_MODEL.title
    engine = Engine(settings, progress)

    def connect() -> BaseChatModel:
        address = engine.connect()
        chat = openai_compatible(f"{address.url}/v1", title, address.key, settings)
        body = {"id_slot": 0} if own else WRITING
        return chat.model_copy(update={"extra_body": body, **_COUNTED})

    def lost(error: Exception) -> None:
        engine.give_up()
        happened = "stopped answering" if is_silence(error) else "broke off"
        remedy = "" if settings.model_timeout >= PATIENCE else ", or raise ONRECORD_MODEL_TIMEOUT"
        raise ModelError(
            f"The local engine {happened}; it is started anew. Ask again{remedy}."
        ) from error

    return ChatLanguageModel(
        f"local: {title}",
        True,
        Backend(connect, engine.close, engine.turn, lost, engine.knock),
        _patience(settings, _PAUSE),
        reading=None if own else READING,
        evaluated=None if own else EvaluatedPrompts(settings, engine),
    )


def _borrowed(settings: Settings) -> ChatLanguageModel:
    settings = patient(settings)
    engine = lent_engine(settings)

    def connect() -> BaseChatModel:
        knock(engine)
        key = engine.key.get_secret_value()
        chat = openai_compatible(f"{engine.url}/v1", WRITER_NAME, key, settings)
        return chat.model_copy(update=_COUNTED)

    name = f"{PREFIX} {LANGUAGE_MODEL.title} at {engine.url}"
    return ChatLanguageModel(
        name,
        is_nearby(engine.url),
        Backend(connect, knock=lambda: knock(engine)),
        _patience(settings, _PAUSE),
        reading={"model": READER_NAME},
    )


def _served(settings: Settings) -> ChatLanguageModel:
    url, _, model = settings.model.partition("#")
    key = settings.api_key.get_secret_value() if settings.api_key else "none"
    name = shown_address(settings.model)

    def connect() -> BaseChatModel:
        return openai_compatible(url, model, key, settings)

    return ChatLanguageModel(name, is_nearby(url), Backend(connect), _patience(settings))


def _patience(settings: Settings, pause: float = math.inf) -> Patience:
    """Return how long streams are waited for, where none is longer silent than a single answer."""
    wait = settings.model_timeout
    return Patience(wait * (1 + settings.model_retries), min(wait, pause))


def _profile(chat: BaseChatModel) -> Mapping[str, Any]:
    return getattr(chat, "profile", None) or {}


def _limited(chat: BaseChatModel, max_tokens: int) -> BaseChatModel:
    """Return the chat model with room for so many tokens, whatever its provider calls that."""
    names = [name for name in _LIMITS if name in type(chat).model_fields]
    return chat.model_copy(update=dict.fromkeys(names[:1], _room(chat, max_tokens)))


def _room(chat: BaseChatModel, max_tokens: int) -> int:
    """Return how many tokens a model may write, what it thinks before it answers included."""
    return max_tokens + (_THINKING if _profile(chat).get("reasoning_output") else 0)


def _shows_probabilities(chat: BaseChatModel) -> bool:
    from langchain_openai import ChatOpenAI

    return isinstance(chat, ChatOpenAI) and not _profile(chat).get("reasoning_output")


def _pieces(
    chat: BaseChatModel, messages: Sequence[BaseMessage], schema: Mapping[str, Any]
) -> Iterator[str]:
    from langchain_openai import ChatOpenAI
    from openai import BadRequestError

    if not isinstance(chat, ChatOpenAI):
        yield _structured(chat, messages, schema)
        return
    form = {"name": "answer", "schema": dict(schema), "strict": True}
    # As a plain field of the request: given as an argument, the client would parse the
    # answer itself, and raise where it is cut off at max_tokens.
    wanted = {"response_format": {"type": "json_schema", "json_schema": form}}
    try:
        for piece in chat.stream(list(messages), extra_body={**(chat.extra_body or {}), **wanted}):
            yield heard(piece).text
    except BadRequestError:  # the server takes no schema
        yield _in_words(chat, messages, schema)


def _some(pieces: Iterator[str]) -> Iterator[str]:
    """Hand the pieces of a text on, of which there must be some.

    That there is none may be all that is seen of a refusal.

    Raises:
        UselessError: There is nothing in them.
    """
    is_blank = True
    for piece in pieces:
        is_blank = is_blank and not piece.strip()
        yield piece
    if is_blank:
        raise UselessError(
            "answered nothing (it may refuse such questions); ask otherwise, or use another model."
        )


def _structured(
    chat: BaseChatModel, messages: Sequence[BaseMessage], schema: Mapping[str, Any]
) -> str:
    """Return JSON from a provider that is no OpenAI: by its own means, else by asking for it."""
    try:
        held = chat.with_structured_output({"title": "answer", **schema}, include_raw=True)
    except NotImplementedError:
        return _in_words(chat, messages, schema)
    said: Any = held.invoke(list(messages))
    heard(said["raw"])
    return json.dumps(said["parsed"]) if said["parsed"] else ""


def _in_words(
    chat: BaseChatModel, messages: Sequence[BaseMessage], schema: Mapping[str, Any]
) -> str:
    """Return what a model writes that is asked for JSON, and cannot be held to it."""
    form = SystemMessage(f"Answer with JSON of this schema alone: {json.dumps(schema)}")
    return _FENCE.sub("", heard(chat.invoke([form, *messages])).text)
