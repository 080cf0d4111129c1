// SPDX-License-Identifier: Apache-2.0
#include <QClipboard>
#include <QGuiApplication>
#include <QImage>
#include <QMimeData>
#include <QTest>
#include <QUrl>
#include <vector>

#include "clipboard_watch.h"

using gatehouse::app::ClipboardWatch;
using gatehouse::bridge::Clip;

class TestClipboardWatch final : public QObject {
    Q_OBJECT
private slots:
    void init() { QGuiApplication::clipboard()->clear(); }
    void cleanup() { m_watch.watch({}); }

    void theHolderIsToldAtOnceAndAtEachChange() {
        QGuiApplication::clipboard()->setText(QStringLiteral("first ä"));
        m_watch.watch([this](const Clip& clip) { m_seen.push_back(clip); });
        QTRY_COMPARE(m_seen.size(), 1U);
        QCOMPARE(m_seen[0].text, std::string("first ä"));
        QVERIFY(m_seen[0].isWhole);
        QGuiApplication::clipboard()->setText(QStringLiteral("second"));
        QTRY_COMPARE(m_seen.size(), 2U);
        QCOMPARE(m_seen[1].text, std::string("second"));
    }

    void nothingIsLookedAtWhenNobodyWatches() {
        m_seen.clear();
        m_watch.watch([this](const Clip& clip) { m_seen.push_back(clip); });
        QTRY_COMPARE(m_seen.size(), 1U);
        m_watch.watch({});
        QTest::qWait(20);
        QGuiApplication::clipboard()->setText(QStringLiteral("private"));
        QTest::qWait(50);
        QCOMPARE(m_seen.size(), 1U);
    }

    void htmlGoesWithItsText() {
        QMimeData data;
        data.setText(QStringLiteral("bold"));
        data.setHtml(QStringLiteral("<b>bold</b>"));
        const Clip clip = ClipboardWatch::clipOf(&data);
        QCOMPARE(clip.html, std::string("<b>bold</b>"));
        QVERIFY(clip.isWhole);
    }

    void whatHoldsMoreThanTextSaysNothing() {
        QMimeData picture;
        picture.setText(QStringLiteral("a"));
        picture.setImageData(QImage(2, 2, QImage::Format_RGB32));
        QVERIFY(!ClipboardWatch::clipOf(&picture).isWhole);
        QVERIFY(ClipboardWatch::clipOf(&picture).text.empty());
        QMimeData files;
        files.setUrls({QUrl(QStringLiteral("file:///a.txt"))});
        QVERIFY(!ClipboardWatch::clipOf(&files).isWhole);
        QMimeData large;
        large.setText(QString(1024 * 1024, QLatin1Char('a')));
        QVERIFY(!ClipboardWatch::clipOf(&large).isWhole);
        QVERIFY(ClipboardWatch::clipOf(nullptr).text.empty());
    }

private:
    std::vector<Clip> m_seen;
    ClipboardWatch m_watch;
};

QTEST_MAIN(TestClipboardWatch)
#include "tst_clipboard_watch.moc"
