# SPDX-License-Identifier: Apache-2.0
"""What stands around a value: sentences, forms, JSON, tables, logs."""

# {v}: the value, {n}: what people call it, {k}: the field's name.
LABELLED = [
    "My {n} is {v}, could you check whether the form is complete?",
    "{n}: {v}\nPlease confirm until Friday.",
    '{{"customer": {{"{k}": "{v}", "active": true}}}}',
    "id,{k},city\n17,{v},Springfield\n",
    "| {n} | status |\n|---|---|\n| {v} | open |\n",
    "2026-03-02 10:12:44 INFO import row=3 {k}={v} state=ok",
]

# The same in other writings; kept apart, because they were written after the rules.
WRITTEN = [
    "name,{k},city\nx,{v},y\n", "id\t{k}\tnote\n1\t{v}\tok\n2\t\t-\n", '{{"type":"{k}","value":"{v}"}}', "<{k}>{v}</{k}>",
    '<field name="{k}">{v}</field>', "{k}: {v}\nstatus: open\n", '"{n}";"Remark"\n"{v}";"-"\n', "{n}\n{v}", "can you check {n} {v} for me?",
    "{v} ({n})", "The {n} is {v}, sent by mail.", "?{k}={v}&x=1", "--{k} {v}", "{n} \u2013 {v}", "{n}\u00a0: {v}", "{n} #{v}", "# {n}\n\n{v}\n",
    'const {k} = "{v}";', "INFO user {k}={v} logged", "{n} (old): {v}", "Q: {n}?\nA: {v}", "the {n} reads \u201c{v}\u201d",
]
LOCAL = {
    "de": ["Bitte notieren Sie die {n} {v} für die Akte.", "Meine {n}: {v}. Können Sie das prüfen?"],
    "fr": ["Veuillez noter le {n} {v} au dossier.", "Mon {n} est le {v}, merci de vérifier."],
    "es": ["Mi {n} es {v}, por favor confírmelo.", "El {n} del cliente ({v}) no coincide."],
    "it": ["Il mio {n} è {v}, può verificare?", "{n} del paziente: {v}"], "pt": ["O meu {n} é {v}, pode confirmar?", "{n} nº {v}"],
    "nl": ["Mijn {n} is {v}, kunt u dit controleren?"], "pl": ["Mój {n} to {v}, proszę o sprawdzenie."], "se": ["Mitt {n} är {v}."],
    "cz": ["Moje {n} je {v}."], "tr": ["{n} {v} olarak kayıtlıdır."], "fi": ["{n} on {v}."],
}
SPEAKS = {"at": "de", "ch": "de", "be": "nl", "mx": "es", "ar": "es", "cl": "es", "co": "es", "pe": "es", "br": "pt"}


def local(country: str) -> list[str]:
    return LOCAL.get(SPEAKS.get(country, country), [])


# Values with a rare shape are found without a name, too.
BARE = ["{v}", "Please look at {v} again.", "We got {v} from them, thanks!"]

# Ordinary numbers and words that must be left alone.
CLEAN = [
    "Order 20418833 was shipped on 12 March 2026, tracking 1Z999AA10123456784.",
    "The build 1.24.3-rc2 failed after 45 minutes with exit code 137.",
    "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 touched 14 files",
    "ISBN 978-3-16-148410-0, page 123, 2nd edition, 1999.",
    "epoch 1772412345 and 1772412345678, uptime 86400 s",
    "uuid 123e4567-e89b-12d3-a456-426614174000 in region eu-west-1",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "The total of 1,234,567.89 EUR includes 19 % VAT on 1,037,452.01 EUR.",
    "const colours = ['#ff8800', '#00ccff']; const size = 1048576;",
    "See section 4.1.2 of RFC 9110 and chapter 12, pages 345-367.",
    "The meeting is on Tuesday at 14:30 in room 4.11; bring 25 copies.",
    "Temperature fell from 23.5 to -4.25 between 2001-01-01 and 2001-02-01.",
    "Quarterly Report: Revenue Growth in Emerging Markets, New York and Paris",
    "The Quick Start Guide explains How To Install Visual Studio Code on Windows Server.",
    "Will May be in Paris in March? Mark my words: Rose bushes need water.",
    "password reset is available in the settings; choose a strong password",
    "export API_KEY=${API_KEY} && curl -H \"Authorization: Bearer $TOKEN\" https://example.com",
    "api_key: <your-api-key-here>, secret: xxxxxxxxxxxxxxxxxxxxxxxx, token: REDACTED",
    "\"integrity\": \"sha512-oRSIB7SXQaFxmWqBzCyJ0G7+UvYYNyo0DKB/8yZgRTNGdPBqV/ePUc0vGYBOyGVfXvlrHqsVbvXwFTGq4xA0Tg==\"",
    "for (int i = 0; i < 4096; ++i) { sum += values[i] * 0x7fffffff; }",
]
