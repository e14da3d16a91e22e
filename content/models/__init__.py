"""Wagtail pages, their files, and who has read what."""

from .files import PortalDocument, PortalImage, PortalRendition
from .pages import GuidePage, GuideProduct, HomePage, NewsPage, PortalPage, SectionPage
from .reading import Acknowledgement, DraftPreview, Feedback, PageRead, Publication

__all__ = [
    "Acknowledgement",
    "DraftPreview",
    "Feedback",
    "GuidePage",
    "GuideProduct",
    "HomePage",
    "NewsPage",
    "PageRead",
    "PortalDocument",
    "PortalImage",
    "PortalPage",
    "PortalRendition",
    "Publication",
    "SectionPage",
]
