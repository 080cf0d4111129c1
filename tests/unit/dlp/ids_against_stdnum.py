#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the checks of identifiers with those of python-stdnum, an independent implementation (Debian: python3-stdnum).

Random values of each shape, valid ones among them, and valid ones with one character changed must be judged alike. Exits
with 77 (skipped) where stdnum is not installed."""

import importlib
import random
import subprocess
import sys

# check → (module of stdnum, shapes, how it is compared). In a shape # is a digit, @ a letter, * either, D a day as
# DDMMYY, Y one as YYMMDD, C one as YYYYMMDD; [abc] one of these; the rest stands as it is. "=": alike. "<": what passes
# here passes there (rules that are stricter here on purpose). "d=" … with a prefix that the other side does not want.
SCHEMES = {
    "uk-nhs": ("gb.nhs", ["##########"], "="), "uk-utr": ("gb.utr", ["##########"], "="),
    "uk-upn": ("gb.upn", ["@############"], ">"), "uk-vat": ("gb.vat", ["#########"], "="),
    "ie-pps": ("ie.pps", ["#######@", "#######@[ABHW]"], "="), "ie-vat": ("ie.vat", ["IE#######@", "IE#@#####@"], "="),
    "de-tax-id": ("de.idnr", ["[1-9]##########"], "<"), "de-vat": ("de.vat", ["DE#########"], "="),
    "fr-nir": ("fr.nir", ["[12]##[01]###########"], "<"), "fr-tax": ("fr.nif", ["[0123]############"], "<"),
    "fr-siren": ("fr.siren", ["#########"], "="), "fr-siret": ("fr.siret", ["##############"], "="),
    "fr-vat": ("fr.tva", ["FR###########", "FR@##########"], "="),
    "at-insurance": ("at.vnr", ["####D"], "="), "at-tax": ("at.tin", ["#########"], ">"),
    "at-vat": ("at.uid", ["ATU########"], "="), "ch-insurance": ("ch.ssn", ["756##########"], "="),
    "ch-company": ("ch.uid", ["CHE#########"], "="), "ch-reference": ("ch.esr", ["###########################"], "="),
    "nl-citizen": ("nl.bsn", ["#########"], "="), "nl-pupil": ("nl.onderwijsnummer", ["10#######"], "="),
    "nl-vat": ("nl.btw", ["NL#########B0#"], "="), "be-national": ("be.nn", ["Y#####"], "<"),
    "be-enterprise": ("be.vat", ["0#########"], "<"), "lu-vat": ("lu.tva", ["LU########"], "="),
    "es-dni": ("es.dni", ["########@"], "="), "es-nie": ("es.nie", ["[XYZ]#######@"], "="),
    "es-cif": ("es.nif", ["[ABCDEFGHJNPQRSUVW]########", "[ABCDEFGHJNPQRSUVW]#######[ABCDEFGHIJ]"], "<"),
    "es-vat": ("es.nif", ["ES########@", "ES[XYZ]#######@"], "="), "es-account": ("es.ccc", ["####################"], "="),
    "es-supply": ("es.cups", ["ES################@@"], "="),
    "it-person": ("it.codicefiscale", ["@@@@@@##[ABCDEHLMPRST]##@###@"], "<"), "it-vat": ("it.iva", ["#######0###"], "<"),
    "pt-tax": ("pt.nif", ["[1235689]########"], "="), "pt-card": ("pt.cc", ["#########@@#"], "="),
    "gr-tax": ("gr.vat", ["#########"], "="), "gr-social-security": ("gr.amka", ["D#####"], "="),
    "cy-tax": ("cy.vat", ["[01]#######@"], "<"), "mt-vat": ("mt.vat", ["[1-9]#######"], "="),
    "dk-person": ("dk.cpr", ["D####"], ">"), "dk-company": ("dk.cvr", ["########"], "="), "se-person": ("se.personnummer", ["Y####"], "="),
    "se-company": ("se.orgnr", ["##[2-9]#######"], "<"), "se-vat": ("se.vat", ["SE##########01"], ">"),
    "no-person": ("no.fodselsnummer", ["D#####"], "<"), "no-company": ("no.orgnr", ["[89]########"], "="),
    "no-account": ("no.kontonr", ["###########"], "="), "fi-company": ("fi.ytunnus", ["########"], "="),
    "is-person": ("is_.kennitala", ["D###[09]"], "="), "ee-person": ("ee.ik", ["[1-6]Y####"], "="),
    "ee-company": ("ee.registrikood", ["[1789]#######"], "="), "ee-vat": ("ee.kmkr", ["EE#########"], "="),
    "lv-company": ("lv.pvn", ["[4-9]##########"], "="), "lv-person": ("lv.pvn", ["D[012]####"], ">"),
    "lt-person": ("lt.asmens", ["[3-6]Y####"], "="), "lt-vat": ("lt.pvm", ["LT#######1#", "LT##########1#"], "="),
    "pl-person": ("pl.pesel", ["Y#####"], "="), "pl-tax": ("pl.nip", ["[1-9]#########"], "="),
    "pl-statistical": ("pl.regon", ["#########", "##############"], "="), "cz-birth-number": ("cz.rc", ["Y####"], ">"),
    "cz-company": ("cz.dic", ["[0-8]#######"], "="), "cz-vat": ("cz.dic", ["CZ########", "CZ6########"], "="),
    "sk-vat": ("sk.dph", ["[1-9]#########"], "="), "hu-company": ("hu.anum", ["########"], "="),
    "ro-person": ("ro.cnp", ["[1256]Y######"], "<"), "ro-tax": ("ro.cui", ["[1-9]#######", "[1-9]#########"], "="),
    "bg-person": ("bg.egn", ["Y####"], "="), "bg-foreigner": ("bg.pnf", ["##########"], "="),
    "bg-vat": ("bg.vat", ["BG#########"], "="), "hr-person": ("hr.oib", ["###########"], "="),
    "yu-person": ("si.emso", ["####9########"], "="), "si-tax": ("si.ddv", ["[1-9]#######"], "="),
    "rs-tax": ("rs.pib", ["1########"], "="), "mk-tax": ("mk.edb", ["[456]############"], "="),
    "me-tax": ("me.pib", ["########"], "="), "md-number": ("md.idno", ["[120]############"], "="),
    "al-tax": ("al.nipt", ["[JKLM]########@"], ">"), "ru-tax": ("ru.inn", ["##########", "############"], "<"),
    "ua-company": ("ua.edrpou", ["########"], ">"), "ua-person": ("ua.rntrc", ["[0123]#########"], "="),
    "by-tax": ("by.unp", ["[1-9]########", "[ABCEHKM][ABCEHKMOPT]#######"], "="),
    "tr-person": ("tr.tckimlik", ["[1-9]##########"], "="), "tr-tax": ("tr.vkn", ["##########"], "="),
    "il-person": ("il.idnr", ["#########"], "="), "il-company": ("il.hp", ["5########"], "="),
    "za-person": ("za.idnr", ["Y####[01]8#"], "="), "za-tax": ("za.tin", ["[01239]#########"], "="),
    "ke-tax": ("ke.pin", ["[AP]#########@"], "="), "gh-tax": ("gh.tin", ["[PCGQV]00########"], "="),
    "ma-company": ("ma.ice", ["###############"], "="), "mu-person": ("mu.nid", ["@D######*"], "="),
    "tn-tax": ("tn.mf", ["#######[ABCD][APBDN][MPCNE]###"], "="),
    "in-aadhaar": ("in_.aadhaar", ["[2-9]###########"], "="), "in-pan": ("in_.pan", ["@@@[ABCFGHLJPTK]@####@"], "="),
    "in-gstin": ("in_.gstin", ["0[1-9]@@@[PCH]@####@1Z*"], "="), "in-voter": ("in_.epic", ["@@@#######"], "="),
    "cn-resident": ("cn.ric", ["110108C###*"], "="), "cn-company": ("cn.uscc", ["91110108*********#"], "="),
    "tw-company": ("tw.ubn", ["########"], ">"), "jp-company": ("jp.cn", ["[1-9]############"], "="),
    "kr-person": ("kr.rrn", ["Y[1-4]0#####"], ">"), "kr-business": ("kr.brn", ["[1-9]#########"], "<"),
    "sg-entity": ("sg.uen", ["########@", "19#######@", "[RST]##[LF]L####@"], ">"),
    "my-person": ("my.nric", ["Y##[1-9]###"], ">"), "th-person": ("th.pin", ["[1-8]############"], "="),
    "id-tax": ("id.npwp", ["###############"], "="), "vn-tax": ("vn.mst", ["0#########"], "="),
    "au-tax": ("au.tfn", ["#########", "########"], ">"), "au-business": ("au.abn", ["[1-9]##########"], "="),
    "au-company": ("au.acn", ["#########"], "="), "nz-tax": ("nz.ird", ["#########", "########"], ">"),
    "nz-account": ("nz.bankaccount", ["0[1236]##########000#"], ">"),
    "us-itin": ("us.itin", ["9########"], ">"), "us-atin": ("us.atin", ["9########"], "<"),
    "us-ein": ("us.ein", ["#########"], "="), "us-routing": ("us.rtn", ["#########"], "<"),
    "ca-insurance": ("ca.sin", ["[1-79]########"], "="), "ca-business": ("ca.bn", ["#########", "#########R[CMPT]0001"], "="),
    "mx-person": ("mx.curp", ["@@@@Y[HM]NL@@@##"], "="), "ar-tax": ("ar.cuit", ["[23][0347]#########"], "="),
    "ar-account": ("ar.cbu", ["######################"], "="), "cl-person": ("cl.rut", ["########[0-9K]"], "<"),
    "co-tax": ("co.nit", ["#########", "##########"], "="), "pe-tax": ("pe.ruc", ["[12]0#########"], "="),
    "pe-person": ("pe.cui", ["########[0-9]", "########[A-K]"], "="), "uy-tax": ("uy.rut", ["[01]#######001#"], "="),
    "ve-tax": ("ve.rif", ["[VEJPG]#########"], "="), "ec-person": ("ec.ci", ["[012]#[0-5]#######"], "="),
    "ec-tax": ("ec.ruc", ["[01][1-9][0-69]##########"], "="), "py-tax": ("py.ruc", ["########", "#######"], "="),
    "do-person": ("do.cedula", ["###########"], "="), "do-company": ("do.rnc", ["[145]########"], "="),
    "gt-tax": ("gt.nit", ["#######[0-9K]"], "="), "sv-tax": ("sv.nit", ["0###D####"], "<"),
    "cu-person": ("cu.ni", ["Y#####"], "="), "br-person": ("br.cpf", ["###########"], "="),
    "br-company": ("br.cnpj", ["########0001##"], "="),
    "isin": ("isin", ["US*********#", "DE##########"], "<"), "cusip": ("cusip", ["#########", "####*####"], "="),
    "sedol": ("gb.sedol", ["#######", "[BCD]######"], "="), "lei": ("lei", ["529900#########@**##"], "<"),
    "figi": ("figi", ["BBG[0-9BCD]########"], "="), "creditor-reference": ("iso11649", ["RF##########"], "="),
    "creditor": ("eu.at_02", ["DE##ZZZ0##########"], "="), "imei": ("imei", ["35#############"], "="),
    "meid": ("meid", ["A0000#########"], "="), "ship": ("imo", ["#######"], "="),
    "container": ("iso6346", ["CSQU#######", "@@@U#######"], "="),
}

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def a_day(rng, order):
    year, month, day = rng.randint(1950, 1999), rng.randint(1, 12), rng.randint(1, 28)
    return {"D": f"{day:02}{month:02}{year % 100:02}", "Y": f"{year % 100:02}{month:02}{day:02}",
            "C": f"{year}{month:02}{day:02}"}[order]


def members(text):
    out = ""
    position = 0
    while position < len(text):
        if text[position + 1:position + 2] == "-":
            out += "".join(chr(c) for c in range(ord(text[position]), ord(text[position + 2]) + 1))
            position += 3
        else:
            out += text[position]
            position += 1
    return out


def a_value(rng, shape, literals):
    out = ""
    position = 0
    dated = not any(c in literals for c in "DYC")
    while position < len(shape):
        c = shape[position]
        if c == "[":
            end = shape.index("]", position)
            out += rng.choice(members(shape[position + 1:end]))
            position = end
        elif c == "#":
            out += rng.choice(DIGITS)
        elif c == "@":
            out += rng.choice(LETTERS)
        elif c == "*":
            out += rng.choice(DIGITS + LETTERS)
        elif c in "DYC" and dated:
            out += a_day(rng, c)
        else:
            out += c
        position += 1
    return out


# Shapes in which D, Y and C are letters as they stand.
PLAIN = {"de-vat", "dk-company", "cy-tax", "cz-vat", "ca-business", "container", "creditor", "isin", "sedol", "figi",
         "ch-company", "gh-tax", "al-tax", "tn-tax", "in-pan", "in-gstin", "by-tax", "es-cif", "it-person", "ve-tax",
         "es-nie", "es-vat"}


def values_of(rng, name, shapes, is_valid):
    """Random values, valid ones, and valid ones with a character changed."""
    literals = "DYC" if name in PLAIN else ""
    values = set()
    for shape in shapes:
        valid = []
        for _ in range(6000):
            value = a_value(rng, shape, literals)
            if len(values) < 400:
                values.add(value)
            if is_valid(value):
                valid.append(value)
                if len(valid) >= 60:
                    break
        for value in valid:
            values.add(value)
            place = rng.randrange(len(value))
            pool = DIGITS if value[place].isdigit() else LETTERS
            values.add(value[:place] + rng.choice(pool) + value[place + 1:])
    return [value for value in values if len(set(c for c in value if c.isdigit())) > 1]


def main():
    try:
        importlib.import_module("stdnum")
    except ImportError:
        return 77
    probe = sys.argv[1]
    rng = random.Random(20260101)
    cases = []
    for name, (module, shapes, mode) in SCHEMES.items():
        is_valid = importlib.import_module("stdnum." + module).is_valid
        for value in values_of(rng, name, shapes, is_valid):
            cases.append((name, mode, value, bool(is_valid(value))))
    answers = subprocess.run([probe], input="".join(f"{n} {v}\n" for n, _, v, _ in cases), capture_output=True, text=True,
                             check=True).stdout.splitlines()
    wrong = {}
    counts = {}
    for (name, mode, value, expected), answer in zip(cases, answers, strict=True):
        count = counts.setdefault(name, [0, 0])
        count[0 if expected else 1] += 1
        ours = answer.startswith("1")
        agrees = ours == expected or (mode == "<" and expected) or (mode == ">" and ours)
        if answer.startswith("?") or not agrees:
            wrong.setdefault(name, []).append((value, expected))
    for name, (valid, _) in counts.items():
        if valid < 5:
            print(f"{name}: only {valid} valid values were compared")
    for name, values in wrong.items():
        print(f"{name}: {len(values)} of {sum(counts[name])} differ: {values[:4]}")
    print(f"{len(cases)} values of {len(counts)} schemes compared")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
