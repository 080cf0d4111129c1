// SPDX-License-Identifier: Apache-2.0
#include "dlp/names/name_context.h"

namespace gatehouse::dlp {
namespace {

constexpr double kTitle = 3.0;
constexpr double kGreeting = 2.7;
constexpr double kCalled = 2.2; // "this is", "I am": more follows than names
constexpr double kRole = 0.8;
constexpr double kSaid = 0.9;
constexpr double kThing = -4.0; // "Smith University", "Lake Anna": it is called after a person

bool isIntroduction(std::string_view text, const Neighbour& left) {
    if (!left.isAdjacent) {
        return false;
    }
    const Folded last(textOf(text, left.span));
    const std::string_view b = last.text();
    if (!isOneOf(b, {"is", "ist", "war", "lautet", "llamo", "chiamo", "heet", "heisse", "m'appelle", "est", "e"})) {
        return false;
    }
    const Folded before(textOf(text, leftOf(text, left.span.begin).span));
    const std::string_view a = before.text();
    return (a == "name" && isOneOf(b, {"is", "ist", "war", "lautet"})) || (a == "me" && b == "llamo") ||
           (a == "mi" && b == "chiamo") || (a == "ik" && b == "heet") || (a == "ich" && b == "heisse") ||
           b == "m'appelle" || (a == "nom" && b == "est") || (a == "nome" && b == "e");
}

// "I am …", "this is …", "called …".
bool isCalled(std::string_view text, const Neighbour& left) {
    if (!left.isAdjacent) {
        return false;
    }
    const Folded last(textOf(text, left.span));
    if (isOneOf(last.text(), {"i'm", "named", "called", "heisst", "genannt", "soy", "nommee", "llamado", "llamada"})) {
        return true;
    }
    if (!isOneOf(last.text(), {"am", "is", "bin"})) {
        return false;
    }
    const Folded before(textOf(text, leftOf(text, left.span.begin).span));
    return (before.text() == "i" && last.text() == "am") || (before.text() == "this" && last.text() == "is") ||
           (before.text() == "ich" && last.text() == "bin");
}

// What a title, a greeting, a role … in front says; score 0: nothing.
Context contextOfMark(const Neighbour& left, std::string_view word) {
    const Mark mark = left.facts.mark;
    const bool isClose = left.isAdjacent || (!left.hasComma && !left.hasBreak);
    if (mark == Mark::title && isClose && (left.isCapital || word.size() > 3)) {
        return {kTitle, true, true, "behind a title"};
    }
    if (mark == Mark::greeting && (!left.hasBreak || left.isCapital)) {
        return {kGreeting, true, false, "behind a greeting"};
    }
    if (mark == Mark::signOff && (left.hasComma || left.hasBreak)) {
        return {kGreeting, true, false, "behind a closing"};
    }
    if (mark == Mark::role && (isClose || left.hasComma)) {
        return {kRole, false, false, "beside a role"};
    }
    const bool isThing = isMarked(left.facts, {Mark::geographic, Mark::institution, Mark::product, Mark::street});
    if (isThing && left.isAdjacent && left.isCapital) {
        return {kThing / 2, false, false, ""};
    }
    return {};
}

bool hasMailBehind(std::string_view text, std::size_t end) {
    const std::string_view window = slice(text, std::min(end, text.size()), 48);
    const bool isOpened =
        window.size() > 2 && window[0] == ' ' && (window[1] == '<' || window[1] == '(' || window[1] == '[');
    const std::size_t sign = window.find('@');
    return isOpened && sign != std::string_view::npos && window.find('\n') > sign;
}

bool hasAgeBehind(std::string_view text, std::size_t end) {
    const std::size_t digits = slice(text, end, 2) == ", " || slice(text, end, 2) == " (" ? end + 2 : 0;
    return digits != 0 && isDigit(at(text, digits)) && isDigit(at(text, digits + 1)) && !isDigit(at(text, digits + 2));
}

} // namespace

Context contextInFront(std::string_view text, std::size_t begin) {
    const Neighbour left = leftOf(text, begin);
    if (left.span.begin == left.span.end || left.hasStop) {
        return {};
    }
    const std::string_view word = textOf(text, left.span);
    if (const Context marked = contextOfMark(left, word); marked.score != 0) {
        return marked;
    }
    if (isIntroduction(text, left)) {
        return {kTitle, true, false, "introduced by name"};
    }
    if (isCalled(text, left)) {
        return {kCalled, false, false, "introduced by name"};
    }
    if (left.isAdjacent && left.facts.mark == Mark::said) {
        return {kSaid, false, false, "beside a verb of people"};
    }
    const Folded folded(word);
    if (left.isAdjacent && isOneOf(folded.text(), {"by", "with", "from", "von", "mit", "par", "avec", "por", "con",
                                                   "da", "door", "met"})) {
        return {0.4, false, false, ""};
    }
    if (left.isAdjacent && isOneOf(folded.text(), {"the", "this", "in", "der", "das", "les", "los", "las"})) {
        return {-1.4, false, false, ""};
    }
    if (left.isAdjacent && left.isCapital && left.facts.everyday < Everyday::usual && left.facts.mark == Mark::none) {
        return {-0.8, false, false, ""}; // part of something longer
    }
    return {};
}

double contextBehind(std::string_view text, std::size_t end, std::string_view& why) {
    if (hasMailBehind(text, end)) {
        why = "beside an e-mail address";
        return 1.6;
    }
    if (hasAgeBehind(text, end)) {
        why = "beside an age";
        return 0.8;
    }
    const Neighbour right = rightOf(text, end);
    if (slice(text, end, 2) == " &") {
        return -0.8;
    }
    if (right.span.begin == right.span.end || !right.isAdjacent) {
        return 0;
    }
    const bool isThing = right.facts.mark == Mark::institution || right.facts.mark == Mark::company ||
                         right.facts.mark == Mark::geographic || right.facts.mark == Mark::product;
    if (right.isCapital) {
        const bool isStreet = right.facts.mark == Mark::street;
        return isThing || isStreet                    ? kThing
               : right.facts.everyday != Everyday::no ? -0.7
               : right.facts.isName()                 ? 0
                                                      : -0.6;
    }
    if (right.facts.mark == Mark::said) {
        why = "beside a verb of people";
        return kSaid;
    }
    return isThing || isOneOf(textOf(text, right.span), {"street", "road", "avenue"}) ? -2.0 : 0;
}

} // namespace gatehouse::dlp
