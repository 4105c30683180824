"""What the wheel must and must not hold: python scripts/look_into_wheel.py dist/purport-….whl"""

import sys
import zipfile
from pathlib import Path

MODEL_LIMIT = 30_000_000  # bytes of one network; a slow connection should still get the desk


def faults(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        sizes = {info.filename: info.file_size for info in archive.infolist()}
    weights = {name: size for name, size in sizes.items() if name.endswith(".onnx")}
    whole = sum(weights.values())
    print(f"wheel: {wheel.name}, {wheel.stat().st_size:,} bytes, {len(sizes)} files, networks {whole:,} bytes")
    found = []
    if not weights:
        found.append("no network (*.onnx)")
    found += [f"{name} is larger than {MODEL_LIMIT:,} bytes" for name, size in weights.items() if size > MODEL_LIMIT]
    found += [f"no card beside {name}" for name in weights if f"{name.rpartition('/')[0]}/card.md" not in sizes]
    found += [
        f"no {needed}"
        for needed in ("purport/py.typed", "tokenizer.json", "licenses/LICENSE")
        if not any(name.endswith(needed) for name in sizes)
    ]
    found += [
        f"does not belong: {name}"
        for name in sizes
        if name.split("/")[0].split("-")[0] != "purport" or name.endswith((".pyc", ".db", ".pt", ".safetensors"))
    ]
    return found


if __name__ == "__main__":
    problems = faults(Path(sys.argv[1]))
    sys.exit("\n".join(f"wheel: {problem}" for problem in problems) or None)
