// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "providers/discovery.h"
#include "providers/model_list.h"

using namespace gatehouse;
using namespace gatehouse::providers;

class TestModelList : public QObject {
    Q_OBJECT
private slots:
    void ollamaTagsAreRead();
    void openAiListsAreRead();
    void nonsenseIsRefused_data();
    void nonsenseIsRefused();
    void oddEntriesAreLeftOut();
    void longListsAreCut();
    void onlyKnownProgramsAreModelServers();
};

void TestModelList::ollamaTagsAreRead() {
    const auto models = readOllamaTags(R"({"models":[{"name":"llama3:latest","model":"llama3:latest","size":1},
        {"name":"gpt-oss:120b-cloud","remote_model":"gpt-oss:120b","remote_host":"https://ollama.com:443"},
        {"name":"kimi:cloud"},{"name":"quiet","remote_host":""}]})");
    QVERIFY(models.has_value());
    QCOMPARE(models->size(), 4U);
    QCOMPARE(models->at(0).name, std::string("llama3:latest"));
    QVERIFY(!models->at(0).isRemote);
    QVERIFY(models->at(1).isRemote);
    QVERIFY(models->at(2).isRemote);
    QVERIFY(!models->at(3).isRemote);
}

void TestModelList::openAiListsAreRead() {
    const auto models = readOpenAiModels(R"({"object":"list","data":[{"id":"a/b.gguf","object":"model"}]})");
    QVERIFY(models.has_value());
    QCOMPARE(models->at(0).name, std::string("a/b.gguf"));
}

void TestModelList::nonsenseIsRefused_data() {
    QTest::addColumn<QByteArray>("json");
    for (const auto* json : {"", "{", "[]", "null", "{}", R"({"data":{}})", R"({"data":"x"})", R"({"models":[]})",
                             "<html>", R"({"data":[],"data":[]})"}) {
        QTest::newRow(json) << QByteArray(json);
    }
    QTest::newRow("deep") << QByteArray(5000, '[');
}

void TestModelList::nonsenseIsRefused() {
    QFETCH(QByteArray, json);
    QVERIFY(!readOpenAiModels({json.data(), static_cast<std::size_t>(json.size())}));
}

void TestModelList::oddEntriesAreLeftOut() {
    const auto models = readOpenAiModels(R"({"data":[1,null,{},{"id":1},{"id":""},{"id":"a b"},{"id":"a\nb"},{"id":")" +
                                         std::string(257, 'x') + R"("},{"id":"good"}]})");
    QVERIFY(models.has_value());
    QCOMPARE(models->size(), 1U);
    QCOMPARE(models->at(0).name, std::string("good"));
}

void TestModelList::longListsAreCut() {
    std::string json = R"({"data":[)";
    for (int i = 0; i < 1500; ++i) {
        json += (i == 0 ? "" : ",") + std::string(R"({"id":"m)") + std::to_string(i) + "\"}";
    }
    QCOMPARE(readOpenAiModels(json + "]}").value().size(), 1000U);
}

void TestModelList::onlyKnownProgramsAreModelServers() {
    QVERIFY(isModelServer("ollama", "/usr/local/bin/ollama"));
    QVERIFY(isModelServer("ollama", "C:\\Users\\a\\AppData\\Local\\Programs\\Ollama\\Ollama.exe"));
    QVERIFY(isModelServer("lmstudio", "/opt/LM Studio/lm-studio"));
    QVERIFY(isModelServer("llama-server", "/home/a/bin/llama-server"));
    QVERIFY(!isModelServer("ollama", "/usr/bin/ssh"));
    QVERIFY(!isModelServer("ollama", "/usr/bin/llama-server"));
    QVERIFY(!isModelServer("llama-server", "/usr/bin/python3"));
    QVERIFY(!isModelServer("ollama", ""));
    QVERIFY(!isModelServer("ollama", "/usr/bin/ollama-proxy"));
    QVERIFY(!isModelServer("vllm", "/usr/bin/ollama"));
    QVERIFY(!isModelServer("llama-server", "/tmp/llama-server/"));
}

QTEST_GUILESS_MAIN(TestModelList)
#include "tst_model_list.moc"
