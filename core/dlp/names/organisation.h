// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dlp/names/names.h"
#include "dlp/names/tokens.h"

// Internal to core/dlp/names.
namespace gatehouse::dlp {

// Organisations in a run of capitalised words: by the form of a company ("Acme Widgets GmbH", "Foo, Inc.", "S.A.") and
// behind "works at".
void findOrganisation(std::string_view text, const Run& run, std::vector<NameHit>& out);

} // namespace gatehouse::dlp
