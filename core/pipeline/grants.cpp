// SPDX-License-Identifier: Apache-2.0
#include "pipeline/grants.h"

#include "base/crypto.h"
#include "pipeline/request.h"
#include "providers/google_account.h"
#include "providers/vendors.h"

namespace gatehouse::pipeline {
namespace {

constexpr std::uint64_t kMaxAnswer = 64ULL * 1024ULL;
constexpr std::chrono::seconds kMargin{60}; // a token is not used in its last minute

Task<Result<std::string>> post(upstream::Upstream& upstream, upstream::Request form) {
    const auto transfer = upstream.start(std::move(form));
    GH_CO_TRY(const auto head, co_await transfer->head());
    std::string document;
    for (;;) {
        GH_CO_TRY(const auto piece, co_await transfer->next());
        if (!piece) {
            break;
        }
        document += *piece;
    }
    if (head.status != 200) {
        co_return fail(ErrorKind::denied, "the exchange for a token was refused");
    }
    co_return document;
}

Task<Result<Redacted<std::string>>> exchange(Request& request, const std::string& name,
                                             const providers::GoogleAccount& account, std::string keyDigest) {
    upstream::Request form;
    form.url = account.tokenUrl;
    form.headers = {{"content-type", "application/x-www-form-urlencoded"}, {"accept", "application/json"}};
    form.maxAnswerBytes = kMaxAnswer;
    GH_CO_TRY(form.body, providers::googleTokenForm(account, request.parts().clock.wall()));
    GH_CO_TRY(const std::string document, co_await post(request.parts().upstream, std::move(form)));
    GH_CO_TRY(const auto token, providers::readGoogleToken(document));
    Grants::Grant grant{std::move(keyDigest), token.token,
                        request.parts().clock.monotonic() + token.lifetime - kMargin};
    request.shared.grants.known.insert_or_assign(name, std::move(grant));
    co_return token.token;
}

} // namespace

Task<Result<Redacted<std::string>>> keyFor(Request& request, const providers::Target& target) {
    if (target.keyName.empty()) {
        co_return Redacted<std::string>();
    }
    GH_CO_TRY(const Redacted<std::string> key, request.parts().keys.find(target.keyName));
    if (providers::vendorOf(target.kind).auth != providers::AuthStyle::googleAccount) {
        co_return key;
    }
    const auto account = providers::readGoogleAccount(key.reveal());
    if (!account) {
        co_return key; // a token that somebody else asked for
    }
    std::string digest = sha256Hex(key.reveal());
    const auto known = request.shared.grants.known.find(target.keyName);
    const bool isFresh = known != request.shared.grants.known.end() && known->second.keyDigest == digest &&
                         known->second.until > request.parts().clock.monotonic();
    if (isFresh) {
        co_return known->second.token;
    }
    const MonotonicTime asked = request.parts().clock.monotonic();
    auto token = co_await exchange(request, target.keyName, *account, std::move(digest));
    request.waited += request.parts().clock.monotonic() - asked;
    co_return token;
}

} // namespace gatehouse::pipeline
