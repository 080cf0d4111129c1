// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/dialect.h"
#include "dialects/json_edit.h"

// Log probabilities spell a text a second time. They follow the text: an element is given when all of the text up to it
// was given as it came, and none is given any more once policy or a placeholder has changed something. No I/O.
namespace gatehouse::pipeline {

class TokenTrail final {
public:
    // Texts are followed from the first event that has tokens.
    void begin(const dialects::AnswerEvent& event);
    [[nodiscard]] bool isOn() const { return m_isOn; }
    // What came of a channel, and what was given of it.
    void said(std::string_view channel, std::string_view came, std::string_view given);
    // Edits the list `index` of an event whose texts were said. `isTold` false: something in it may not be told.
    void place(const dialects::AnswerEvent& event, std::size_t index, bool isTold,
               std::vector<dialects::JsonEdit>& edits);
    // The lists of a document that gives held text of one channel alone.
    void placeHeld(const dialects::AnswerEvent& event, std::string_view channel,
                   std::vector<dialects::JsonEdit>& edits);

private:
    struct Waiting {
        std::size_t end = 0;            // in the channel's text
        std::vector<std::string> lists; // elements, without brackets
    };
    struct Channel {
        std::string unsaid; // came and was not given yet
        std::size_t came = 0;
        std::size_t given = 0;
        bool isSame = true;
        std::deque<Waiting> waiting;
    };
    static void write(const dialects::AnswerEvent& event, const dialects::TokenList& list, Channel& channel,
                      std::vector<dialects::JsonEdit>& edits);

    bool m_isOn = false;
    std::map<std::string, Channel, std::less<>> m_channels;
};

} // namespace gatehouse::pipeline
