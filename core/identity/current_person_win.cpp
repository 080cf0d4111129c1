// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include <windows.h>

#include <lmcons.h>

#include "identity/identity.h"

namespace gatehouse::identity {

// Name only; groups and SID follow with the sign-in.
Person currentPerson() {
    Person person;
    std::array<wchar_t, UNLEN + 1> wide{};
    DWORD size = static_cast<DWORD>(wide.size());
    std::array<char, 4 * UNLEN + 1> name{};
    if (GetUserNameW(wide.data(), &size) != 0 &&
        WideCharToMultiByte(CP_UTF8, 0, wide.data(), -1, name.data(), static_cast<int>(name.size()), nullptr, nullptr) >
            0) {
        person.name = name.data();
    }
    return person;
}

} // namespace gatehouse::identity
