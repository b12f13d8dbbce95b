from pins.forms.connection import ConnectionForm
from pins.forms.details import DetailsForm
from pins.forms.pin import PinForm

__all__ = ["ConnectionForm", "DetailsForm", "PinForm"]
