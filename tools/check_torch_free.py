"""Importing everything a page needs must leave torch out: the server stays small and every page opens without it."""

import importlib
import pkgutil
import sys

sys.path.insert(0, ".")
TORCH_ROOM = "core.vision"
ROOMS = ("core", "ui")


def main() -> int:
    imported = 0
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            if module.name.startswith(TORCH_ROOM) or module.name in ("core.__main__", "ui.main"):
                continue
            importlib.import_module(module.name)
            imported += 1
    found = sorted({name.split(".")[0] for name in sys.modules} & {"torch", "torchvision"})
    print(f"{', '.join(found)} imported" if found else f"torch-free: {imported} modules imported without it")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
