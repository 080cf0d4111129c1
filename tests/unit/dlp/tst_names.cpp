// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <algorithm>
#include <string>
#include <vector>

#include "dlp/evidence.h"
#include "dlp/names/fold.h"
#include "dlp/names/gazetteer.h"
#include "dlp/names/names.h"

using namespace gatehouse::dlp;

namespace {

// The reportable hits of one kind, joined by '|'.
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

void row(const char* text, const char* names) {
    QTest::addRow("%.60s", text) << QString::fromUtf8(text) << QString::fromUtf8(names);
}

void columns() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("names");
}

} // namespace

class TestNames final : public QObject {
    Q_OBJECT

private slots:
    void wordsAreFolded_data() {
        columns();
        row("Müller", "muller");
        row("STRAßE", "strasse");
        row("Łukasz", "lukasz");
        row("Ærøskøbing", "aeroskobing");
        row("O’Neill", "o'neill");
        row("Ёлкин", "елкин");
        row("Αλέξης", "αλεξης");
        row("Zoe\xCC\x88", "zoe");
    }
    void wordsAreFolded() {
        QFETCH(QString, text);
        QFETCH(QString, names);
        const std::string bytes = text.toStdString();
        QCOMPARE(QString::fromUtf8(QByteArray(Folded(bytes).text().data(), int(Folded(bytes).text().size()))), names);
    }

    void gazetteersKnowTheirWords() {
        QCOMPARE(factsOf("anna").given, Known::common);
        QCOMPARE(factsOf("smith").surname, Known::common);
        QCOMPARE(factsOf("will").everyday, Everyday::basic);
        QVERIFY(factsOf("new_york").isPlace);
        QCOMPARE(factsOf("gmbh").mark, Mark::company);
        QCOMPARE(factsOf("invoices").everyday, Everyday::usual); // an inflection
        QVERIFY(!factsOf("qwxzzy").isName());
    }

    void peopleAreFound_data() {
        columns();
        row("Samuel L. Jackson was in the film with Robert Downey Jr. yesterday.",
            "Samuel L. Jackson|Robert Downey Jr");
        row("Please contact John Smith or Mary O'Neill about it.", "John Smith|Mary O'Neill");
        row("Hi Anna, can you look at this?", "Anna");
        row("Best regards,\nTom Baker", "Tom Baker");
        row("Kind regards,\nZorblax", "Zorblax");
        row("Dr. med. Hans-Peter Schmidt hat angerufen.", "Hans-Peter Schmidt");
        row("Sehr geehrte Frau Müller, vielen Dank", "Müller");
        row("Herr Yılmaz wohnt in Köln.", "Yılmaz");
        row("Mme Dupont habite à Lyon avec Jean-Pierre Lefèvre.", "Dupont|Jean-Pierre Lefèvre");
        row("Ludwig van Beethoven and Vincent van der Berg met.", "Ludwig van Beethoven|Vincent van der Berg");
        row("JOHN SMITH called us on Monday.", "JOHN SMITH");
        row("Will Smith and Mark Johnson left early.", "Will Smith|Mark Johnson");
        row("Michael Jordan arrived.", "Michael Jordan");
        row("my name is anna smith and I need help", "anna smith");
        row("My name is Anna Müller and I live in Berlin.", "Anna Müller");
        row("Jan Kowalski mieszka w Warszawie.", "Jan Kowalski");
        row("Иван Петров живёт в Москве.", "Иван Петров");
        row("J. R. R. Tolkien wrote it, J.K. Rowling too.", "J. R. R. Tolkien|J.K. Rowling");
        row("George W. Bush and John F. Kennedy", "George W. Bush|John F. Kennedy");
        row("Smith, John; Müller, Anna", "Smith, John|Müller, Anna");
        row("Our CEO, Satya Nadella, resigned.", "Satya Nadella");
        row("Emily Chen, 42, was diagnosed with asthma", "Emily Chen");
        row("My wife Karen and my son Kevin", "Karen|Kevin");
        row("employee Kwame Nkrumah earns 5000", "Kwame Nkrumah");
        row("Anna's report was good.", "Anna");
        row("I spoke with Priya Raghunathan and Oluwaseun Adeyemi.", "Priya Raghunathan|Oluwaseun Adeyemi");
    }
    void peopleAreFound() {
        QFETCH(QString, text);
        QFETCH(QString, names);
        QCOMPARE(found(text, NameKind::person), names);
    }

    void fieldsForNamesAreRead_data() {
        columns();
        row(R"({"first_name": "anna", "last_name": "müller"})", "anna|müller");
        row("Name: JOHN SMITH", "JOHN SMITH");
        row("Customer name: Wei Zhang", "Wei Zhang");
        row("Assigned to: Fatima Al-Sayed", "Fatima Al-Sayed");
        row("From: Thomas Weber <t.weber@example.com>", "Thomas Weber");
        row("Vorname: lukas\nNachname: schneider", "lukas|schneider");
        row("nom: Lefèvre Camille", "Lefèvre Camille");
        row("<surname>Kowalski</surname> lastName=Novak&x=1", "Novak");
        row("firstName = lastName;  name: string; name = getName(); author: null", "");
        row("to: all staff. from: support. user: admin. name: The file. Name: Untitled", "");
        row("first_name: required, last_name: optional", "");
        row("std::string name::space(user::id)", "");
    }
    void fieldsForNamesAreRead() {
        QFETCH(QString, text);
        QFETCH(QString, names);
        QCOMPARE(found(text, NameKind::person), names);
    }

