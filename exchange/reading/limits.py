"""How much of a sheet is read, and with what. Beyond any of these a file is refused, in words.

An upload is hostile until it is read: a few kilobytes can ask for gigabytes and hours. So it is
read in a child process that the operating system stops, and that looks at sizes before contents.
"""

from __future__ import annotations

# The child process.
MEMORY_BYTES = 600 * 1024 * 1024  # of addresses, all in all: what it maps, not what it touches
SECONDS = 25  # by the clock and of the processor
AT_ONCE = 2  # children of one server process; who comes later waits, as long as a child may take
BATCH_ROWS, BATCH_CHARACTERS = 200, 500_000  # that it tells in one line, and at least one row
MOST_LINE = 64 * 1024 * 1024  # bytes of such a line
MOST_OUTPUT = 400 * 1024 * 1024  # bytes that the parent takes from it

# The file as it comes.
FILE_BYTES = 50 * 1024 * 1024
ENTRIES = 20_000  # of the zip; what a workbook of 40 sheets holds is a few hundred
DIRECTORY_BYTES = 8 * 1024 * 1024  # of the zip's list of entries
UNPACKED_BYTES = 300 * 1024 * 1024  # of the parts that are read, together
RATIO = 200  # unpacked to packed, of an entry that unpacks to more than RATIO_FROM; sheets reach 50
RATIO_FROM = 10 * 1024 * 1024

# What stands in it.
SHEETS = 40
SHEET_NAME = 100  # characters; Excel itself takes 31
ROW = 200_000  # the last row, and
COLUMN = 100  # the last column (CV), that may hold a value
CELLS = 2_500_000  # with a value, of all sheets together; all ledgers of 2017 have 1,780,000
BLANKS = 4_000_000  # formatted cells without a value: they cost time as well
ROWS_SEEN = 2_100_000  # two sheets formatted down to the last row
MERGES = 20_000
STYLES = 65_000  # what Excel takes
TEXT = 32_767  # characters of one cell, as in Excel
TEXTS = 30_000_000  # characters of all cells together

# What Excel knows as the end of a sheet.
LAST_ROW = 1_048_576
LAST_COLUMN = 16_384  # XFD

PLACES = 10  # cells that a caution names before it says how many more
