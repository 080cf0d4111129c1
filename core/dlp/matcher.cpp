// SPDX-License-Identifier: Apache-2.0
#include "dlp/matcher.h"

#include <algorithm>
#include <climits>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <hs/hs.h>

#include "base/crypto.h"

namespace gatehouse::dlp {
namespace {

namespace fs = std::filesystem;

fs::path cacheFolder() {
    if (const char* const own = std::getenv("GATEHOUSE_CACHE"); own != nullptr && *own != '\0') {
        return own;
    }
    if (const char* const cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != '\0') {
        return fs::path(cache) / "gatehouse";
    }
    if (const char* const home = std::getenv("HOME"); home != nullptr && *home != '\0') {
        return fs::path(home) / ".cache" / "gatehouse";
    }
    return {};
}

// What a cached database depends on: change any of it and the file is another one.
std::string cacheKey(const std::vector<std::string>& patterns, MatchMode mode) {
    std::string material = hs_version();
    hs_platform_info_t platform{};
    hs_populate_platform(&platform);
    material +=
        fmt::format("|{}|{}|{}|{}", platform.tune, platform.cpu_features, sizeof(void*), static_cast<int>(mode));
    for (const std::string& pattern : patterns) {
        material += '\n';
        material += pattern;
    }
    return sha256Hex(material);
}

// The file is its own SHA-256 (64 hex digits) and the serialised database. Anything odd reads as "no cache".
hs_database_t* readCache(const fs::path& file) {
    constexpr std::uintmax_t kMostBytes = std::uintmax_t{256} * 1024U * 1024U;
    std::error_code error;
    const std::uintmax_t size = fs::file_size(file, error);
    if (error || size > kMostBytes) {
        return nullptr;
    }
    std::string bytes(static_cast<std::size_t>(size), '\0');
    std::ifstream in(file, std::ios::binary);
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!in) {
        return nullptr;
    }
    hs_database_t* database = nullptr;
    if (bytes.size() <= 64 || sha256Hex(std::string_view(bytes).substr(64)) != bytes.substr(0, 64)) {
        return nullptr;
    }
    const hs_error_t result = hs_deserialize_database(bytes.data() + 64, bytes.size() - 64, &database);
    return result == HS_SUCCESS ? database : nullptr;
}

void writeCache(const fs::path& folder, const fs::path& file, const hs_database_t* database) {
    char* bytes = nullptr;
    std::size_t size = 0;
    if (hs_serialize_database(database, &bytes, &size) != HS_SUCCESS) {
        return;
    }
    std::error_code ignored; // without a cache the next start compiles again: slower, never wrong
    fs::create_directories(folder, ignored);
    fs::permissions(folder, fs::perms::owner_all, ignored);
    const fs::path temporary = file.string() + "." + newId();
    {
        std::ofstream out(temporary, std::ios::binary);
        const std::string_view body(bytes, size);
        out << sha256Hex(body) << body;
        out.close();
        fs::permissions(temporary, fs::perms::owner_read | fs::perms::owner_write, ignored);
        if (out) {
            fs::rename(temporary, file, ignored);
        } else {
            fs::remove(temporary, ignored);
        }
    }
    std::free(bytes);
}

// RE2 confirms anchored patterns, and there a dot is no line break.
unsigned flagsOf(MatchMode mode) {
    switch (mode) {
    case MatchMode::spans:
        return HS_FLAG_SOM_LEFTMOST | HS_FLAG_DOTALL;
    case MatchMode::words:
        return HS_FLAG_CASELESS;
    case MatchMode::ends:
        break;
    }
    return 0;
}

Result<hs_database_t*> compileFresh(const std::vector<std::string>& patterns, MatchMode mode) {
    std::vector<const char*> expressions;
    std::vector<unsigned> flags(patterns.size(), flagsOf(mode));
    std::vector<unsigned> ids;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        expressions.push_back(patterns[i].c_str());
        ids.push_back(static_cast<unsigned>(i));
    }
    hs_database_t* database = nullptr;
    hs_compile_error_t* error = nullptr;
    const hs_error_t result =
        hs_compile_multi(expressions.data(), flags.data(), ids.data(), static_cast<unsigned>(patterns.size()),
                         HS_MODE_BLOCK, nullptr, &database, &error);
    if (result != HS_SUCCESS) {
        const int expression = error != nullptr ? error->expression : -1;
        const std::string why = error != nullptr ? error->message : "unknown";
        hs_free_compile_error(error);
        return fail(ErrorKind::invalidInput, fmt::format("pattern {} does not compile: {}", expression, why), result);
    }
    return database;
}

