// SPDX-License-Identifier: Apache-2.0
#include "dlp/code_amount.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

#include "dlp/validators.h"

namespace gatehouse::dlp {
namespace {

struct Sign {
    std::string_view text;
    std::uint8_t weight;
};
struct Language {
    std::string_view name;
    std::array<Sign, 12> signs; // of a line; an empty text ends them
};

// What lines of one language have and those of others mostly have not. Their grammars' keywords and usual forms.
constexpr std::array kLanguages{
    Language{"Python",
             {{{"def ", 2},
               {"elif ", 3},
               {"import ", 1},
               {"self.", 3},
               {"None", 2},
               {"except ", 2},
               {"__", 1},
               {"print(", 1},
               {" in ", 1},
               {"lambda ", 2},
               {"True", 1},
               {"):", 1}}}},
    Language{"JavaScript",
             {{{"const ", 2},
               {"let ", 2},
               {"=> ", 2},
               {"===", 3},
               {"function ", 2},
               {"require(", 2},
               {"console.", 3},
               {"async ", 1},
               {"await ", 1},
               {"document.", 3},
               {"export ", 1},
               {"undefined", 2}}}},
    Language{"TypeScript",
             {{{"interface ", 2},
               {": string", 3},
               {": number", 3},
               {": boolean", 3},
               {"readonly ", 2},
               {"export type ", 4},
               {"=> ", 1},
               {" as const", 4},
               {"const ", 1},
               {"===", 2},
               {"import {", 2},
               {": void", 2}}}},
    Language{"Java",
             {{{"public class ", 3},
               {"private ", 1},
               {"System.out", 4},
               {"import java", 4},
               {"@Override", 3},
               {"extends ", 1},
               {"implements ", 2},
               {"throws ", 2},
               {"final ", 1},
               {"String ", 1},
               {"new ", 1},
               {"public static void", 3}}}},
    Language{"C#",
             {{{"using System", 4},
               {"namespace ", 1},
               {"{ get; ", 4},
               {"public async ", 2},
               {"var ", 1},
               {"string ", 1},
               {"Console.", 3},
               {"=> ", 1},
               {"private readonly ", 3},
               {"IEnumerable", 3},
               {"foreach (", 2},
               {"Task<", 2}}}},
    Language{"C++",
             {{{"std::", 4},
               {"template <", 4},
               {"template<", 4},
               {"namespace ", 1},
               {"#include <", 2},
               {"const auto", 3},
               {"::", 1},
               {"nullptr", 3},
               {"constexpr", 4},
               {"virtual ", 2},
               {"->", 1},
               {"#include \"", 1}}}},
    Language{"C",
             {{{"#include <", 3},
               {"#define ", 2},
               {"printf(", 2},
               {"malloc(", 3},
               {"struct ", 1},
               {"NULL", 3},
               {"->", 2},
               {"char *", 3},
               {"static ", 1},
               {"sizeof(", 2},
               {"int ", 1},
               {"void ", 1}}}},
    Language{"Go",
             {{{"func ", 3},
               {":= ", 3},
               {"package ", 2},
               {"err != nil", 5},
               {"defer ", 3},
               {"go func", 4},
               {"chan ", 3},
               {"fmt.", 3},
               {"nil", 1},
               {"interface{", 3},
               {"[]string", 3},
               {"range ", 2}}}},
    Language{"Rust",
             {{{"fn ", 3},
               {"let mut ", 5},
               {"impl ", 3},
               {"pub fn ", 4},
               {"::new(", 2},
               {"match ", 1},
               {"Some(", 3},
               {"&self", 4},
               {"&mut ", 3},
               {"use std::", 4},
               {"unwrap()", 3},
               {"-> Result<", 3}}}},
    Language{"PHP",
             {{{"<?php", 6},
               {"$this->", 5},
               {"function ", 1},
               {"echo ", 2},
               {"public function ", 3},
               {"=> ", 1},
               {"$_", 4},
               {"array(", 2},
               {"namespace ", 1},
               {"use ", 1},
               {"::class", 2},
               {"$", 1}}}},
    Language{"Ruby",
             {{{"end", 1},
               {"def ", 1},
               {"do |", 4},
               {"attr_", 4},
               {"require '", 3},
               {"puts ", 3},
               {"module ", 2},
               {"elsif ", 4},
               {".each", 2},
               {"@", 1},
               {"unless ", 2},
               {"nil", 1}}}},
    Language{"SQL",
             {{{"SELECT ", 3},
               {"FROM ", 2},
               {"WHERE ", 2},
               {"INSERT INTO", 4},
               {"CREATE TABLE", 4},
               {"JOIN ", 3},
               {"GROUP BY", 3},
               {"ORDER BY", 3},
               {"VARCHAR", 3},
               {"PRIMARY KEY", 3},
               {"NOT NULL", 3},
               {"UPDATE ", 2}}}},
    Language{"Shell",
             {{{"#!/bin/", 5},
               {"echo ", 2},
               {"fi", 1},
               {"then", 2},
               {"$(", 2},
               {"export ", 1},
               {" | ", 1},
               {"sudo ", 3},
               {"if [", 4},
               {"done", 2},
               {"${", 1},
               {"&& ", 1}}}},
    Language{"Kotlin",
             {{{"fun ", 4},
               {"val ", 2},
               {"data class ", 5},
               {"override fun ", 5},
               {"companion object", 5},
               {"?.", 2},
               {"when (", 3},
               {"suspend ", 3},
               {"println(", 1},
               {"var ", 1},
               {"?: ", 2},
               {": String", 1}}}},
    Language{"Swift",
             {{{"func ", 1},
               {"guard let ", 5},
               {"if let ", 3},
               {"import Foundation", 5},
               {"import UIKit", 5},
               {"let ", 1},
               {"var ", 1},
               {"-> ", 1},
               {"extension ", 3},
               {"protocol ", 2},
               {"@objc", 4},
               {": String", 1}}}},
    Language{"HTML",
             {{{"<div", 3},
               {"</", 2},
               {"<html", 5},
               {"class=\"", 2},
               {"<script", 3},
               {"href=\"", 3},
               {"<!DOCTYPE", 5},
               {"<p>", 2},
               {"<span", 3},
               {"<input", 3},
               {"<body", 4},
               {"<li>", 3}}}},
    Language{"Terraform",
             {{{"resource \"", 5},
               {"variable \"", 5},
               {"provider \"", 5},
               {"module \"", 4},
               {"data \"", 3},
               {"output \"", 4},
               {" = \"", 1},
               {"var.", 2},
               {"terraform {", 5},
               {"locals {", 5},
               {"", 0},
               {"", 0}}}},
    Language{"Perl",
             {{{"use strict", 5},
               {"my $", 4},
               {"my @", 4},
               {"my %", 4},
               {"sub ", 2},
               {"=~ ", 3},
               {"elsif", 2},
               {"->{", 2},
               {"@_", 4},
               {"qw(", 4},
               {"unless ", 1},
               {"$self", 3}}}},
    Language{"R",
             {{{" <- ", 4},
               {"<- function(", 5},
               {"library(", 4},
               {"data.frame(", 4},
               {"c(", 1},
               {"%>%", 5},
               {"NULL", 1},
               {"TRUE", 1},
               {"ggplot(", 4},
               {"na.rm", 4},
               {"$", 1},
               {"summary(", 3}}}},
    Language{"Scala",
             {{{"def ", 1},
               {"val ", 2},
               {"case class ", 5},
               {"object ", 3},
               {"trait ", 3},
               {"extends ", 1},
               {"=> ", 1},
               {"Option[", 5},
               {"Seq[", 5},
               {"override def", 5},
               {"implicit ", 4},
               {": Unit", 4}}}},
    Language{"PowerShell",
             {{{"Get-", 4},
               {"Write-", 4},
               {"param(", 2},
               {"-eq ", 3},
               {"$_.", 3},
               {"New-", 3},
               {"[string]", 3},
               {"[Parameter", 5},
               {"-ErrorAction", 5},
               {"foreach (", 1},
               {"| Where-Object", 5},
               {"$env:", 4}}}},
    Language{"Lua",
             {{{"local ", 4},
               {"function ", 1},
               {" then", 3},
               {"end", 1},
               {"nil", 1},
               {" .. ", 3},
               {"~=", 4},
               {"elseif ", 2},
               {"ipairs(", 5},
               {"pairs(", 4},
               {"require(", 1},
               {"require \"", 2}}}},
    Language{"Dart",
             {{{"import 'package:", 6},
               {"Widget ", 4},
               {"@override", 3},
               {"final ", 1},
               {"String ", 1},
               {"Future<", 4},
               {"async {", 2},
               {"setState(", 4},
               {"BuildContext", 5},
               {"const ", 1},
               {"void main(", 2},
               {"extends ", 1}}}},
    Language{"Objective-C",
             {{{"@interface", 5},
               {"@implementation", 5},
               {"@property", 5},
               {"NSString", 5},
               {"[self ", 5},
               {"alloc]", 5},
               {"#import", 4},
               {"@\"", 3},
               {"@end", 4},
               {"nonatomic", 4},
               {"- (", 3},
               {"nil", 1}}}},
    Language{"Haskell",
             {{{" :: ", 4},
               {"where", 2},
               {"import qualified", 6},
               {"module ", 2},
               {" -> ", 2},
               {"data ", 1},
               {"deriving", 5},
               {"let ", 1},
               {"case ", 1},
               {" <- ", 2},
               {"Maybe ", 4},
               {"return ", 1}}}},
    Language{"CSS",
             {{{"px;", 4},
               {"margin", 2},
               {"padding", 2},
               {"color:", 3},
               {"display:", 4},
               {"font-", 3},
               {"background", 2},
               {"@media", 5},
               {"{", 1},
               {"width:", 2},
               {"border", 1},
               {"!important", 4}}}},
    Language{"YAML",
             {{{"apiVersion:", 5},
               {"kind: ", 4},
               {"metadata:", 4},
               {"- name:", 3},
               {"spec:", 4},
               {"image:", 3},
               {"steps:", 3},
               {"- uses:", 4},
               {"services:", 3},
               {"version:", 2},
               {"run:", 2},
               {"name:", 2}}}},
};

bool isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

std::string_view trimmed(std::string_view line) {
    while (!line.empty() && isBlank(line.front())) {
        line.remove_prefix(1);
    }
    while (!line.empty() && isBlank(line.back())) {
        line.remove_suffix(1);
    }
    return line;
}

bool isComment(std::string_view line) {
    return line.starts_with("//") || line.starts_with("/*") || line.starts_with("*") || line.starts_with("#") ||
           line.starts_with("--") || line.starts_with("<!--") || line.starts_with("\"\"\"");
}

// Whether a line can be one of a program: it ends as statements end, is indented and no sentence, or has what prose has
// not. A sentence begins with a capital, has many words and ends in a full stop.
bool isCodeLine(std::string_view line, bool isIndented) {
    const std::string_view content = trimmed(line);
    if (content.empty() || isComment(content)) {
        return true; // blank lines and remarks belong to what surrounds them
    }
    const char last = content.back();
    const auto words = static_cast<std::size_t>(std::count(content.begin(), content.end(), ' ')) + 1;
    if (std::string_view(";{}()[]=,:\\>").find(last) != std::string_view::npos && !(last == ',' && words > 8) &&
        !(last == ':' && words > 8)) {
        return true;
    }
    const bool isSentence = words > 5 && (last == '.' || last == '!' || last == '?');
    if (isSentence) {
        return false;
    }
    const auto signs = std::count_if(content.begin(), content.end(), [](char c) {
        return std::string_view("=(){}[]<>;_$@|&+*/\"'`").find(c) != std::string_view::npos;
    });
    return signs >= 2 || (isIndented && words <= 6) || words <= 2;
}

// Votes of a line, cut to what says enough of a language.
void vote(std::string_view line, std::array<std::size_t, kLanguages.size()>& votes) {
    const std::string_view head = line.substr(0, 200);
    for (std::size_t i = 0; i < kLanguages.size(); ++i) {
        for (const Sign& sign : kLanguages.at(i).signs) {
            if (!sign.text.empty() && head.find(sign.text) != std::string_view::npos) {
                votes.at(i) += sign.weight;
            }
        }
    }
}

std::string_view winner(const std::array<std::size_t, kLanguages.size()>& votes) {
    constexpr std::size_t kEnough = 3;
    const auto best = std::max_element(votes.begin(), votes.end());
    return *best < kEnough ? std::string_view() : kLanguages.at(static_cast<std::size_t>(best - votes.begin())).name;
}

} // namespace

CodeAmount measureCode(std::string_view text, std::size_t begin) {
    constexpr std::size_t kForeign = 2;  // lines of prose in a row that end a program
    constexpr std::size_t kVoting = 200; // lines that are asked for their language
    CodeAmount amount;
    std::array<std::size_t, kLanguages.size()> votes{};
    const std::size_t lineBegin = begin == 0 ? std::string_view::npos : text.rfind('\n', begin - 1);
    std::size_t at = lineBegin == std::string_view::npos ? 0 : lineBegin + 1;
    amount.end = at;
    std::size_t foreign = 0;
    while (at < text.size() && foreign < kForeign) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = text.substr(at, end - at);
        if (amount.lines > 0 && trimmed(line).starts_with("```")) {
            break; // the code block's end
        }
        if (!isCodeLine(line, !line.empty() && isBlank(line[0]))) {
            ++foreign;
        } else if (!trimmed(line).empty()) {
            foreign = 0;
            amount.end = end;
            ++amount.lines;
            if (amount.lines <= kVoting) {
                vote(line, votes);
            }
        }
        at = end + 1;
    }
    amount.language = winner(votes);
    return amount;
}

void addCodeAmounts(std::string_view text, std::span<Finding> findings) {
    constexpr std::string_view kReason = "a line that only a program has";
    std::size_t counted = 0;
    for (Finding& finding : findings) {
        if (finding.findingClass != FindingClass::sourceCode || !finding.why.starts_with(kReason)) {
            continue;
        }
        if (finding.begin < counted || finding.end > text.size()) {
            continue;
        }
        const CodeAmount amount = measureCode(text, finding.begin);
        counted = amount.end;
        finding.lines = amount.lines;
        const std::size_t size = amount.end > finding.begin ? amount.end - finding.begin : 0;
        finding.why += fmt::format("; {}{}{} {}, {} characters, {} % of the text", amount.language,
                                   amount.language.empty() ? "" : ", ", amount.lines,
                                   amount.lines == 1 ? "line" : "lines", size, size * 100 / text.size());
    }
}

} // namespace gatehouse::dlp
