from toolkit.models.case_study import CaseStudy
from toolkit.models.components import Prompt, Term, Tool, Voice
from toolkit.models.edition import Edition
from toolkit.models.feedback import Feedback
from toolkit.models.page import Page
from toolkit.models.publishable import OldAddress, PublicationStatus, Publishable
from toolkit.models.search_entry import SearchEntry
from toolkit.models.story import Story

__all__ = [
    "CaseStudy",
    "Edition",
    "Feedback",
    "OldAddress",
    "Page",
    "Prompt",
    "PublicationStatus",
    "Publishable",
    "SearchEntry",
    "Story",
    "Term",
    "Tool",
    "Voice",
]
