// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include "identity/identity.h"

namespace gatehouse::identity {
namespace {

constexpr int kMaxGroups = 256;

std::vector<std::string> groupNames(const char* user, gid_t primary) {
    std::array<gid_t, kMaxGroups> ids{};
    int count = kMaxGroups;
    if (getgrouplist(user, primary, ids.data(), &count) < 0) {
        return {};
    }
    std::vector<std::string> names;
    std::array<char, 4096> space{};
    for (int i = 0; i < count; ++i) {
        group entry{};
        group* found = nullptr;
        if (getgrgid_r(ids.at(static_cast<std::size_t>(i)), &entry, space.data(), space.size(), &found) == 0 &&
            found != nullptr) {
            names.emplace_back(found->gr_name);
        }
    }
    return names;
}

} // namespace

Person currentPerson() {
    Person person;
    person.uid = getuid();
    std::array<char, 4096> space{};
    passwd entry{};
    passwd* found = nullptr;
    if (getpwuid_r(getuid(), &entry, space.data(), space.size(), &found) == 0 && found != nullptr) {
        person.name = found->pw_name;
        person.groups = groupNames(found->pw_name, found->pw_gid);
    } else {
        person.name = "uid-" + std::to_string(getuid());
    }
    return person;
}

} // namespace gatehouse::identity
