// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <algorithm>
#include <array>
#include <set>

#include "dlp/catalogue.h"
#include "dlp/engine.h"

using namespace gatehouse;
using namespace gatehouse::dlp;

namespace {

bool isSecretRow(const Row& row) {
    return row.info.id.rfind("secret.", 0) == 0 || row.info.id.rfind("credential.", 0) == 0;
}

std::string providerOf(const std::string& id) {
    const std::size_t first = id.find('.') + 1;
    return id.substr(first, id.find('.', first) - first);
}

// A way to write a name and a value down; both are put in for {n} and {v}.
struct Sentence {
    const char* name;
    const char* text;
};
constexpr std::array<Sentence, 12> kSentences{{
    {"env file", "PORT=8080\n{n}={v}\nDEBUG=0\n"},
    {"quoted env file", "export {n}=\"{v}\"\n"},
    {"JSON", "{\"host\": \"a\", \"{n}\": \"{v}\", \"retries\": 3}"},
    {"escaped JSON", "{\"log\": \"{\\\"{n}\\\": \\\"{v}\\\"}\"}"},
    {"YAML", "service:\n  {n}: {v}\n  replicas: 2\n"},
    {"quoted YAML", "- name: {n}\n  {n}: '{v}'\n"},
    {"TOML", "[client]\n{n} = \"{v}\"\n"},
    {"Python", "client = Client({n}='{v}', timeout=30)\n"},
    {"Go", "const {n} string = `{v}`\n"},
    {"Ruby", "config = { '{n}' => '{v}' }\n"},
    {"log line", "2026-11-20T10:11:12Z WARN http: started with {n}={v} on 10.0.0.7\n"},
    {"Markdown", "Set it up like this:\n\n```sh\n$ {n}={v} ./run.sh\n```\n"},
}};

struct Secret {
    const char* detector;
    const char* name;
    const char* value;
};
constexpr std::array<Secret, 22> kSecrets{{
    {"secret.aws.access-key", "AWS_ACCESS_KEY_ID", "AKIAY34FZKBOKMUTVV7A"},
    {"secret.aws.secret-key", "AWS_SECRET_ACCESS_KEY", "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"},
    {"secret.github.token", "GITHUB_TOKEN", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"},
    {"secret.gitlab.pat", "GITLAB_TOKEN", "glpat-xK3mP9qRt7vW2yZ5bN8c"},
    {"secret.datadog.api-key", "DD_API_KEY", "3f9a1c7be2d04856a7b8c9d0e1f2a3b4"},
    {"secret.datadog.app-key", "DATADOG_APP_KEY", "3f9a1c7be2d04856a7b8c9d0e1f2a3b45d6e7f80"},
    {"secret.heroku.api-key-named", "HEROKU_API_KEY", "9c1f7e0a-3b5d-4826-8e6f-1a2b3c4d5e6f"},
    {"secret.mistral.key", "MISTRAL_API_KEY", "kT9vQ2xLm7RzY4wPb8Hc3Nd6Jf5Gs1Ua"},
    {"secret.huggingface.token", "HF_TOKEN", "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"},
    {"secret.groq.key", "GROQ_API_KEY", "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"},
    {"secret.stripe.key", "STRIPE_KEY", "sk_live_4eC39HqLyjWDarjtT1zdp7dc"},
    {"secret.slack.bot-token", "SLACK_TOKEN", "xoxb-2345678901-2345678901234-kT9vQ2xLm7RzY4wPb8Hc3Nd6"},
    {"secret.discord.bot-token", "DISCORD_TOKEN",
     "MTA5NDUyMzg3NjU0MzIxMDk4Nw.GkT9vQ.2xLm7RzY4wPb8Hc3Nd6Jf5Gs1UaEoiXzCVqQ3k"},
    {"secret.telegram.bot-token", "TELEGRAM_TOKEN", "5712348906:AAHq3LmX7vTz9PwKdR2sYbN4cJg6uEo1iFk"},
    {"secret.sendgrid.key", "SENDGRID_API_KEY",
     "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"},
    {"secret.twilio.auth-token", "TWILIO_AUTH_TOKEN", "8c1f0a3e5b7d92846c0e1f2a3b4d5c6e"},
    {"secret.cloudflare.api-token", "CLOUDFLARE_API_TOKEN", "kT9vQ2xLm7RzY4wPb8Hc3Nd6Jf5Gs1UaEoiXzCVq"},
    {"secret.npm.token", "NPM_TOKEN", "npm_kT9vQ2xLm7RzY4wPb8Hc3Nd6Jf5Gs1UaEoiX"},
    {"secret.postman.key", "POSTMAN_API_KEY", "PMAK-5f3c1a9e7b2d4806a1c3e5f7-9b8d6f4a2c0e1f3d5b7a9c8e6f4d2b0a1c"},
    {"secret.any.assigned-key", "INTERNAL_API_KEY", "7fK2pQ9xLm4vR8tZ3wYb"},
    {"credential.any.password", "DB_PASSWORD", "Tr0ub4dor&3x"},
    {"credential.postgresql.connection", "DATABASE_URL", "postgres://app:{Kq8vTz3Lp}@db.acme.dev:5432/core"},
}};

std::string filled(std::string text, const std::string& key, const std::string& value) {
    for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at + value.size())) {
        text.replace(at, key.size(), value);
    }
    return text;
}

} // namespace

