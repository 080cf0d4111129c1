// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/result.h"
#include "base/secure_bytes.h"

// Owners of OpenSSL's objects, for the files of this room.
namespace gatehouse::cms {

template <auto release>
struct Releaser {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};
using CmsPtr = std::unique_ptr<CMS_ContentInfo, Releaser<&CMS_ContentInfo_free>>;
using BioPtr = std::unique_ptr<BIO, Releaser<&BIO_free_all>>;
using CertificatePtr = std::unique_ptr<X509, Releaser<&X509_free>>;
using StorePtr = std::unique_ptr<X509_STORE, Releaser<&X509_STORE_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Releaser<&EVP_PKEY_free>>;

// Empties this thread's error queue when it goes, so that our failures never surface in someone else's call.
class ErrorQueueGuard final {
public:
    ErrorQueueGuard() { ERR_clear_error(); }
    ~ErrorQueueGuard() { ERR_clear_error(); }
    ErrorQueueGuard(const ErrorQueueGuard&) = delete;
    ErrorQueueGuard& operator=(const ErrorQueueGuard&) = delete;
};

// A read-only view of bytes as a BIO; the bytes must outlive it. Null for more than 2 GiB.
BioPtr readerOf(std::string_view bytes);
// All certificates of a PEM text, in order; at most 32. Empty when there is none or one is broken.
std::vector<CertificatePtr> readCertificates(std::string_view pem);
// A PEM private key, or null; never asks a terminal for the passphrase.
KeyPtr readPrivateKey(const SecureBytes& pem, const SecureBytes& passphrase);
std::string fingerprintOf(X509* certificate);
std::string subjectOf(X509* certificate);
// Empty when signatures by this key count here, else why not.
std::string_view keyFault(EVP_PKEY* key);

} // namespace gatehouse::cms
