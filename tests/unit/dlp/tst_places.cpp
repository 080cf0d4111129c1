// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <string>
#include <vector>

#include "dlp/evidence.h"
#include "dlp/names/names.h"

using namespace gatehouse::dlp;

namespace {

QString found(const QString& text, NameKind kind) {
    const std::string bytes = text.toStdString();
    std::vector<NameHit> hits;
    findNames(bytes, hits);
    QStringList names;
    for (const NameHit& hit : hits) {
        if (hit.kind == kind && hit.score >= kMediumScore) {
            names << QString::fromStdString(bytes.substr(hit.span.begin, hit.span.end - hit.span.begin));
        }
    }
    return names.join('|');
}

void row(const char* text, const char* expected) {
    QTest::addRow("%.60s", text) << QString::fromUtf8(text) << QString::fromUtf8(expected);
}

void columns() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
}

} // namespace

class TestPlaces final : public QObject {
    Q_OBJECT

private slots:
    void addressesAreFoundWhole_data() {
        columns();
        row("I live at 123 Main Street, Apt 4B, Springfield, IL 62704.",
            "123 Main Street, Apt 4B, Springfield, IL 62704");
        row("221B Baker Street, London NW1 6XE", "221B Baker Street, London NW1 6XE");
        row("Hauptstraße 5a, 10115 Berlin", "Hauptstraße 5a, 10115 Berlin");
        row("wohnt in der Berliner Straße 12, 50667 Köln", "Berliner Straße 12, 50667 Köln");
        row("Musterweg 3\n12345 Musterstadt", "Musterweg 3\n12345 Musterstadt");
        row("12 bis, rue de la Paix, 75002 Paris", "12 bis, rue de la Paix, 75002 Paris");
        row("5 avenue Victor Hugo, 69002 Lyon", "5 avenue Victor Hugo, 69002 Lyon");
        row("Via Roma, 12 - 00184 Roma (RM)", "Via Roma, 12 - 00184 Roma");
        row("Calle Mayor, 5, 28013 Madrid", "Calle Mayor, 5, 28013 Madrid");
        row("Calle de Alcalá 42, 3º B, 28014 Madrid", "Calle de Alcalá 42, 3º B, 28014 Madrid");
        row("Keizersgracht 123, 1015 CJ Amsterdam", "Keizersgracht 123, 1015 CJ Amsterdam");
        row("ul. Długa 5, 00-238 Warszawa", "ul. Długa 5, 00-238 Warszawa");
        row("350 5th Ave, New York, NY 10118", "350 5th Ave, New York, NY 10118");
        row("Storgatan 12, 111 23 Stockholm", "Storgatan 12, 111 23 Stockholm");
        row("Rua da Boavista 45, 4050-104 Porto", "Rua da Boavista 45, 4050-104 Porto");
        row("45 King Street West, Toronto, ON M5H 1J8", "45 King Street West, Toronto, ON M5H 1J8");
        row("1600 Pennsylvania Avenue NW, Washington, DC 20500", "1600 Pennsylvania Avenue NW, Washington, DC 20500");
        row("Meet me at 10 Downing Street.", "10 Downing Street");
    }
    void addressesAreFoundWhole() {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(found(text, NameKind::address), expected);
    }

    void numbersInProseAreNoAddresses_data() {
        QTest::addColumn<QString>("text");
        for (const char* text :
             {"5 Star Hotel, 3 Way Merge, 2 Hour Drive, 10 Minute Walk", "Page 12 Section 3, Windows 10 Pro",
              "on 24 March 2023 and 5 April 2024", "Version 3 Release Notes; Figure 12 Results",
              "chapter 5, verse 3; via email 5 times; al 5; Ring 0; Platz 1, Weg 2",
              "10.0.0.1 - - [10/Oct/2000] \"GET /rue 200 12\"", "a 3 place decimal, 4 square metres"}) {
            QTest::addRow("%.60s", text) << QString::fromUtf8(text);
        }
    }
    void numbersInProseAreNoAddresses() {
        QFETCH(QString, text);
        QCOMPARE(found(text, NameKind::address), QString());
    }

    void organisationsAreFoundByTheirForm_data() {
        columns();
        row("Invoice from Acme Widgets GmbH and Foo Bar Ltd. today", "Acme Widgets GmbH|Foo Bar Ltd.");
        row("Umbrella, Inc. and Contoso Corporation", "Umbrella, Inc.|Contoso Corporation");
        row("Siemens AG, Telefónica S.A., Philips N.V.", "Siemens AG|Telefónica S.A.|Philips N.V.");
        row("Kowalski Sp. z o.o.", "Kowalski Sp. z o.o.");
        row("She works at Globex and he works for Initech Solutions.", "Globex|Initech Solutions");
        row("the AS path, AG, CO emissions, a Limited edition", "");
        row("Las Vegas, NV is hot", "");
    }
    void organisationsAreFoundByTheirForm() {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(found(text, NameKind::organisation), expected);
    }
};

QTEST_APPLESS_MAIN(TestPlaces)
#include "tst_places.moc"
