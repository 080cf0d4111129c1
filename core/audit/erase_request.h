// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "audit/eraser.h"
#include "base/result.h"

// How gatehousectl asks a running agent, which alone may write, to erase: one file with the wish, one with the answer,
// in the owner-only data folder. Who can write there could delete the database as well, so this gives no new power;
// what was done is a record either way. Format: docs/formats/database.md.
namespace gatehouse::audit {

struct ErasureRequest {
    std::string id;
    ErasureWish wish;
};

// Places a request. conflict when another one waits.
[[nodiscard]] Result<> placeErasureRequest(const std::string& dataFolder, const ErasureRequest& request);
// Takes a request that was not taken back; it counts as carried out from now on. nullopt when there is none,
// invalidInput when it cannot be understood (then it is removed as well).
[[nodiscard]] Result<std::optional<ErasureRequest>> takeErasureRequest(const std::string& dataFolder);
// Takes a request back that nobody has taken. False when it was taken.
[[nodiscard]] bool withdrawErasureRequest(const std::string& dataFolder);

[[nodiscard]] Result<> answerErasure(const std::string& dataFolder, const std::string& id,
                                     const Result<ErasureReport>& report);
// nullopt while there is no answer to this request. The answer is removed.
[[nodiscard]] std::optional<Result<ErasureReport>> takeErasureAnswer(const std::string& dataFolder,
                                                                     const std::string& id);

} // namespace gatehouse::audit
