"""The engines behind one query object. The one that is installed answers; when it cannot, PostgreSQL does."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from search import layouts, names, synonyms
from search.correcting import corrected, doubted, in_other_layout
from search.engines.base import Answer, Engine
from search.engines.breaker import Breaker
from search.engines.elasticsearch import ElasticEngine
from search.engines.postgresql import PostgresEngine
from search.errors import EngineDownError
from search.neighbours import similar
from search.query import Query, Results, Rung, Sort
from search.reading import Attempt, loosened, read, readings
from search.synonyms import Synonyms

_breaker = Breaker(names.ELASTICSEARCH)


def search(query: Query, *, rules: Synonyms | None = None) -> Results:
    """Answer one question. Never fails because of Elasticsearch; `engine` of the results says who
    answered.
    """
    return search_together([query], rules=rules)[0]


def search_together(queries: Sequence[Query], *, rules: Synonyms | None = None) -> list[Results]:
    """Answer one text asked of several kinds, in the order given.

    They are understood alike: a correction made for one is made for all, and only when none has found
    anything. `rules` stand in for the synonyms that are stored: what would be found if they were.
    """
    if rules is None:
        rules = synonyms.stored() if queries[0].text.strip() else synonyms.NONE
    chosen = rules
    if names.ELASTICSEARCH in names.in_use():
        answers: list[Results] = []
        guarded(lambda: answers.extend(climb(ElasticEngine.installed(), queries, chosen)))
        if answers:
            return answers
    return climb(PostgresEngine(), queries, chosen)


def guarded(work: Callable[[], object]) -> bool:
    """Do something with Elasticsearch unless it is known to be down, and learn from how that went; answers
    whether it was done.
    """
    if not _breaker.allows():
        return False
    began = time.monotonic()
    try:
        work()
    except EngineDownError as error:
        _breaker.failed(error)
        return False
    _breaker.succeeded(time.monotonic() - began)
    return True


def answering() -> str:
    """The engine that answers now, by name."""
    return names.in_use()[0] if _breaker.is_open else names.in_use()[-1]


def is_answering(engine: str, *, look: bool = False) -> bool:
    """Whether this engine answers this process. `look` asks Elasticsearch itself, unless it is left alone."""
    if engine == names.ELASTICSEARCH and look:
        guarded(ElasticEngine.installed().ping)
    return engine == names.POSTGRESQL or not _breaker.is_open


def climb(engine: Engine, queries: Sequence[Query], rules: Synonyms = synonyms.NONE) -> list[Results]:
    """Try one reading of the text after the other until something is found. Raises EngineDownError.

    A correction is tried before the words are loosened: a wrong layout leaves nothing true to loosen. What was
    found nowhere with all words is then looked for with most of them; and so are kinds that have nothing
    while others have, unless the text is a code or unfinished: then its words alone mean something else. A page
    that all words leave half empty is filled up with what has most of them.
    """
    first = queries[0]
    asked_of = {query.kind for query in queries if not query.access.is_nothing}
    open_to = {query.kind for query in queries if query.access.finds_open}
    tried: list[tuple[Attempt, list[Answer]]] = []
    for attempt in readings(
        first.text,
        as_you_type=first.as_you_type,
        as_typed=first.as_typed,
        rules=rules,
        correct=lambda text: corrected(text, open_to, known_in=asked_of),
        doubt=lambda text: doubted(text, open_to),
    ):
        answers = engine.ask([(query, attempt) for query in queries])
        tried.append((attempt, answers))
        if any(_has_found(answer) for answer in answers):
            if len(tried) == 1:
                attempt, answers = _second_thoughts(engine, queries, tried[0], rules, open_to, asked_of)
            break
    else:
        attempt, answers = next((one for one in tried if one[0].is_likely), tried[0])
    is_found = any(_has_found(answer) for answer in answers)
    near = [_similar(query, attempt, answer) for query, answer in zip(queries, answers, strict=True)]
    is_code = _is_code(answers) or (any(near) and len(first.text.split()) == 1)
    is_firm = is_code or (is_found and first.as_you_type)
    loose = {prose: None if is_firm else loosened(attempt, prose=prose) for prose in (False, True)}
    # Not where there are similar codes: the words of a misspelt one would bring its neighbour as if it were it.
    again = [
        at for at, answer in enumerate(answers) if loose[False] and not near[at] and _is_loosened(queries[at], answer)
    ]
    short = [at for at, answer in enumerate(answers) if loose[False] and _leaves_room(queries[at], answer)]
    asked = [*again, *short]
    softer = [(queries[at], other) for at in asked if (other := loose[queries[at].prose])]
    more = dict(zip(asked, engine.ask(softer) if softer else (), strict=True))
    answers = [_filled_up(queries[at], answer, more.get(at)) for at, answer in enumerate(answers)]
    if not any(map(_has_found, answers)) and not attempt.is_likely:
        attempt = tried[0][0]  # a guess that finds nothing is not worth telling; what known words speak for is
    return [
        replace(_results(engine, answer, attempt, is_loose=at in again), similar=near[at])
        for at, answer in enumerate(answers)
    ]


def _second_thoughts(
    engine: Engine,
    queries: Sequence[Query],
    had: tuple[Attempt, list[Answer]],
    rules: Synonyms,
    open_to: Collection[str],
    known_in: Collection[str],
) -> tuple[Attempt, list[Answer]]:
    """What the text as typed has found, unless the other layout speaks for itself: a code among words that are no words as
    typed, or letters with digits that are the middle of some code as typed and a whole one then.
    """
    first, (_, answers) = queries[0], had
    rungs = {hit.rung for answer in answers for hit in answer.hits}
    is_part = rungs == {Rung.PART}
    is_piece = Rung.INFIX <= max(rungs, default=Rung.WORDS) <= Rung.PREFIX and layouts.is_cyrillic_code(first.text)
    if first.as_typed or first.as_you_type or not (is_part or is_piece):
        return had
    meant = layouts.swapped(first.text) if is_piece else in_other_layout(first.text, open_to, known_in=known_in)
    if not meant:
        return had
    reading = read(meant, rules=rules)
    other = Attempt(reading, needed=len(reading.slots), is_correction=True, is_likely=True)
    better = engine.ask([(query, other) for query in queries])
    least = Rung.FOLDED if is_piece else Rung.WORDS
    is_better = any(hit.rung >= least for answer in better for hit in answer.hits)
    return (other, better) if is_better else had


def _leaves_room(query: Query, answer: Answer) -> bool:
    """Whether all words found something and yet no whole page. Not where values are counted: they are counts of
    what has all words; nor where it is told with how many words to look.
    """
    is_ranked = not query.facets and query.loose is None and query.sort is Sort.RELEVANCE
    is_first_page = is_ranked and not query.offset
    if query.prose and is_ranked and answer.total:
        return all(hit.rung == Rung.WORDS for hit in answer.hits)
    by_words = all(hit.rung == Rung.WORDS for hit in answer.hits)
    return is_first_page and by_words and bool(answer.hits) and answer.total < query.limit


def _filled_up(query: Query, answer: Answer, more: Answer | None) -> Answer:
    """The page filled up with what has most of the words."""
    if more is None or query.loose or not (answer.hits or query.prose):
        return more or answer
    if query.prose and answer.total:
        return replace(more, total=max(answer.total, query.offset + len(more.hits)))
    there = {hit.key for hit in answer.hits}
    hits = (*answer.hits, *(hit for hit in more.hits if hit.key not in there))[: query.limit]
    return replace(answer, hits=hits, total=len(hits))


def _similar(query: Query, attempt: Attempt, answer: Answer) -> tuple[str, ...]:
    """The keys of what has a code one edit away, where the query asks for them and the code itself is not there."""
    is_there = any(hit.rung > Rung.WORDS for hit in answer.hits) or (not answer.hits and _has_found(answer))
    if not query.similar or query.offset or is_there:
        return ()
    return similar(query.kind, attempt.reading.may_be_misspelt, query.access, limit=query.similar)


def _is_code(answers: Sequence[Answer]) -> bool:
    return any(hit.rung > Rung.PART for answer in answers for hit in answer.hits)


def _is_loosened(query: Query, answer: Answer) -> bool:
    return not _has_found(answer) if query.loose is None else query.loose


def _has_found(answer: Answer) -> bool:
    """Whether the words found anything, though the values chosen in the facets may leave none of it."""
    return answer.total > 0 or any(answer.facets.values())


def _results(engine: Engine, answer: Answer, attempt: Attempt, *, is_loose: bool) -> Results:
    return Results(
        engine=engine.name,
        hits=answer.hits,
        total=answer.total,
        facets=answer.facets,
        interpreted_as=attempt.reading.text if attempt.is_correction else None,
        reading=attempt.reading,
        is_loose=is_loose and _has_found(answer),
    )
