"""Names that a text is given to which say that it is a model's, or who serves one, whatever the text is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from policy_gate.discover.code_facts import ASKED_MODEL, snake
from policy_gate.schema.observed import Signal
from policy_gate.schema.patterns import lazy_pattern

_MODEL_KEY: Final = lazy_pattern(
    r"(?:^|_)model(?:_?(?:name|id|version|path|deployment|uri|url|data_url|source|repo|tag|revision|artifact))?$"
    r"|^(?:azure_)?deployment(?:_name|_id)?$|^engine$|(?:^|_)(?:lora|peft)(?:_(?:adapter|model|name|id|path|repo))?$"
    r"|(?:^|_)adapter_(?:name|id|path|repo)$|^revision$|^storage_uri$"
    r"|^endpoint_(?:name|id)$"
    r"|(?:^|_)(?:open_?ai|chat_?gpt|gpt|llm|model|chat|embeddings?)(?:_[a-z0-9]{1,20})?_deployment(?:_(?:name|id))?$"
)
GROUPS_OF_AI: Final = (
    r"(?:llms?|gen[_-]?ai|ai|(?:azure[_-]?)?open[_-]?ai|anthropic|ollama|bedrock|gemini|mistral|embeddings?"
    r"|(?:language|chat)[_-]?models?|semantic[_-]?kernel|lang[_-]?chain|spring[_-]?ai|azure[_-]?ai)"
)
"""names of groups of settings, in lower case, in which a model is one that is asked"""
KNOWN_PROVIDERS: Final = (
    r"(?:(?:azure[_-]?)?open[_-]?ai|anthropic|(?:aws[_-]?)?bedrock|vertex(?:[_-]?ai)?|gemini|mistral(?:[_-]?ai)?|cohere"
    r"|groq|deepseek|ollama|openrouter|litellm|vllm|hugging[_-]?face|fireworks(?:[_-]?ai)?|together(?:[_-]?ai)?)"
)
"""who serves models and little else, in lower case"""
_KNOWN_PROVIDER: Final = lazy_pattern(rf"(?:[\w-]{{1,40}}/){{0,2}}{KNOWN_PROVIDERS}")
_PROVIDER_KEY: Final = lazy_pattern(r"(?:model|llm|custom_llm|chat|embeddings?)_provider")
SERVED_BY: Final = (
    r"(?:open_?ai|anthropic|claude|chat_?gpt|gpt|ollama|bedrock|gemini|vertex(?:_ai)?|mistral|cohere|groq|open_?router"
    r"|lite_?llm|deep_?seek|hugging_?face|hf|fireworks|perplexity|grok|xai|qwen|llama(?:_cpp)?|vllm|watsonx|nim)"
)
"""whose models these are, as variables of the environment begin"""
_SURE_MODEL_KEY: Final = lazy_pattern(
    r"(?:^|_)(?:model_?(?:name|id|uri)|(?:llm|chat|embeddings?|ai|base|re_?rank(?:er|ing)?)_model"
    rf"|(?:{SERVED_BY}|llm|chat|ai|embeddings?)(?:_[a-z0-9]{{1,20}}){{0,2}}_model(?:_(?:name|id|version))?"
    rf"|(?:{SERVED_BY}|llm|chat|embeddings?)(?:_[a-z0-9]{{1,20}})?_deployment(?:_(?:name|id))?)$"
)
_SERVER_KEY: Final = lazy_pattern(
    r"(?:^|_)(?:base_?url|api_?base|azure_endpoint)$|^(?:model|llm|custom_llm|chat|embeddings?)_provider$"
)
_OF_THING: Final = lazy_pattern(
    r"(?:^|_)(?:gpu|cpu|car|vehicle|phone|printer|router|switch|hardware|disk|billing|pricing)_model(?:_|$)"
)
"""what has models, too, and is asked nothing"""
_DATABASE: Final = lazy_pattern(r"(?:postgres(?:ql)?|mysql|mariadb|sqlite|mssql|oracle|aurora|redis|innodb)\b.*")
_ENDPOINT: Final = lazy_pattern(r"(?:^|_)(?:base_?url|api_?base|endpoint|host|api_url|server_url|azure_endpoint)$")
_OF_SERVICE: Final = lazy_pattern(
    r"(?:^|_)(?:db|database|postgres|mysql|mongo|redis|smtp|mail|imap|sentry|otel|otlp|jaeger|zipkin|prometheus|grafana"
    r"|statsd|kafka|rabbitmq|amqp|minio|s3|keycloak|oauth|oidc|sso|ldap|vault|webhook|callback|redirect|cdn|stripe)_"
)
"""what has hosts, too, and answers nothing; not where the name speaks of models besides"""
_OF_AI: Final = lazy_pattern(r"(?:^|_)(?:ai|llm|models?|openai|azure|chat|inference|embeddings?|gpt|claude)(?:_|$)")
_NEVER_ASKED: Final = lazy_pattern(
    r"(?:rediss?|postgres(?:ql)?|mysql|mongodb|amqps?|smtps?|imaps?|ldaps?|s?ftp|ssh|s3|nats|mqtts?|kafka)://"
)
_OF_PROVIDER: Final = lazy_pattern(
    r"(?P<of>open_?ai|anthropic|bedrock|vertex(?:_ai)?|gemini|mistral(?:ai)?|cohere|groq|xai|deepseek|ollama|openrouter"
    r"|fireworks(?:_ai)?|together(?:_ai)?|perplexity|litellm)(?::(?:[a-z]{1,12}:)?|/)"
    r"(?!(?P=of)|v\d|api\b)[A-Za-z0-9][\w.:@/-]{1,150}"
    r"|(?:azure(?:_openai)?|google(?:-gla|-vertex|_genai|_vertexai)?|hugging_?face|huggingface_hub)"
    r":(?:[a-z]{1,12}:)?[A-Za-z][\w.@/-]{1,150}"
)
"""who serves a model and its name, as libraries that ask many take both; a repository or image of theirs has a slash"""
_NO_MODEL: Final = lazy_pattern(r"(?:^|_)(?:image|uses|repo|repository|package|file|module|import|command|run)$")
_OF_CODE: Final = lazy_pattern(
    r"\.(?:py|[cm]?[jt]sx?|go|rs|rb|php|java|kt|cs|json|ya?ml|toml|md|txt|html|css|svg|png|proto)$"
)
_MARK: Final = lazy_pattern(r"[\d/-]")
_MODEL_NAME: Final = lazy_pattern(r"[A-Za-z0-9][\w.:@/-]{1,150}")
_MOST_NAMED: Final = 3
"""models of nobody that a file of JSON names as those in use; with more of them it lists cars, phones or tables"""


def _is_sure(key: str, value: str) -> bool:
    """Does the name, with its text, speak of models and of nothing else?"""
    return _SURE_MODEL_KEY.search(key) is not None or (key in ("llm", "model") and is_of_provider(key, value))


class Said(NamedTuple):
    """What a text is by its name: a kind of sign and what it says; whether the name says so by itself."""

    kind: str
    what: str
    is_sure: bool


def is_model(key: str, value: str) -> bool:
    """Is a text that is given to this name that of a model? Where the name is a common one, by how it is written."""
    if key == ASKED_MODEL:
        return not any(map(str.isspace, value))
    if is_of_provider(key, value):
        return True
    if not key or not _is_of_model(key) or value.lower().startswith(("http://", "https://")):
        return False
    if value.endswith(":/"):  # the beginning of an address
        return False
    if key == "engine" and _DATABASE.fullmatch(value.lower()):
        return False
    is_plain = "deployment" in key or "endpoint" in key
    return _MODEL_NAME.fullmatch(value) is not None and (is_plain or _MARK.search(value) is not None)


def is_of_provider(key: str, value: str) -> bool:
    """Is a text who serves a model and that model's name (`openai:ranker-2`), whatever it is given to?"""
    if _OF_PROVIDER.fullmatch(value) is None:
        return False
    return _OF_CODE.search(value) is None and _NO_MODEL.search(key) is None


