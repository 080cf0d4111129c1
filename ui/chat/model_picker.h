// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QComboBox>

#include "chat/wire.h"

namespace gatehouse::ui {

// The models that policy offers. Keeps the choice when the list is fetched again; says what "preview" is.
class ModelPicker final : public QComboBox {
    Q_OBJECT
public:
    explicit ModelPicker(QWidget* parent = nullptr);

    // `wanted` is chosen if it is offered, else the first real model, else preview.
    void setModels(const std::vector<ModelChoice>& models, const QString& wanted);
    void setLoading();
    [[nodiscard]] QString chosenModel() const;
    [[nodiscard]] bool isPreviewChosen() const;
    [[nodiscard]] bool hasModels() const { return m_hasModels; }

private:
    void setPlaceholder(const QString& words);

    bool m_hasModels = false;
};

} // namespace gatehouse::ui
