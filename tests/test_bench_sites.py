"""The benchmark of whole sites: the same corpus for all, and a table that can be pasted; nothing is timed."""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import corpus, outputs, peers, processes, sites
from benchmarks.peers import Peer
from benchmarks.processes import Cost
from generator import fragment

POSTS = [corpus.post(number) for number in range(40)]


@pytest.fixture(params=[peer.name for peer in peers.peers(Path())])
def peer(request: pytest.FixtureRequest) -> Peer:
    return next(peer for peer in peers.peers(Path()) if peer.name == request.param)


def test_the_corpus_stays_as_it_is() -> None:
    """Figures of another day are comparable: whoever changes the corpus measures anew."""
    text = "".join(map(str, POSTS)) + corpus.chart(1).to_html()
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "15271f45339d42e5"


def test_a_post_is_of_its_number_alone() -> None:
    assert corpus.post(7) == POSTS[7]
    assert len({post.slug for post in POSTS}) == len(POSTS)
    assert all(post.slug == corpus.slug(post.number) for post in POSTS)


def test_a_post_has_what_posts_have() -> None:
    texts = [re.sub(r"^```.*?^```$", "", post.body(str), flags=re.DOTALL | re.MULTILINE) for post in POSTS]
    assert all(250 < len(text.split()) < 1100 for text in texts)
    found = outputs.expected(POSTS)
    assert (found.posts, found.index, found.charts) == (40, 4, 8)
    assert found.code >= 40
    assert min(found.tables - found.charts, found.notes, found.links) >= 10
    assert "{{" not in "".join(texts)  # a template language of some generator


def test_a_post_links_to_older_ones_only() -> None:
    for post in POSTS:
        for number in re.findall(r"\(/posts/[a-z]+-[a-z]+-(\d+)/\)", post.body(str)):
            assert int(number) < post.number


def test_charts_are_of_our_format() -> None:
    chart = corpus.chart(1)
    assert fragment.parse(chart.to_html()) == chart


def test_the_words_are_the_same_for_all(peer: Peer) -> None:
    for post in POSTS[:6]:
        text = peer.text(post)
        tag = peer.tag.replace("NAME", post.chart)
        assert text.endswith(f"\n\n{post.body(lambda _, tag=tag: tag)}\n")  # type: ignore[misc]
        assert post.title in text
        assert post.slug in peer.file(post)


def test_a_blog_is_complete(peer: Peer, tmp_path: Path) -> None:
    blog = tmp_path / "blog"
    peers.write(peer, blog, POSTS[:2])
    assert (blog / peer.file(POSTS[0])).read_text(encoding="utf-8") == peer.text(POSTS[0])
    assert len(list((blog / peer.charts).glob("chart-*.html"))) == corpus.CHARTS
    assert len(list((blog / peer.pictures).glob("*.png"))) == corpus.PICTURES
    peers.edit(peer, blog, POSTS[1], "maps")
    assert (blog / peer.file(POSTS[1])).read_text(encoding="utf-8") == f"{peer.text(POSTS[1])}\nAnd maps.\n"


def test_what_is_not_installed_says_how(peer: Peer) -> None:
    assert not replace(peer, program=(Path("nowhere"),)).installed
    assert not replace(peer, program=("no-such-generator",)).installed
    assert "install" in peer.install


def test_ours_builds_what_is_compared(tmp_path: Path) -> None:
    """A whole build by the benchmark's own way."""
    ours = replace(peers.peers(Path())[0], program=(sys.executable, "-m", "generator"))
    blog = sites.Blog(ours, tmp_path / "blog")
    peers.write(ours, blog.folder, POSTS)
    assert sites.compare([blog], POSTS) == {"visualposts": outputs.expected(POSTS)}
    assert not outputs.says(ours, blog.folder, POSTS[20], "maps")
    assert set(blog.round(POSTS[20], "maps")) == set(sites.KINDS)
    assert outputs.says(ours, blog.folder, POSTS[20], "maps")
    blog.clear()
    assert not (blog.folder / ours.output).exists()


def test_what_lacks_something_is_not_compared(tmp_path: Path) -> None:
    ours = replace(peers.peers(Path())[0], program=(sys.executable, "-c", "pass"))
    with pytest.raises(SystemExit, match="visualposts: 0 posts instead of 40"):
        sites.compare([sites.Blog(ours, tmp_path)], POSTS)


def test_what_is_stale_is_not_timed(tmp_path: Path) -> None:
    ours = replace(peers.peers(Path())[0], program=(sys.executable, "-c", "pass"))
    peers.write(ours, tmp_path / "blog", POSTS[:1])
    with pytest.raises(SystemExit, match=f"the page of {POSTS[0].slug} is stale"):
        sites.Blog(ours, tmp_path / "blog").round(POSTS[0], "maps")


def test_the_memory_of_all_processes_counts() -> None:
    script = "import subprocess, sys; b = bytearray(30_000_000); subprocess.run([sys.executable, '-c', {!r}])"
    child = "import time; b = bytearray(b'x') * 30_000_000; time.sleep(0.5)"
    cost = processes.run([sys.executable, "-c", script.format(child)], Path(), {}, memory=True)
    assert cost.wall > 0.5
    assert cost.memory > 50e6


def test_a_failure_is_told() -> None:
    with pytest.raises(SystemExit, match="no such luck"):
        processes.run([sys.executable, "-c", "raise SystemExit('no such luck')"], Path(), {})


def test_the_table() -> None:
    kinds = [Cost(2.0, 3.0, 100_000_000), Cost(0.5, 0.5), Cost(0.25, 0.25)]
    ours = dict(zip(sites.KINDS, kinds, strict=True))
    theirs = dict(zip(sites.KINDS, [Cost(4.0, 4.0), Cost(2.5, 2.5), Cost(2.5, 2.5)], strict=True))
    assert sites.rows(1000, {"visualposts": ours, "Hugo": theirs}) == [
        "| 1,000 | visualposts | 2.00 (0.50) | 0.50 (0.20) | 0.25 (0.10) | 3.0 | 100 |",
        "| 1,000 | Hugo | 4.00 (1.00) | 2.50 (1.00) | 2.50 (1.00) | 4.0 | 0 |",
    ]
    assert sites.median([Cost(1, 4), Cost(9, 6), Cost(2, 5)]) == Cost(2, 5)
