// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/result.h"

namespace gatehouse::collector {

struct Address {
    std::string host; // an IP address
    std::uint16_t port = 0;
};

// auditor: sees everything that devices send in the clear; analyst: not the persons.
enum class ReaderRole { auditor, analyst };

struct ReaderAccount {
    std::string name;
    ReaderRole role = ReaderRole::analyst;
    Sha256Digest tokenHash{}; // SHA-256 of the token; the token itself is nowhere here
};

// The configuration, a JSON object; unknown members are refused. Format: docs/collector.md.
struct Config {
    Address listen{"0.0.0.0", 4443};   // for devices: TLS with client certificates
    Address status{"127.0.0.1", 9464}; // for the operator: /healthz, /readyz and /metrics, without TLS
    std::string certificate;           // file: the collector's own, with intermediate ones
    std::string key;                   // file: its private key
    std::string deviceAuthority;       // file: whose certificates of devices count; empty: caCertificate's alone
    std::string caCertificate;         // file: the authority that this collector issues with; empty: it issues none
    std::string caKey;                 // file: its private key
    std::chrono::minutes certificateLife{30 * 24 * 60}; // of what it issues
    std::string receiptKey;                             // file: the private key (P-256 or Ed25519) that signs receipts
    std::string logKey;        // file: the Ed25519 key that signs the log's checkpoints; empty: no log
    std::string logOrigin;     // the log's name, such as "collector.example.com/audit"
    std::string policySigners; // file: whose signature counts on policies that are published here
    struct Objects {           // sealed batches in a bucket; url empty: they lie in the database
        std::string url;       // of the bucket, path-style
        std::string region = "us-east-1";
        std::string keyFile;   // file: "ID:SECRET" or "ID:SECRET:SESSION"
        std::string authority; // file: who vouches for the store; empty: whom the system trusts
        bool isCompliance = true;
        std::chrono::days retention{3650};
    };
    Objects objects;
    std::string database;  // libpq's connection string
    bool logsJson = false; // one JSON object for each line of the log
    std::size_t databaseThreads = 8;
    std::size_t connections = 4096;
    std::chrono::seconds drain{20};
    std::vector<ReaderAccount> readers; // who may search, at GET /v1/records on the operator's port
};

// invalidInput with the member that is wrong. Paths are taken as they are, relative to the working directory.
[[nodiscard]] Result<Config> parseConfig(std::string_view text);

} // namespace gatehouse::collector
