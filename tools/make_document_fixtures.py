#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/fixtures/documents: small documents as common libraries write them (python3-docx, python3-openpyxl,
python3-reportlab, python3-odf of Debian; none of them is needed to run the tests). What stands where is told in
tests/unit/documents. The bytes differ from run to run, so the files are kept, not made by the build."""
import pathlib
import sys

import docx
import odf.opendocument
import odf.style
import odf.table
import odf.text
import openpyxl
import openpyxl.comments
import reportlab.lib.pdfencrypt
import reportlab.pdfgen.canvas

CARD = "4111 1111 1111 1111"
EMAIL = "ann.marsh@corp.example"


def word(path):
    document = docx.Document()
    document.core_properties.author = "Ann Marsh"
    document.core_properties.comments = "property note"
    document.sections[0].header.paragraphs[0].text = "running head"
    document.sections[0].footer.paragraphs[0].text = "running foot"
    paragraph = document.add_paragraph("The card ")
    for piece in ("4111 ", "1111 11", "11 1111"):  # as an editor leaves it: one number in several runs
        paragraph.add_run(piece).bold = piece.startswith("1")
    paragraph.add_run(" is mine.")
    hidden = document.add_paragraph().add_run("hidden text")
    hidden.font.hidden = True
    table = document.add_table(rows=2, cols=2)
    for row, texts in zip(table.rows, (("name", "mail"), ("Ann", EMAIL))):
        for cell, text in zip(row.cells, texts):
            cell.text = text
    document.save(path)


def workbook(path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Q1"
    sheet.append(["name", "card", "mail"])
    sheet.append(["Ann", 4111111111111111, EMAIL])
    sheet["A3"] = '=CONCATENATE("formula", " text")'
    sheet["C3"].comment = openpyxl.comments.Comment("cell comment", "Bob")
    secret = book.create_sheet("Old")
    secret.sheet_state = "hidden"
    secret["B2"] = "hidden cell"
    book.save(path)


def pdf(path, password=None):
    encryption = reportlab.lib.pdfencrypt.StandardEncryption(password) if password else None
    canvas = reportlab.pdfgen.canvas.Canvas(str(path), encrypt=encryption)
    canvas.setAuthor("Ann Marsh")
    canvas.setTitle("a title")
    canvas.bookmarkPage("one")
    canvas.addOutlineEntry("outline entry", "one")
    canvas.drawString(72, 720, "first page, the card " + CARD)
    canvas.showPage()
    canvas.drawString(72, 720, "second page, write to " + EMAIL)
    canvas.showPage()
    canvas.save()


def remarks(path):
    canvas = reportlab.pdfgen.canvas.Canvas(str(path))
    canvas.drawString(72, 720, "one page")
    canvas.textAnnotation("a remark with " + CARD, Rect=[100, 100, 200, 200])
    canvas.acroForm.textfield(name="field", value="value of a field", x=100, y=500, width=200, height=30)
    canvas.linkURL("mailto:" + EMAIL, (10, 10, 50, 50))
    canvas.save()


def open_document(path):
    document = odf.opendocument.OpenDocumentText()
    document.text.addElement(odf.text.P(text="The card " + CARD + " is mine."))
    document.save(str(path))
    sheets = odf.opendocument.OpenDocumentSpreadsheet()
    table = odf.table.Table(name="Q1")
    row = odf.table.TableRow()
    for text in ("mail", EMAIL):
        cell = odf.table.TableCell()
        cell.addElement(odf.text.P(text=text))
        row.addElement(cell)
    table.addElement(row)
    sheets.spreadsheet.addElement(table)
    sheets.save(str(path.with_suffix(".ods")))


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "tests/fixtures/documents")
    folder.mkdir(parents=True, exist_ok=True)
    word(folder / "word.docx")
    workbook(folder / "book.xlsx")
    pdf(folder / "pages.pdf")
    pdf(folder / "locked.pdf", "secret")
    remarks(folder / "remarks.pdf")
    open_document(folder / "text.odt")


if __name__ == "__main__":
    main()
