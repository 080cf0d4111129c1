// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/async.h"
#include "bridge/sender.h"
#include "governance/governor.h"
#include "ipc/page_messages.h"

namespace gatehouse::bridge {

// What a page shows the person: the values behind placeholders of the same profile's conversation with the site, and
// what is secret in the text. Both only as policy's section "browser" asks; an answer that is empty otherwise. What is
// marked or given is recorded, by kind and number. gw-io thread.
class Readings final {
public:
    explicit Readings(governance::Governor& governor) : m_governor(governor) {}
    [[nodiscard]] Task<ipc::ReadingReply> read(Sender sender, ipc::ReadingRequest request);

private:
    void restore(const governance::Rules& rules, const Interaction& interaction,
                 const std::vector<std::string>& placeholders, ipc::ReadingReply& reply);
    Task<std::vector<ipc::Mark>> mark(governance::Rules rules, Interaction interaction);

    governance::Governor& m_governor;
};

} // namespace gatehouse::bridge
