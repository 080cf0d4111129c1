// SPDX-License-Identifier: Apache-2.0
#include "activity/decision_model.h"

#include <QFileInfo>
#include <QGuiApplication>
#include <QLocale>
#include <QPalette>
#include <algorithm>
#include <array>

#include "text/activity_words.h"
#include "text/chat_words.h"
#include "text/decision_words.h"
#include "text/finding_words.h"
#include "text/shown_text.h"
#include "widgets/icons.h"
#include "widgets/theme.h"

namespace gatehouse::ui {
namespace {

QString cellText(const DecisionRow& row, int column) {
    switch (column) {
    case DecisionModel::timeColumn:
        return shownTime(row.time, QDateTime::currentDateTime());
    case DecisionModel::fromColumn:
        return sourceOf(row);
    case DecisionModel::toColumn:
        return destinationOf(row);
    case DecisionModel::decisionColumn:
        return text::decisionTitle(row.action);
    case DecisionModel::foundColumn:
        return row.findings.empty() ? text::nothingFound() : text::listedFindings(row.findings);
    default:
        return {};
    }
}

QString searchWords(const DecisionRow& row) {
    QStringList words{sourceOf(row),
                      destinationOf(row),
                      row.program,
                      row.rule,
                      row.model,
                      row.interaction,
                      row.outcome,
                      text::decisionTitle(row.action),
                      text::listedFindings(row.findings)};
    for (const FindingCount& finding : row.findings) {
        words.append(finding.detector);
    }
    return words.join(QLatin1Char('\n'));
}

} // namespace

QString sourceOf(const DecisionRow& row) {
    const QString program = QFileInfo(row.program).fileName();
    const QString name = row.client.isEmpty() ? program : row.client;
    if (row.channel == Channel::chat) {
        return text::channelTitle(Channel::chat);
    }
    return text::shownText(row.channel == Channel::sdk && !name.isEmpty()
                               ? name
                               : text::viaChannel(text::channelTitle(row.channel), name));
}

QString destinationOf(const DecisionRow& row) {
    return text::shownText(row.site.isEmpty() ? text::origin(row.provider, row.model) : row.site);
}

QString shownTime(const QDateTime& time, const QDateTime& now) {
    const QLocale locale;
    const QDateTime local = time.toLocalTime();
    const QString clock = locale.toString(local.time(), QLocale::ShortFormat);
    return local.date() == now.date() ? clock
                                      : locale.toString(local.date(), QLocale::ShortFormat) + QLatin1Char(' ') + clock;
}

void DecisionModel::setRows(std::vector<DecisionRow> rows) {
    beginResetModel();
    m_rows = std::move(rows);
    m_rows.resize(std::min<std::size_t>(m_rows.size(), kMaxRows));
    endResetModel();
}

void DecisionModel::prepend(const DecisionRow& row) {
    const bool isThere = std::any_of(m_rows.begin(), m_rows.end(), [&row](const DecisionRow& other) {
        return row.sequence != 0 && other.sequence == row.sequence;
    });
    if (isThere) {
        return;
    }
    beginInsertRows({}, 0, 0);
    m_rows.insert(m_rows.begin(), row);
    endInsertRows();
    if (m_rows.size() > kMaxRows) {
        beginRemoveRows({}, kMaxRows, kMaxRows);
        m_rows.pop_back();
        endRemoveRows();
    }
}

const DecisionRow* DecisionModel::rowAt(int row) const {
    return row >= 0 && static_cast<std::size_t>(row) < m_rows.size() ? &m_rows[static_cast<std::size_t>(row)] : nullptr;
}

int DecisionModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int DecisionModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(columnCountValue);
}

QVariant DecisionModel::data(const QModelIndex& index, int role) const {
    const DecisionRow* row = rowAt(index.row());
    if (row == nullptr) {
        return {};
    }
    const bool isDecision = index.column() == decisionColumn;
    switch (role) {
    case Qt::DisplayRole:
        return cellText(*row, index.column());
    case Qt::ToolTipRole:
        return isDecision ? text::decisionMeaning(row->action) : cellText(*row, index.column());
    case Qt::DecorationRole:
        return isDecision ? namedIcon(decisionIconName(row->action),
                                      Theme::of(QGuiApplication::palette()).decision(row->action))
                          : QVariant();
    case Qt::ForegroundRole:
        return isDecision ? QVariant(Theme::of(QGuiApplication::palette()).decision(row->action)) : QVariant();
    case actionRole:
        return static_cast<int>(row->action);
    case searchRole:
        return searchWords(*row);
    default:
        return {};
    }
}

QVariant DecisionModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    const std::array<QString, columnCountValue> titles{text::columnTime(), text::columnFrom(), text::columnTo(),
                                                       text::columnDecision(), text::columnFound()};
    return titles.at(static_cast<std::size_t>(section));
}

} // namespace gatehouse::ui
