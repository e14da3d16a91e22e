"""What search keeps in the database: the feed of changes, PostgreSQL's own index, the list of
Elasticsearch's indices.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func
from django.utils import timezone

from .access import EVERYONE
from .asked import Asked, DailyQuestion, Opened, PastQuestion, Place, Salt

__all__ = [
    "Asked",
    "Change",
    "DailyQuestion",
    "Entry",
    "Index",
    "Lane",
    "Opened",
    "PastQuestion",
    "Place",
    "Rebuild",
    "Salt",
    "SynonymGroup",
]


class Lane(models.IntegerChoices):
    """How soon a change is wanted; the worker takes the lower number first."""

    NOW = 0  # a person's own save: the request that made it brings it to the engines by itself
    SOON = 1  # what work leaves behind, such as stock
    LATER = 2  # fan-out: thousands of articles of a renamed category


class Change(models.Model):
    """Something that can be found has changed and one engine does not know it yet. Gone once the engine
    does.
    """

    id = models.BigAutoField(primary_key=True)
    lane = models.SmallIntegerField(choices=Lane.choices, default=Lane.NOW)
    engine = models.TextField()
    kind = models.TextField()
    key = models.TextField()
    marked_at = models.DateTimeField(auto_now_add=True)
    attempts = models.SmallIntegerField(default=0)
    error = models.TextField(default="")
    try_at = models.DateTimeField(default=timezone.now)
    set_aside = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["engine", "lane", "id"],
                condition=models.Q(set_aside=False),
                name="search_change_waiting",
            ),
            models.Index(
                fields=["engine", "kind", "key"],
                condition=models.Q(set_aside=True),
                name="search_change_aside",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} for {self.engine}"


HEADING = "CASE WHEN codes @> ARRAY['§aside'] THEN ''::tsvector ELSE strip(ts_filter(%(expressions)s, '{a}')) END"


class Entry(models.Model):
    """One document in PostgreSQL's index. `version` grows with every write; a removed document stays a
    day as `gone`, so that a late write of an older version cannot bring it back.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    key = models.TextField()
    version = models.BigIntegerField()
    gone = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    title_ru = models.TextField()
    title_en = models.TextField()
    keywords = models.TextField(default="")  # of both languages: makers' names are words to correct to
    body_ru = models.TextField()
    body_en = models.TextField()
    sort_ru = models.TextField()
    sort_en = models.TextField()
    vector = SearchVectorField()
    # The words of the title, but for asides (`search.asides.MARK`): what common words are first looked for in.
    heading = models.GeneratedField(
        expression=Func("vector", template=HEADING), output_field=SearchVectorField(), db_persist=True
    )
    codes = ArrayField(models.TextField())  # whole codes in every form, see search.codes.marked
    pieces = ArrayField(models.TextField())  # runs of three signs of the folded codes
    folded = models.TextField()  # the folded codes, each after a space
    readers = ArrayField(models.TextField())
    open = models.GeneratedField(
        expression=models.ExpressionWrapper(models.Q(readers__contains=[EVERYONE]), models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )  # an array is compared ten times as long
    facets = SearchVectorField()  # name=value, as terms: they are counted by ts_stat; and "=" for the row itself
    groups = SearchVectorField()  # the same of the facets whose values are in groups, of which a row has many
    numbers = models.JSONField()
    bucket = models.SmallIntegerField(default=-1)  # of the key, and
    digest = models.BigIntegerField(default=0)  # of what the room said: see search.digests
    weight = models.FloatField()
    moment = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="search_entry_key")]
        # fastupdate off: a reader must not go through what a big import has left unsorted.
        indexes = [
            GinIndex(fields=["vector"], name="search_entry_vector", fastupdate=False),
            GinIndex(fields=["codes"], name="search_entry_codes", fastupdate=False),
            GinIndex(fields=["pieces"], name="search_entry_pieces", fastupdate=False),
            GinIndex(fields=["readers"], name="search_entry_readers", fastupdate=False),
            GinIndex(fields=["heading"], name="search_entry_heading", fastupdate=False),
            GinIndex(fields=["facets"], name="search_entry_facets", fastupdate=False),
            GinIndex(fields=["groups"], name="search_entry_groups", fastupdate=False),
            models.Index(
                fields=["kind", "-weight", "sort_ru"],
                condition=models.Q(gone=False),
                name="search_entry_weight_ru",
            ),
            models.Index(
                fields=["kind", "-weight", "sort_en"],
                condition=models.Q(gone=False),
                name="search_entry_weight_en",
            ),
            models.Index(fields=["kind", "sort_ru"], condition=models.Q(gone=False), name="search_entry_name_ru"),
            models.Index(fields=["kind", "sort_en"], condition=models.Q(gone=False), name="search_entry_name_en"),
            models.Index(fields=["kind", "-moment"], condition=models.Q(gone=False), name="search_entry_newest"),
            models.Index(fields=["written_at"], condition=models.Q(gone=True), name="search_entry_gone"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Index(models.Model):
    """An index that Elasticsearch holds and that changes are written to, while it is built and while it
    answers.
    """

    class State(models.TextChoices):
        BUILDING = "building"
        LIVE = "live"
        RETIRED = "retired"  # answers no longer, kept for a day

    name = models.TextField(unique=True)
    kind = models.TextField()
    state = models.TextField(choices=State.choices)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "indexes"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "state"],
                condition=models.Q(state__in=["building", "live"]),
                name="search_index_one",
            )
        ]

    def __str__(self) -> str:
        return self.name


class SynonymGroup(models.Model):
    """Phrases that mean the same, as people type them. With `replacements` one way only: who asks for a
    phrase also finds these. `changed_by` is the person's id, whom this app does not know.
    """

    phrases = ArrayField(models.TextField())
    replacements = ArrayField(models.TextField(), default=list, blank=True)
    changed_at = models.DateTimeField(db_index=True)
    changed_by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(phrases__len__gte=2) | models.Q(phrases__len=1, replacements__len__gte=1),
                name="search_synonyms_two",
            )
        ]

    def __str__(self) -> str:
        joined = ", ".join(self.phrases)
        return f"{joined} → {', '.join(self.replacements)}" if self.replacements else joined


class Rebuild(models.Model):
    """A rebuild under way, or cut short and to be gone on with: the version it writes, and where to."""

    engine = models.TextField()
    kind = models.TextField()
    version = models.BigIntegerField()
    index = models.TextField(default="")  # in Elasticsearch
    code = models.TextField()  # what wrote it: other code begins anew
    begun_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engine", "kind"], name="search_rebuild_one")]

    def __str__(self) -> str:
        return f"{self.engine} {self.kind}"


class Vocable(models.Model):
    """A word of documents that everyone may read, and in how many of a kind it stands: what corrections
    choose from. `deletes` are the word with letters left out, `sound` how it is spoken in either alphabet.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    word = models.TextField()
    stem = models.TextField(db_index=True)
    sound = models.TextField()
    deletes = ArrayField(models.TextField())
    documents = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "kind"], name="search_vocable_one")]
        indexes = [
            models.Index(fields=["sound"], name="search_vocable_sound"),
            GinIndex(fields=["deletes"], name="search_vocable_deletes", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.word


class Frequency(models.Model):
    """In how many documents of the kind a term stands, whoever may read them: it weighs, and is never shown.
    The empty term counts all documents.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    term = models.TextField()
    documents = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "term"], name="search_frequency_one")]

    def __str__(self) -> str:
        return f"{self.term} {self.documents}"
