"""What a site asks of programs is done: robots.txt, pauses, and no request that it does not want."""

from __future__ import annotations

import pytest
from factories_fetch import (
    PUBLIC,
    Page,
    a_network,
    a_site,
    page,
    reason,
    redirect,
    robots,
    silence,
)

from agent.evidence.fetch import Fetched, NotFetched, fetch

NOT_ALLOWED = "its site's robots.txt does not allow it"
UNREAD = "its site's robots.txt cannot be read: "


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow: /", False),
        ("\ufeffUser-agent: *\r\nDisallow: /\r\n", False),
        ("User-agent: *\nDisallow: /private/", True),
        ("User-agent: *\nDisallow: /a*.html$\n", False),
        ("User-agent: *\nDisallow: /\nAllow: /essays/", False),
        ("User-agent: *\nDisallow: /\nAllow: /articles/", True),
        ("User-agent: assess-role\nDisallow: /\n\nUser-agent: *\nDisallow:", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Assess-Role\nDisallow:", True),
        # Neither a word of the user agent's comment nor another program's rules are ours.
        ("User-agent: corpus\nDisallow: /\n\nUser-agent: SomeBot\nDisallow: /", True),
        ("<html>This site has no robots.txt</html>", True),
        ("\x00\xff garbage : : *\nUser-agent", True),
    ],
)
def test_rules_for_this_program_are_obeyed(text: str, allowed: bool) -> None:
    path = "/articles/a.html"
    with a_site({"/robots.txt": robots(text), path: page()}) as site:
        (outcome,) = fetch([site.at(path)], allow_private=True)
        assert isinstance(outcome, Fetched) is allowed
        assert site.asked == ([path] if allowed else [])
        if not allowed:
            assert outcome == NotFetched(site.at(path), NOT_ALLOWED)


def test_the_name_that_rules_are_looked_up_for_is_the_user_agents_first_word() -> None:
    with a_site({"/robots.txt": robots("User-agent: reader\nDisallow: /")}) as site:
        assert reason(site.at(), user_agent="Reader/2.0 (+somebody)") == NOT_ALLOWED
        assert site.headers[0]["user-agent"] == "Reader/2.0 (+somebody)"


def test_the_query_belongs_to_what_rules_match() -> None:
    with a_site({"/robots.txt": robots("User-agent: *\nDisallow: /*?print")}) as site:
        urls = [site.at("/?print=1"), site.at("/?page=1")]
        outcomes = list(fetch(urls, allow_private=True))
        assert [type(outcome) for outcome in outcomes] == [NotFetched, Fetched]


def test_a_redirect_to_a_page_that_is_not_allowed_ends_there() -> None:
    pages = {"/robots.txt": robots("User-agent: *\nDisallow: /b"), "/a": redirect("/b"), "/b": page()}
    with a_site(pages) as site:
        assert reason(site.at("/a")) == NOT_ALLOWED
        assert site.asked == ["/a"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_site_without_robots_txt_allows_everything(status: int) -> None:
    with a_site({"/robots.txt": page(b"User-agent: *\nDisallow: /", status=status)}) as site:
        assert [type(outcome) for outcome in fetch([site.at()], allow_private=True)] == [Fetched]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (page(status=500), "it was answered with status 500"),
        (page(status=503, retry_after="60"), "it was answered with status 503"),
        (page(status=429), "it was answered with status 429"),
        (silence, "it was not all there within 0.3 s"),
        (redirect("/robots.txt"), "it redirects more than 5 times"),
        (page(content_length="1000"), "its answer broke off or is no valid HTTP"),
        (page(content_encoding="zstd"), "it is packed as zstd, which was not asked for"),
        (robots("user-agent: a\n" * 1_001 + "allow: /\n" * 1_000), "it holds more rules than are looked at"),
    ],
)
def test_a_robots_txt_that_cannot_be_read_allows_nothing_and_is_asked_for_once(answer: Page, why: str) -> None:
    with a_site({"/robots.txt": answer}) as site:
        timeout_s = 0.3 if answer is silence else 5.0
        outcomes = list(fetch([site.at("/a"), site.at("/b")], allow_private=True, timeout_s=timeout_s))
        assert outcomes == [NotFetched(site.at("/a"), UNREAD + why), NotFetched(site.at("/b"), UNREAD + why)]
        assert (site.asked, site.robots_asked) == ([], 6 if "redirects" in why else 1)


