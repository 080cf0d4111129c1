// SPDX-License-Identifier: Apache-2.0
#include "sync/cutter.h"

#include "sync/batch.h"

namespace gatehouse::sync {
namespace {

// Whether the chain, as it is now, has this record. An empty chain has nothing.
Result<bool> hasHead(audit::ChainReader& chain, const ledger::Head& head) {
    const auto now = chain.headAt(head.sequence);
    if (!now && now.error().kind != ErrorKind::notFound) {
        return std::unexpected(now.error());
    }
    return now && *now == head;
}

// Behind what the next batch begins, by the chain as it is now; nullopt while it is empty.
Result<std::optional<ledger::Head>> startOf(audit::ChainReader& chain, Outbox& outbox, CutReport& report) {
    const auto begin = chain.headAt(0);
    if (!begin) {
        return begin.error().kind == ErrorKind::notFound ? Result<std::optional<ledger::Head>>(std::nullopt)
                                                         : std::unexpected(begin.error());
    }
    const auto newest = outbox.newest();
    if (!newest) {
        return *begin;
    }
    GH_TRY(const bool isContinued, hasHead(chain, *newest));
    if (isContinued) {
        return newest;
    }
    // From the last batch that both agree on, else from the begin: the collector knows a batch that begins there, and
    // sees that this one is another.
    report.isDiverged = true;
    ledger::Head common = *begin;
    for (const ledger::Head& end : outbox.ends()) {
        GH_TRY(const bool isCommon, hasHead(chain, end));
        if (isCommon) {
            common = end;
        }
    }
    GH_CHECK(outbox.restartBehind(common));
    return common;
}

} // namespace

Result<CutReport> cut(audit::ChainReader& chain, Outbox& outbox, const Device& device, const CutOptions& options) {
    CutReport report;
    GH_TRY(const std::optional<ledger::Head> start, startOf(chain, outbox, report));
    if (!start) {
        return report;
    }
    ledger::Head before = *start;
    audit::ChainReader::Wanted wanted = options.wanted;
    wanted.hasTexts = options.hasTexts;
    while (outbox.bytes() < options.spoolBytes) {
        GH_TRY(std::vector<ledger::BatchRecord> records, chain.after(before.sequence, wanted));
        if (records.empty()) {
            return report;
        }
        const std::uint64_t count = records.size();
        const BatchPlan plan{.device = device.id,
                             .before = before,
                             .records = std::move(records),
                             .madeMs = options.nowMs,
                             .policySerial = options.policySerial,
                             .lastReceipt = outbox.lastReceipt(),
                             .clear = options.clear};
        GH_TRY(const Bytes batch, makeBatch(plan, device.key, options.auditorsPem));
        GH_CHECK(outbox.put(batch));
        report.batches += 1;
        report.records += count;
        before = *outbox.newest();
    }
    GH_TRY(const std::uint64_t newest, chain.newest());
    report.left = newest > before.sequence ? newest - before.sequence : 0;
    return report;
}

} // namespace gatehouse::sync
