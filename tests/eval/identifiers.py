# SPDX-License-Identifier: Apache-2.0
"""Identifiers with a check: values are drawn at random until python-stdnum, which knows nothing of us, says that they
are valid; near misses until it says that they are not. One row: class, region, name, stdnum module, shape, what people
call it, what fields are called."""
import importlib
import random

# '#': digit, '@': capital letter, 'd': a date of birth as yymmdd, 'e': ddmmyy, 'y': yyyymmdd; the rest as it stands.
# Schemes whose newer numbers carry no check: what fails it may be one of them.
UNCHECKED = {"kr.rrn", "dk.cpr", "lv.pk"}
ROWS = [
    ("pii", "us", "SSN", "us.ssn", "###-##-####", "social security number", "ssn"),
    ("pii", "us", "ITIN", "us.itin", "9##-7#-####", "ITIN", "itin"),
    ("financial", "us", "routing number", "us.rtn", "0########", "ABA routing number", "routing_number"),
    ("pii", "gb", "NHS number", "gb.nhs", "### ### ####", "NHS number", "nhs_number"),
    ("pii", "gb", "UTR", "gb.utr", "##########", "unique taxpayer reference", "utr"),
    ("pii", "de", "Steuer-ID", "de.idnr", "###########", "Steuer-Identifikationsnummer", "steuer_id"),
    ("pii", "fr", "NIR", "fr.nir", "1850675########", "numéro de sécurité sociale", "nir"),
    ("pii", "es", "DNI", "es.dni", "########@", "DNI", "dni"),
    ("pii", "es", "NIE", "es.nie", "X#######@", "NIE", "nie"),
    ("pii", "it", "codice fiscale", "it.codicefiscale", "@@@@@@##A##@###@", "codice fiscale", "codice_fiscale"),
    ("pii", "nl", "BSN", "nl.bsn", "#########", "burgerservicenummer", "bsn"),
    ("pii", "be", "rijksregisternummer", "be.nn", "d#####", "rijksregisternummer", "nationaal_nummer"),
    ("pii", "ch", "AHV", "ch.ssn", "756.####.####.##", "AHV-Nummer", "ahv"),
    ("pii", "at", "SVNR", "at.vnr", "####e", "Sozialversicherungsnummer", "svnr"),
    ("pii", "pl", "PESEL", "pl.pesel", "d#####", "PESEL", "pesel"),
    ("pii", "pl", "NIP", "pl.nip", "##########", "NIP", "nip"),
    ("pii", "cz", "rodné číslo", "cz.rc", "d/####", "rodné číslo", "rodne_cislo"),
    ("pii", "pt", "NIF", "pt.nif", "2########", "NIF", "nif"),
    ("pii", "se", "personnummer", "se.personnummer", "d-####", "personnummer", "personnummer"),
    ("pii", "no", "fødselsnummer", "no.fodselsnummer", "e#####", "fødselsnummer", "fodselsnummer"),
    ("pii", "dk", "CPR", "dk.cpr", "e-####", "CPR-nummer", "cpr"),
    ("pii", "fi", "henkilötunnus", "fi.hetu", "e-###@", "henkilötunnus", "hetu"),
    ("pii", "ee", "isikukood", "ee.ik", "3d####", "isikukood", "isikukood"),
    ("pii", "lt", "asmens kodas", "lt.asmens", "3d####", "asmens kodas", "asmens_kodas"),
    ("pii", "ro", "CNP", "ro.cnp", "1d######", "CNP", "cnp"),
    ("pii", "bg", "EGN", "bg.egn", "d####", "ЕГН", "egn"),
    ("pii", "hr", "OIB", "hr.oib", "###########", "OIB", "oib"),
    ("pii", "si", "EMŠO", "si.emso", "0101985######", "EMŠO", "emso"),
    ("pii", "gr", "AMKA", "gr.amka", "e#####", "ΑΜΚΑ", "amka"),
    ("pii", "ie", "PPS", "ie.pps", "#######@", "PPS number", "ppsn"),
    ("pii", "tr", "T.C. kimlik", "tr.tckimlik", "1##########", "T.C. kimlik no", "tc_kimlik"),
    ("pii", "il", "Teudat Zehut", "il.idnr", "#########", "Teudat Zehut", "teudat_zehut"),
    ("pii", "za", "ID number", "za.idnr", "d####08#", "South African ID number", "id_number"),
    ("pii", "in", "Aadhaar", "in_.aadhaar", "2### #### ####", "Aadhaar", "aadhaar"),
    ("pii", "in", "PAN", "in_.pan", "@@@P@####@", "PAN card number", "pan_number"),
    ("pii", "cn", "resident id", "cn.ric", "110101y####", "身份证号", "id_card"),
    ("pii", "kr", "RRN", "kr.rrn", "d-1######", "주민등록번호", "rrn"),
    ("pii", "my", "MyKad", "my.nric", "d-14-####", "MyKad", "nric"),
    ("pii", "au", "TFN", "au.tfn", "### ### ###", "tax file number", "tfn"),
    ("pii", "au", "ABN", "au.abn", "## ### ### ###", "ABN", "abn"),
    ("pii", "nz", "IRD", "nz.ird", "##-###-###", "IRD number", "ird"),
    ("pii", "ca", "SIN", "ca.sin", "###-###-###", "social insurance number", "sin"),
    ("pii", "br", "CPF", "br.cpf", "###.###.###-##", "CPF", "cpf"),
    ("pii", "br", "CNPJ", "br.cnpj", "##.###.###/0001-##", "CNPJ", "cnpj"),
    ("pii", "cl", "RUT", "cl.rut", "##.###.###-#", "RUT", "rut"),
    ("pii", "ar", "CUIT", "ar.cuit", "20-########-#", "CUIT", "cuit"),
    ("pii", "mx", "CURP", "mx.curp", "@A@@dHDF@@@0#", "CURP", "curp"),
    ("pii", "ru", "INN", "ru.inn", "############", "ИНН", "inn"),
    ("pii", "de", "USt-IdNr", "de.vat", "DE#########", "USt-IdNr.", "vat_id"),
    ("pci", "any", "card", "luhn", "4### #### #### ####", "card", "card_number"),
    ("pci", "any", "card", "luhn", "53##############", "credit card", "pan"),
    ("financial", "any", "ISIN", "isin", "US##########", "ISIN", "isin"),
    ("financial", "any", "LEI", "lei", "5493########@@@@@###", "LEI", "lei"),
    ("pii", "any", "IMEI", "imei", "35#############", "IMEI", "imei"),
    ("pci", "any", "IBAN", "iban", "DE####################", "IBAN", "iban"),
]


