// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "dlp/names/person.h"

namespace gatehouse::dlp {
namespace {

constexpr std::size_t kMaxLabel = 32;
constexpr std::size_t kMaxValueWords = 5;
constexpr double kStrongLabel = 2.6; // the field can hold nothing but a person's name
constexpr double kWeakLabel = 0.9;   // it often does

template <std::size_t count>
constexpr std::array<std::string_view, count> sorted(std::array<std::string_view, count> words) {
    std::sort(words.begin(), words.end());
    return words;
}

// Names of fields, folded, without spaces, '_' and '-'.
constexpr auto kStrong = sorted(std::to_array<std::string_view>({"firstname",
                                                                 "lastname",
                                                                 "fullname",
                                                                 "surname",
                                                                 "givenname",
                                                                 "familyname",
                                                                 "middlename",
                                                                 "maidenname",
                                                                 "forename",
                                                                 "patientname",
                                                                 "customername",
                                                                 "clientname",
                                                                 "employeename",
                                                                 "contactname",
                                                                 "contactperson",
                                                                 "cardholder",
                                                                 "cardholdername",
                                                                 "accountholder",
                                                                 "nameoncard",
                                                                 "beneficiary",
                                                                 "beneficiaryname",
                                                                 "applicantname",
                                                                 "applicant",
                                                                 "studentname",
                                                                 "guardian",
                                                                 "nextofkin",
                                                                 "emergencycontact",
                                                                 "recipientname",
                                                                 "sendername",
                                                                 "displayname",
                                                                 "legalname",
                                                                 "holdername",
                                                                 "ownername",
                                                                 "candidatename",
                                                                 "candidate",
                                                                 "membername",
                                                                 "doctorname",
                                                                 "physician",
                                                                 "attendingphysician",
                                                                 "providername",
                                                                 "signatory",
                                                                 "signedby",
                                                                 "preparedby",
                                                                 "approvedby",
                                                                 "reviewedby",
                                                                 "reportedby",
                                                                 "assignedto",
                                                                 "manager",
                                                                 "vorname",
                                                                 "nachname",
                                                                 "familienname",
                                                                 "vollstandigername",
                                                                 "geburtsname",
                                                                 "ansprechpartner",
                                                                 "ansprechpartnerin",
                                                                 "kundenname",
                                                                 "patientin",
                                                                 "kontoinhaber",
                                                                 "karteninhaber",
                                                                 "empfanger",
                                                                 "mitarbeiter",
                                                                 "mitarbeiterin",
                                                                 "prenom",
                                                                 "nomdefamille",
                                                                 "nomcomplet",
                                                                 "nometprenom",
                                                                 "titulaire",
                                                                 "beneficiaire",
                                                                 "apellido",
                                                                 "apellidos",
                                                                 "primerapellido",
                                                                 "nombrecompleto",
                                                                 "nombreyapellidos",
                                                                 "titular",
                                                                 "paciente",
                                                                 "cognome",
                                                                 "nomeecognome",
                                                                 "intestatario",
                                                                 "nomecompleto",
                                                                 "sobrenome",
                                                                 "apelido",
                                                                 "achternaam",
                                                                 "voornaam",
                                                                 "volledigenaam",
                                                                 "imie",
                                                                 "nazwisko",
                                                                 "imieinazwisko",
                                                                 "fornavn",
                                                                 "etternavn",
                                                                 "efternamn",
                                                                 "efternavn",
                                                                 "fornamn",
                                                                 "etunimi",
                                                                 "sukunimi"}));
constexpr auto kWeak = sorted(std::to_array<std::string_view>(
    {"name",     "names",    "patient",   "customer",     "client",    "employee",  "contact",  "from",
     "to",       "cc",       "sender",    "recipient",    "author",    "user",      "username", "owner",
     "assignee", "reporter", "attendees", "participants", "kunde",     "kundin",    "von",      "an",
     "nom",      "client",   "nombre",    "cliente",      "nome",      "paziente",  "naam",     "klant",
     "doctor",   "tenant",   "landlord",  "witness",      "plaintiff", "defendant", "signed",   "person"}));

// What stands where a name would, but is none.
constexpr auto kNoValue = sorted(std::to_array<std::string_view>(
    {"string",   "str",     "text",      "null",    "none",     "nil",     "undefined", "true",   "false",
     "required", "unknown", "untitled",  "default", "optional", "varchar", "char",      "number", "int",
     "integer",  "object",  "anonymous", "empty",   "todo",     "tbd",     "redacted",  "yes",    "no",
     "n",        "name",    "first",     "last",    "value",    "self",    "this",      "new",    "test"}));

bool isBlank(char c) {
    return c == ' ' || c == '\t';
}

// The field's name in front of `position` (which is behind its ':' or '='), folded and bare; "" when there is none.
std::size_t readLabel(std::string_view text, std::size_t position, std::array<char, kMaxLabel>& label) {
    std::size_t end = position - 1;
    while (end > 0 &&
           (isBlank(text[end - 1]) || text[end - 1] == '"' || text[end - 1] == '\'' || text[end - 1] == '*')) {
        --end;
    }
    std::size_t begin = end;
    while (begin > 0 && end - begin < kMaxLabel) {
        const char c = text[begin - 1];
        if (!isLetter(c) && c != '_' && c != '-' && c != ' ' && c != '.' && static_cast<unsigned char>(c) < 0x80) {
            break;
        }
        --begin;
    }
    // "user.first_name", "customer.name": the last part.
    const std::size_t dot = slice(text, begin, end - begin).rfind('.');
    begin = dot == std::string_view::npos ? begin : begin + dot + 1;
    const Folded folded(slice(text, begin, end - begin));
    std::size_t size = 0;
    for (const char c : folded.text()) {
        if (c != ' ' && c != '_' && c != '-' && size < label.size()) {
            label[size++] = c;
        }
    }
    return size;
}

// By the first letter: a bit for each length that one of the words has.
template <std::size_t count>
constexpr std::array<std::uint32_t, 26> lengthsOf(const std::array<std::string_view, count>& words) {
    std::array<std::uint32_t, 26> lengths{};
    for (const std::string_view word : words) {
        lengths[static_cast<std::size_t>(word[0] - 'a')] |= std::uint32_t{1} << word.size();
    }
    return lengths;
}

// Most words are none of them, which a letter and a length tell.
template <const auto& words>
bool isOneOf(std::string_view word) {
    static constexpr std::array<std::uint32_t, 26> kLengths = lengthsOf(words);
    const bool mayBe = !word.empty() && word.size() < 32 && word[0] >= 'a' && word[0] <= 'z' &&
                       (kLengths[static_cast<std::size_t>(word[0] - 'a')] >> word.size() & 1U) != 0;
    return mayBe && std::binary_search(words.begin(), words.end(), word);
}

// "Patient name", "name of the customer": what ends as a field of names does.
bool isStrongLabel(std::string_view label) {
    if (isOneOf<kStrong>(label)) {
        return true;
    }
    constexpr std::array<std::string_view, 9> kEndings{"firstname",    "lastname",     "fullname",
                                                       "surname",      "customername", "clientname",
                                                       "employeename", "contactname",  "patientname"};
    return label.size() > 8 && label.back() == 'e' &&
           std::any_of(kEndings.begin(), kEndings.end(), [label](std::string_view ending) {
               return label.size() > ending.size() && label.substr(label.size() - ending.size()) == ending;
           });
}

bool isWeakLabel(std::string_view label) {
    return isOneOf<kWeak>(label);
}

// Of the weak ones, those that mean a person: things have names and authors too.
bool isOfPeople(std::string_view label) {
    constexpr std::array<std::string_view, 22> kPeople{
        "patient",  "customer",  "client",       "employee",  "contact", "sender",      "recipient", "assignee",
        "reporter", "attendees", "participants", "kunde",     "kundin",  "cliente",     "paziente",  "klant",
        "doctor",   "tenant",    "plaintiff",    "defendant", "witness", "firstcontact"};
    return std::find(kPeople.begin(), kPeople.end(), label) != kPeople.end();
}

struct Value {
    Span span;
    std::size_t words = 0;
    double best = -10; // of the word that is most of a name
    double sum = 0;
    bool isCapital = true; // every word
    bool isQuoted = false;
    bool isPlain = true;   // words alone
    bool isUnheard = true; // no word is an everyday one, a place or a thing
};

std::size_t valueBegin(std::string_view text, std::size_t position, Value& value) {
    std::size_t i = position;
    while (i < text.size() && i - position < 4 && (isBlank(text[i]) || text[i] == '*')) {
        ++i;
    }
    if (at(text, i) == '"' || at(text, i) == '\'') {
        value.isQuoted = true;
        ++i;
    }
    return i;
}

// Words separated by a space, a hyphen or "Last, First", up to a quote, a line's end or punctuation.
Value readValue(std::string_view text, std::size_t position) {
    Value value;
    std::size_t next = valueBegin(text, position, value);
    value.span = {next, next};
    while (value.words < kMaxValueWords && letterSize(text, next) != 0) {
        std::size_t end = wordEnd(text, next);
        const Folded folded(slice(text, next, end - next));
        const WordFacts facts = factsOf(folded.text());
        value.isPlain = value.isPlain && end - next <= 24 && !isOneOf<kNoValue>(folded.text());
        const bool isInitial = folded.text().size() == 1;
        const bool isTitle = facts.mark == Mark::title && value.words == 0;
        if (!isInitial && !isTitle && facts.mark != Mark::particle && facts.mark != Mark::suffix) {
            const double weight = std::max(weightAsGiven(facts), weightAsSurname(facts));
            value.best = std::max(value.best, weight);
            value.sum += weight;
            value.isUnheard =
                value.isUnheard && facts.everyday == Everyday::no && !facts.isPlace && facts.mark == Mark::none;
            value.isCapital = value.isCapital && startsWithCapital(text, next);
        }
        end += (isInitial || isTitle) && at(text, end) == '.' ? 1U : 0U;
        value.words += isTitle ? 0U : 1U;
        value.span.begin = isTitle ? end + 1 : value.span.begin;
        value.span.end = end;
        const bool isTurned =
            value.words == 1 && slice(text, end, 2) == ", " && startsWithCapital(text, end + 2) && value.isCapital;
        next = end + (isTurned ? 2U : 1U);
        if (at(text, end) != ' ' && !isTurned) {
            break;
        }
        if (letterSize(text, next) == 0 ||
            (value.isCapital && !value.isQuoted && !startsWithCapital(text, next) &&
             factsOf(slice(text, next, wordEnd(text, next) - next)).mark != Mark::particle)) {
            break;
        }
    }
    return value;
}

bool endsAsValue(std::string_view text, Span span) {
    constexpr std::string_view kNot = "_(=\\@{[/:+$%#";
    const char next = at(text, span.end);
    return kNot.find(next) == std::string_view::npos && !isDigit(next) &&
           !(next == '.' && isWord(at(text, span.end + 1))) && !(next == '-' && isWord(at(text, span.end + 1)));
}

// The words that a value has are enough to be a name by themselves: "to: anna smith".
double scoreOfValue(const Value& value, bool isStrong) {
    const double words = static_cast<double>(value.words);
    double score = (isStrong ? kStrongLabel : kWeakLabel) - 1.9;
    score += value.best * 0.8 + (value.words > 1 ? (value.sum - value.best) / words : 0.0);
    score -= value.isCapital ? 0 : 0.6;
    score -= value.words > 4 ? 1.5 : 0;
    score -= !isStrong && value.words == 1 ? 0.8 : 0;
    return score;
}

} // namespace

void findNameField(std::string_view text, std::size_t position, std::vector<NameHit>& out) {
    Value unused;
    if (letterSize(text, valueBegin(text, position, unused)) == 0) {
        return;
    }
    std::array<char, kMaxLabel> bytes{};
    const std::string_view label(bytes.data(), readLabel(text, position, bytes));
    const bool isStrong = isStrongLabel(label);
    if (!isStrong && !isWeakLabel(label)) {
        return;
    }
    const Value value = readValue(text, position);
    if (value.words == 0 || value.span.begin >= value.span.end || !value.isPlain || !endsAsValue(text, value.span)) {
        return;
    }
    const std::string_view written = textOf(text, value.span);
    const bool isCamel =
        std::adjacent_find(written.begin(), written.end(),
                           [](char a, char b) { return a >= 'a' && a <= 'z' && isUpper(b); }) != written.end() &&
        written.substr(0, 2) != "Mc" && written.find(' ') == std::string_view::npos;
    // "Customer: Abebe Bekele": two capitalised words that mean nothing else.
    const bool isPerson = !isStrong && isOfPeople(label) && value.words > 1 && value.isCapital && value.isUnheard;
    std::string place(Folded(written).text());
    std::replace(place.begin(), place.end(), ' ', '_');
    const bool isPlace = value.words > 1 && factsOf(place).isPlace; // "name": "Costa Rica"
    const double score =
        scoreOfValue(value, isStrong) - (isCamel ? 3 : 0) + (isPerson ? 0.9 : 0) - (isPlace && !isStrong ? 2.5 : 0);
    if (score >= 0) {
        out.push_back({value.span, NameKind::person, score, "the value of a field for names"});
    }
}

void findIntroduction(std::string_view text, std::size_t position, std::vector<NameHit>& out) {
    if (startsWithCapital(text, position)) {
        return; // a run of capitalised words finds it
    }
    std::size_t end = position;
    std::size_t next = position;
    double best = -10;
    for (std::size_t words = 0; words < 3 && letterSize(text, next) != 0; ++words) {
        const std::size_t wordStop = wordEnd(text, next);
        const WordFacts facts = factsOf(Folded(slice(text, next, wordStop - next)).text());
        const double weight = words == 0 ? weightAsGiven(facts) : weightAsSurname(facts);
        const bool isOn = words == 0 ? facts.given >= Known::known && facts.everyday < Everyday::usual
                                     : facts.surname != Known::no &&
                                           (facts.everyday < Everyday::basic || facts.surname == Known::common) &&
                                           facts.mark == Mark::none;
        if (!isOn) {
            break;
        }
        best = std::max(best, weight);
        end = wordStop;
        if (at(text, end) != ' ') {
            break;
        }
        next = end + 1;
    }
    if (end > position) {
        out.push_back({{position, end}, NameKind::person, best - 0.2, "introduced by name"});
    }
}

} // namespace gatehouse::dlp
