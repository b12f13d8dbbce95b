from pins.admin.pin import PinAdmin
from pins.admin.vocabulary import CategoryAdmin, ConnectionAdmin, QuestionAdmin

__all__ = ["CategoryAdmin", "ConnectionAdmin", "PinAdmin", "QuestionAdmin"]
