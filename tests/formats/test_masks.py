"""What a report shows of a value, and how long that takes on a hostile one."""

from __future__ import annotations

import time

from socius.connectors.files.masks import masked, masked_line


def test_a_line_of_fifty_megabytes_is_masked_without_reading_it_whole() -> None:
    start = time.process_time()
    assert len(masked("x" * 50_000_000)) < 100
    assert len(masked_line("1" * 50_000_000)) < 300
    assert time.process_time() - start < 1


def test_an_address_that_crosses_the_cut_is_hidden() -> None:
    shown = masked("a" * 60 + " someone.with.a.long.name@example.org", longest=80)
    assert "someone" not in shown
