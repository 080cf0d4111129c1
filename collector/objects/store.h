// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/secure_bytes.h"

// Sealed batches in a bucket instead of the database: any store that speaks Amazon's S3 interface and has Object Lock,
// so that nobody deletes or changes them before their time, the operator included. Signed by libcurl (AWS Signature
// Version 4). Safe on any thread; blocks.
namespace gatehouse::collector {

enum class LockMode { governance, compliance };

struct ObjectOptions {
    std::string url{}; // of the bucket, path-style: "https://s3.eu-central-1.amazonaws.com/audit"
    std::string region = "us-east-1";
    std::string key{};   // "ID:SECRET" or "ID:SECRET:SESSION"
    std::string caPem{}; // who vouches for the store; empty: whom the system trusts
    LockMode mode = LockMode::compliance;
    std::chrono::days retention{3650};
};

class ObjectStore {
public:
    // invalidInput when the options are not usable.
    [[nodiscard]] static Result<std::unique_ptr<ObjectStore>> open(ObjectOptions options);
    virtual ~ObjectStore() = default;

    // Durable under this name, locked until `now` and the retention, when it returns; also when the same bytes were
    // there already. conflict: others are there. unavailable, denied: nothing is known to be kept.
    [[nodiscard]] virtual Result<> put(const std::string& name, ByteView content, WallTime now) = 0;
    // notFound; corrupt when the store gives other bytes than it was given.
    [[nodiscard]] virtual Result<Bytes> get(const std::string& name) = 0;
    // denied when the bucket locks nothing.
    [[nodiscard]] virtual Result<> checkLock() = 0;
};

} // namespace gatehouse::collector
