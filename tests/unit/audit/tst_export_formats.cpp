// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <string>
#include <vector>

#include "audit/export_formats.h"
#include "base/bytes.h"
#include "base/json.h"

using namespace gatehouse;

namespace {

// Each text is one that stands nowhere else.
AuditRecord fullRecord() {
    AuditRecord record;
    record.kind = RecordKind::outcome;
    record.sequence = 71;
    record.timeMs = 1'800'000'000'000;
    record.interaction = "c-interaction";
    record.conversation = "c-conversation";
    record.person = {"c-person", 1007, {"c-group-one", "c-group-two"}};
    record.signIn = "c-sign-in";
    record.process = {true, 4711, 1, "/c-executable"};
    record.client = "c-client";
    record.channel = Channel::paste;
    record.direction = Direction::answer;
    record.surface = "c-surface";
    record.site = "c-site";
    record.destination = {"c-provider", "c-model", "c-region", "", Trust::approved};
    record.policyId = "c-policy";
    record.policySerial = 91;
    record.action = Action::redact;
    record.rule = "c-rule";
    record.outcome = "c-outcome";
    record.reason = "c-reason";
    record.findings = {{"c-detector", FindingClass::pii, 13, 0.5}};
    record.documents = {"c-document"};
    record.consent = "c-consent";
    record.cache = "c-cache";
    record.usage = {101, 102, 103, 104, true};
    record.costUsd = 0.125;
    record.status = 217;
    record.attempts = 19;
    record.latencyMicros = 2'345'000;
    record.justification = "c-justification";
    record.originalText = "c-original";
    record.sanitisedText = "c-sanitised";
    return record;
}

const std::vector<std::string> kTexts{
    "c-interaction", "c-conversation", "c-group-one", "c-group-two", "c-sign-in", "c-executable", "c-client",
    "c-surface",     "c-site",         "c-provider",  "c-model",     "c-region",  "c-policy",     "c-rule",
    "c-outcome",     "c-reason",       "c-detector",  "c-document",  "c-consent", "c-cache",      "c-person"};
const Sha256Digest kHash{0xAB};

std::vector<std::string> cells(const std::string& line) {
    std::vector<std::string> out;
    for (const QString& cell : QString::fromStdString(line).split(',')) {
        out.push_back(cell.toStdString());
    }
    return out;
}

} // namespace

class TestExportFormats final : public QObject {
    Q_OBJECT
private slots:
    void everyFieldOfARecordHasItsColumn() {
        const std::string line = audit::csvLine(fullRecord(), kHash);
        for (const std::string& text : kTexts) {
            QVERIFY2(line.find(text) != std::string::npos, text.c_str());
        }
        const auto names = cells(audit::csvHeading());
        const auto values = cells(line);
        QCOMPARE(values.size(), names.size());
        const auto cell = [&](const std::string& name) {
            const auto at = std::find(names.begin(), names.end(), name);
            return at == names.end() ? std::string("no such column")
                                     : values[static_cast<std::size_t>(at - names.begin())];
        };
        QCOMPARE(cell("sequence"), std::string("71"));
        QCOMPARE(cell("groups"), std::string("c-group-one; c-group-two"));
        QCOMPARE(cell("sign_in"), std::string("c-sign-in"));
        QCOMPARE(cell("findings"), std::string("c-detector x13"));
        QCOMPARE(cell("input_tokens"), std::string("101"));
        QCOMPARE(cell("cost_usd"), std::string("0.125"));
        QCOMPARE(cell("attempts"), std::string("19"));
        QCOMPARE(cell("status"), std::string("217"));
        QCOMPARE(cell("latency_us"), std::string("2345000"));
        QCOMPARE(cell("record_sha256"), hexEncode(kHash));
    }

    void contentIsInNoneOfThem() {
        for (const auto& line : {audit::csvLine(fullRecord(), kHash), audit::cefLine(fullRecord(), kHash),
                                 audit::ocsfLine(fullRecord(), kHash)}) {
            for (const char* const text : {"c-justification", "c-original", "c-sanitised"}) {
                QVERIFY2(line.find(text) == std::string::npos, text);
            }
        }
    }

    // The vocabulary of OCSF 1.8.0: class api_activity, profile ai_operation, objects ai_model and message_context.
    void ocsfHasTheModelAndTheMessageInTheirPlaces() {
        const std::string line = audit::ocsfLine(fullRecord(), kHash);
        for (const std::string& text : kTexts) {
            QVERIFY2(line.find(text) != std::string::npos, text.c_str());
        }
        const Json event = parseJson(line).value();
        QVERIFY((event["metadata"]["profiles"] == Json::array({"ai_operation"})));
        QCOMPARE(event["metadata"]["version"].get<std::string>(), std::string("1.8.0"));
        QVERIFY((event["ai_model"] == Json{{"name", "c-model"}, {"ai_provider", "c-provider"}}));
        QVERIFY((event["message_context"] == Json{{"ai_role_id", 2},
                                                  {"service", {{"name", "c-provider"}}},
                                                  {"uid", "c-conversation"},
                                                  {"prompt_tokens", 101},
                                                  {"completion_tokens", 102},
                                                  {"total_tokens", 203}}));
        QCOMPARE(event["actor"]["user"]["name"].get<std::string>(), std::string("c-sign-in"));
        QCOMPARE(event["actor"]["user"]["groups"].size(), std::size_t{2});
        QCOMPARE(event["unmapped"]["os_user"].get<std::string>(), std::string("c-person"));
        QCOMPARE(event["http_response"]["code"].get<int>(), 217);
        QCOMPARE(event["duration"].get<int>(), 2345);
    }

    void whatHasNoModelSaysNothingOfOne() {
        AuditRecord record;
        record.kind = RecordKind::event;
        record.outcome = "agent_started";
        const Json event = parseJson(audit::ocsfLine(record, kHash)).value();
        QVERIFY(!event.contains("ai_model") && !event.contains("message_context"));
        record.kind = RecordKind::intent;
        record.destination.model = "m";
        QCOMPARE(parseJson(audit::ocsfLine(record, kHash)).value()["ai_model"]["ai_provider"].get<std::string>(),
                 std::string("unknown"));
        record.site = "chat.example";
        const Json page = parseJson(audit::ocsfLine(record, kHash)).value();
        QVERIFY((page["message_context"] == Json{{"ai_role_id", 1}, {"service", {{"name", "chat.example"}}}}));
    }

    void cefHasWhoAndWhatItCost() {
        const std::string line = audit::cefLine(fullRecord(), kHash);
        for (const char* const part :
             {" suser=c-sign-in ", " suid=c-person ", " cs3=c-model cs3Label=model", " cfp1=0.125 cfp1Label=costUsd"}) {
            QVERIFY2(line.find(part) != std::string::npos, part);
        }
    }
};

QTEST_APPLESS_MAIN(TestExportFormats)
#include "tst_export_formats.moc"
