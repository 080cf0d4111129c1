# SPDX-License-Identifier: Apache-2.0
"""Names, addresses, dates of birth, e-mail addresses and phone numbers, by Faker's locales and by layout."""
import random

from faker import Faker

LOCALES = ["en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "sv_SE", "pl_PL", "pt_BR", "cs_CZ",
           "fi_FI", "no_NO", "hr_HR", "tr_TR"]
NAME_TEXTS = [
    "Dear {v},\nthank you for your message.", "I spoke with {v} yesterday about the contract.", "Patient: {v}, admitted on Monday.",
    '{{"full_name": "{v}", "plan": "basic"}}', "Best regards,\n{v}", "{v} said that the delivery was late.",
    "Please ask {v} to sign it.", "name,plan\n{v},basic\n",
]
PLACES = ["Springfield, IL 62704", "Portland, OR 97205", "Austin, TX 78701", "Denver, CO 80202"]
STREETS = ["Main Street", "Oak Avenue", "Elm Drive", "Cedar Lane", "Lincoln Road", "Washington Blvd"]


def names(source: random.Random, count: int) -> list[str]:
    found = []
    for index in range(count):
        maker = Faker(LOCALES[index % len(LOCALES)])
        maker.seed_instance(source.randint(0, 10**9))
        found.append(f"{maker.first_name()} {maker.last_name()}")
    return found


def addresses(source: random.Random, count: int) -> list[str]:
    german = ["Hauptstraße", "Lindenweg", "Bahnhofstr.", "Goethestraße", "Marktplatz"]
    towns = ["10115 Berlin", "80331 München", "50667 Köln", "20095 Hamburg"]
    french = ["rue de la Paix", "avenue Victor Hugo", "boulevard Voltaire", "rue du Bac"]
    cities = ["75002 Paris", "69001 Lyon", "13001 Marseille"]
    british = ["10 Downing Street, London SW1A 2AA", "221B Baker Street, London NW1 6XE", "15 High Street, Oxford OX1 4DB"]
    makers = [
        lambda: f"{source.randint(1, 9999)} {source.choice(STREETS)}, {source.choice(PLACES)}",
        lambda: f"{source.choice(german)} {source.randint(1, 199)}, {source.choice(towns)}",
        lambda: f"{source.randint(1, 199)} {source.choice(french)}, {source.choice(cities)}",
        lambda: source.choice(british),
    ]
    return [makers[index % len(makers)]() for index in range(count)]


def mails(source: random.Random, count: int) -> list[str]:
    hosts = ["example.org", "mail.example.co.uk", "firma-mueller.de", "uni.edu", "web.example.fr"]
    return [f"{source.choice(['jane', 'j.doe', 'max_m', 'a.b-c', 'info+x'])}{source.randint(1, 99)}@{source.choice(hosts)}"
            for _ in range(count)]


def phones(source: random.Random, count: int) -> list[str]:
    digits = lambda n: "".join(str(source.randint(0, 9)) for _ in range(n))
    makers = [
        lambda: f"+49 30 {digits(6)}", lambda: f"+1 (212) 555-{digits(4)}", lambda: f"(415) 555-{digits(4)}",
        lambda: f"+44 20 7946 {digits(4)}", lambda: f"+33 1 {digits(2)} {digits(2)} {digits(2)} {digits(2)}",
        lambda: f"+39 06 {digits(8)}", lambda: f"+34 91{digits(1)} {digits(3)} {digits(3)}", lambda: f"212-555-{digits(4)}",
    ]
    return [makers[index % len(makers)]() for index in range(count)]


def births(source: random.Random, count: int) -> list[str]:
    out = []
    for index in range(count):
        year, month, day = source.randint(1940, 2005), source.randint(1, 12), source.randint(1, 28)
        out.append([f"{day:02d}.{month:02d}.{year}", f"{month:02d}/{day:02d}/{year}", f"{year}-{month:02d}-{day:02d}",
                    f"{day} March {year}"][index % 4])
    return out
