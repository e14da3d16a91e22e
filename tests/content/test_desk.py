"""The inbox of questions answered badly and the synonyms' screen, as editors use them in the Wagtail admin."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.enums import Role, StaffRole
from accounts.models import AuditEvent
from accounts.principals import of_user
from content import inbox, services
from content.models import GuidePage, Pin, Remedy
from content.queries import pinned
from portal.lib.errors import Conflict, Invalid, NotAllowed
from portal.searchables import SEARCHABLES
from search import keeping, questions
from search.asked import DailyQuestion
from search.figures import Trouble
from search.models import SynonymGroup
from search.questions import Asker, Question
from search.rebuilding import rebuild
from search.synonyms import Rule
from tests.factories import make_audience, make_dealer, make_member, make_staff
from tests.factories_catalog import make_product
from tests.factories_content import make_guide, make_section

pytestmark = pytest.mark.django_db

REPORT = "/cms/reports/searched-in-vain/"


@pytest.fixture(autouse=True)
def _own_salts():
    questions._salt.cache_clear()
    yield
    questions._salt.cache_clear()


@pytest.fixture
def staff():
    return make_staff(StaffRole.EDITOR)


@pytest.fixture
def editor(client_of, staff):
    return client_of(staff)


def ask(text: str, *, found: int = 0, people: int = 2, at: dt.datetime | None = None) -> None:
    at = at or timezone.now()
    for person in range(people):
        question = Question(
            place="search", text=text, language="ru", engine="postgresql", found={"products": found} if found else {}
        )
        questions.keep(question=question, asker=Asker(person=str(person + 1)), at=at)
    keeping.look_into(lambda text, language: (text == "тайный прайс", False))
    keeping.sum_up(timezone.localtime(at).date())


def listed(trouble: Trouble = Trouble.ABSENT) -> list[str]:
    today = timezone.localdate()
    return [item.figure.text for item in inbox.inbox(trouble, since=today - dt.timedelta(days=29), until=today)]


def index() -> None:
    for searchable in SEARCHABLES.values():
        rebuild(searchable, "postgresql")


def test_the_report_tells_troubles_apart(editor):
    ask("гайковерт пневмо")
    ask("тайный прайс")
    ask("ключ", found=3)
    for tab, shown, others in (
        ("absent", "гайковерт пневмо", ("тайный прайс", ">ключ<")),
        ("hidden", "тайный прайс", ("гайковерт пневмо", ">ключ<")),
        ("unopened", ">ключ<", ("гайковерт пневмо", "тайный прайс")),
    ):
        html = editor.get(REPORT, {"tab": tab}).content.decode()
        assert shown in html
        assert [other for other in others if other in html] == []
    assert editor.get(REPORT, {"tab": "top", "days": "7", "language": "en"}).status_code == 200
    assert editor.get(REPORT, {"tab": "x", "days": "y", "language": "z"}).status_code == 200


@pytest.mark.parametrize(
    ("role", "reads", "acts"),
    [
        (StaffRole.EDITOR, 200, 200),
        (StaffRole.ADMINISTRATOR, 200, 200),
        (StaffRole.ANALYST, 200, 403),
        (StaffRole.MANAGER, 403, 403),
        (Role.OWNER, 403, 403),
    ],
)
def test_editors_act_and_analysts_read(client_of, role, reads, acts):
    ask("гайковерт")
    browser = client_of(make_staff(role) if role in StaffRole.values else make_member(role))
    assert browser.get(REPORT).status_code == reads
    assert browser.get("/cms/desk/synonyms-history/").status_code == reads
    for kind in ("synonym", "pin", "guide", "dismiss"):
        assert browser.get(f"{REPORT}{kind}/", {"q": "гайковерт"}).status_code == acts
    assert browser.get("/cms/desk/synonyms-import/").status_code == acts
    assert browser.get("/cms/desk/synonyms-starters/").status_code == acts
    if acts != 200:
        assert browser.post(f"{REPORT}dismiss/", {"q": "гайковерт", "reason": "no"}).status_code == 403
        assert browser.post(f"{REPORT}undo/1/").status_code == 403
        assert Remedy.objects.count() == 0


def test_a_synonym_from_the_list(editor):
    ask("болгарка")
    index()
    form = editor.get(f"{REPORT}synonym/", {"q": "болгарка"}).content.decode()
    assert "болгарка</textarea>" in form
    words = {"q": "болгарка", "phrases": "болгарка\nугловая шлифмашина", "replacements": ""}
    assert "Before" in editor.post(f"{REPORT}synonym/", {**words, "preview": "1"}).content.decode()
    assert SynonymGroup.objects.count() == 0
    assert editor.post(f"{REPORT}synonym/", {**words, "phrases": "болгарка"}).status_code == 200  # stands alone
    assert SynonymGroup.objects.count() == 0
    assert editor.post(f"{REPORT}synonym/", words).url == REPORT
    assert SynonymGroup.objects.get().phrases == ["болгарка", "угловая шлифмашина"]
    assert listed() == []
    remedy = Remedy.objects.get()
    assert AuditEvent.objects.filter(verb="remedy.made", subject=f"remedy {remedy.pk}").count() == 1
    editor.post(f"{REPORT}undo/{remedy.pk}/")
    assert (SynonymGroup.objects.count(), listed()) == (0, ["болгарка"])
    assert AuditEvent.objects.filter(verb="remedy.undone").count() == 1


def test_a_pin_is_shown_first_to_whoever_may_see_it(editor, client_of, principal_of, api_client):
    mine, theirs = make_member(Role.OWNER), make_member(Role.OWNER, dealer=make_dealer("Other"))
    guide = make_guide("Возврат", audience=make_audience("Mine only", dealers=[mine.dealer]))
    make_product("TV-1", name_ru="Батарея")
    ask("вернуть акб")
    assert editor.post(f"{REPORT}pin/", {"q": "вернуть акб", "product": "", "page": ""}).status_code == 200
    assert editor.post(f"{REPORT}pin/", {"q": "вернуть акб", "product": "nothing"}).status_code == 200
    assert Pin.objects.count() == 0
    editor.post(f"{REPORT}pin/", {"q": "вернуть акб", "product": "tv-1", "page": ""})
    editor.post(f"{REPORT}pin/", {"q": "вернуть акб", "product": "", "page": str(guide.pk)})
    assert (
        "pinned for this question already"
        in editor.post(f"{REPORT}pin/", {"q": "Вернуть АКБ", "product": "TV-1"}).content.decode()
    )
    assert [page.pk for page in pinned(principal_of(mine), ["вернуть акб"])[1]] == [guide.pk]
    assert pinned(principal_of(theirs), ["вернуть акб"])[1] == []
    own, other = (client_of(who).get("/search/", {"q": "Вернуть АКБ"}).content.decode() for who in (mine, theirs))
    assert ("Picked by the editors" in own, "TV-1" in own, "Возврат" in own) == (True, True, True)
    assert ("TV-1" in other, "Возврат" in other) == (True, False)
    assert api_client(theirs).get("/api/v1/search/", {"q": "вернуть акб"}).json()["pinned"]["count"] == 1
    for remedy in Remedy.objects.all():
        editor.post(f"{REPORT}undo/{remedy.pk}/")
    assert Pin.objects.count() == 0


def test_a_guide_is_drafted_and_thrown_away_only_while_untouched(editor, staff):
    section = make_section("Как сделать")
    ask("как вернуть акб")
    answer = editor.post(f"{REPORT}guide/", {"q": "как вернуть акб", "section": str(section.pk)})
    guide = GuidePage.objects.get()
    assert answer.url == f"/cms/pages/{guide.pk}/edit/"
    assert (guide.title, guide.task_phrases, guide.live) == ("Как вернуть акб", "как вернуть акб", False)
    assert (guide.audience_id, guide.owner) == (section.audience_id, staff)
    assert editor.get(answer.url).status_code == 200
    remedy = Remedy.objects.get()
    guide.save_revision()
    with pytest.raises(Conflict):
        services.undo(by=of_user(staff), remedy_id=remedy.pk, at=timezone.now())
    guide.revisions.order_by("pk").last().delete()
    services.undo(by=of_user(staff), remedy_id=remedy.pk, at=timezone.now())
    assert (GuidePage.objects.count(), listed()) == (0, ["как вернуть акб"])


def test_dismissed_stays_away_remedied_returns_when_it_helps_nobody(staff):
    by, now = of_user(staff), timezone.now()
    yesterday = now - dt.timedelta(days=1)
    ask("бетономешалка", at=yesterday)
    ask("перфоратор б/у", at=yesterday)
    with pytest.raises(Invalid):
        services.dismiss(by=by, text="бетономешалка", reason=" ", at=yesterday)
    services.dismiss(by=by, text="бетономешалка", reason="We do not sell it", at=yesterday)
    services.add_synonym(by=by, text="перфоратор б/у", phrases=["перфоратор б/у", "перфоратор"], at=yesterday)
    assert listed() == []
    ask("бетономешалка")
    ask("перфоратор б/у")
    assert listed() == ["перфоратор б/у"]
    with pytest.raises(NotAllowed):
        services.dismiss(by=of_user(make_staff(StaffRole.ANALYST)), text="x", reason="y", at=now)


# Synonyms


def test_the_synonyms_screen_saves_through_the_service(editor, client_of):
    index()
    words = {"phrases": "акб\nаккумулятор", "replacements": ""}
    assert "What it would change" in editor.post("/cms/desk/synonyms/new/", {**words, "preview": "1"}).content.decode()
    assert SynonymGroup.objects.count() == 0
    assert editor.post("/cms/desk/synonyms/new/", words).status_code == 302
    group = SynonymGroup.objects.get()
    edit = f"/cms/desk/synonyms/edit/{group.pk}/"
    assert "аккумулятор" in editor.get(edit).content.decode()
    assert editor.post(edit, {"phrases": "акб\nакб", "replacements": ""}).status_code == 200
    assert editor.post(edit, {"phrases": "акб\nбатарея", "replacements": ""}).status_code == 302
    assert [(one.pk, one.phrases) for one in SynonymGroup.objects.all()] == [(group.pk, ["акб", "батарея"])]
    changed = {"phrases": "акб\nбатарейка", "replacements": "", "preview": "1"}
    assert "What it would change" in editor.post(edit, changed).content.decode()
    assert SynonymGroup.objects.get().phrases == ["акб", "батарея"]
    assert "батарея" in editor.get("/cms/desk/synonyms/", {"q": "БАТАР"}).content.decode()
    assert "батарея" not in editor.get("/cms/desk/synonyms/", {"q": "пила"}).content.decode()
    history = editor.get("/cms/desk/synonyms-history/").content.decode()
    assert ("акб, аккумулятор" in history, "акб, батарея" in history) == (True, True)
    analyst = client_of(make_staff(StaffRole.ANALYST))
    assert analyst.get("/cms/desk/synonyms/").status_code == 200
    assert analyst.post(edit, words).status_code != 200
    editor.post(f"/cms/desk/synonyms/delete/{group.pk}/")
    assert SynonymGroup.objects.count() == 0
    assert AuditEvent.objects.get(verb="synonyms.deleted").facts["before"] == "акб, батарея"


def test_the_preview_shows_real_questions_before_and_after(staff):
    make_product("TV-1", name_ru="Угловая шлифмашина", name_en="Угловая шлифмашина")
    ask("болгарка 125", found=0)
    ask("пила", found=1)
    index()
    (effect,) = inbox.preview(of_user(staff), Rule(("болгарка", "угловая шлифмашина")))
    assert effect.text == "болгарка 125"
    before, after = effect.articles
    assert (before.total, after.total, after.first) == (0, 1, ["TV-1 Угловая шлифмашина"])
    assert effect.changes


def test_a_ready_list_is_kept_with_one_button(editor):
    SynonymGroup.objects.create(phrases=["акб", "элемент"], changed_at=timezone.now())
    html = editor.get("/cms/desk/synonyms-starters/").content.decode()
    assert "перфоратор" in html
    assert SynonymGroup.objects.count() == 1
    assert editor.post("/cms/desk/synonyms-starters/").status_code == 302
    kept = SynonymGroup.objects.count()
    assert kept > 10
    assert AuditEvent.objects.filter(verb="synonyms.saved").count() == kept - 1
    editor.post("/cms/desk/synonyms-starters/")  # again: nothing twice
    assert SynonymGroup.objects.count() == kept


def test_a_list_is_imported_whole_or_not_at_all(editor):
    def send(text: str, encoding: str = "utf-8"):
        file = SimpleUploadedFile("synonyms.csv", text.encode(encoding), "text/csv")
        return editor.post("/cms/desk/synonyms-import/", {"file": file})

    assert send("акб; аккумулятор\nодин\n").status_code == 200
    assert SynonymGroup.objects.count() == 0
    assert send("").status_code == 200
    assert send("# ours\nакб; аккумулятор\nдиск => круг, диск отрезной\n", "cp1251").status_code == 302
    groups = [(group.phrases, group.replacements) for group in SynonymGroup.objects.all()]
    assert groups == [(["акб", "аккумулятор"], []), (["диск"], ["круг", "диск отрезной"])]
    assert DailyQuestion.objects.count() == 0
