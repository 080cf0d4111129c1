// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::cli {

struct ScanInput {
    std::string path;
    bool isNamed = false; // on the command line itself: read whatever it holds
};

struct ScanInputs {
    std::vector<ScanInput> files;      // sorted within each folder, each file once
    std::vector<std::string> problems; // sentences for stderr: what could not be listed
};

// The files that the given paths name. Folders are walked without following links; ".git" is left out, so is what is
// neither file nor folder. With `isGitignore` git itself lists the files of each folder (tracked, and untracked unless
// ignored); the folder must then lie in a work tree.
ScanInputs listInputs(const std::vector<std::string>& paths, bool isGitignore);

} // namespace gatehouse::cli
