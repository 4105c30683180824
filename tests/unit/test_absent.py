"""A page that is gone is noticed, in several languages and however its server puts it; a page about that is not."""

import pytest

from purport.collect.absent import absent, likeness, phrases, shown
from purport.core.absence import Answered

URL = "https://wire.example/news/2031/05/kelm-market"
ARTICLE = (
    "Market shelled in Kelm\nThe front said the army shelled the market in Kelm on Sunday morning, and that 12 people "
    "were killed there. The army denied that it had fired on the town. The market was closed for the day, and the road "
    "to Mirova was blocked by trees that had fallen in the night. Doctors in Ostrel said they had treated thirty "
    "people, four of them children. The mayor asked people to stay at home until the evening, when the water would "
    "come back."
)


def answered(status: int = 200, text: str = "", title: str = "", final: str = "", before: str = ARTICLE) -> Answered:
    return Answered(status=status, asked=URL, final=final, title=title, text=text, before=before)


def cause(at: Answered, *missing: Answered) -> str:
    found = absent(at, {likeness(one) for one in missing})
    return found[0].cause if found else ""


@pytest.mark.parametrize("status", [404, 410, 451])
def test_the_server_says_so(status: int) -> None:
    (found,) = absent(answered(status, text=ARTICLE))
    assert (found.cause, str(status) in found.detail) == (f"http-{status}", True)


@pytest.mark.parametrize("status", [301, 304, 401, 403, 429, 500, 502, 503, 0])
def test_a_failure_or_a_refusal_is_no_absence(status: int) -> None:
    assert absent(answered(status, text="Page not found")) == ()


SAYS = [
    ("en", "Page not found"),
    ("en", "404"),
    ("en", "Sorry, this page isn’t available."),
    ("en", "Oops! The page you were looking for doesn’t exist."),
    ("en", "We can’t find the page you are looking for."),
    ("en", "This article has been removed."),
    ("en", "This post was deleted by its author"),
    ("en", "The requested URL was not found on this server."),
    ("en", "This story is no longer available."),
    ("es", "Página no encontrada"),
    ("es", "Lo sentimos, la página que busca no existe."),
    ("es", "Esta noticia ha sido eliminada"),
    ("fr", "Page introuvable"),
    ("fr", "Désolé, la page que vous recherchez n’existe plus."),
    ("fr", "Cet article a été supprimé."),
    ("de", "Seite nicht gefunden"),
    ("de", "Die gewünschte Seite wurde nicht gefunden."),
    ("pt", "Página não encontrada"),
    ("ru", "Страница не найдена"),
    ("ru", "К сожалению, запрашиваемая страница не существует."),
    ("ru", "Эта статья была удалена"),
    ("uk", "Сторінка не знайдена"),
    ("ar", "الصفحة غير موجودة"),
    ("ar", "عذراً، لم يتم العثور على الصفحة المطلوبة"),
    ("ar", "تم حذف هذا المنشور"),
    ("fa", "صفحه مورد نظر یافت نشد"),
    ("zh", "抱歉，您访问的页面不存在"),
    ("zh", "该内容已被发布者删除"),
    ("zh", "找不到该网页"),
    ("tr", "Sayfa bulunamadı"),
    ("tr", "Üzgünüz, aradığınız sayfa bulunamadı."),
    ("tr", "Bu haber yayından kaldırıldı"),
]


@pytest.mark.parametrize(("language", "words"), SAYS)
def test_the_page_says_so_in_its_text(language: str, words: str) -> None:
    (found,) = absent(answered(text=f"{words}\nGo to the front page\nSearch"))
    assert (found.cause, found.words) == ("says-so", words.strip(" ."))
    assert f"({language})" in found.detail or words == "404"


@pytest.mark.parametrize(("language", "words"), SAYS)
def test_the_page_says_so_in_its_title(language: str, words: str) -> None:
    assert cause(answered(title=f"{words} | The Sarrow Herald", text="Home\nSport", before="")) == "says-so"


def test_every_language_of_the_table_has_a_sample() -> None:
    assert {language for language, _ in SAYS} == set(phrases())


ABOUT = [
    ("Why “page not found” became a joke", "The words “page not found” were first shown to a clerk in Mirova."),
    ("404 Not Found: a short history of missing pages", ARTICLE.replace("market", "page")),
    ("Ministry removes its page on the dam", "The ministry's page on the dam has been removed, its readers said."),
    ("Page of the ministry not found for a day", "“This page has been removed.” That was all the ministry showed."),
    ("Deleted posts", "The mayor deleted a post. “This post was deleted by its author,” the notice said on Monday."),
    ("How we archive", "The article was deleted after the army complained, and two others were withdrawn in May."),
    ("Страница истории", "Страница истории не найдена ни в одном архиве, сказал директор музея в Мирове во вторник."),
    ("Sayfa", "Bakanlığın sayfası bulunamadı, dedi belediye başkanı, ancak yedeği Mirova’daki arşivde duruyor."),
]


