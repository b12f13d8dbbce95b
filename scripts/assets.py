"""Build what the pages need from npm packages: compiled style, and GOV.UK Frontend's module."""

import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from node import run

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
FRONTEND = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk"


def compile_styles() -> None:
    pairs = [f"{STATIC / 'scss' / name}.scss:{STATIC / 'css' / name}.css" for name in ("main", "admin")]
    sass = ROOT / "node_modules" / "sass" / "sass.js"
    options = [
        "--load-path",
        str(ROOT / "node_modules"),
        "--no-source-map",
        "--style=compressed",
        "--quiet-deps",
    ]
    if code := run("node", str(sass), *options, *pairs):
        sys.exit(code)


def copy_modules() -> None:
    """Copy GOV.UK Frontend's one-file module; collectstatic hashes .js files only, so it changes its ending."""
    target = STATIC / "vendor" / "govuk-frontend"
    target.mkdir(parents=True, exist_ok=True)
    text = (FRONTEND / "all.bundle.mjs").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("//# sourceMappingURL")]
    (target / "govuk-frontend.js").write_text("\n".join(lines) + "\n", encoding="utf-8")
    shutil.copy(ROOT / "node_modules" / "govuk-frontend" / "package.json", target / "package.json")


if __name__ == "__main__":
    compile_styles()
    copy_modules()