class TestSecretRules final : public QObject {
    Q_OBJECT

    std::vector<Row> m_rows;
    std::shared_ptr<const Engine> m_engine;
    ScratchPtr m_scratch;

    std::vector<Finding> scan(const std::string& text) { return *m_engine->scan(text, *m_scratch); }
    std::string valueOf(const std::string& text, const std::string& detector) {
        for (const Finding& finding : scan(text)) {
            if (finding.detector == detector) {
                return text.substr(finding.begin, finding.end - finding.begin);
            }
        }
        return {};
    }

private slots:
    void initTestCase() {
        const auto rows = builtInCatalogue();
        QVERIFY(rows.has_value());
        std::copy_if(rows->begin(), rows->end(), std::back_inserter(m_rows), isSecretRow);
        const auto engine = Engine::compile({});
        QVERIFY2(engine.has_value(), engine ? "" : engine.error().what.c_str());
        m_engine = *engine;
        m_scratch = m_engine->makeScratch();
    }

    // Each head is a block of its own: what follows a cut one is neither a part of it nor looked at for it.
    void keyBlocksInARowAreToldApart() {
        const std::string head = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAx3p8Qm2v\n";
        const std::string whole = head + "-----END RSA PRIVATE KEY-----";
        const auto found = scan(head + head + "\n" + whole + "\n" + head);
        QCOMPARE(found.size(), 4U);
        QCOMPARE(found[0].end, head.size() - 1);
        QCOMPARE(found[1].begin, head.size());
        QVERIFY(!found[1].validated && found[2].validated);
        QCOMPARE(found[2].end - found[2].begin, whole.size());
    }

    void theCatalogueIsBroad() {
        std::set<std::string> providers;
        std::set<std::string> ids;
        std::size_t secrets = 0;
        for (const Row& row : m_rows) {
            providers.insert(providerOf(row.info.id));
            secrets += row.info.findingClass == FindingClass::secret ? 1U : 0U;
            QVERIFY2(ids.insert(row.info.id).second, row.info.id.c_str());
        }
        QVERIFY(secrets >= 320);
        QVERIFY(providers.size() >= 220);
    }

    void everyRowProvesItself() {
        for (const Row& row : m_rows) {
            QVERIFY2(row.examples.size() >= 2, row.info.id.c_str());
            QVERIFY2(row.nearMisses.size() >= 2, row.info.id.c_str());
            for (const std::string& example : row.examples) {
                QVERIFY2(!valueOf(example, row.info.id).empty(), (row.info.id + " misses " + example).c_str());
            }
            for (const std::string& miss : row.nearMisses) {
                QVERIFY2(valueOf(miss, row.info.id).empty(), (row.info.id + " takes " + miss).c_str());
            }
        }
    }

    void examplesAreFoundInTheMiddleOfText() {
        for (const Row& row : m_rows) {
            for (const std::string& example : row.examples) {
                const std::string text = "Hello, here is what I have:\n" + example + "\nCan you help? Thanks, Jo.";
                QVERIFY2(!valueOf(text, row.info.id).empty(), (row.info.id + " misses " + example).c_str());
            }
        }
    }