def test_a_robots_txt_behind_a_redirect_is_obeyed() -> None:
    pages = {"/robots.txt": redirect("/rules"), "/rules": robots("User-agent: *\nDisallow: /")}
    with a_site(pages) as site:
        assert reason(site.at()) == NOT_ALLOWED
        assert site.asked == ["/rules"]


def test_of_a_robots_txt_without_end_the_beginning_is_obeyed() -> None:
    text = "User-agent: *\nDisallow: /\n" + "# more\n" * 100_000 + "Allow: /\n"
    with a_site({"/robots.txt": robots(text)}) as site:
        assert reason(site.at(), max_bytes=1_000) == NOT_ALLOWED


def test_each_origin_has_its_own_robots_txt_and_is_asked_for_it_once() -> None:
    with (
        a_site({"/robots.txt": robots("User-agent: *\nDisallow: /")}) as closed,
        a_site({"/robots.txt": robots("User-agent: *\nDisallow: /b"), "/a": page()}) as open_,
    ):
        urls = [closed.at("/"), open_.at("/"), open_.at("/a"), open_.at("/b"), closed.at("/a")]
        outcomes = list(fetch(urls, allow_private=True))
        assert [type(outcome) for outcome in outcomes] == [NotFetched, Fetched, Fetched, NotFetched, NotFetched]
        assert (closed.robots_asked, open_.robots_asked) == (1, 1)


@pytest.mark.parametrize(
    ("rules", "pause_s"),
    [
        ("Crawl-delay: 3", 3.0),
        ("Crawl-delay: 0.5", 0.5),
        ("Crawl-delay: 86400", 10.0),
        ("Crawl-delay: soon", 0.0),
        ("Crawl-delay: -1", 0.0),
        ("Crawl-delay: inf", 0.0),
        ("Request-rate: 1/4", 4.0),
        ("Request-rate: 10/1m", 6.0),
        ("Request-rate: 1/9" + "9" * 400, 10.0),
        ("Crawl-delay: 2\nRequest-rate: 1/5", 5.0),
        ("Crawl-delay: 5\nRequest-rate: 1/2", 5.0),
    ],
)
def test_pauses_between_two_pages_of_a_host_are_kept_up_to_ten_seconds(rules: str, pause_s: float) -> None:
    with a_site({"/robots.txt": robots(f"User-agent: *\n{rules}\n")}) as site:
        network = a_network(site.port, time_s=100.0, good=PUBLIC)
        urls = [f"http://good.example/?{number}" for number in range(3)]
        outcomes = list(fetch(urls, outside=network.surroundings()))
        assert [type(outcome) for outcome in outcomes] == [Fetched] * 3
        assert network.slept == ([pause_s] * 2 if pause_s else [])


def test_time_that_has_passed_anyway_and_other_hosts_are_not_waited_for() -> None:
    with a_site({"/robots.txt": robots("User-agent: *\nCrawl-delay: 5\n")}) as site:
        network = a_network(site.port, time_s=100.0, good=PUBLIC, other=PUBLIC)
        urls = ["http://good.example/?1", "http://other.example/", "http://good.example/?2", "http://good.example/?3"]
        outcomes = fetch(urls, outside=network.surroundings())
        next(outcomes)
        network.time_s = 102.0
        list(outcomes)
        assert network.slept == [3.0, 5.0]


def test_a_pause_does_not_count_towards_the_time_limit() -> None:
    pages = {"/robots.txt": robots("User-agent: *\nCrawl-delay: 10\n"), "/a": redirect("/")}
    with a_site(pages) as site:
        network = a_network(site.port, time_s=100.0, good=PUBLIC)
        (outcome,) = fetch(["http://good.example/a"], timeout_s=2.0, outside=network.surroundings())
        assert (type(outcome), network.slept) == (Fetched, [10.0])


def test_a_pause_of_a_page_that_is_not_allowed_is_not_waited() -> None:
    with a_site({"/robots.txt": robots("User-agent: *\nCrawl-delay: 5\nDisallow: /b")}) as site:
        network = a_network(site.port, time_s=100.0, good=PUBLIC)
        list(fetch(["http://good.example/", "http://good.example/b"], outside=network.surroundings()))
        assert network.slept == []
