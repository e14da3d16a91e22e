"""Pictures and documents follow the pages that use them, and have no other address."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow
from wagtail.images.fields import WagtailImageField

from accounts.enums import Role, StaffRole
from content.models import PortalDocument, PortalImage
from tests.factories import make_audience, make_dealer, make_member, make_staff
from tests.factories_content import make_document, make_guide, make_image, make_rendition, make_section, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def dealer():
    return make_dealer()


def picture(image):
    return [("image", {"image": image.pk, "alt": "Что это", "caption": ""})]


def link(document):
    return [("paragraph", f'<p><a linktype="document" id="{document.pk}">правила</a></p>')]


def status(client, path):
    return client.get(path).status_code


@pytest.fixture
def owners_files(dealer):
    """A picture and a document on a page for owners: (addresses, guide)."""
    owners = make_audience(roles=[Role.OWNER])
    image, document = make_image(), make_document()
    guide = make_guide(audience=owners, body=picture(image) + link(document))
    return [make_rendition(image).url, document.url], guide


def test_whoever_reads_the_page_gets_its_files(owners_files, dealer, client_of, api_client):
    addresses, _guide = owners_files
    owner = make_member(Role.OWNER, dealer=dealer)
    for address in addresses:
        answer = client_of(owner).get(address)
        assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
        assert answer["Cache-Control"].startswith("private")
        assert b"".join(answer.streaming_content)
        assert status(api_client(owner), address) == 200


def test_others_get_404_and_a_stranger_401(owners_files, dealer, client_of, api_client, client):
    addresses, _guide = owners_files
    reader = make_member(Role.READER, dealer=dealer)
    for address in addresses:
        assert status(client_of(reader), address) == 404
        assert status(api_client(reader), address) == 404
        assert status(client, address) == 401


def test_without_the_check_anybody_signed_in_would_get_them(owners_files, dealer, client_of, monkeypatch):
    """Negative control."""
    from content.querysets import PageFileMixin

    monkeypatch.setattr(PageFileMixin, "visible_to", lambda self, principal: self)
    reader = client_of(make_member(Role.READER, dealer=dealer))
    assert [status(reader, address) for address in owners_files[0]] == [200, 200]


def test_files_of_drafts_and_unused_files_are_for_editors(client_of):
    image, document = make_image(), make_document()
    make_guide(live=False, body=picture(image) + link(document))
    addresses = [make_rendition(image).url, document.url, make_rendition(make_image()).url, make_document().url]
    owner, editor = client_of(make_member(Role.OWNER)), client_of(make_staff(StaffRole.EDITOR))
    assert [status(owner, address) for address in addresses] == [404] * 4
    assert [status(editor, address) for address in addresses] == [200] * 4


def test_taken_off_the_page_is_taken_away(client_of):
    image = make_image()
    guide = make_guide(body=picture(image))
    owner, address = client_of(make_member(Role.OWNER)), make_rendition(image).url
    assert status(owner, address) == 200
    publish(guide, body=[])
    assert status(owner, address) == 404


def test_narrowed_section_narrows_files(client_of):
    image = make_image()
    section = make_section()
    make_guide(section=section, body=picture(image))
    reader, address = client_of(make_member(Role.READER)), make_rendition(image).url
    assert status(reader, address) == 200
    publish(section, audience=make_audience(roles=[Role.OWNER]))
    assert status(reader, address) == 404


def test_one_file_on_two_pages_is_seen_through_either(client_of):
    image = make_image()
    make_guide(body=picture(image), audience=make_audience(roles=[Role.OWNER]))
    make_guide(body=picture(image))
    assert status(client_of(make_member(Role.READER)), make_rendition(image).url) == 200


def test_storage_addresses_and_wagtails_own_are_not_served(client_of, owners_files):
    editor = client_of(make_staff(StaffRole.EDITOR))
    image, document = PortalImage.objects.get(), PortalDocument.objects.get()
    rendition = image.renditions.first()
    paths = [f"/media/{f.name}" for f in (image.file, document.file, rendition.file)]
    paths += [f"/{f.name}" for f in (image.file, document.file, rendition.file)]
    paths += [f"/documents/{document.pk}/{document.filename}", f"/images/{image.pk}/"]
    assert [status(editor, path) for path in paths] == [404] * len(paths)


def test_a_picture_of_any_accept_header(owners_files, dealer, client_of):
    owner = client_of(make_member(Role.OWNER, dealer=dealer))
    assert owner.get(owners_files[0][0], headers={"Accept": "image/png"}).status_code == 200


def test_a_vanished_file_is_404(client_of):
    document = make_document()
    make_guide(body=link(document))
    document.file.storage.delete(document.file.name)
    assert status(client_of(make_member()), document.url) == 404


def test_pixel_bomb_is_refused():
    file = io.BytesIO()
    Pillow.new("1", (9000, 9000)).save(file, "PNG")
    assert len(file.getvalue()) < 100_000
    with pytest.raises(ValidationError, match="too many pixels"):
        WagtailImageField().clean(SimpleUploadedFile("bomb.png", file.getvalue(), "image/png"))


def test_html_named_as_picture_is_refused():
    with pytest.raises(ValidationError):
        WagtailImageField().clean(SimpleUploadedFile("x.png", b"<script>alert(1)</script>", "image/png"))


@pytest.mark.parametrize("name", ["page.html", "macro.xlsm", "run.exe", "picture.svg"])
def test_documents_that_could_run_are_refused(name):
    with pytest.raises(ValidationError):
        PortalDocument(title="x", file=SimpleUploadedFile(name, b"x")).clean()
