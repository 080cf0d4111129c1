// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "base/crypto.h"
#include "dlp/engine.h"
#include "dlp/registered/folded_words.h"
#include "dlp/registered_data.h"

using namespace gatehouse;
using namespace gatehouse::dlp;

namespace {

using Data = std::shared_ptr<const RegisteredData>;
using Strings = std::vector<std::string>;

Data made(DataBuilder& builder) {
    return *RegisteredData::read(*builder.finish());
}

Data dictionaryOf(const Strings& words) {
    DataBuilder builder = DataBuilder::dictionary();
    for (const std::string& word : words) {
        if (!builder.addWord(word)) {
            qFatal("the word cannot be used");
        }
    }
    return made(builder);
}

Data customers() {
    DataBuilder builder = *DataBuilder::table({{true, false, false, false}, 2, 300});
    const Strings ada{"KD-4711-0815", "Ada Lovelace", "12.10.1815", "Hauptstraße 7, Bremen"};
    const Strings bo{"KD-4712-0001", "Bo Müller", "03.04.1990", ""};
    if (!builder.addRow(ada) || !builder.addRow(bo)) {
        qFatal("the rows cannot be used");
    }
    return made(builder);
}

constexpr std::string_view kMemo =
    "The board decided on the third of March to move the assembly of gearboxes from Ulm to the new plant, and to tell "
    "nobody before the contracts with both suppliers are signed. Until then the line in Ulm keeps two shifts, the "
    "tools "
    "stay where they are, and every question from the works council goes to the head of personnel alone.";

std::shared_ptr<const Engine> engineWith(Data data, EngineOptions options = {}) {
    options.disabled = {"*"};
    options.data.push_back({"registered", FindingClass::confidential, std::move(data)});
    return *Engine::compile(options);
}

Strings valuesIn(const Engine& engine, std::string_view text) {
    const ScratchPtr scratch = engine.makeScratch();
    Strings values;
    const auto findings = *engine.scan(text, *scratch);
    for (const Finding& finding : findings) {
        values.emplace_back(text.substr(finding.begin, finding.end - finding.begin));
    }
    return values;
}

std::string show(const std::vector<Finding>& findings) {
    std::string out;
    for (const Finding& finding : findings) {
        out += finding.detector + "@" + std::to_string(finding.begin) + "-" + std::to_string(finding.end) + "\n";
    }
    return out;
}

std::uint64_t sipByOpenSsl(std::string_view key, std::string_view data) {
    EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "SIPHASH", nullptr);
    EVP_MAC_CTX* const context = EVP_MAC_CTX_new(mac);
    std::size_t size = 8;
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
                                     OSSL_PARAM_construct_end()};
    std::array<unsigned char, 8> out{};
    const auto* const bytes = reinterpret_cast<const unsigned char*>(data.data());
    const bool isDone =
        EVP_MAC_init(context, reinterpret_cast<const unsigned char*>(key.data()), key.size(), parameters) &&
        EVP_MAC_update(context, bytes, data.size()) && EVP_MAC_final(context, out.data(), &size, out.size());
    EVP_MAC_CTX_free(context);
    EVP_MAC_free(mac);
    if (!isDone) {
        qFatal("OpenSSL has no SipHash");
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        value |= std::uint64_t{out[i]} << (8 * i);
    }
    return value;
}

} // namespace

class TestRegisteredData final : public QObject {
    Q_OBJECT

private slots:
    void theHashIsSipHash() {
        std::string key;
        for (char c = 0; c < 16; ++c) {
            key += c;
        }
        const SipHash hash({0x0706050403020100ULL, 0x0F0E0D0C0B0A0908ULL});
        std::string data;
        for (unsigned size = 0; size < 64; ++size) {
            const auto last = static_cast<std::uint8_t>(size);
            QCOMPARE(hash.of(data, last), sipByOpenSsl(key, data + static_cast<char>(last)));
            data += static_cast<char>(last);
        }
    }

    void wordsAreFoldedAndJoined() {
        FoldedWords words;
        words.build("  O'Neill, Łódź-4711\t王小 Straße");
        QCOMPARE(words.size(), std::size_t{7});
        QCOMPARE(words.joined(0, 2), std::string_view("oneill"));
        QCOMPARE(words.joined(2, 2), std::string_view("lodz4711"));
        QCOMPARE(words.joined(4, 2), std::string_view("王小"));
        QCOMPARE(words.joined(6, 1), std::string_view("strasse"));
        QCOMPARE(words.span(0).begin, std::size_t{2});
        QCOMPARE(words.from(3), std::size_t{1});
        QCOMPARE(words.until(3), std::size_t{1});
    }