    void whatIsNoPersonIsLeftAlone_data() {
        QTest::addColumn<QString>("text");
        const std::initializer_list<const char*> texts{
            "The Quick Brown Fox Jumps Over The Lazy Dog",
            "Introduction to Machine Learning and Natural Language Processing",
            "Monday, March 5: Meeting in New York with Microsoft and Google",
            "2024-01-01 INFO Starting Server on Port 8080",
            "class UserAccountManager extends BaseManager { String firstName; }",
            "Jenkins Pipeline failed. Ruby on Rails and Apache Maven. Travis CI.",
            "Johnson & Johnson announced it at Stanford University and in the Washington Post.",
            "Martin Luther King Boulevard is closed.",
            "Lake Victoria is large. San Francisco, Santa Monica, Los Angeles, St. Louis",
            "Dear Customer, Hello World, Hi Team, Dear Sir or Madam,",
            "Terms and Conditions; Privacy Policy; Grant Proposal; Frank Discussion; Summer Sale",
            "Error: Connection Refused. Warning: Deprecated Function. Note: Please Read",
            "Die Rechnung wurde am Montag bezahlt. Der Vertrag mit dem Kunden läuft.",
            "La République française. Le Président de la République. El Gobierno de España",
            "Best regards,\nThe Team",
            "Fourier transform, Bayes theorem, Nobel Prize, Alzheimer disease",
            "import React from 'react'; const App = () => <Main Title=\"Home Page\"/>",
            "# Getting Started\n## Quick Start Guide\n### Advanced Usage",
            "SELECT Name, Address FROM Customers WHERE Country = 'Germany'",
            "United States of America, United Kingdom, European Union, North Korea",
            "I am happy. This is Great. I'm Sorry.",
            "Bill of Materials; Art Director; Grace Period; Faith in God; Joy to the World; Chase Bank",
            "Mark will call you in May. Rose gardens in Paris. Will you go to Jordan?",
            "README.md John.txt src/Anna/Peter.java @peter #anna Anna::find() anna.Peter",
            "Python, Java, Ruby, Perl, Julia, Ada, Pascal and Rust are languages.",
            "Kind Regards",
            "Date:   Thu Dec 10 19:58:16 2009 +0000",
            "<name>Hong Kong</name> \"name\": \"Costa Rica\", name: Viet Nam",
            "from sympy import Min, Max, sqrt"};
        for (const char* text : texts) {
            QTest::addRow("%.60s", text) << QString::fromUtf8(text);
        }
    }
    void whatIsNoPersonIsLeftAlone() {
        QFETCH(QString, text);
        QCOMPARE(found(text, NameKind::person), QString());
    }

    void hitsAreOrderedAndOfOneKindDoNotOverlap() {
        const std::string text = "Name: Anna Müller, Anna Müller, Dr. Anna Müller wrote to John Smith of Smith Ltd.";
        std::vector<NameHit> hits;
        findNames(text, hits);
        QVERIFY(hits.size() >= 4);
        for (std::size_t i = 1; i < hits.size(); ++i) {
            QVERIFY(hits[i - 1].span.begin <= hits[i].span.begin);
            QVERIFY(hits[i - 1].kind != hits[i].kind || hits[i - 1].span.end <= hits[i].span.begin);
        }
    }

    // What is further away than kNameReach changes nothing: streams look at windows.
    void aHitDependsOnItsNeighbourhoodAlone() {
        const std::string core = " Yesterday Anna Müller met Dr. John Smith at 12 Main Street, Springfield. ";
        const std::string far(kNameReach, 'x');
        std::vector<NameHit> alone;
        findNames(far + core + far, alone);
        std::vector<NameHit> within;
        const std::string left = "Mr. Peter Miller of Acme Ltd wrote: ";
        findNames(left + far + core + far + " Kind regards, Tom", within);
        std::erase_if(within, [&left, &far, &core](const NameHit& hit) {
            return hit.span.begin < left.size() + far.size() || hit.span.begin > left.size() + far.size() + core.size();
        });
        QVERIFY(alone.size() >= 3);
        QCOMPARE(within.size(), alone.size());
        for (std::size_t i = 0; i < alone.size(); ++i) {
            QCOMPARE(within[i].span.begin, alone[i].span.begin + left.size());
            QCOMPARE(within[i].score, alone[i].score);
        }
    }

    void anyBytesAreSurvived() {
        std::string bytes;
        for (unsigned i = 0; i < 20'000; ++i) {
            bytes += static_cast<char>((i * 2654435761U) >> 13U);
        }
        std::vector<NameHit> hits;
        findNames(bytes, hits);
        for (const std::string& tail : {std::string("Anna \xC3"), std::string("Dr."), std::string("12 rue de "),
                                        std::string("name:"), std::string("A.B.C."), std::string(5000, 'A')}) {
            hits.clear();
            findNames(tail, hits);
            for (const NameHit& hit : hits) {
                QVERIFY(hit.span.end <= tail.size());
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestNames)
#include "tst_names.moc"
