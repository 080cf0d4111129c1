// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ctime>

#include "policy/evaluate.h"
#include "types/opinion.h"

namespace gatehouse::policy {
namespace {

bool admits(const std::vector<Glob>& globs, std::string_view text) {
    return globs.empty() || anyMatches(globs, text);
}

std::string_view hostOf(std::string_view site) {
    return site.ends_with('.') ? site.substr(0, site.size() - 1) : site;
}

// A pattern with a slash means the executable's path, one without its file name or the client token's name.
bool admitsApp(const std::vector<Glob>& globs, const Interaction& interaction) {
    const std::string_view path = interaction.process.executable;
    const std::string_view name = path.substr(path.find_last_of("/\\") + 1);
    return globs.empty() || std::any_of(globs.begin(), globs.end(), [&](const Glob& glob) {
               if (glob.pattern().contains('/')) {
                   return glob.matches(path);
               }
               return (!name.empty() && glob.matches(name)) ||
                      (!interaction.client.empty() && glob.matches(interaction.client));
           });
}

bool admitsGroup(const std::vector<Glob>& globs, const Person& person) {
    return globs.empty() || std::any_of(person.groups.begin(), person.groups.end(),
                                        [&](const std::string& group) { return anyMatches(globs, group); });
}

// "provider/model" without building the text when no rule asks; a web page is its host.
bool admitsDestination(const std::vector<Glob>& globs, const Destination& destination, std::string_view site) {
    if (globs.empty()) {
        return true;
    }
    return destination.provider.empty() ? anyMatches(globs, site)
                                        : anyMatches(globs, destination.provider + "/" + destination.model);
}

struct WeekMinute {
    int day = 0; // 0 is Sunday
    int minute = 0;
};

WeekMinute weekMinuteOf(const TimeWindow& window, WallTime now) {
    if (window.zone == Zone::local) {
        const std::time_t seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
        std::tm parts{};
#ifdef _WIN32
        localtime_s(&parts, &seconds);
#else
        localtime_r(&seconds, &parts);
#endif
        return {parts.tm_wday, parts.tm_hour * 60 + parts.tm_min};
    }
    const WallTime shifted = now + std::chrono::minutes(window.zone == Zone::fixed ? window.offsetMinutes : 0);
    const auto day = std::chrono::floor<std::chrono::days>(shifted);
    const auto minute = std::chrono::floor<std::chrono::minutes>(shifted - day);
    return {static_cast<int>(std::chrono::weekday(day).c_encoding()), static_cast<int>(minute.count())};
}

} // namespace

bool admitsTime(const TimeWindow& window, WallTime now) {
    const WeekMinute at = weekMinuteOf(window, now);
    const auto isDay = [&](int day) { return window.days.at(static_cast<std::size_t>((day + 7) % 7)); };
    if (window.fromMinute < window.toMinute) {
        return isDay(at.day) && at.minute >= window.fromMinute && at.minute < window.toMinute;
    }
    return (isDay(at.day) && at.minute >= window.fromMinute) || (isDay(at.day - 1) && at.minute < window.toMinute);
}

bool admitsSubject(const When& when, const Subject& subject) {
    static const Interaction kNothing;
    const Interaction& interaction = subject.interaction != nullptr ? *subject.interaction : kNothing;
    const Destination& destination = subject.destination;
    const std::string_view site = hostOf(interaction.site.empty() ? destination.site : interaction.site);
    return when.directions.admits(interaction.direction) && when.channels.admits(interaction.channel) &&
           when.trusts.admits(destination.trust) && admits(when.providers, destination.provider) &&
           admits(when.models, destination.model) && admits(when.regions, destination.region) &&
           admits(when.sites, site) && admits(when.persons, interaction.person.name) &&
           admitsGroup(when.groups, interaction.person) && admitsApp(when.apps, interaction) &&
           admitsDestination(when.destinations, destination, site) &&
           (!when.time || admitsTime(*when.time, subject.now));
}

bool admitsFinding(const When& when, const Finding& finding) {
    if (finding.detector == kNoOpinionDetector) {
        return false;
    }
    return when.classes.admits(finding.findingClass) && finding.confidence >= when.confidence &&
           finding.level >= when.level && admits(when.detectors, finding.detector);
}

} // namespace gatehouse::policy
