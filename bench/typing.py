"""One job, entered with the keyboard alone and counted key by key; and the same in a spreadsheet.

The job: a contract with a chain of three levels, an approval for each link, and two inspections.
A key is a press: a letter, Tab, an arrow, Enter. What an input method adds to Japanese text is left
out on both sides. Tests drive the same script (``tests/browser/test_entering.py``).
"""

from __future__ import annotations

from typing import NamedTuple

# As the page names its fields, in its order. A text is typed; what begins with "→" is done:
# "→ 3": so many steps down a list of choices; "→ tick"; "→ press": a button; "→ pick": the first
# company that is suggested for what is typed.
CONTRACT = (
    ("title", "職員の健康診断"),
    ("number", "契約第12号"),
    ("contractor", "→ pick みほんけ"),
    ("concluded_on", "H29.4.1"),
    ("first_day", "H29.4.1"),
    ("last_day", "H30.3.31"),
    ("work", "→ 1"),
    ("information_detail", "氏名、健診結果"),
    ("persons", "1200"),
    ("sensitivity", "→ 2"),
    ("special_care", "→ tick"),
    ("clause", "→ 2"),
    ("clause_article", "8"),
    ("items-8-4(1)-article", "5"),
    ("items-8-4(2)注-article", "8"),
    ("items-8-4(3)-article", "6"),
    ("items-8-4(4)-article", "9"),
    ("items-8-4(5)-article", "10"),
    ("items-8-4(6)-article", "11"),
    ("checked_on", "H29.3.20"),
    ("add-confirmations", "→ press"),
    ("confirmations-0-matters", "→ tick all"),
    ("confirmations-0-confirmed_on", "H29.4.1"),
    ("decided_on", "H29.4.1"),
    ("needed", "→ 2"),
)
LINKS = (
    ("add-links", "→ press"),
    ("links-0-contractor", "→ pick さいいい"),
    ("links-0-approval_result", "→ 1"),
    ("links-0-approval_decided_on", "H29.4.1"),
    ("links-0-approval_document_number", "承認1"),
    ("add-links:0", "→ press"),
    ("links-1-contractor", "→ pick さいろろ"),
    ("links-1-approval_result", "→ 1"),
    ("links-1-approval_decided_on", "H29.4.1"),
    ("links-1-approval_document_number", "承認2"),
    ("add-links:1", "→ press"),
    ("links-2-contractor", "→ pick さいはは"),
    ("links-2-approval_result", "→ 1"),
    ("links-2-approval_decided_on", "H29.4.1"),
    ("links-2-approval_document_number", "承認3"),
)
VISITS = (
    ("add-visits", "→ press"),
    ("visits-0-day", "H29.10.2"),
    ("visits-0-place", "本社"),
    ("visits-0-targets", "→ tick"),
    ("add-visits", "→ press"),
    ("visits-1-day", "H29.11.6"),
    ("visits-1-place", "検査室"),
    ("visits-1-targets", "→ tick 1"),
)
REGISTER = (("register", "→ press"),)
FROM_NOTHING = (*CONTRACT, *LINKS, *VISITS, *REGISTER)
COMPANIES = {  # reading → name
    "みほんけんしんせんたー": "株式会社見本健診センター",
    "さいいいけんさ": "株式会社いい検査",
    "さいろろうんそう": "株式会社ろろ運送",
    "さいははにゅうりょく": "株式会社はは入力",
}
# The copy of last year's: what the officer still has to type.
FROM_LAST_YEAR = (
    ("concluded_on", "H30.4.1"),
    ("checked_on", "H30.3.20"),
    ("add-confirmations", "→ press"),
    ("confirmations-0-matters", "→ tick all"),
    ("confirmations-0-confirmed_on", "H30.4.1"),
    ("decided_on", "H30.4.1"),
    ("needed", "→ 2"),
    *(
        step
        for row in range(3)
        for step in (
            (f"links-{row}-approval_result", "→ 1"),
            (f"links-{row}-approval_decided_on", "H30.4.1"),
            (f"links-{row}-approval_document_number", f"承認{row + 1}"),
        )
    ),
    *((name, text.replace("H29", "H30")) for name, text in VISITS),
    *REGISTER,
)

