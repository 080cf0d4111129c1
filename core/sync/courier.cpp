// SPDX-License-Identifier: Apache-2.0
#include "sync/courier.h"

#include <algorithm>

#include "platform/secure_file.h"

namespace gatehouse::sync {

Result<std::vector<std::string>> copyWaiting(const Outbox& outbox, const ledger::DeviceId& device,
                                             const std::string& folder) {
    std::vector<std::string> paths;
    for (const Outbox::Waiting& waiting : outbox.waiting()) {
        GH_TRY(const Bytes batch, outbox.read(waiting));
        // Several devices' batches share a carrier's folder.
        const std::string path = folder + "/" + hexEncode(device) + "-" + waiting.name;
        if (platform::fileExists(path)) {
            const auto there = platform::readFile(path, ledger::kMaxBatchFile);
            if (!there || *there != batch) {
                return fail(ErrorKind::conflict, path + " holds something else");
            }
        } else {
            GH_CHECK(platform::writePrivateFile(path, batch));
        }
        paths.push_back(path);
    }
    return paths;
}

} // namespace gatehouse::sync
