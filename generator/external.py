"""External: the outside links of a site, tried and judged; what answered is remembered for a week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from generator import files, reach
from generator.errors import Problem, VisualpostsError, warning
from generator.pages.outlinks import Outlink
from generator.reach import Answer, Manners
from generator.report import Report, number

MEMORY = "links.json"
REMEMBERED = timedelta(days=7)
MANNERS = Manners()


def try_links(
    project: Path, links: Sequence[Outlink], base_url: str, now: datetime, report: Report
) -> tuple[Problem, ...]:
    """What is wrong with `links`. Those of the site itself, at `base_url`, are not tried: it may not be there yet.

    Raises VisualpostsError if nothing at all can be reached.
    """
    own = [link for link in links if base_url and f"{link.url}/".startswith(f"{base_url}/")]
    outside = [link for link in links if link not in own]
    wanted = dict.fromkeys(link.page for link in outside)
    known = _known(project, now)
    unknown = [url for url in wanted if url not in known]
    hosts = {reach.host(url) for url in unknown}
    report.line(
        f"{number(len(wanted), 'outside link')}, {len(wanted) - len(unknown)} of them answered within the last week;"
        f" asking {number(len(hosts), 'host')} for the rest"
    )
    if own:
        report.line(f"{number(len(own), 'link')} to this site by its full address, not tried")
    answers: dict[str, Answer] = {}
    try:
        for url, answer in reach.ask(unknown, MANNERS):
            answers[url] = answer
            report.detail(f"{url}: {answer.said or 'answers'}")
    finally:
        _remember(project, known, answers, now)
    if len(hosts) > 1 and all(answer.said in reach.OFFLINE for answer in answers.values()):
        raise VisualpostsError("no other site can be reached: is this machine online?")
    return tuple(_judged(outside, answers, report))


def _judged(links: Iterable[Outlink], answers: Mapping[str, Answer], report: Report) -> list[Problem]:
    problems = []
    for link in links:
        answer = answers.get(link.page, Answer("fine"))
        notes = (f"in {link.include}",) if link.include else ()
        if answer.verdict == "gone":
            problems.append(Problem(f"{link.url} is gone: {answer.said}", link.place, notes=notes))
        elif answer.verdict == "silent":
            problems.append(warning(f"{link.url} does not answer: {answer.said}", link.place))
        elif answer.verdict == "closed":
            report.line(f"{link.place}: {link.url} answers no program ({answer.said}): look yourself")
        elif answer.moved:
            report.line(f"{link.place}: {link.url} has moved to {answer.moved}")
    return problems


def _known(project: Path, now: datetime) -> dict[str, str]:
    """The addresses that answered lately, with when they did."""
    found = files.read_json(project / files.CACHE / MEMORY)
    oldest, today = (now - REMEMBERED).isoformat(), now.isoformat()
    pairs = found.items() if isinstance(found, dict) else ()
    return {url: when for url, when in pairs if isinstance(when, str) and oldest <= when <= today}


def _remember(project: Path, known: Mapping[str, str], answers: Mapping[str, Answer], now: datetime) -> None:
    fine = {url: now.isoformat() for url, answer in answers.items() if answer.verdict == "fine" and not answer.moved}
    files.write_json(project / files.CACHE / MEMORY, {**known, **fine})
