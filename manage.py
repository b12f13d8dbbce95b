#!/usr/bin/env python
"""Django's command-line utility for the portal."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community_map.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        sys.exit(f"{error}. Install what it needs first: pip install -r requirements.txt, or use make run.")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
