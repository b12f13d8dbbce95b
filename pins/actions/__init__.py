"""The operations on pins that write more than one thing, each in one transaction.

A pin moves only here: sent and sent again (sending), decided (deciding) or merged (merging).
"""

from pins.actions.changing import apply_limits, change_pin, note_view, withdraw_agreement
from pins.actions.deciding import ON_THE_MAP, agreement_to, decide
from pins.actions.merge_plan import plan_merge
from pins.actions.merging import merge
from pins.actions.sending import ConnectionAnswers, add_details, resend_pin, save_connection, send_pin
from pins.actions.storing import StaleVersion, copy_limits

__all__ = [
    "ON_THE_MAP",
    "ConnectionAnswers",
    "StaleVersion",
    "add_details",
    "agreement_to",
    "apply_limits",
    "change_pin",
    "copy_limits",
    "decide",
    "merge",
    "note_view",
    "plan_merge",
    "resend_pin",
    "save_connection",
    "send_pin",
    "withdraw_agreement",
]
