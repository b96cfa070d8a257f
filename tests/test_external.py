"""External: outside links tried on a real server, judged at their places, and remembered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator import cli, reach
from generator.reach import Manners
from tests import projects
from tests.test_reach import Server, server

__all__ = ["server"]  # the fixture

FOLDER = "content/posts/2026-01-02-links"


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The manners of a machine that talks to itself."""
    monkeypatch.setattr("generator.external.MANNERS", Manners(pause=0.0, timeout=5.0))


def blog(folder: Path, *links: str) -> Path:
    text = "\n\n".join(f"[link]({link})" for link in links)
    return projects.write(folder, {f"{FOLDER}/index.md": f"---\ntitle: Links\n---\n{text}\n"})


def check(project: Path, *arguments: str) -> Result:
    command = ["check", "--external", "-C", str(project), *arguments]
    return CliRunner().invoke(cli.commands, command, catch_exceptions=False)


def test_links_that_answer_are_not_asked_again(server: Server, tmp_path: Path) -> None:
    project = blog(tmp_path, f"{server.url}/200", f"{server.url}/200#part", f"{server.url}/301/200")
    result = check(project)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "2 outside links, 0 of them answered within the last week; asking 1 host for the rest" in result.stdout
    assert f"{FOLDER}/index.md:8:8: {server.url}/301/200 has moved to {server.url}/200" in result.stdout
    server.asked.clear()
    assert "2 outside links, 1 of them answered within the last week" in check(project).stdout
    assert server.asked == [("HEAD", "/301/200"), ("HEAD", "/200")]


def test_a_week_is_long(server: Server, tmp_path: Path) -> None:
    project = blog(tmp_path, f"{server.url}/200")
    memory = project / ".visualposts/links.json"
    for written in (f'{{"{server.url}/200": "2026-01-01T00:00:00+00:00"}}', '{"a": 1}', "[1]", "broken"):
        memory.parent.mkdir(exist_ok=True)
        memory.write_text(written)
        assert "0 of them answered" in check(project).stdout
        assert list(json.loads(memory.read_text())) == [f"{server.url}/200"]


def test_what_is_wrong_is_told_where_it_stands(server: Server, tmp_path: Path) -> None:
    url = server.url
    project = blog(tmp_path, f"{url}/404", f"{url}/500", f"{url}/403", f"{url}/200")
    result = check(project)
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        f"{FOLDER}/index.md:4:8: error: {url}/404 is gone: 404 Not Found",
        f"{FOLDER}/index.md:6:8: warning: {url}/500 does not answer: 500 Internal Server Error",
        "1 error, 1 warning; the site is as it was",
    ]
    assert f"{FOLDER}/index.md:8:8: {url}/403 answers no program (403 Forbidden): look yourself" in result.stdout


def test_an_include_is_named(server: Server, tmp_path: Path) -> None:
    project = blog(tmp_path)
    note = f'<a href="{server.url}/404">n</a>'
    projects.write(
        project, {f"{FOLDER}/index.md": projects.POST + "{% include note.html %}\n", "includes/note.html": note}
    )
    result = check(project)
    assert result.stderr.splitlines()[:2] == [
        f"{FOLDER}/index.md:7:1: error: {server.url}/404 is gone: 404 Not Found",
        "  in includes/note.html",
    ]


def test_a_warning_fails_only_where_it_shall(server: Server, tmp_path: Path) -> None:
    project = blog(tmp_path, f"{server.url}/500")
    assert check(project).exit_code == 0
    assert check(project, "--strict").exit_code == 1


def test_the_site_itself_is_not_asked(server: Server, tmp_path: Path) -> None:
    project = blog(tmp_path, "https://example.org/blog/posts/links/", "https://example.org/blog")
    result = check(project)
    assert result.exit_code == 0
    assert "2 links to this site by its full address, not tried" in result.stdout


def test_without_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = blog(tmp_path, "https://a.example.org/", "https://b.example.org/")
    answer = reach.Answer("gone", "no such host")
    monkeypatch.setattr("generator.reach.ask", lambda urls, manners: ((url, answer) for url in urls))
    result = check(project)
    assert (result.exit_code, result.stderr) == (1, "error: no other site can be reached: is this machine online?\n")


def test_a_plain_check_asks_nobody(server: Server, tmp_path: Path) -> None:
    project = blog(tmp_path, f"{server.url}/404")
    assert CliRunner().invoke(cli.commands, ["check", "-C", str(project)]).exit_code == 0
    assert server.asked == []