def _draw(shape: str, source: random.Random) -> str:
    year, month, day = source.randint(1950, 1999), source.randint(1, 12), source.randint(1, 28)
    out = []
    for c in shape:
        if c == "#":
            out.append(str(source.randint(0, 9)))
        elif c == "@":
            out.append(source.choice("ABCDEFGHJKLMNPRSTUVWXYZ"))
        elif c == "d":
            out.append(f"{year % 100:02d}{month:02d}{day:02d}")
        elif c == "e":
            out.append(f"{day:02d}{month:02d}{year % 100:02d}")
        elif c == "y":
            out.append(f"{year}{month:02d}{day:02d}")
        else:
            out.append(c)
    return "".join(out)


def _is_valid_anywhere(value: str) -> bool:
    """Valid in any scheme that we know: a number that one country refuses and another one issues is no near miss."""
    for name in sorted({row[3] for row in ROWS} | {"lv.pvn", "hu.anum", "ec.ruc", "ec.ci", "do.cedula", "lt.pvm", "us.tin", "se.orgnr"}):
        try:
            if importlib.import_module("stdnum." + name).is_valid(value):
                return True
        except ImportError:
            continue
    return False


def values(row, source: random.Random, wanted: bool, count: int) -> list[str]:
    """`count` values that are valid (wanted) or have the shape but are not; fewer when they are too rare to draw."""
    module = importlib.import_module("stdnum." + row[3])
    found = []
    for _ in range(60_000):
        value = _draw(row[4], source)
        if module.is_valid(value.replace(" ", "") if row[3] == "luhn" else value) == wanted and (wanted or not _is_valid_anywhere(value)):
            found.append(value)
            if len(found) == count:
                break
    return found
