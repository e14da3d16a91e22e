"""Search in Elasticsearch 8 or 9: one index a kind, behind an alias, written with external versions.

Nothing here needs more than the plain server: no ICU, no phonetic, no synonyms API (see docs/decisions).
Terms come finished from `search.analysis`, so every text field only splits at spaces. The index keeps no
text to show and no `_source` but the key: what a reader sees is read from PostgreSQL after the hits were
re-checked there.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from django.conf import settings
from elastic_transport import Urllib3HttpNode
from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, Elasticsearch, TransportError
from urllib3.util import Timeout

from portal.lib.text import sort_key
from search import analysis, asides, codes, names
from search.digests import BUCKETS, NO_BUCKET, Tally, bucket, digest
from search.documents import Document
from search.engines.base import Answer, Write
from search.engines.elasticsearch_query import DEEPEST, answer_of, build, says_nothing, sortable
from search.errors import EngineDownError
from search.models import Index
from search.query import Query
from search.reading import Attempt

WRITE_SECONDS = 30.0
_CHUNK = 500  # documents in one bulk call
_PAGE = 10_000  # documents looked at in one call
_NEWER_IS_THERE = 409
_NOT_THERE = 404
_LINES = {
    "accept": "application/vnd.elasticsearch+json; compatible-with=8",
    "content-type": "application/vnd.elasticsearch+x-ndjson; compatible-with=8",
}

SETTINGS: dict[str, Any] = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    "max_result_window": DEEPEST,
    "gc_deletes": "1h",  # how long a removed document's version is remembered against late writes
}
# A word comes as its forms joined by bars, "скидок|скидк": they take one place and count as one word.
SETTINGS["analysis"] = {
    "filter": {"forms": {"type": "pattern_capture", "preserve_original": False, "patterns": ["([^|]+)"]}},
    "analyzer": {"forms": {"tokenizer": "whitespace", "filter": ["forms"]}},
}
_TERMS = {"type": "text", "analyzer": "forms"}
_WORD = {"type": "keyword"}
MAPPINGS: dict[str, Any] = {
    "dynamic": "strict",
    "_source": {"includes": ["key"]},
    "dynamic_templates": [{"facets": {"path_match": "facet.*", "mapping": {"type": "keyword"}}}],
    "properties": {
        "key": _WORD,
        "title": _TERMS,
        "keywords": _TERMS,
        "body": _TERMS,
        "codes": _WORD,
        "folded": _WORD,
        "pieces": {
            "type": "text",
            "analyzer": "whitespace",
            "norms": False,
        },  # a phrase of pieces is a piece; each code is a value of its own
        "readers": _WORD,
        # A field for every facet, of which the code knows a few: one field for all would be walked over by each count.
        "facet": {"type": "object", "dynamic": True},
        "figures": {"type": "flattened"},  # numbers as text, see sortable
        "sort_ru": _WORD,
        "sort_en": _WORD,
        "bucket": {"type": "short"},
        "digest": {"type": "long"},
        "boost": {"type": "double"},
        "moment": {"type": "date"},
    },
}


class TimedNode(Urllib3HttpNode):
    """A node for which `request_timeout` bounds connecting and answering together, not each."""

    def perform_request(
        self, method: str, target: str, body: Any = None, headers: Any = None, request_timeout: Any = DEFAULT
    ) -> Any:
        if isinstance(request_timeout, int | float):
            request_timeout = Timeout(total=request_timeout)
        return super().perform_request(method, target, body, headers, request_timeout)


@lru_cache(maxsize=4)
def client(url: str, seconds: float) -> Elasticsearch:
    """A client that gives up after so many seconds and never tries twice: who calls knows better what to
    do then.
    """
    return Elasticsearch(
        url.split(","), node_class=TimedNode, request_timeout=seconds, max_retries=0, retry_on_timeout=False
    )


def alias(kind: str) -> str:
    """The name under which the kind is searched, whatever index answers."""
    return f"{settings.SEARCH_INDEX_PREFIX}-{kind}"


def door(index: str) -> str:
    """The alias an index is written through: a lost index is then an error, not one that appears by itself
    without mapping.
    """
    return f"{index}.door"


@contextmanager
def _reachable() -> Iterator[None]:
    """Say EngineDownError for whatever goes wrong on the way to the cluster or in it."""
    try:
        yield
    except (ApiError, TransportError) as error:
        raise EngineDownError(str(error)) from error


class ElasticEngine:
    """Documents in a cluster."""

    name = names.ELASTICSEARCH

    def __init__(
        self, reading: Elasticsearch, writing: Elasticsearch, *, refresh: bool = False, seconds: float = 60
    ) -> None:
        self.reading = reading
        self.until = time.monotonic() + seconds  # whatever the number of questions it takes
        self.writing = writing
        self.refresh = refresh

    @classmethod
    def installed(cls) -> "ElasticEngine":
        url = settings.ELASTICSEARCH_URL
        seconds = settings.ELASTICSEARCH_SECONDS
        return cls(client(url, seconds), client(url, WRITE_SECONDS), seconds=seconds)

    @classmethod
    def at_once(cls) -> "ElasticEngine":
        """For a person who waits: what it writes is found at once, or it gives up as soon as a reader would.

        It refreshes rather than waits for the next refresh: the saves of people are few, and a second of
        waiting would hold a thread of the web server.
        """
        patient = client(settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_SECONDS)
        return cls(patient, patient, refresh=True)

    def ask(self, questions: Sequence[tuple[Query, Attempt]]) -> list[Answer]:
        """One round trip for all questions. Raises EngineDownError."""
        asked = [not (query.access.is_nothing or says_nothing(attempt.reading)) for query, attempt in questions]
        searches: list[Mapping[str, Any]] = []
        for (query, attempt), is_asked in zip(questions, asked, strict=True):
            if is_asked:
                searches += [{"index": alias(query.kind)}, build(query, attempt)]
        responses = iter(self._msearch(searches) if searches else ())
        return [
            answer_of(query, next(responses)) if ok else Answer()
            for (query, _), ok in zip(questions, asked, strict=True)
        ]

    def _msearch(self, searches: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Past the client's own methods: for another time limit it makes forty objects, a millisecond each time."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise EngineDownError("there is no time left to ask again")
        with _reachable():
            answer = self.reading.transport.perform_request(
                "POST", "/_msearch", body=searches, headers=_LINES, request_timeout=left, max_retries=0
            )
        if answer.meta.status != HTTPStatus.OK:
            raise EngineDownError(f"status {answer.meta.status}: {answer.body}")
        responses = answer.body["responses"]
        for response in responses:
            if "error" in response:
                raise EngineDownError(str(response["error"].get("reason", response["error"])))
            if response["timed_out"] or response["_shards"]["failed"]:
                raise EngineDownError("a part of the index does not answer")
        return list(responses)

    def ping(self) -> None:
        """Raises EngineDownError where the cluster does not answer in a reader's time, or has no data."""
        with _reachable():
            if self.reading.cluster.health(timeout="0s")["status"] == "red":
                raise EngineDownError("the cluster is red")

    def write(self, writes: Sequence[Write], version: int) -> dict[tuple[str, str], str]:
        """Write to every index of the kind that answers or is being built. See `Engine.write`."""
        targets: dict[str, list[str]] = {}
        for name, kind in Index.objects.exclude(state=Index.State.RETIRED).values_list("name", "kind"):
            targets.setdefault(kind, []).append(name)
        refused: dict[tuple[str, str], str] = {}
        for kind in {write.kind for write in writes}:
            for index in targets.get(kind, ()):
                refused |= self.write_into(index, [write for write in writes if write.kind == kind], version)
        return refused

    def create(self, index: str) -> None:
        """Make an index that takes documents and answers nobody yet. Raises EngineDownError."""
        with _reachable():
            self.writing.indices.create(
                index=index, settings=SETTINGS, mappings=MAPPINGS, aliases={door(index): {"is_hidden": True}}
            )

    def teach(self, index: str) -> None:
        """Let an older index take the fields that documents have by now, until another takes its place.
        Raises EngineDownError.
        """
        with _reachable():
            self.writing.indices.put_mapping(
                index=index, properties=MAPPINGS["properties"], dynamic_templates=MAPPINGS["dynamic_templates"]
            )

    def exists(self, index: str) -> bool:
        """Whether the index is there to be written to. Raises EngineDownError."""
        with _reachable():
            return bool(self.writing.indices.exists_alias(index=index, name=door(index)))

    def swap(self, kind: str, index: str) -> None:
        """Let the index answer for the kind from now on instead of any other, in one step. Raises
        EngineDownError.
        """
        with _reachable():
            self.writing.indices.refresh(index=index)
            actions: list[Mapping[str, Any]] = [{"add": {"index": index, "alias": alias(kind)}}]
            others = [other for other in self.holders(kind) if other != index]
            actions += [{"remove": {"index": other, "alias": alias(kind)}} for other in others]
            self.writing.indices.update_aliases(actions=actions)

    def holders(self, kind: str) -> list[str]:
        """The indices that answer for the kind: one, or none before the first rebuild. Raises
        EngineDownError.
        """
        with _reachable():
            if not self.writing.indices.exists_alias(name=alias(kind)):
                return []
            return sorted(self.writing.indices.get_alias(name=alias(kind)))

    def count(self, kind: str) -> int:
        """How many documents answer for the kind. Raises EngineDownError."""
        with _reachable():
            self.writing.indices.refresh(index=alias(kind))
            return int(self.writing.count(index=alias(kind))["count"])

    def tally(self, kind: str, index: str = "") -> Tally:
        """See `Engine.tally`; changes made a moment ago included."""
        where = index or alias(kind)
        by_bucket = {"terms": {"field": "bucket", "size": BUCKETS + 1, "missing": NO_BUCKET}}
        total = {"total": {"sum": {"field": "digest"}}}
        with _reachable():
            self.writing.indices.refresh(index=where)
            found = self.writing.search(index=where, size=0, aggs={"buckets": by_bucket | {"aggs": total}})
        buckets = found["aggregations"]["buckets"]["buckets"]
        return {int(at["key"]): (int(at["doc_count"]), int(at["total"]["value"])) for at in buckets}

    def kept(
        self, kind: str, *, buckets: Sequence[int] = (), keys: Sequence[str] = (), index: str = ""
    ) -> dict[str, tuple[int, int]]:
        """See `Engine.kept`; changes made a moment ago included."""
        where = index or alias(kind)
        either: list[Any] = [{"terms": {"bucket": list(buckets)}}, {"terms": {"_id": list(keys)}}]
        if NO_BUCKET in buckets:  # a document of another hand
            either.append({"bool": {"must_not": {"exists": {"field": "bucket"}}}})
        asked: dict[str, Any] = {"query": {"bool": {"should": either}}, "sort": ["key"], "size": _PAGE}
        asked |= {"version": True, "docvalue_fields": ["digest"], "source": False, "track_total_hits": False}
        found: dict[str, tuple[int, int]] = {}
        with _reachable():
            self.writing.indices.refresh(index=where)
            while hits := self.writing.search(index=where, **asked)["hits"]["hits"]:
                for hit in hits:
                    found[hit["_id"]] = (hit["_version"], int(hit.get("fields", {}).get("digest", [0])[0]))
                asked["search_after"] = hits[-1]["sort"]
        return found

    def drop(self, index: str) -> None:
        """Forget an index; one that is not there is fine. Raises EngineDownError."""
        with _reachable():
            self.writing.indices.delete(index=index, ignore_unavailable=True)

    def write_into(self, index: str, writes: Sequence[Write], version: int) -> dict[tuple[str, str], str]:
        """Write to one index. Answers what it refused. Raises EngineDownError."""
        refused: dict[tuple[str, str], str] = {}
        for start in range(0, len(writes), _CHUNK):
            chunk = writes[start : start + _CHUNK]
            operations = [line for write in chunk for line in _operation(write, version)]
            try:
                items = self.writing.bulk(
                    operations=operations, index=door(index), require_alias=True, refresh=self.refresh
                )["items"]
            except (ApiError, TransportError) as error:
                raise EngineDownError(str(error)) from error
            for write, item in zip(chunk, items, strict=True):
                if problem := _problem(next(iter(item.values()))):
                    refused[write.kind, write.key] = problem
        return refused


