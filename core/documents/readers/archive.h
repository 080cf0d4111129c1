// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "documents/readers/read.h"

namespace gatehouse::documents {

// The names of all files of an archive, or of so many as limits allow; none when it cannot be read.
std::vector<std::string> listArchive(std::string_view bytes, const Limits& limits);

// Unpacks file by file and gives name and bytes to `take`. What cannot be unpacked becomes a gap.
void unpackArchive(const Source& source, Output& out,
                   const std::function<void(const std::string& name, const std::string& bytes)>& take);

} // namespace gatehouse::documents
