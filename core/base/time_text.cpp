// SPDX-License-Identifier: Apache-2.0
#include "base/time_text.h"

#include <charconv>

#include <fmt/format.h>

namespace gatehouse {
namespace {

// Reads exactly `digits` decimal digits at `position` and moves it on.
bool readNumber(std::string_view text, std::size_t& position, std::size_t digits, int& value) {
    if (text.size() < position + digits) {
        return false;
    }
    const char* const first = text.data() + position;
    const auto [end, error] = std::from_chars(first, first + digits, value);
    position += digits;
    return error == std::errc{} && end == first + digits && *first != '-';
}

bool readMark(std::string_view text, std::size_t& position, char mark) {
    return position < text.size() && text[position++] == mark;
}

} // namespace

std::string formatTime(WallTime time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

Result<WallTime> parseTime(std::string_view text) {
    const auto wrong = [] { return fail(ErrorKind::invalidInput, "not an RFC 3339 time in UTC"); };
    std::size_t at = 0;
    int year = 0;
    int month = 0;
    int day = 0;
    if (!readNumber(text, at, 4, year) || !readMark(text, at, '-') || !readNumber(text, at, 2, month) ||
        !readMark(text, at, '-') || !readNumber(text, at, 2, day)) {
        return wrong();
    }
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) {
        return wrong();
    }
    WallTime time = std::chrono::sys_days(date);
    if (at == text.size()) {
        return time;
    }
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (!readMark(text, at, 'T') || !readNumber(text, at, 2, hour) || !readMark(text, at, ':') ||
        !readNumber(text, at, 2, minute) || !readMark(text, at, ':') || !readNumber(text, at, 2, second) || hour > 23 ||
        minute > 59 || second > 60) {
        return wrong();
    }
    time += std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
    if (at < text.size() && text[at] == '.') {
        int scale = 100;
        std::size_t digit = at + 1;
        for (; digit < text.size() && text[digit] >= '0' && text[digit] <= '9'; ++digit, scale /= 10) {
            time += std::chrono::milliseconds((text[digit] - '0') * scale);
        }
        if (digit == at + 1) {
            return wrong();
        }
        at = digit;
    }
    if (!readMark(text, at, 'Z') || at != text.size()) {
        return wrong();
    }
    return time;
}

} // namespace gatehouse
