// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "policy/parse.h"

namespace gatehouse::policy {
namespace {

constexpr std::array<std::string_view, 7> kDays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

// "08:30" in minutes after midnight; "24:00" too.
std::optional<int> minutesOf(std::string_view text) {
    const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : -100; };
    if (text.size() != 5 || text[2] != ':') {
        return std::nullopt;
    }
    const int hours = digit(0) * 10 + digit(1);
    const int minutes = digit(3) * 10 + digit(4);
    if (hours < 0 || minutes < 0 || hours > 24 || minutes > 59 || (hours == 24 && minutes > 0)) {
        return std::nullopt;
    }
    return hours * 60 + minutes;
}

void readClock(Reader& time, std::string_view key, int& minutes) {
    if (const auto text = time.text(key, 5)) {
        const auto value = minutesOf(*text);
        if (!value) {
            time.wrong(key, "must be a time of day like \"08:30\"");
        }
        minutes = value.value_or(minutes);
    }
}

void readZone(Reader& time, TimeWindow& window) {
    const auto zone = time.text("zone", 6);
    if (!zone || *zone == "utc") {
        return;
    }
    if (*zone == "local") {
        window.zone = Zone::local;
        return;
    }
    const auto offset = zone->size() == 6 ? minutesOf(std::string_view(*zone).substr(1)) : std::nullopt;
    if (!offset || *offset > 14 * 60 || ((*zone)[0] != '+' && (*zone)[0] != '-')) {
        time.wrong("zone", "must be \"utc\", \"local\" or an offset like \"+02:00\"");
        return;
    }
    window.zone = Zone::fixed;
    window.offsetMinutes = (*zone)[0] == '-' ? -*offset : *offset;
}

} // namespace

void parseTimeWindow(Reader& time, TimeWindow& window) {
    const auto days = time.texts("days", 3);
    if (!days.empty()) {
        window.days.fill(false);
    }
    for (const Text& day : days) {
        const auto* const found = std::find(kDays.begin(), kDays.end(), day.text);
        if (found == kDays.end()) {
            time.faults().add(day.pointer, inQuotes(day.text) + " is none of sun, mon, tue, wed, thu, fri, sat");
        } else {
            window.days.at(static_cast<std::size_t>(found - kDays.begin())) = true;
        }
    }
    readClock(time, "from", window.fromMinute);
    readClock(time, "to", window.toMinute);
    if (window.fromMinute == window.toMinute) {
        time.wrong("to", "must differ from \"from\"");
    }
    readZone(time, window);
    time.done();
}

} // namespace gatehouse::policy
