// SPDX-License-Identifier: Apache-2.0
// Writes tests/unit/providers/sigv4_cases.h: the published vectors of the AWS Signature Version 4 test suite, as the npm package
// @aws-sdk/signature-v4 3.10.0 (Apache-2.0) carries them. Usage: make_sigv4_cases.mjs FOLDER-OF-THE-UNPACKED-PACKAGE
import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

const { requests } = createRequire(import.meta.url)(resolve(process.argv[2], "dist/cjs/suite.fixture.js"));
const text = (value) => JSON.stringify(value ?? "").replace(/[^\x20-\x7e]/g, (letter) =>
  [...new TextEncoder().encode(letter)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join(""));
const own = new Set(["host", "x-amz-date"]); // the signer adds them
const rows = requests.map(({ name, request, authorization }) => {
  const query = Object.entries(request.query).map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join("&");
  const headers = Object.entries(request.headers).filter(([key]) => !own.has(key)).map(([key, value]) => `${key}:${value}`).join("\n");
  return [name, request.method, request.path, query, headers, request.body, authorization].map(text).join(",\n     ");
});
writeFileSync(new URL("../tests/unit/providers/sigv4_cases.h", import.meta.url), `// SPDX-License-Identifier: Apache-2.0
// Written by tools/make_sigv4_cases.mjs; see docs/data-sources.md.
#pragma once

#include <array>
#include <string_view>

namespace gatehouse::test {

struct SigV4Case {
    std::string_view name;
    std::string_view method;
    std::string_view path;    // as it is before it is encoded
    std::string_view query;
    std::string_view headers; // one line each, besides host and x-amz-date
    std::string_view body;
    std::string_view authorization;
};

constexpr std::array kSigV4Cases{
${rows.map((row) => `    SigV4Case{${row}},`).join("\n")}
};

} // namespace gatehouse::test
`);
