"""All stored results on one page.

python -m benchmarks.report
"""

from __future__ import annotations

from benchmarks.machine import RESULTS


def main() -> None:
    pages = [path.read_text(encoding="utf-8") for path in sorted(RESULTS.glob("*.md")) if path.name != "README.md"]
    (RESULTS / "README.md").write_text("\n".join(pages), encoding="utf-8")
    print(RESULTS.name, len(pages), "results")


if __name__ == "__main__":
    main()