@pytest.mark.parametrize(("title", "text"), ABOUT)
@pytest.mark.parametrize("before", ["", "former"])
def test_a_page_about_missing_pages_is_there(title: str, text: str, before: str) -> None:
    at = answered(title=title, text=f"{title}\n{text}", before=text if before else "")
    assert absent(at) == ()


def test_a_page_that_still_holds_what_it_held_is_there_whatever_it_says() -> None:
    assert absent(answered(title="404 Not Found", text=f"This video has been removed.\n{ARTICLE}")) == ()
    assert absent(answered(text=ARTICLE, final="https://wire.example/")) == ()


def test_a_long_page_does_not_say_that_it_is_gone() -> None:
    other = ARTICLE.replace("Kelm", "Nym").replace("market", "mill")
    assert absent(answered(text=f"This video has been removed.\n{other} {other}", before="")) == ()


@pytest.mark.parametrize(
    "final",
    [
        "https://wire.example/",
        "https://www.wire.example",
        "https://wire.example/index.html",
        "https://wire.example/en/",
    ],
)
def test_an_address_that_leads_to_the_front_page_now(final: str) -> None:
    assert cause(answered(text="Top stories of the day\nWeather", final=final)) == "front-page"
    assert cause(answered(text="Top stories of the day\nWeather", final=final, before="")) == "front-page"


def test_an_address_that_leads_to_its_section_now() -> None:
    assert cause(answered(text="All news of 2031\nMore", final="https://wire.example/news/2031/")) == "front-page"


@pytest.mark.parametrize(
    "final",
    [
        "",
        URL,
        URL + "/",
        "https://wire.example/news/2031/05/kelm-market-shelled",  # the page has another name now
        "https://consent.example/",  # another house altogether
        "https://wire.example/?story=17",
        "https://[broken",
    ],
)
def test_other_redirects_say_nothing(final: str) -> None:
    assert (
        absent(answered(text="A text of other words that goes on for a good while, and a little longer", final=final))
        == ()
    )


def test_the_front_page_itself_is_not_gone() -> None:
    at = Answered(status=200, asked="https://wire.example/", final="https://wire.example/en/", text="News", before="")
    assert absent(at) == ()


def test_what_the_host_shows_for_pages_that_do_not_exist() -> None:
    nothing = answered(text="Nothing to see at /news/91\nIncident 4471", before="")
    assert cause(answered(text="Nothing to see at /news/12\nIncident 4890"), nothing) == "same-as-missing"
    assert cause(answered(text="Nothing to see at /news/12\nIncident 4890")) == "emptied"
    assert cause(answered(text=ARTICLE), answered(text=ARTICLE)) == ""
    assert likeness(answered()) == ""


def test_a_page_that_was_emptied() -> None:
    (found,) = absent(answered(text="Home Sport Weather"))
    assert found.cause == "emptied"
    assert found.detail.startswith("The page shows 3 words where 86 stood")
    assert absent(answered(text="Home Sport Weather", before="It rained.")) == ()


PAGE = """<html><head><title>Not here | The Herald</title><style>p {color: red}</style></head><body>
<nav><a>Home</a><a>Page not found</a></nav><script>var missing = "404"</script><main><h1>Oops</h1>
<p>This page has been <b>removed</b>.</p>Back<br>home<!-- 404 --></main><footer>© Herald</footer></body></html>"""


def test_what_a_page_shows() -> None:
    title, text = shown(PAGE)
    assert title == "Not here | The Herald"
    assert text == "Oops\nThis page has been removed.\nBack\nhome"
    assert cause(answered(title=title, text=text)) == "says-so"


@pytest.mark.parametrize(
    "page", ["", " \n", "\x00\x00", "<", "<!DOCTYPE html>", "<html><title></title></html>", "plain"]
)
def test_no_page_shows_nothing_and_breaks_nothing(page: str) -> None:
    title, text = shown(page)
    assert title == ""
    assert len(text) <= len(page)
    assert cause(answered(title=title, text=text)) == "emptied"


def test_a_hostile_sentence_takes_no_time() -> None:
    """The patterns see 200 characters of a sentence at most."""
    assert absent(answered(text="sorry " * 100_000)) == ()
    assert absent(answered(title="404 " * 49 + "x", text="sorry, " * 30, before="")) == ()