struct Collector {
    std::vector<Hit>& hits;
    std::vector<std::uint32_t>& last; // index + 1 of the newest hit of each pattern
    std::size_t maxHits;
    MatchMode mode;
    std::size_t offset = 0; // of the part that is scanned
    bool isFull = false;
};

// Whether the hit only makes the pattern's newest one longer.
bool extends(const Collector& collector, Hit& newest, std::size_t from, std::size_t to) {
    Span& span = newest.span;
    if (collector.mode == MatchMode::spans && from < span.end && to > span.begin) {
        span = {std::min(from, span.begin), std::max(to, span.end)};
        return true;
    }
    if (collector.mode == MatchMode::ends && to <= span.end + 1) {
        span.end = std::max(to, span.end);
        return true;
    }
    return false;
}

int onMatch(unsigned id, unsigned long long from, unsigned long long to, unsigned /*flags*/, void* context) {
    auto& collector = *static_cast<Collector*>(context);
    const bool hasStart = collector.mode == MatchMode::spans;
    from += collector.offset;
    to += collector.offset;
    if (collector.mode != MatchMode::words) {
        std::uint32_t& last = collector.last[id];
        if (last != 0 && extends(collector, collector.hits[last - 1], from, to)) {
            return 0;
        }
        last = static_cast<std::uint32_t>(collector.hits.size() + 1);
    }
    if (collector.hits.size() >= collector.maxHits) {
        collector.isFull = true;
        return 1;
    }
    collector.hits.push_back({id, {hasStart ? from : to, to}});
    return 0;
}

} // namespace

Result<std::unique_ptr<Matcher>> Matcher::compile(const std::vector<std::string>& patterns, MatchMode mode,
                                                  const Accept& accept) {
    const fs::path folder = cacheFolder();
    const fs::path file = folder / fmt::format("hs-{}.db", cacheKey(patterns, mode));
    hs_database_t* database = folder.empty() ? nullptr : readCache(file);
    const bool isFresh = database == nullptr;
    if (isFresh) {
        GH_TRY(database, compileFresh(patterns, mode));
    }
    std::unique_ptr<Matcher> made(new Matcher(database, patterns.size(), mode));
    if (isFresh && accept) {
        GH_CHECK(accept());
    }
    if (isFresh && !folder.empty()) {
        writeCache(folder, file, database);
    }
    return made;
}

Matcher::~Matcher() {
    hs_free_database(m_database);
}

Result<> Matcher::fit(hs_scratch*& scratch) const {
    const hs_error_t error = hs_alloc_scratch(m_database, &scratch);
    if (error != HS_SUCCESS) {
        return fail(ErrorKind::internal, "no scratch space for a scan", error);
    }
    return {};
}

std::size_t Matcher::maxWidth(const std::string& pattern) {
    hs_expr_info_t* info = nullptr;
    hs_compile_error_t* error = nullptr;
    std::size_t width = SIZE_MAX;
    if (hs_expression_info(pattern.c_str(), 0, &info, &error) == HS_SUCCESS) {
        width = info->max_width == UINT_MAX ? SIZE_MAX : info->max_width;
        std::free(info);
    }
    hs_free_compile_error(error);
    return width;
}

std::size_t Matcher::databaseSize() const {
    std::size_t size = 0;
    return hs_database_size(m_database, &size) == HS_SUCCESS ? size : 0;
}

Result<> Matcher::scan(std::string_view text, hs_scratch* scratch, std::vector<std::uint32_t>& last,
                       std::vector<Hit>& hits) const {
    const Span whole{0, text.size()};
    return scanParts(text, {&whole, 1}, scratch, last, hits);
}

Result<> Matcher::scanParts(std::string_view text, std::span<const Span> parts, hs_scratch* scratch,
                            std::vector<std::uint32_t>& last, std::vector<Hit>& hits) const {
    hits.clear();
    if (m_mode != MatchMode::words) {
        last.assign(m_patternCount, 0);
    }
    Collector collector{hits, last, maxHits(text.size()), m_mode};
    for (const Span& part : parts) {
        collector.offset = part.begin;
        const hs_error_t error =
            hs_scan(m_database, text.data() + part.begin, static_cast<unsigned>(part.end - part.begin), 0, scratch,
                    &onMatch, &collector);
        if (collector.isFull) {
            return fail(ErrorKind::limit, fmt::format("more than {} candidates in one text", collector.maxHits));
        }
        if (error != HS_SUCCESS) {
            return fail(ErrorKind::internal, "the scan failed", error);
        }
    }
    return {};
}

} // namespace gatehouse::dlp
