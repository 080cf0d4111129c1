# SPDX-License-Identifier: Apache-2.0
"""Parts of documents that tests write: between a line that names the test and one that says <!-- end -->."""
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def check_page(case, page, writer, text):
    """Fails when the part of `page` that `writer` owns is not `text`; GATEHOUSE_WRITE_PAGES=1 writes it instead."""
    path, mark = ROOT / page, f"<!-- written by {writer} -->\n"
    whole = path.read_text()
    case.assertIn(mark, whole)
    before, _, rest = whole.partition(mark)
    old, end, after = rest.partition("<!-- end -->\n")
    text = f"\n{text}\n"
    if os.environ.get("GATEHOUSE_WRITE_PAGES"):
        path.write_text(before + mark + text + end + after)
    else:
        case.assertEqual(old, text, f"{page} is not what the tests show; GATEHOUSE_WRITE_PAGES=1 writes it")
