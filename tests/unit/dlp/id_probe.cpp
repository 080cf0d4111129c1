// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <string>

#include "dlp/ids/ids.h"

// Reads lines "check value" and answers each with 1 (valid) and why, 0 (not) or ? (no such check); for the comparison
// with other implementations of the same schemes.
int main() {
    std::ios::sync_with_stdio(false);
    std::string name;
    std::string value;
    while (std::cin >> name >> value) {
        const gatehouse::dlp::IdCheck check = gatehouse::dlp::idCheckNamed(name);
        const gatehouse::dlp::IdVerdict verdict = check == nullptr ? gatehouse::dlp::IdVerdict{} : check(value);
        std::cout << (check == nullptr ? '?' : verdict.isValid ? '1' : '0') << ' ' << verdict.why << '\n';
    }
    return 0;
}
