from pins.models.category import Category, LessHeardGroup, Offer
from pins.models.connection import Connection
from pins.models.decision import Decision
from pins.models.pin import Pin, Precision, PrivateColumn, Status, Visibility
from pins.models.question import Answer, Question

__all__ = [
    "Answer",
    "Category",
    "Connection",
    "Decision",
    "LessHeardGroup",
    "Offer",
    "Pin",
    "Precision",
    "PrivateColumn",
    "Question",
    "Status",
    "Visibility",
]
