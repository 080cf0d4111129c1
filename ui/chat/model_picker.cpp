// SPDX-License-Identifier: Apache-2.0
#include "chat/model_picker.h"

#include "text/chat_words.h"
#include "text/shown_text.h"

namespace gatehouse::ui {
namespace {

constexpr int kIsPreview = Qt::UserRole + 1;

QString labelOf(const ModelChoice& model) {
    QString label = text::shownText(model.id);
    if (model.isPreview) {
        label += QStringLiteral("  (") + text::previewSuffix() + QLatin1Char(')');
    } else if (model.isLocal) {
        label += QStringLiteral("  (") + text::localSuffix() + QLatin1Char(')');
    }
    return label;
}

} // namespace

ModelPicker::ModelPicker(QWidget* parent) : QComboBox(parent) {
    setObjectName(QStringLiteral("modelPicker"));
    setAccessibleName(text::modelPickerName());
    setToolTip(text::modelPickerName());
    setMinimumContentsLength(18);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setLoading();
}

void ModelPicker::setPlaceholder(const QString& words) {
    clear();
    addItem(words);
    setEnabled(false);
    m_hasModels = false;
}

void ModelPicker::setLoading() {
    setPlaceholder(text::loadingModels());
}

void ModelPicker::setModels(const std::vector<ModelChoice>& models, const QString& wanted) {
    if (models.empty()) {
        setPlaceholder(text::noModels());
        return;
    }
    const QSignalBlocker quiet(this);
    clear();
    int chosen = -1;
    for (const ModelChoice& model : models) {
        addItem(labelOf(model), model.id);
        setItemData(count() - 1, model.isPreview, kIsPreview);
        if (model.isPreview) {
            setItemData(count() - 1, text::previewSentence(), Qt::ToolTipRole);
        }
        if (model.id == wanted) {
            chosen = count() - 1;
        }
    }
    for (int i = 0; i < count() && chosen < 0; ++i) {
        chosen = itemData(i, kIsPreview).toBool() ? -1 : i;
    }
    setCurrentIndex(qMax(0, chosen));
    setEnabled(true);
    m_hasModels = true;
}

QString ModelPicker::chosenModel() const {
    return m_hasModels ? currentData().toString() : QString();
}

bool ModelPicker::isPreviewChosen() const {
    return m_hasModels && currentData(kIsPreview).toBool();
}

} // namespace gatehouse::ui
