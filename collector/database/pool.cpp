// SPDX-License-Identifier: Apache-2.0
#include "database/pool.h"

namespace gatehouse::collector {

Result<std::unique_ptr<Connection>> Pool::take() {
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_idle.empty()) {
            auto connection = std::move(m_idle.back());
            m_idle.pop_back();
            return connection;
        }
    }
    return Connection::open(m_address);
}

void Pool::giveBack(std::unique_ptr<Connection> connection) {
    if (connection->isUsable()) {
        const std::scoped_lock lock(m_mutex);
        m_idle.push_back(std::move(connection));
    }
}

} // namespace gatehouse::collector