def speaks_of_model(key: str) -> bool:
    """Does the name, as it is written, say that a model is given to it, or where one is served?"""
    name = snake(key)
    return _MODEL_KEY.search(name) is not None or _SERVER_KEY.search(name) is not None


@lru_cache(maxsize=4096)
def _is_of_model(key: str) -> bool:
    """May the name be that of a model's name?"""
    return _MODEL_KEY.search(key) is not None and _OF_THING.search(key) is None


def said_by_key(key: str, value: str) -> Said | None:
    """What a text is by the name that it is given to: a model, or whoever serves one."""
    if is_provider(key, value):
        return Said("host", "A provider", is_sure=_is_known_provider(key, value))
    if is_model(key, value):
        return Said("model", "A model's name", is_sure=_is_sure(key, value))
    return None


def is_endpoint(key: str, value: str) -> bool:
    """Is the text that is given to this name where something is asked that may be a model?"""
    if "://" not in value or not _ENDPOINT.search(key) or _NEVER_ASKED.match(value):
        return False
    return not is_of_other_service(key)


def is_of_other_service(key: str) -> bool:
    """Does the name speak of a database, a queue, a log or the like, and of no model?"""
    return _OF_SERVICE.search(key) is not None and _OF_AI.search(key) is None


def is_provider(key: str, value: str) -> bool:
    """Is the text that is given to this name whoever serves the model?"""
    if "provider" not in key or _MODEL_NAME.fullmatch(value) is None:
        return False
    return _PROVIDER_KEY.fullmatch(key) is not None or _is_known_provider(key, value)


def _is_known_provider(key: str, value: str) -> bool:
    return key == "provider" and _KNOWN_PROVIDER.fullmatch(value.lower()) is not None


def of_catalogue(path: str, signals: Sequence[Signal]) -> list[Signal]:
    """Names of models in data about things, which has many; they count where something else there speaks of AI."""
    if not path.lower().endswith(".json"):
        return []
    named = [it for it in signals if it.kind == "model" and it.confidence == "low"]
    return named if len({it.value for it in named}) > _MOST_NAMED else []