def _operation(write: Write, version: int) -> Iterable[Mapping[str, Any]]:
    head = {"_id": write.key, "version": version, "version_type": "external"}
    if write.document is None:
        return ({"delete": head},)
    return {"index": head}, body_of(write.document)


def _problem(outcome: Mapping[str, Any]) -> str | None:
    """What was wrong with one operation, if it was the document's fault. Raises EngineDownError if it was
    not.
    """
    error = outcome.get("error")
    if outcome["status"] == _NEWER_IS_THERE or not error:
        return None
    if outcome["status"] in (_NOT_THERE, 429) or outcome["status"] >= 500:
        raise EngineDownError(f"{error['type']}: {error['reason']}")
    return f"{error['type']}: {error['reason']}"


def body_of(document: Document) -> dict[str, Any]:
    """The document as the mapping wants it."""
    folded = [code for code in map(codes.folded, document.codes) if code]
    terms = {
        "title": str(document.title),
        "keywords": str(document.keywords),
        "body": str(document.body),
    }
    fields: dict[str, Any] = {
        name: " ".join("|".join(word) for word in analysis.document_terms(text)) for name, text in terms.items()
    }
    fields["keywords"] += "".join(f" {code}" for code in folded)
    return fields | {
        "key": document.key,
        "codes": [*codes.marked(document.codes, document.barcodes), *asides.marks(document)],
        "folded": folded,
        "pieces": [" ".join(codes.pieces(code)) for code in folded],
        "readers": sorted(document.readers),
        "facet": {name.rstrip("/"): list(values) for name, values in document.facets.items()},
        "figures": {name: sortable(number) for name, number in document.numbers.items()},
        "sort_ru": sort_key(document.title.in_language("ru")),
        "sort_en": sort_key(document.title.in_language("en")),
        "bucket": bucket(document.key),
        "digest": digest(document),
        "boost": 1 + 0.1 * document.weight,
        "moment": document.moment.isoformat() if document.moment else None,
    }