ACTIVE = """() => {
  const field = document.activeElement;
  if (field.name === "act") return field.value;
  return field.name || (field.tagName === "BUTTON" ? field.textContent.trim() : field.tagName);
}"""


class Typist:
    """Presses keys on a page and counts them."""

    MOST_TABS = 200

    def __init__(self, page):
        self.page = page
        self.keys = 0
        self.loads = 0
        page.on("framenavigated", self._loaded)

    def _loaded(self, frame) -> None:
        if frame == self.page.main_frame:
            self.loads += 1

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
            self.keys += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    def go_to(self, name: str) -> None:
        """On with Tab until the cursor is there."""
        for _ in range(self.MOST_TABS):
            if self.page.evaluate(ACTIVE) == name:
                return
            self.press("Tab")
        raise AssertionError(f"Tab never reaches {name}")

    def do(self, steps) -> None:
        for name, what in steps:
            self.go_to(name)
            doing, _, rest = what.removeprefix("→ ").partition(" ")
            if not what.startswith("→"):
                self.page.keyboard.press("Control+A")  # what a copy has there is typed over
                self.type(what)
            elif doing == "pick":
                self._pick(rest)
            elif doing == "tick":
                self._tick(rest)
            elif doing == "press":
                self.press("Enter")
            else:
                self.press("ArrowDown", int(doing))

    def _pick(self, text: str) -> None:
        self.type(text)
        self.page.locator("[role=option]:visible").first.wait_for()
        self.press("ArrowDown")
        self.press("Enter")

    def _tick(self, which: str) -> None:
        """The box at the cursor, the one so many further on, or all of the group."""
        name = self.page.evaluate(ACTIVE)
        boxes = self.page.locator(f'[name="{name}"]').count() if which == "all" else 1
        self.press("Tab", int(which) if which.isdigit() else 0)
        for number in range(boxes):
            self.press("Space")
            if number < boxes - 1:
                self.press("Tab")


class Sheet(NamedTuple):
    """The same job in a workbook: cells that are filled in, and the keys that takes."""

    cells: int
    keys: int


def in_a_spreadsheet(companies: dict[str, str] = COMPANIES) -> Sheet:
    """A sheet of contracts, one of links, one of inspections: a cell each for what is entered
    above, typed in full with a Tab after it. No list of companies to pick from: name and number
    are typed again. Choices are typed as short words. Nothing is checked, nobody is told of a
    breach."""
    words = {"work": "健康診断", "sensitivity": "特に高い", "clause": "事前承認", "needed": "不要"}
    names = iter(companies.values())
    cells: list[str] = []
    for name, what in FROM_NOTHING:
        column = name.rpartition("-")[2]
        if not what.startswith("→"):
            cells.append(what)
        elif "pick" in what:
            cells += [next(names), "1234567890123"]
        elif column == "matters":
            cells += ["○"] * 4
        elif column == "approval_result":
            cells.append("承認")
        elif "tick" in what:
            cells.append("○")
        elif column in words:
            cells.append(words[column])
        elif name.startswith("add-links"):
            cells += ["12", "1"]  # which contract, below which link
        elif name == "add-visits":
            cells += ["12", "実地", "○○○", "適切"]  # contract, method, scopes, result
    return Sheet(len(cells), sum(len(cell) + 1 for cell in cells))


def from_last_years_rows() -> Sheet:
    """The same from rows copied in the workbook: cells that are typed over. What the copy brings
    unasked, such as last year's marks of confirmation, costs no key and is not looked at."""
    term = ("平成30年度職員の健康診断", "30健第12号", "H30.4.1", "H31.3.31")
    typed = [what for _, what in FROM_LAST_YEAR if not what.startswith("→")]
    cells = [*term, *typed]
    copying = 6  # three sheets, each marked, copied and pasted with the arrows held: at the least
    return Sheet(len(cells), copying + sum(len(cell) + 1 for cell in cells))
