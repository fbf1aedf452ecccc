"""Texts that a program could take for formulas."""

PAYLOADS = (
    "=1+1",
    '=HYPERLINK("http://example.invalid/","開く")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    '=IMPORTXML("http://example.invalid/","//a")',
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "\t=1+1",
    "\n=1+1",
    " =1+1",
    "\u3000=1+1",
    "=",
    "-",
    '=DDE("cmd","/C calc","!A0")',
    "=A1:A9",
    "+81-3-1234-5678",
)
