"""House limits: 400 lines a file, 120 a page, 60 a function. Complexity is ruff's (pyproject.toml)."""

import ast
import subprocess
import sys
from pathlib import Path

FILE_LINES = 400
PAGE_LINES = 120
FUNCTION_LINES = 60


def faults(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    limit = PAGE_LINES if path.parts[0] == "pages" else FILE_LINES
    lines = text.count("\n")
    found = [f"{path}: {lines} lines, at most {limit}"] if lines > limit else []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                found.append(f"{path}:{node.lineno}: {node.name} has {length} lines, at most {FUNCTION_LINES}")
    return found


def main() -> int:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    names = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    found = [fault for name in names if Path(name).exists() for fault in faults(Path(name))]
    print("\n".join(found) or f"limits: {len(names)} files within them")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
