// SPDX-License-Identifier: Apache-2.0
#include "peer_certificate.h"

#include <algorithm>
#include <array>
#include <memory>

#include <openssl/x509.h>

namespace gatehouse::collector {
namespace {

struct FreeCertificate {
    void operator()(X509* certificate) const { X509_free(certificate); }
};

struct FreeTime {
    void operator()(ASN1_TIME* time) const { ASN1_TIME_free(time); }
};

} // namespace

std::optional<Sender> senderOf(SSL* connection) {
    const std::unique_ptr<X509, FreeCertificate> certificate(SSL_get1_peer_certificate(connection));
    if (!certificate || SSL_get_verify_result(connection) != X509_V_OK) {
        return std::nullopt;
    }
    std::array<char, 64> name{};
    const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name.data(),
                                               static_cast<int>(name.size()));
    Sender sender;
    const auto bytes = hexDecode(std::string_view(name.data(), size > 0 ? static_cast<std::size_t>(size) : 0));
    if (!bytes || bytes->size() != sender.device.size()) {
        return std::nullopt;
    }
    std::copy(bytes->begin(), bytes->end(), sender.device.begin());
    unsigned char* data = nullptr;
    const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &data);
    if (length <= 0) {
        return std::nullopt;
    }
    sender.publicKey.assign(data, data + length);
    OPENSSL_free(data);
    const ASN1_INTEGER* const serial = X509_get0_serialNumber(certificate.get());
    const unsigned char* const first = ASN1_STRING_get0_data(serial);
    sender.serial.assign(first, first + ASN1_STRING_length(serial));
    const std::unique_ptr<ASN1_TIME, FreeTime> epoch(ASN1_TIME_set(nullptr, 0));
    int days = 0;
    int seconds = 0;
    if (!epoch || ASN1_TIME_diff(&days, &seconds, epoch.get(), X509_get0_notAfter(certificate.get())) != 1) {
        return std::nullopt;
    }
    sender.notAfter = WallTime(std::chrono::days(days) + std::chrono::seconds(seconds));
    return sender;
}

} // namespace gatehouse::collector
