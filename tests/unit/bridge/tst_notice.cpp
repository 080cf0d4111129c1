// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include <algorithm>

#include "../policy/policy_support.h"
#include "bridge/session.h"

using namespace gatehouse;
using namespace gatehouse::policy::test;

namespace {

// JSON written with ' for ", because Qt's moc loses its way in raw strings.
std::string quoted(std::string text) {
    std::ranges::replace(text, '\'', '"');
    return text;
}

std::shared_ptr<const policy::PolicySet> setOf(std::vector<std::shared_ptr<const policy::Policy>> layers) {
    return std::make_shared<policy::PolicySet>(std::move(layers));
}

} // namespace

class NoticeTest final : public QObject {
    Q_OBJECT
private slots:
    void theBrowserIsToldWhatTheFirstLayerKnowsOfASite() {
        const auto upper = compiled(quoted("{'meta': {'id': 'm', 'serial': 4}, 'fail_mode': 'open', 'sites': [{'name': "
                                           "'A', 'hosts': ['a.example'], 'composer': '#a', 'send': '#s', 'prompts': "
                                           "['/p/*'], 'quiet': ['/q'], 'helpers': ['h.example'], 'paths': ['/x*']}]}"));
        const auto notice = bridge::noticeOf({setOf({upper}), nullptr});
        QCOMPARE(notice.revision, std::string("m#4"));
        QVERIFY(!notice.isFailClosed);
        const auto& site = notice.sites.at(0);
        QCOMPARE(site.name, std::string("A"));
        QCOMPARE(site.composer, std::string("#a"));
        QCOMPARE(site.send, std::string("#s"));
        QCOMPARE(site.prompts, std::vector<std::string>{"/p/*"});
        QCOMPARE(site.quiet, std::vector<std::string>{"/q"});
        QCOMPARE(site.helpers, std::vector<std::string>{"h.example"});
        QCOMPARE(site.paths, std::vector<std::string>{"/x*"});
    }

    void aLowerLayerAddsSitesButHasNoWordInWhereIsLooked() {
        const auto upper = compiled(quoted("{'meta': {'id': 'm'}}"));
        const auto lower = compiled(quoted("{'meta': {'id': 'u'}, 'sites': [{'hosts': ['a.example'], 'composer': "
                                           "'#none', 'quiet': ['/*'], 'paths': ['/never']}]}"));
        const auto notice = bridge::noticeOf({setOf({upper, lower}), nullptr});
        const auto& site = notice.sites.at(0);
        QVERIFY(site.isGuarded);
        QVERIFY(site.composer.empty());
        QVERIFY(site.quiet.empty());
        QVERIFY(site.paths.empty());
    }

    void theBrowserIsToldWhatItDoesBesides() {
        const auto upper = compiled(quoted("{'meta': {'id': 'm'}, 'browser': {'answers': 'restore', 'unlisted': "
                                           "'block', 'ai_hosts': ['*.chat.example'], 'fast_path': false}}"));
        const auto notice = bridge::noticeOf({setOf({upper}), nullptr});
        QCOMPARE(notice.answers, std::string("restore"));
        QCOMPARE(notice.unlisted, std::string("block"));
        QCOMPARE(notice.aiHosts, std::vector<std::string>{"*.chat.example"});
        QVERIFY(!notice.hasFastPath);
        QCOMPARE(notice.patience, 3000U);
    }

    void withoutAPolicyTheBrowserIsClosed() { QVERIFY(bridge::noticeOf({}).isFailClosed); }
};

QTEST_GUILESS_MAIN(NoticeTest)
#include "tst_notice.moc"
