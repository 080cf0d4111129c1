// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>
#include <iostream>
#include <iterator>

#include "dlp/engine.h"
#include "dlp/file_vault.h"
#include "dlp/redact.h"
#include "options.h"
#include "verbs.h"

namespace gatehouse::cli {
namespace {

struct Call {
    std::unique_ptr<dlp::FileVault> vault;
    std::string conversation;
    std::string text;
    RedactStyle style = RedactStyle::placeholder;
};

// What both verbs need: --vault FILE, --conversation NAME, the text from standard input.
std::optional<Call> prepare(const char* verb, Arguments arguments, int& code) {
    constexpr std::array<std::string_view, 1> kFlags{"--help"};
    constexpr std::array<std::string_view, 3> kNamed{"--vault", "--conversation", "--style"};
    const bool isRedact = std::string_view(verb) == "redact";
    const auto options = parseOptions(verb, arguments, kFlags, kNamed);
    code = 2;
    if (!options) {
        return std::nullopt;
    }
    if (options->has("--help")) {
        std::printf("usage: gatehousectl %s --vault FILE [--conversation NAME]%s   (text from standard input)\n\n"
                    "The vault remembers which placeholder stands for which value; it is encrypted with FILE.key.\n%s",
                    verb, isRedact ? " [--style STYLE]" : "",
                    isRedact ? "STYLE is placeholder or look-alike (both restorable), hash, mask or remove.\n" : "");
        code = 0;
        return std::nullopt;
    }
    const auto style = redactStyleFromWord(options->value("--style").value_or("placeholder"));
    if (!style || (options->has("--style") && !isRedact)) {
        std::fprintf(stderr, "gatehousectl %s: %s\n", verb,
                     isRedact ? "--style takes placeholder, look-alike, hash, mask or remove"
                              : "--style belongs to redact");
        return std::nullopt;
    }
    const auto path = options->value("--vault");
    if (!path) {
        std::fprintf(stderr, "gatehousectl %s: --vault FILE is needed: it keeps what the placeholders stand for\n",
                     verb);
        return std::nullopt;
    }
    auto vault = dlp::FileVault::open(*path);
    if (!vault) {
        std::fprintf(stderr, "gatehousectl %s: the vault cannot be opened: %s\n", verb, vault.error().what.c_str());
        return std::nullopt;
    }
    return Call{std::move(*vault), options->value("--conversation").value_or("default"),
                std::string((std::istreambuf_iterator<char>(std::cin)), std::istreambuf_iterator<char>()), *style};
}

int print(const char* verb, const Result<std::string>& text) {
    if (!text) {
        std::fprintf(stderr, "gatehousectl %s: %s\n", verb, text.error().what.c_str());
        return 2;
    }
    std::fwrite(text->data(), 1, text->size(), stdout);
    return 0;
}

Result<std::string> redactText(Call& call) {
    GH_TRY(const auto engine, dlp::Engine::compile({}));
    const dlp::ScratchPtr scratch = engine->makeScratch();
    GH_TRY(const std::vector<Finding> findings, engine->scan(call.text, *scratch));
    std::vector<std::string> labels;
    for (const Finding& finding : findings) {
        labels.push_back(engine->detector(finding.detector).placeholder);
    }
    const std::vector<RedactStyle> styles(findings.size(), call.style);
    GH_TRY(dlp::LookAlikes lookAlikes, dlp::LookAlikes::load(call.conversation, *call.vault));
    GH_TRY(std::string redacted,
           dlp::redact(call.text, findings, labels, call.conversation, *call.vault, styles, &lookAlikes, engine.get()));
    GH_CHECK(call.vault->save()); // before anything is printed: what leaves can be restored
    return redacted;
}

} // namespace

int runRedact(Arguments arguments) {
    int code = 0;
    auto call = prepare("redact", arguments, code);
    return call ? print("redact", redactText(*call)) : code;
}

int runRestore(Arguments arguments) {
    int code = 0;
    auto call = prepare("restore", arguments, code);
    return call ? print("restore", dlp::restore(call->text, call->conversation, *call->vault)) : code;
}

} // namespace gatehouse::cli
