"""The shortest end-to-end test, to copy from."""


def test_the_home_page_works_in_a_browser_without_javascript(site, page):
    response = page.goto("/")

    assert response.status == 200
    assert page.url == f"{site.url}/"
    assert page.locator("h1").count() == 1
