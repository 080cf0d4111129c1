// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

namespace gatehouse::bridge {

// What the desktop's clipboard holds, as far as a paste into a page is concerned.
struct Clip {
    std::string text; // UTF-8
    std::string html;
    bool isWhole = true; // false: it holds more, or too much, and nothing can be said about it
};

// The desktop's clipboard, where it lets itself be watched: the tray program implements it with Qt.
class ClipboardPort {
public:
    using Listener = std::function<void(Clip)>;
    virtual ~ClipboardPort() = default;
    // Tells `listener`, on any thread, what the clipboard holds, now and at each change, until the next call; an empty
    // listener ends it. Called on gw-io: hands over and returns at once.
    virtual void watch(Listener listener) = 0;
};

} // namespace gatehouse::bridge
