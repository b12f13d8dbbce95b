"""The editors' Markdown: parsed with the publishers' extensions, rendered in GOV.UK mark-up, and cleaned."""