    void aSecretIsFoundHoweverItIsWritten_data() {
        QTest::addColumn<QByteArray>("detector");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("value");
        for (const Secret& secret : kSecrets) {
            const std::string written = filled(filled(secret.value, "{", ""), "}", "");
            const std::string given = std::string(secret.value);
            const std::size_t open = given.find('{');
            const std::string value =
                open == std::string::npos ? given : given.substr(open + 1, given.find('}') - open - 1);
            for (const Sentence& sentence : kSentences) {
                const std::string text = filled(filled(sentence.text, "{n}", secret.name), "{v}", written);
                QTest::addRow("%s in %s", secret.detector, sentence.name)
                    << QByteArray(secret.detector) << QByteArray::fromStdString(text)
                    << QByteArray::fromStdString(value);
            }
        }
    }
    void aSecretIsFoundHoweverItIsWritten() {
        QFETCH(QByteArray, detector);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, value);
        // The value and nothing of what frames it.
        QCOMPARE(valueOf(text.toStdString(), detector.toStdString()), value.toStdString());
    }

    void standInsAreLeftAlone_data() {
        QTest::addColumn<QByteArray>("value");
        for (const char* const value : {"your-api-key-here",
                                        "YOUR_API_KEY",
                                        "<your-token>",
                                        "${API_KEY}",
                                        "$API_KEY",
                                        "{{ api_key }}",
                                        "process.env.API_KEY",
                                        "os.environ['API_KEY']",
                                        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                                        "REDACTED",
                                        "********************************",
                                        "00000000000000000000000000000000",
                                        "abcdefghijklmnopqrstuvwxyzabcdef",
                                        "existingSubscription",
                                        "ctrl+shift+down",
                                        "/etc/ssl/private/server.pem",
                                        "config/secrets/production.yml",
                                        "insert_your_token_here_please",
                                        "12345678901234567890",
                                        "getSecretValue(name)",
                                        "null",
                                        "undefined"}) {
            QTest::newRow(value) << QByteArray(value);
        }
    }
    void standInsAreLeftAlone() {
        QFETCH(QByteArray, value);
        for (const char* const name : {"API_KEY", "access_token", "clientSecret", "DATADOG_API_KEY", "MISTRAL_API_KEY",
                                       "AWS_SECRET_ACCESS_KEY", "TWILIO_AUTH_TOKEN", "HEROKU_API_KEY", "password"}) {
            // People do choose such passwords.
            if (std::string(name) == "password" && (value == "existingSubscription" || value == "ctrl+shift+down")) {
                continue;
            }
            for (const char* const sentence : {"{n}={v}\n", "\"{n}\": \"{v}\",", "{n}: {v}\n"}) {
                const std::string text = filled(filled(sentence, "{n}", name), "{v}", value.toStdString());
                for (const Finding& finding : scan(text)) {
                    QFAIL((finding.detector + " takes " + text).c_str());
                }
            }
        }
    }

    void documentedValuesSayThatTheyAre() {
        const auto findings = scan("aws_access_key_id = AKIAIOSFODNN7EXAMPLE");
        QCOMPARE(findings.size(), 1U);
        QVERIFY(findings[0].why.find("documentation") != std::string::npos);
        const auto named = scan("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        QCOMPARE(named.size(), 1U);
        QVERIFY(named[0].why.find("documentation") != std::string::npos);
    }

    void namesThatMeanNoSecretAreHarmless() {
        const std::string value = "3f9a1c7be2d04856a7b8c9d0e1f2a3b4";
        QVERIFY(!scan("datadog_api_key: " + value).empty());
        for (const char* const name : {"datadog_monitor_id", "datadog_sha256", "datadog_commit_hash",
                                       "datadog_public_key", "datadog_checksum"}) {
            QVERIFY2(scan(std::string(name) + ": " + value).empty(), name);
        }
    }

    void checksumsRaiseConfidence() {
        // CRC-32 in base62 behind 30 characters, as GitHub and npm write it.
        const auto summed = scan("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");
        const auto other = scan("ghp_kT9vQ2xLm7RzY4wPb8Hc3Nd6Jf5Gs12537L0");
        QCOMPARE(summed.size(), 1U);
        QCOMPARE(other.size(), 1U);
        QVERIFY(summed[0].confidence > other[0].confidence);
        QCOMPARE(summed[0].why, std::string("checksum agrees"));
    }

    void mnemonicsEndWithTheirLastWord() {
        const std::string phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow";
        const std::string text = "seed phrase: " + phrase + " and then some more words";
        QCOMPARE(valueOf(text, "secret.any.recovery-phrase"), phrase);
    }

    void kubernetesSecretsLoseTheirValuesOnly() {
        const std::string text = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ntype: Opaque\ndata:\n"
                                 "  username: YXBwbGljYXRpb24=\n  password: UzNjcjN0UHc5OTE=\n---\nkind: ConfigMap\n"
                                 "data:\n  motto: bm90aGluZyBoZXJl\n";
        std::vector<std::string> values;
        for (const Finding& finding : scan(text)) {
            values.push_back(text.substr(finding.begin, finding.end - finding.begin));
        }
        QCOMPARE(values, (std::vector<std::string>{"YXBwbGljYXRpb24=", "UzNjcjN0UHc5OTE="}));
    }
};

QTEST_GUILESS_MAIN(TestSecretRules)
#include "tst_secret_rules.moc"
