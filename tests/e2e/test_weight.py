"""How much an old phone on a slow line has to download."""


def fetched(browser, address):
    """Returns [(URL, bytes on the wire with headers)] of all requests of a browser with an empty cache."""
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    asked, weighed = {}, {}
    wire.on("Network.requestWillBeSent", lambda said: asked.update({said["requestId"]: said["request"]["url"]}))
    wire.on("Network.loadingFinished", lambda said: weighed.update({said["requestId"]: said["encodedDataLength"]}))
    page.goto(address, wait_until="networkidle")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")  # loads lazy images, too
    page.wait_for_load_state("networkidle")
    context.close()
    return [(address, weighed[request]) for request, address in asked.items()]


def test_the_home_page_takes_at_most_four_requests_and_twenty_kilobytes(site, browser):
    files = fetched(browser, f"{site.url}/")
    assert len(files) <= 4, files  # page, style, script, favicon
    assert sum(size for _address, size in files) <= 20 * 1024
