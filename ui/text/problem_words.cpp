// SPDX-License-Identifier: Apache-2.0
#include "text/problem_words.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "text/agent_words.h"
#include "text/words.h"

namespace gatehouse::ui::text {
namespace {

struct RefusalText {
    std::string_view code;
    const char* title;
    const char* sentence;
    const char* next;
};

constexpr std::array kRefusals{
    RefusalText{"dlp_blocked", QT_TRANSLATE_NOOP("Gatehouse", "Blocked: nothing left this computer"),
                QT_TRANSLATE_NOOP("Gatehouse", "Your message holds something that may not leave."),
                QT_TRANSLATE_NOOP("Gatehouse", "Take that part out and send it again, or choose a model on this "
                                               "computer.")},
    RefusalText{"policy_denied", QT_TRANSLATE_NOOP("Gatehouse", "Blocked: nothing left this computer"),
                QT_TRANSLATE_NOOP("Gatehouse", "Your organisation's policy does not allow this."),
                QT_TRANSLATE_NOOP("Gatehouse", "Choose another model, or ask your IT team.")},
    RefusalText{"local_only", QT_TRANSLATE_NOOP("Gatehouse", "Kept local: nothing left this computer"),
                QT_TRANSLATE_NOOP("Gatehouse", "Your message may only go to a model on this computer."),
                QT_TRANSLATE_NOOP("Gatehouse", "Choose a model on this computer and send it again.")},
    RefusalText{"reference_denied", QT_TRANSLATE_NOOP("Gatehouse", "Blocked: nothing left this computer"),
                QT_TRANSLATE_NOOP("Gatehouse", "The message points to something that could not be looked at."),
                QT_TRANSLATE_NOOP("Gatehouse", "Put the text itself into the message instead.")},
    RefusalText{"justification_required", QT_TRANSLATE_NOOP("Gatehouse", "Not sent: a reason is needed"),
                QT_TRANSLATE_NOOP("Gatehouse", "Your organisation asks why this should leave."),
                QT_TRANSLATE_NOOP("Gatehouse", "Send it again and give your reason.")},
    RefusalText{"confirmation_required", QT_TRANSLATE_NOOP("Gatehouse", "Not sent: your yes is needed"),
                QT_TRANSLATE_NOOP("Gatehouse", "Your message holds something sensitive."),
                QT_TRANSLATE_NOOP("Gatehouse", "Send it again and say yes.")},
    RefusalText{"limited", QT_TRANSLATE_NOOP("Gatehouse", "Too many requests just now"),
                QT_TRANSLATE_NOOP("Gatehouse", "The limit that holds for you is reached."),
                QT_TRANSLATE_NOOP("Gatehouse", "Wait a moment and send it again.")},
    RefusalText{"model_not_found", QT_TRANSLATE_NOOP("Gatehouse", "This model is not available"),
                QT_TRANSLATE_NOOP("Gatehouse", "It was stopped, or policy no longer offers it."),
                QT_TRANSLATE_NOOP("Gatehouse", "Choose another model from the list.")},
    RefusalText{"store_locked", QT_TRANSLATE_NOOP("Gatehouse", "Locked: nothing goes out"),
                QT_TRANSLATE_NOOP("Gatehouse", "The record cannot be opened because its key is missing."),
                QT_TRANSLATE_NOOP("Gatehouse", "Unlock your keyring and start Gatehouse again, or ask your IT team.")},
    RefusalText{"audit_failed", QT_TRANSLATE_NOOP("Gatehouse", "Not sent: it could not be recorded"),
                QT_TRANSLATE_NOOP("Gatehouse", "What cannot be recorded does not leave."),
                QT_TRANSLATE_NOOP("Gatehouse", "Check that the disk has room, then send it again.")},
    RefusalText{"upstream_failed", QT_TRANSLATE_NOOP("Gatehouse", "The model did not answer"),
                QT_TRANSLATE_NOOP("Gatehouse", "The model's server is not reachable or gave an error."),
                QT_TRANSLATE_NOOP("Gatehouse", "Check that it is running, or choose another model.")},
    RefusalText{"upstream_timed_out", QT_TRANSLATE_NOOP("Gatehouse", "The model took too long"),
                QT_TRANSLATE_NOOP("Gatehouse", "The model's server did not answer in time."),
                QT_TRANSLATE_NOOP("Gatehouse", "Send it again, or choose another model.")},
    RefusalText{"too_large", QT_TRANSLATE_NOOP("Gatehouse", "The message is too long"),
                QT_TRANSLATE_NOOP("Gatehouse", "This conversation is larger than what may be sent at once."),
                QT_TRANSLATE_NOOP("Gatehouse", "Shorten the message, or start a new conversation.")},
    RefusalText{"unauthenticated", QT_TRANSLATE_NOOP("Gatehouse", "The chat is not signed in"),
                QT_TRANSLATE_NOOP("Gatehouse", "Gatehouse did not accept this window's token."),
                QT_TRANSLATE_NOOP("Gatehouse", "Quit Gatehouse and start it again.")},
    RefusalText{"shutting_down", QT_TRANSLATE_NOOP("Gatehouse", "Gatehouse is stopping"),
                QT_TRANSLATE_NOOP("Gatehouse", "It takes no new messages now."),
                QT_TRANSLATE_NOOP("Gatehouse", "Start it again and send your message then.")},
};

} // namespace

Notice refusalNotice(const QString& code, const QString& message) {
    const std::string word = code.toStdString();
    const auto* const found =
        std::find_if(kRefusals.begin(), kRefusals.end(), [&word](const RefusalText& row) { return row.code == word; });
    if (found == kRefusals.end()) {
        return {Words::tr("That did not work"),
                message.isEmpty() ? Words::tr("The request was refused (%1).").arg(code) : message,
                Words::tr("Send it again; if it stays like this, ask your IT team.")};
    }
    return {Words::tr(found->title), message.isEmpty() ? Words::tr(found->sentence) : message, Words::tr(found->next)};
}

Notice unreachableNotice(const AgentView& view) {
    if (view.phase != AgentPhase::ready) {
        return {Words::tr("Gatehouse cannot send now"),
                view.problem.isEmpty() ? phaseMeaning(view.phase) : view.problem,
                {}};
    }
    return {Words::tr("Gatehouse did not answer"), Words::tr("The connection to Gatehouse on this computer broke."),
            Words::tr("Send it again; if it stays like this, quit Gatehouse and start it again.")};
}

Notice brokenOffNotice() {
    return {Words::tr("The answer broke off"), Words::tr("The model stopped in the middle of its answer."),
            Words::tr("Send your message again.")};
}

Notice nonsenseNotice() {
    return {Words::tr("The answer could not be read"),
            Words::tr("The model's server sent something that is not an answer."),
            Words::tr("Send it again, or choose another model.")};
}

Notice stoppedNotice() {
    return {Words::tr("You stopped it"),
            Words::tr("No answer had come yet; the message itself may have left already."),
            {}};
}

Notice declinedNotice() {
    return {Words::tr("Not sent"), Words::tr("You chose not to send it. Nothing left this computer."), {}};
}

Notice approvalExpiredNotice() {
    return {Words::tr("Not sent: your answer came too late"),
            Words::tr("A yes holds for five minutes. Nothing left this computer."),
            Words::tr("Send it again and answer then.")};
}

Notice modelsFailedNotice() {
    return {Words::tr("The list of models is not available"), Words::tr("Gatehouse did not answer."),
            Words::tr("It is asked again when Gatehouse is ready.")};
}

} // namespace gatehouse::ui::text
