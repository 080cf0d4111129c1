// SPDX-License-Identifier: Apache-2.0
#define QT_NO_EMIT
#include <QtTest>

#include "unit/dialects/sample_requests.h"

using namespace gatehouse;
using namespace gatehouse::dialects;
using gatehouse::test::quoted;
using gatehouse::test::SampleRequest;

namespace {

using Changes = std::vector<std::optional<std::string>>;

std::size_t stringsIn(const Json& value) {
    std::size_t count = value.is_string() ? 1 : 0;
    if (value.is_object()) {
        count += value.size();
    }
    if (value.is_structured()) {
        for (const Json& child : value) {
            count += stringsIn(child);
        }
    }
    return count;
}

const Part* partAt(const ParsedRequest& request, std::string_view pointer) {
    for (const Part& part : request.parts) {
        if (part.kind != PartKind::key && part.pointer == pointer) {
            return &part;
        }
    }
    return nullptr;
}

} // namespace

// What every dialect promises of its requests, one sample each.
class TestRequestParts final : public QObject {
    Q_OBJECT

    std::vector<SampleRequest> m_samples = gatehouse::test::sampleRequests();

    void rows() const {
        QTest::addColumn<int>("sample");
        for (std::size_t i = 0; i < m_samples.size(); ++i) {
            QTest::newRow(m_samples[i].dialect) << static_cast<int>(i);
        }
    }
    [[nodiscard]] const SampleRequest& sample(int index) const { return m_samples.at(static_cast<std::size_t>(index)); }
    static Result<ParsedRequest> parse(const SampleRequest& sample) {
        Asked asked;
        asked.model = sample.model;
        return findDialect(sample.dialect)->parse(sample.body, {}, asked);
    }

private slots:
    void everyStringIsAPart_data() { rows(); }
    void everyStringIsAPart() {
        QFETCH(int, sample);
        const SampleRequest& asked = this->sample(sample);
        QVERIFY(findDialect(asked.dialect) != nullptr);
        const auto request = parse(asked);
        QVERIFY2(request.has_value(), request ? "" : request.error().what.c_str());
        const Json dom = Json::parse(asked.body);
        std::size_t inBody = 0;
        for (const Part& part : request->parts) {
            if (part.tokenEnd == 0) {
                QCOMPARE(part.pointer, std::string("/model")); // of the URL
                continue;
            }
            const std::string token = asked.body.substr(part.tokenBegin, part.tokenEnd - part.tokenBegin);
            if (token.front() != '"') { // a long number
                QVERIFY(part.isImmutable && part.text.ends_with(": " + token));
                continue;
            }
            ++inBody;
            QCOMPARE(Json::parse(token).get<std::string>(), part.text);
            const Json::json_pointer pointer(part.pointer);
            QVERIFY2(dom.contains(pointer), part.pointer.c_str());
            if (part.kind == PartKind::key) {
                QCOMPARE(pointer.back(), part.text);
            } else {
                QCOMPARE(dom.at(pointer).get<std::string>(), part.text);
            }
        }
        QCOMPARE(inBody, stringsIn(dom));
        QCOMPARE(request->model, std::string("m"));
    }

