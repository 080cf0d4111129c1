// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include <algorithm>

#include "base/bytes.h"
#include "ipc/page_messages.h"

using namespace gatehouse;
using namespace gatehouse::ipc;

namespace {

// JSON written with ' for ", because Qt's moc loses its way in raw strings.
std::string quoted(std::string text) {
    std::ranges::replace(text, '\'', '"');
    return text;
}

QByteArray bytes(const std::string& text) {
    return QByteArray::fromStdString(text);
}

std::string base64Of(std::size_t size) {
    return base64Encode(Bytes(size, 'a'));
}

Json body(const std::string& text) {
    return parseMessage(text).value().body;
}

std::string verdictText(const std::string& changed) {
    return quoted("{'v':1,'type':'verdict','id':'1',") + changed + "}";
}

} // namespace

class MessagesTest final : public QObject {
    Q_OBJECT
private slots:
    void badEnvelopesAreRefused_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("not json") << QByteArray("hello");
        QTest::newRow("array") << QByteArray("[]");
        QTest::newRow("no version") << bytes(quoted("{'type':'ping'}"));
        QTest::newRow("other version") << bytes(quoted("{'v':2,'type':'ping'}"));
        QTest::newRow("version as text") << bytes(quoted("{'v':'1','type':'ping'}"));
        QTest::newRow("no type") << bytes(quoted("{'v':1}"));
        QTest::newRow("type is a number") << bytes(quoted("{'v':1,'type':7}"));
        QTest::newRow("odd type") << bytes(quoted("{'v':1,'type':'a b'}"));
        QTest::newRow("odd id") << bytes(quoted("{'v':1,'type':'ping','id':'a/b'}"));
        QTest::newRow("long id") << bytes(quoted("{'v':1,'type':'ping','id':'" + std::string(65, 'a') + "'}"));
        QTest::newRow("duplicate key") << bytes(quoted("{'v':1,'type':'ping','type':'hello'}"));
        QTest::newRow("two documents") << bytes(quoted("{'v':1,'type':'ping'}{}"));
        QTest::newRow("deep") << bytes(quoted("{'v':1,'type':'ping','x':[[[[[[[]]]]]]]}"));
        QTest::newRow("lone surrogate") << bytes(quoted("{'v':1,'type':'ping','x':'\\ud800'}"));
        QTest::newRow("bad utf-8") << QByteArray("{\"v\":1,\"type\":\"ping\",\"x\":\"\xff\"}");
    }
    void badEnvelopesAreRefused() {
        QFETCH(QByteArray, text);
        QVERIFY(!parseMessage({text.data(), static_cast<std::size_t>(text.size())}));
    }

    void unknownFieldsAreIgnored() {
        const auto message = parseMessage(quoted("{'v':1,'type':'ping','id':'x-1','future':{'a':[1]}}"));
        QVERIFY(message);
        QCOMPARE(message->type, std::string("ping"));
        QCOMPARE(message->id, std::string("x-1"));
    }

    void anIdIsFoundInAMessageThatIsOtherwiseWrong() {
        QCOMPARE(idOf(quoted("{'v':9,'id':'abc'}")), std::string("abc"));
        QCOMPARE(idOf("no"), std::string());
        QCOMPARE(idOf(quoted("{'id':5}")), std::string());
    }

    void aSiteIsToldWithoutWhatIsEmpty() {
        PolicyNotice notice;
        PolicyNotice::Site bare;
        bare.hosts = {"a.example"};
        bare.isGuarded = false;
        notice.sites.push_back(bare);
        PolicyNotice::Site whole;
        whole.hosts = {"b.example"};
        whole.name = "B";
        whole.composer = "#prompt";
        whole.prompts = {"/chat/*"};
        notice.sites.push_back(whole);
        const Json sites = body(policyPush(notice))["policy"]["sites"];
        QVERIFY(sites[0] == Json({{"hosts", {"a.example"}}, {"guarded", false}}));
        QVERIFY(sites[1] == Json({{"hosts", {"b.example"}},
                                  {"guarded", true},
                                  {"name", "B"},
                                  {"composer", "#prompt"},
                                  {"prompts", {"/chat/*"}}}));
    }

    void filesAreReadStrictly_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("isFine");
        const auto begin = [](const char* rest) {
            return bytes(verdictText(quoted(std::string("'origin':'https://a.example','name':'a.txt',") + rest)));
        };
        QTest::newRow("fine") << begin("'file':'f','size':5") << true;
        QTest::newRow("no name of the transfer") << begin("'file':'','size':5") << false;
        QTest::newRow("odd name of the transfer") << begin("'file':'a/b','size':5") << false;
        QTest::newRow("no size") << begin("'file':'f'") << false;
        QTest::newRow("negative size") << begin("'file':'f','size':-1") << false;
        QTest::newRow("size as text") << begin("'file':'f','size':'5'") << false;
    }
    void filesAreReadStrictly() {
        QFETCH(QByteArray, text);
        QFETCH(bool, isFine);
        QCOMPARE(parseFileBegin(body(text.toStdString())).has_value(), isFine);
    }

    void chunksAreReadStrictly_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("isFine");
        const auto chunk = [](const std::string& rest) { return bytes(verdictText(quoted("'file':'f'," + rest))); };
        QTest::newRow("fine") << chunk("'seq':0,'data':'YWJj'") << true;
        QTest::newRow("no number") << chunk("'data':'YWJj'") << false;
        QTest::newRow("empty") << chunk("'seq':0,'data':''") << false;
        QTest::newRow("no base64") << chunk("'seq':0,'data':'Y?=='") << false;
        QTest::newRow("at the cap") << chunk("'seq':0,'data':'" + base64Of(kChunkLimit) + "'") << true;
        QTest::newRow("above the cap") << chunk("'seq':0,'data':'" + base64Of(kChunkLimit + 1) + "'") << false;
    }
    void chunksAreReadStrictly() {
        QFETCH(QByteArray, text);
        QFETCH(bool, isFine);
        QCOMPARE(parseFileChunk(body(text.toStdString())).has_value(), isFine);
    }

    void whatIsTypedAndWhatIsSentIsAskedAboutToo() {
        for (const auto& [word, channel] :
             {std::pair{"paste", Channel::paste}, {"submit", Channel::submit}, {"network", Channel::network}}) {
            const auto request = parseVerdict(body(
                verdictText(quoted("'kind':'" + std::string(word) + "','origin':'https://a.example','text':'x'"))));
            QVERIFY(request);
            QVERIFY(request->channel == channel);
        }
    }

    void aVerdictIsRead() {
        const auto request = parseVerdict(
            body(verdictText(quoted("'kind':'drop','origin':'https://ChatGPT.com:8443','topOrigin':'https://"
                                    "a.example','text':'hi','html':'<b>hi</b>'"))));
        QVERIFY(request);
        QVERIFY(request->channel == Channel::drop);
        QCOMPARE(request->host, std::string("chatgpt.com"));
        QCOMPARE(request->topHost, std::string("a.example"));
        QCOMPARE(*request->html, std::string("<b>hi</b>"));
    }

    void badVerdictsAreRefused_data() {
        QTest::addColumn<QByteArray>("fields");
        QTest::newRow("unknown kind") << bytes(quoted("'kind':'sdk','origin':'https://a.example','text':'x'"));
        QTest::newRow("kind of a file") << bytes(quoted("'kind':'upload','origin':'https://a.example','text':'x'"));
        QTest::newRow("no origin") << bytes(quoted("'kind':'paste','text':'x'"));
        QTest::newRow("http") << bytes(quoted("'kind':'paste','origin':'http://a.example','text':'x'"));
        QTest::newRow("null origin") << bytes(quoted("'kind':'paste','origin':'null','text':'x'"));
        QTest::newRow("path in origin") << bytes(quoted("'kind':'paste','origin':'https://a.example/x','text':'x'"));
        QTest::newRow("user in origin") << bytes(quoted("'kind':'paste','origin':'https://u@a.example','text':'x'"));
        QTest::newRow("odd port") << bytes(quoted("'kind':'paste','origin':'https://a.example:8x','text':'x'"));
        QTest::newRow("no text") << bytes(quoted("'kind':'paste','origin':'https://a.example'"));
        QTest::newRow("text is a list") << bytes(quoted("'kind':'paste','origin':'https://a.example','text':[]"));
        QTest::newRow("html is a number")
            << bytes(quoted("'kind':'paste','origin':'https://a.example','text':'x','html':1"));
    }
    void badVerdictsAreRefused() {
        QFETCH(QByteArray, fields);
        QVERIFY(!parseVerdict(body(verdictText(fields.toStdString()))));
    }

    void theTextCapBites() {
        const auto ask = [](std::size_t size) {
            return parseVerdict(
                Json{{"kind", "paste"}, {"origin", "https://a.example"}, {"text", std::string(size, 'a')}});
        };
        QVERIFY(ask(kTextLimit - 1));
        QVERIFY(ask(kTextLimit));
        QCOMPARE(ask(kTextLimit + 1).error().kind, ErrorKind::limit);
    }

    void answersNeedAnExplicitYesOrNo() {
        QVERIFY(parseAnswer(Json{{"interaction", "01A"}, {"proceed", true}})->isProceeding);
        QVERIFY(!parseAnswer(Json{{"interaction", "01A"}}));
        QVERIFY(!parseAnswer(Json{{"interaction", "01A"}, {"proceed", "yes"}}));
        QVERIFY(!parseAnswer(Json{{"proceed", true}}));
        QCOMPARE(parseAnswer(Json{{"interaction", "01A"},
                                  {"proceed", true},
                                  {"justification", std::string(kJustificationLimit + 1, 'a')}})
                     .error()
                     .kind,
                 ErrorKind::limit);
    }

    void eventsAreAClosedSet() {
        QVERIFY(parseEvent(Json{{"what", "inserted"}, {"interaction", "01A"}, {"origin", "https://a.example"}}));
        QVERIFY(!parseEvent(Json{{"what", "anything the page says"}}));
        QVERIFY(!parseEvent(Json{{"what", "inserted"}, {"count", -1}}));
        QVERIFY(!parseEvent(Json{{"what", "inserted"}, {"count", 70000}}));
    }

    void aReadingAsksForFewPlaceholders() {
        const auto reading = [](const std::string& rest) {
            return parseReading(body(quoted("{'v':1,'type':'reading','origin':'https://a.example'") + rest + "}"));
        };
        QCOMPARE(reading("").value().host, std::string("a.example"));
        QCOMPARE(reading(quoted(",'placeholders':['[[A_1_BC]]'],'text':'x'")).value().placeholders.size(), 1U);
        std::string many = ",\"placeholders\":[\"a\"";
        for (std::size_t i = 0; i < kReadingLimit; ++i) {
            many += ",\"a\"";
        }
        QCOMPARE(reading(many + "]").error().kind, ErrorKind::limit);
        QVERIFY(!reading(",\"placeholders\":\"a\""));
        QVERIFY(!reading(",\"placeholders\":[5]"));
        QVERIFY(!reading(",\"placeholders\":[\"" + std::string(kPlaceholderLimit + 1, 'a') + "\"]"));
        QVERIFY(!parseReading(body(quoted("{'v':1,'type':'reading'}"))));
    }

    void aFocusNeedsAKeyThatNobodyGuesses() {
        const auto focus = [](const std::string& rest) {
            return parseFocus(body(quoted("{'v':1,'type':'focus','origin':'https://a.example'" + rest + "}")));
        };
        QVERIFY(focus(",'focused':true,'key':'" + std::string(32, 'a') + "'").value().isFocused);
        QVERIFY(!focus(",'focused':true,'key':'" + std::string(31, 'a') + "'"));
        QVERIFY(!focus(",'focused':true"));
        QVERIFY(!focus(""));
        QVERIFY(focus(",'focused':false").value().key.empty());
    }

    void aClipIsToldByItsDigests() {
        const Json push = body(clipPush({.key = "k", .text = "aa", .html = "", .isAllowed = true}));
        QCOMPARE(push["what"].get<std::string>(), std::string("clip"));
        QCOMPARE(push["text"].get<std::string>(), std::string("aa"));
        QVERIFY(push["allowed"].get<bool>());
    }

    void repliesAreMessagesThemselves() {
        VerdictReply reply;
        reply.action = Action::redact;
        reply.interaction = "01A";
        reply.message = "2 found";
        reply.findings.push_back({"pci.any.card", "Payment card", "pci", 2});
        reply.spans.push_back({3, 9, "[[CARD_1_K7]]"});
        const auto message = parseMessage(verdictReply("7", reply));
        QVERIFY(message);
        QCOMPARE(message->id, std::string("7"));
        QCOMPARE(message->body["action"].get<std::string>(), std::string("redact"));
        QCOMPARE(message->body["spans"].dump(), std::string(quoted("[[3,9,'[[CARD_1_K7]]']]")));
        QCOMPARE(message->body["html"].get<std::string>(), std::string("drop"));

        PolicyNotice notice{.revision = "p#3", .isFailClosed = false, .aiHosts = {}, .sites = {}};
        notice.sites.emplace_back().hosts = {"*.example"};
        for (const auto& text : {helloReply("1", "0.1", notice), policyPush(notice), errorReply("1", "busy", "later"),
                                 pongReply("1"), agentDownNotice(), attachMessage({"o", "1"})}) {
            QVERIFY(parseMessage(text));
        }
        QCOMPARE(body(policyPush(notice))["policy"]["failMode"].get<std::string>(), std::string("open"));
    }
};

QTEST_GUILESS_MAIN(MessagesTest)
#include "tst_messages.moc"
