from pins.models.category import Category, LessHeardGroup, Offer
from pins.models.choices import Precision, Reach, Status, Visibility
from pins.models.connection import Connection
from pins.models.decision import Decision
from pins.models.merge import Merge
from pins.models.pin import Pin, PrivateColumn
from pins.models.question import Answer, Question
from pins.models.search import SearchKey, SearchWord

__all__ = [
    "Answer",
    "Category",
    "Connection",
    "Decision",
    "LessHeardGroup",
    "Merge",
    "Offer",
    "Pin",
    "Precision",
    "PrivateColumn",
    "Question",
    "Reach",
    "SearchKey",
    "SearchWord",
    "Status",
    "Visibility",
]