    void aDictionaryFindsItsWordsAndPhrases() {
        const auto engine = engineWith(dictionaryOf({"Nightjar", "Project Blue Heron", "R2-D2"}));
        QCOMPARE(valuesIn(*engine, "About NIGHTJAR and project  blue-heron; r2d2, not nightjars or blue heron."),
                 (Strings{"NIGHTJAR", "project  blue-heron"}));
        QCOMPARE(valuesIn(*engine, "R2-D2 and r2 d2"), (Strings{"R2-D2", "r2 d2"}));
        QCOMPARE(valuesIn(*engine, "bmlnaHRqYXIgaXMgdGhlIG5hbWU="),
                 (Strings{"bmlnaHRqYXIgaXMgdGhlIG5hbWU="})); // base64
        QCOMPARE(valuesIn(*engine, "n\u200Bightjar"), (Strings{"n\u200Bightjar"}));
        const ScratchPtr scratch = engine->makeScratch();
        const auto findings = *engine->scan("nightjar", *scratch);
        QCOMPARE(findings.front().detector, std::string("custom.policy.registered"));
        QCOMPARE(findings.front().findingClass, FindingClass::confidential);
        QCOMPARE(findings.front().level, Level::high);
    }

    void aDictionaryMayBeVeryLong() {
        DataBuilder builder = DataBuilder::dictionary();
        for (int i = 0; i < 100'000; ++i) {
            QVERIFY(builder.addWord("term" + std::to_string(i * 7)));
        }
        QCOMPARE(builder.entries(), std::uint64_t{100'000});
        const auto engine = engineWith(made(builder));
        QCOMPARE(valuesIn(*engine, "term7 term8 term699993 term699994"), (Strings{"term7", "term699993"}));
    }

    void aValueOfATableCountsBesideOthersOfItsRow() {
        const auto engine = engineWith(customers());
        QCOMPARE(valuesIn(*engine, "Kundin Ada Lovelace (kd 47110815) rief an."), (Strings{"kd 47110815"}));
        QCOMPARE(valuesIn(*engine, "KD-4711-0815, geboren 12.10.1815"), (Strings{"KD-4711-0815"}));
        QCOMPARE(valuesIn(*engine, "KD-4711-0815"), Strings());               // alone
        QCOMPARE(valuesIn(*engine, "KD-4711-0815 and Bo Müller"), Strings()); // another row
        QCOMPARE(valuesIn(*engine, "Ada Lovelace, 12.10.1815"), Strings());   // no key
        QCOMPARE(valuesIn(*engine, "KD-4712-0001 is BO MULLER"), (Strings{"KD-4712-0001"}));
        const std::string apart(400, '.');
        QCOMPARE(valuesIn(*engine, "KD-4711-0815" + apart + "Ada Lovelace"), Strings());
        QCOMPARE(valuesIn(*engine, "Ada Lovelace" + apart + "KD-4711-0815"), Strings());
    }

    void aTableOfOneColumnNeedsNothingElse() {
        DataBuilder builder = *DataBuilder::table({{true}, 1, 300});
        const Strings row{"ZX81-99-ABC"};
        QVERIFY(builder.addRow(row));
        const Strings tooShort{"a1"};
        QVERIFY(!builder.addRow(tooShort));
        QCOMPARE(valuesIn(*engineWith(made(builder)), "the part zx81 99 abc"), (Strings{"zx81 99 abc"}));
    }

    void aPassageOfADocumentIsFound() {
        DataBuilder builder = DataBuilder::documents();
        QVERIFY(builder.addDocument(kMemo));
        QVERIFY(!builder.addDocument("too short to have a passage"));
        const auto engine = engineWith(made(builder));
        const std::string part(kMemo.substr(35, 190));
        const Strings found = valuesIn(*engine, "Could you shorten this? " + part + " Thanks a lot for your help!");
        QVERIFY(!found.empty());
        std::size_t covered = 0;
        for (const std::string& value : found) {
            covered += value.size();
        }
        QVERIFY2(covered > part.size() / 2, std::to_string(covered).c_str());
        QCOMPARE(valuesIn(*engine, "The board decided to move the assembly, and nobody minds where the tools stay."),
                 Strings());
    }

    // What winnowing promises: every passage of kPassageWords + kPassageWindow - 1 words shares a piece with the file.
    // Two pieces must be met, so that the passage is one window longer.
    void everyPassageThatIsLongEnoughIsFound() {
        DataBuilder builder = DataBuilder::documents();
        QVERIFY(builder.addDocument(kMemo));
        const auto engine = engineWith(made(builder));
        FoldedWords words;
        words.build(kMemo);
        constexpr std::size_t kLong = RegisteredData::kPassageWords + 2 * RegisteredData::kPassageWindow - 1;
        for (std::size_t i = 0; i + kLong <= words.size(); ++i) {
            const std::size_t begin = words.span(i).begin;
            const std::size_t end = words.span(i + kLong - 1).end;
            QVERIFY2(!valuesIn(*engine, kMemo.substr(begin, end - begin)).empty(), std::to_string(i).c_str());
        }
    }

    void everySplitOfAStreamGivesTheSame_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("dictionary") << 1;
        QTest::newRow("table") << 2;
        QTest::newRow("documents") << 3;
    }
    void everySplitOfAStreamGivesTheSame() {
        QFETCH(int, kind);
        Data data = kind == 1 ? dictionaryOf({"blue heron over water", "quiet"}) : customers();
        if (kind == 3) {
            DataBuilder builder = DataBuilder::documents();
            QVERIFY(builder.addDocument(kMemo));
            data = made(builder);
        }
        const auto engine = engineWith(data);
        const std::string text = "A quiet start, blue heron over\nwater. Ada Lovelace has KD-4711-0815; " +
                                 std::string(kMemo) + " and bo müller with no. kd 4712 0001, blue heron over";
        const ScratchPtr scratch = engine->makeScratch();
        const std::string expected = show(*engine->scan(text, *scratch));
        QVERIFY(!expected.empty());
        for (std::size_t cut = 0; cut <= text.size(); ++cut) {
            const auto scanner = StreamScanner::create(engine);
            StreamScanner::Step all = *scanner->push(text.substr(0, cut));
            const StreamScanner::Step last = *scanner->pushLast(text.substr(cut));
            all.findings.insert(all.findings.end(), last.findings.begin(), last.findings.end());
            QCOMPARE(all.text + last.text, text);
            QVERIFY2(show(all.findings) == expected,
                     (std::to_string(cut) + ": " + show(all.findings) + "instead of " + expected).c_str());
        }
        const auto scanner = StreamScanner::create(engine);
        StreamScanner::Step all;
        for (const char c : text) {
            const StreamScanner::Step step = *scanner->push(std::string_view(&c, 1));
            all.text += step.text;
            all.findings.insert(all.findings.end(), step.findings.begin(), step.findings.end());
        }
        const StreamScanner::Step last = *scanner->finish();
        all.findings.insert(all.findings.end(), last.findings.begin(), last.findings.end());
        QVERIFY2(show(all.findings) == expected, (show(all.findings) + "instead of " + expected).c_str());
    }

    void allowedValuesAreLeftAlone() {
        EngineOptions options;
        options.allowed = {"nightjar"};
        QCOMPARE(valuesIn(*engineWith(dictionaryOf({"nightjar", "heron"}), options), "nightjar heron"),
                 (Strings{"heron"}));
    }

    void aChangedFileIsRefused() {
        DataBuilder builder = DataBuilder::dictionary();
        QVERIFY(builder.addWord("nightjar"));
        const std::string file = *builder.finish();
        QVERIFY(RegisteredData::read(file).has_value());
        for (std::size_t i = 0; i < file.size(); ++i) {
            std::string changed = file;
            changed[i] = static_cast<char>(changed[i] ^ 1);
            QVERIFY(!RegisteredData::read(changed).has_value());
            QVERIFY(!RegisteredData::read(file.substr(0, i)).has_value());
        }
        QVERIFY(file.find("nightjar") == std::string::npos);
        // Its own hash does not make nonsense sound.
        for (std::size_t i = 8; i < file.size() - 32; ++i) {
            std::string changed = file.substr(0, file.size() - 32);
            changed[i] = static_cast<char>(changed[i] ^ 0x40);
            const Sha256Digest digest = sha256(bytesOf(changed));
            changed.append(digest.begin(), digest.end());
            if (const auto data = RegisteredData::read(changed)) {
                (void)valuesIn(*engineWith(*data), "nightjar over water");
            }
        }
    }

    void layoutsWithoutSenseAreRefused() {
        QVERIFY(!DataBuilder::table({{}, 1, 300}).has_value());
        QVERIFY(!DataBuilder::table({{false, false}, 1, 300}).has_value());
        QVERIFY(!DataBuilder::table({{true, false}, 3, 300}).has_value());
        QVERIFY(!DataBuilder::table({{true}, 1, 5000}).has_value());
        QVERIFY(!DataBuilder::documents().finish().has_value());
        DataBuilder builder = DataBuilder::dictionary();
        QVERIFY(!builder.addWord("…!"));
        QVERIFY(!builder.addWord(std::string(300, 'a')));
    }
};

QTEST_GUILESS_MAIN(TestRegisteredData)
#include "tst_registered_data.moc"
