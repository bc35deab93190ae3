"""The page that the benchmark writes keeps what people wrote around the figures."""

from pathlib import Path

import pytest

from automation import benchmark
from automation.benchmark import Figure
from automation.figures_page import FiguresPageError, write_figures

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def test_the_figures_are_replaced_and_the_text_around_them_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "performance.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    monkeypatch.setattr(benchmark, "PAGE", page)
    monkeypatch.setattr(benchmark, "ROOT", tmp_path)
    monkeypatch.setattr(benchmark, "_docker_version", lambda: "1.2")
    figures = [Figure(what="boot", value="1 s", how="by a clock")]
    monkeypatch.setattr(benchmark, "_figures", lambda _: iter(figures))
    monkeypatch.setattr("automation.docker_engine.client", lambda: None)
    benchmark.run()
    text = page.read_text()
    assert text.startswith(f"before\n{BEGIN}\n")
    assert text.endswith(f"{END}\nafter\n")
    assert "; Docker 1.2." in text
    assert "| boot | 1 s | by a clock |" in text
    assert "old" not in text


def test_a_page_without_a_place_for_the_figures_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(f"{BEGIN}\nnever closed\n")
    with pytest.raises(FiguresPageError, match=r"must hold .*figures: begin.* and after it"):
        write_figures(page, "figures", "new")
    assert page.read_text() == f"{BEGIN}\nnever closed\n"