    void aTextThatBeginsLikeAnAttachmentIsAText() {
        const std::string body = R"({"model":"m","messages":[{"role":"user","content":"data:;base64, call me"},
            {"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},
            {"type":"text","text":"data:text/plain,x"}]}],"note":"data:;base64,QUJD"})";
        const auto request = findDialect("openai.chat")->parse(body, {}, {});
        QVERIFY2(request.has_value(), request ? "" : request.error().what.c_str());
        QCOMPARE(partAt(*request, "/messages/0/content")->kind, PartKind::text);
        QCOMPARE(partAt(*request, "/messages/1/content/0/image_url/url")->kind, PartKind::opaque);
        QCOMPARE(partAt(*request, "/messages/1/content/1/text")->kind, PartKind::text);
        QVERIFY(partAt(*request, "/note")->kind != PartKind::opaque);
    }

    void everyLongNumberIsAPart() {
        const std::string body = R"({"model":"m","messages":[{"role":"user","content":"a"}],"seed":123456,
            "x":{"card":[4111111111111111,-1234567.0],"y~1":12345678e3,"z":"1234567"}})";
        const auto request = findDialect("openai.chat")->parse(body, {}, {});
        QVERIFY2(request.has_value(), request ? "" : request.error().what.c_str());
        std::vector<std::string> numbers;
        for (const Part& part : request->parts) {
            if (body[part.tokenBegin] != '"') {
                QVERIFY(part.isImmutable);
                numbers.push_back(part.pointer + " " + part.text);
            }
        }
        QCOMPARE(numbers, (std::vector<std::string>{"/x/card/0 card: 4111111111111111", "/x/card/1 card: -1234567",
                                                    "/x/y~01 y~1: 12345678000"}));
    }

    void nothingChangedMeansTheSameBytes_data() { rows(); }
    void nothingChangedMeansTheSameBytes() {
        QFETCH(int, sample);
        const SampleRequest& asked = this->sample(sample);
        const auto request = parse(asked);
        Changes none(request->parts.size());
        const Dialect& dialect = *findDialect(asked.dialect);
        QCOMPARE(*dialect.compose(asked.body, *request, none, "m"), asked.body);
        for (std::size_t i = 0; i < none.size(); ++i) {
            none[i] = request->parts[i].text; // said, and the same
        }
        QCOMPARE(*dialect.compose(asked.body, *request, none, "m"), asked.body);
        QCOMPARE(dialect.compose(asked.body, *request, Changes(), "m").error().kind, ErrorKind::internal);
    }

    // Each string in turn, and its neighbours keep their bytes: escapes, spaces, line ends, forms of numbers.
    void oneChangeLeavesAllOtherBytes_data() { rows(); }
    void oneChangeLeavesAllOtherBytes() {
        QFETCH(int, sample);
        const SampleRequest& asked = this->sample(sample);
        const auto request = parse(asked);
        const std::string fresh = "n\"e\\w\n\xF0\x9F\x98\x80";
        for (std::size_t i = 0; i < request->parts.size(); ++i) {
            const Part& part = request->parts[i];
            if (part.pointer == "/model" && part.kind != PartKind::key) {
                continue;
            }
            Changes changed(request->parts.size());
            changed[i] = fresh;
            const auto out = findDialect(asked.dialect)->compose(asked.body, *request, changed, "m");
            QVERIFY2(out.has_value(), part.pointer.c_str());
            const std::string head = asked.body.substr(0, part.tokenBegin);
            const std::string tail = asked.body.substr(part.tokenEnd);
            QVERIFY(out->starts_with(head) && out->ends_with(tail));
            const std::string token = out->substr(head.size(), out->size() - head.size() - tail.size());
            QCOMPARE(Json::parse(token).get<std::string>(), fresh);
        }
    }

    void allChangesStandInOneDocument_data() { rows(); }
    void allChangesStandInOneDocument() {
        QFETCH(int, sample);
        const SampleRequest& asked = this->sample(sample);
        const auto request = parse(asked);
        Json expected = Json::parse(asked.body);
        Changes changed(request->parts.size());
        for (std::size_t i = 0; i < changed.size(); ++i) {
            const Part& part = request->parts[i];
            if (part.kind != PartKind::key && part.pointer != "/model") {
                changed[i] = "new " + std::to_string(i);
                expected[Json::json_pointer(part.pointer)] = *changed[i];
            }
        }
        QCOMPARE(Json::parse(*findDialect(asked.dialect)->compose(asked.body, *request, changed, "m")), expected);
    }

    void theTargetsOwnModelIsNamed() {
        for (const SampleRequest& asked : m_samples) {
            const auto request = parse(asked);
            const auto out =
                findDialect(asked.dialect)->compose(asked.body, *request, Changes(request->parts.size()), "other\"");
            Json expected = Json::parse(asked.body);
            if (asked.model.empty()) {
                expected["model"] = "other\"";
            }
            QCOMPARE(Json::parse(*out), expected);
        }
    }

    void aChangedKeyMustNotEqualItsNeighbour() {
        const std::string body = quoted("{'model':'m','messages':[{'role':'user','content':'x','c2':'y'}]}");
        const auto request = openAiChat().parse(body, {});
        Changes changed(request->parts.size());
        for (std::size_t i = 0; i < changed.size(); ++i) {
            if (request->parts[i].kind == PartKind::key && request->parts[i].text == "c2") {
                changed[i] = "content";
            }
        }
        QVERIFY(!openAiChat().compose(body, *request, changed, "m").has_value());
    }

    void whatAStringIsForIsKnown_data() {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("role");
        const auto row = [](const char* pointer, PartKind kind, const char* role) {
            QTest::newRow(pointer) << pointer << static_cast<int>(kind) << role;
        };
        row("/messages/0/content", PartKind::system, "system");
        row("/messages/1/content/0/text", PartKind::text, "user");
        row("/messages/1/content/0/type", PartKind::metadata, "user");
        row("/messages/1/content/1/image_url/url", PartKind::opaque, "user");
        row("/messages/2/tool_calls/0/function/arguments", PartKind::toolCall, "assistant");
        row("/messages/3/content", PartKind::toolResult, "tool");
        row("/messages/3/tool_call_id", PartKind::metadata, "tool");
        row("/future/deep/0", PartKind::other, "");
        row("/model", PartKind::metadata, "");
    }
    void whatAStringIsForIsKnown() {
        QFETCH(QString, pointer);
        QFETCH(int, kind);
        QFETCH(QString, role);
        const auto request = parse(m_samples.front());
        const Part* part = partAt(*request, pointer.toStdString());
        QVERIFY(part != nullptr);
        QCOMPARE(static_cast<int>(part->kind), kind);
        QCOMPARE(QString::fromStdString(part->role), role);
        QCOMPARE(part->isImmutable, pointer == "/model");
    }

    void usageIsAskedForWithFewBytes_data() {
        QTest::addColumn<QString>("options");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* options, const char* expected) {
            QTest::newRow(name) << QString(options) << QString(expected);
        };
        row("none", "", "{'stream_options':{'include_usage':true},");
        row("empty", ",'stream_options':{ }", ",'stream_options':{'include_usage':true }");
        row("others", ",'stream_options':{'x':1}", ",'stream_options':{'include_usage':true,'x':1}");
        row("null", ",'stream_options':null", ",'stream_options':{'include_usage':true}");
        row("no", ",'stream_options':{'include_usage': false}", ",'stream_options':{'include_usage': true}");
        row("yes", ",'stream_options':{'include_usage': true}", ",'stream_options':{'include_usage': true}");
    }
    void usageIsAskedForWithFewBytes() {
        QFETCH(QString, options);
        QFETCH(QString, expected);
        const std::string body = quoted("{'model':'m','stream':true,'messages':[{'role':'user','content':'x'}]" +
                                        options.toStdString() + "}");
        const auto request = openAiChat().parse(body, {});
        QVERIFY(request->isStream);
        QCOMPARE(request->wantsUsage, options.contains("true"));
        const std::string out = *openAiChat().compose(body, *request, Changes(request->parts.size()), "m");
        QVERIFY2(out.find(quoted(expected.toStdString())) != std::string::npos, out.c_str());
        QVERIFY(Json::parse(out)["stream_options"]["include_usage"] == true);
    }

    void whatTheProviderWouldFetchIsSeen_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<bool>("refers");
        const auto row = [](const char* name, const std::string& content, bool refers) {
            QTest::newRow(name) << QByteArray::fromStdString(quoted(content)) << refers;
        };
        row("a text", "'https://example.com/a.png'", false);
        row("an address", "[{'type':'image_url','image_url':{'url':'https://example.com/a.png'}}]", true);
        row("its bytes", "[{'type':'image_url','image_url':{'url':'data:image/png;base64,AA=='}}]", false);
        row("a stored file", "[{'type':'file','file':{'file_id':'f'}}]", true);
        row("no file", "[{'type':'file','file':{'file_id':''}}]", false);
    }
    void whatTheProviderWouldFetchIsSeen() {
        QFETCH(QByteArray, content);
        QFETCH(bool, refers);
        const auto request = openAiChat().parse(
            quoted("{'model':'m','messages':[{'role':'user','content':") + content.toStdString() + "}]}", {});
        QCOMPARE(request->hasReferences, refers);
    }

    void conversationsAreToldApartByHowTheyBegin() {
        const auto seed = [](const std::string& messages) {
            return openAiChat().parse(quoted("{'model':'m','messages':" + messages + "}"), {})->seed;
        };
        const std::string first = "{'role':'system','content':'s'},{'role':'user','content':'a'}";
        QCOMPARE(seed("[" + first + "]"),
                 seed("[" + first + ",{'role':'assistant','content':'b'},{'role':'user','content':'c'}]"));
        QVERIFY(seed("[" + first + "]") != seed("[{'role':'user','content':'a'}]"));
        QVERIFY(seed("[{'role':'system','content':'ab'},{'role':'user','content':'c'}]") !=
                seed("[{'role':'system','content':'a'},{'role':'user','content':'bc'}]"));
    }
};

QTEST_GUILESS_MAIN(TestRequestParts)
#include "tst_request_parts.moc"
