"""How the desk looks and reads: three languages, light and dark, right to left, and for those who cannot see it."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from coding.languages import languages
from tests.e2e.desks import Coder, Place, at_desk, place
from tests.e2e.serving import ROOT, require_chromium, running

pytestmark = pytest.mark.browser
GRAVE = {"moderate", "serious", "critical"}
CUT = """(root) => {
  const window_ = { right: innerWidth, bottom: innerHeight };
  const wrong = [];
  const seen = (element) => element.getClientRects().length > 0;
  for (const element of root.querySelectorAll('button, .fact, .totals, .title, .told, .code, video, .strip, textarea, input')) {
    if (!seen(element) || element.closest('.list')) continue;
    const box = element.getBoundingClientRect();
    const name = `${element.className || element.tagName} ${element.textContent.slice(0, 40)}`;
    if (box.right > window_.right + 1 || box.bottom > window_.bottom + 1 || box.left < -1) wrong.push(`outside: ${name}`);
    for (const label of element.querySelectorAll('.label'))
      if (!element.closest('.numbers') && label.scrollWidth > label.clientWidth + 1) wrong.push(`cut: ${name}`);
  }
  return wrong;
}"""
"""What of the desk is outside the window, or has a label cut short (subjects have their whole name in a title)."""
ARABIC = """
[language]
name = "العربية"
direction = "rtl"

[desk]
in = "البداية"
new_segment = "مقطع جديد"
subjects = "المواضيع"

[desk.action]
in = "البداية"
save = "حفظ"
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, str]]:
    """A running app, and an airing in the hands of a coder."""
    require_chromium()
    made = place(tmp_path_factory.mktemp("data"), 60)
    with running(made.folder) as address:
        yield made, address


def _work(coder: Coder) -> None:
    """Some segments, and one in the making with two subjects."""
    coder.press("KeyI", "ArrowRight", "KeyO", "Digit1", "KeyX", "Enter", "ArrowRight", "Digit2", "Digit4", "KeyC")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("airing", ["b-0312", "g-0312", "l-0401"])
def test_nothing_is_cut_off_on_a_field_laptop(
    browser: Browser, site: tuple[Place, str], tmp_path: Path, airing: str, language: str, scheme: str
) -> None:
    made, address = site
    with at_desk(browser, made, address, "ana", airing, language, color_scheme=scheme) as coder:
        _work(coder)
        coder.wait_loaded()
        coder.page.screenshot(path=tmp_path / f"desk-{airing}-{language}-{scheme}.png")
        assert coder.page.locator(".desk").evaluate(CUT) == []
        assert coder.page.evaluate("document.documentElement.scrollWidth") <= 1366
        assert coder.wrong == []


def _findings(page: Page) -> tuple[list[str], list[str]]:
    """Findings above minor: of the desk, and of what Streamlit draws around it."""
    found = Axe().run(page).response["violations"]
    ours, theirs = [], []
    for each in found:
        if each["impact"] not in GRAVE:
            continue
        for node in each["nodes"]:
            target = node["target"][0]
            inside = isinstance(target, list)  # a path through the shadow root of the component
            told = f"{each['id']} ({each['impact']}): {target}"
            (ours if inside else theirs).append(told)
    return ours, theirs


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("airing", ["b-0312", "g-0312", "l-0401"])
def test_the_desk_can_be_used_without_seeing_it(
    browser: Browser, site: tuple[Place, str], airing: str, scheme: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made, address = site
    with at_desk(browser, made, address, "ana", airing, color_scheme=scheme) as coder:
        _work(coder)
        coder.wait_loaded()
        ours, theirs = _findings(coder.page)
        assert ours == []
        coder.press("F1")
        ours, _ = _findings(coder.page)
        assert ours == []
        coder.press("Escape", "Slash")
        ours, _ = _findings(coder.page)
        assert ours == []
        with capsys.disabled():
            for told in theirs:
                print(f"\nStreamlit's own: {told}")  # listed, not ours to mend


def test_the_check_sees_a_fault_in_the_desk(browser: Browser, site: tuple[Place, str]) -> None:
    made, address = site
    with at_desk(browser, made, address, "ana", "b-0312") as coder:
        coder.find(".side").evaluate("(side) => side.append(document.createElement('button'))")
        ours, _ = _findings(coder.page)
        assert any(told.startswith("button-name") for told in ours)


def test_right_to_left_is_one_more_file(browser: Browser, tmp_path: Path) -> None:
    """A language with direction = "rtl" turns the desk; times, keys and the strip stay left to right."""
    require_chromium()
    house = tmp_path / "house"
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    for name in names:
        if name and not name.startswith(("tests/", "docs/")) and (ROOT / name).is_file():
            (house / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, house / name)
    (house / "coding" / "languages" / "ar.toml").write_text(ARABIC, encoding="utf-8")
    made = place(tmp_path / "data", 20)
    with running(made.folder, root=house) as address, at_desk(browser, made, address, "ana", "b-0312", "ar") as coder:
        _work(coder)
        coder.wait_loaded()
        desk = coder.page.locator(".desk")
        assert desk.get_attribute("dir") == "rtl"
        draft, side = (coder.find(part).bounding_box() for part in (".draft", ".side"))
        assert draft is not None
        assert side is not None
        assert side["x"] < draft["x"], "the list stands left of the draft"
        assert coder.find(".strip").get_attribute("dir") == "ltr"
        assert "الحزب الأزرق" in coder.text(".numbers")
        assert "حفظ" in coder.text("[data-action=save]")
        assert coder.page.locator(".desk").evaluate(CUT) == []
