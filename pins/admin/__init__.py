from pins.admin.pin import PinAdmin
from pins.admin.words import CategoryAdmin, ConnectionAdmin, QuestionAdmin

__all__ = ["CategoryAdmin", "ConnectionAdmin", "PinAdmin", "QuestionAdmin"]
