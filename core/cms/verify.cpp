// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "cms/cms.h"
#include "cms/openssl.h"

namespace gatehouse::cms {
namespace {

constexpr std::size_t kMaxSentCertificates = 16;

std::unexpected<Error> denied(std::string_view why) {
    return fail(ErrorKind::denied, "the signature does not count: " + std::string(why));
}

// Base64 between two marks, or after the blank line of an S/MIME head; line ends go.
Result<Bytes> decodeArmour(std::string_view text) {
    std::string packed;
    packed.reserve(text.size());
    std::copy_if(text.begin(), text.end(), std::back_inserter(packed),
                 [](char c) { return c != '\r' && c != '\n' && c != ' ' && c != '\t'; });
    return base64Decode(packed);
}

// The DER bytes of any of the three forms that `openssl cms` writes.
Result<Bytes> derOf(std::string_view message) {
    for (const std::string_view label : {"CMS", "PKCS7"}) {
        const std::string begin = "-----BEGIN " + std::string(label) + "-----";
        const std::string end = "-----END " + std::string(label) + "-----";
        if (message.starts_with(begin)) {
            const std::size_t close = message.find(end);
            if (close == std::string_view::npos) {
                return fail(ErrorKind::invalidInput, "the signed message ends early");
            }
            return decodeArmour(message.substr(begin.size(), close - begin.size()));
        }
    }
    if (message.starts_with("MIME-Version:")) {
        const std::size_t blank = std::min(message.find("\n\n"), message.find("\r\n\r\n"));
        if (blank == std::string_view::npos) {
            return fail(ErrorKind::invalidInput, "the signed message ends early");
        }
        return decodeArmour(message.substr(blank));
    }
    return Bytes(message.begin(), message.end());
}

Result<CmsPtr> decode(const Bytes& der) {
    const unsigned char* at = der.data();
    CmsPtr message(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(der.size())));
    if (!message || at != der.data() + der.size()) {
        return fail(ErrorKind::invalidInput, "not a CMS message");
    }
    if (OBJ_obj2nid(CMS_get0_type(message.get())) != NID_pkcs7_signed) {
        return fail(ErrorKind::invalidInput, "a CMS message, but not a signed one");
    }
    if (CMS_is_detached(message.get()) != 0) {
        return fail(ErrorKind::invalidInput, "the content is not inside the message; sign with -nodetach");
    }
    if (OBJ_obj2nid(CMS_get0_eContentType(message.get())) != NID_pkcs7_data) {
        return fail(ErrorKind::invalidInput, "the signed content is not plain data");
    }
    return message;
}

// Which algorithms count. Without signed attributes a signature could be moved between content and attributes (RFC 5652
// §5.4 signs one or the other), so they are required.
std::string_view algorithmFault(CMS_SignerInfo* signer) {
    X509_ALGOR* digest = nullptr;
    X509_ALGOR* signature = nullptr;
    CMS_SignerInfo_get0_algs(signer, nullptr, nullptr, &digest, &signature);
    const ASN1_OBJECT* object = nullptr;
    X509_ALGOR_get0(&object, nullptr, nullptr, digest);
    constexpr std::array kDigests{NID_sha256, NID_sha384, NID_sha512};
    if (std::find(kDigests.begin(), kDigests.end(), OBJ_obj2nid(object)) == kDigests.end()) {
        return "the digest is not SHA-256, SHA-384 or SHA-512";
    }
    X509_ALGOR_get0(&object, nullptr, nullptr, signature);
    constexpr std::array kSignatures{NID_rsassaPss, NID_ecdsa_with_SHA256, NID_ecdsa_with_SHA384,
                                     NID_ecdsa_with_SHA512};
    if (std::find(kSignatures.begin(), kSignatures.end(), OBJ_obj2nid(object)) == kSignatures.end()) {
        return "neither ECDSA nor RSA-PSS (openssl cms -sign … -keyopt rsa_padding_mode:pss)";
    }
    return CMS_signed_get_attr_count(signer) < 1 ? "it has no signed attributes" : "";
}

// Any listed certificate is an end of the chain, at `now`. The purpose is checked by mayIssueSigners() and not by
// OpenSSL, whose default for CMS asks for e-mail protection.
StorePtr makeStore(const std::vector<CertificatePtr>& trusted, WallTime now) {
    StorePtr store(X509_STORE_new());
    if (!store) {
        return nullptr;
    }
    for (const CertificatePtr& certificate : trusted) {
        X509_STORE_add_cert(store.get(), certificate.get());
    }
    X509_VERIFY_PARAM* const parameters = X509_STORE_get0_param(store.get());
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_ANY);
    X509_VERIFY_PARAM_set_depth(parameters, 5);
    X509_VERIFY_PARAM_set_time(parameters,
                               std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
    return store;
}

bool isListed(X509* signer, const std::vector<CertificatePtr>& trusted) {
    return std::any_of(trusted.begin(), trusted.end(), [signer](const CertificatePtr& certificate) {
        return X509_cmp(certificate.get(), signer) == 0;
    });
}

bool isForCodeSigning(X509* certificate) {
    const bool hasUsage = (X509_get_extension_flags(certificate) & EXFLAG_XKUSAGE) != 0;
    return hasUsage && (X509_get_extended_key_usage(certificate) & XKU_CODE_SIGN) != 0;
}

struct Signer {
    CMS_SignerInfo* information = nullptr; // owned by the message
    X509* certificate = nullptr;           // owned by the message or the trusted list
};

// The one signer with its certificate, from the message or from the trusted list (-nocerts).
Result<Signer> signerOf(CMS_ContentInfo* message, const std::vector<CertificatePtr>& trusted) {
    STACK_OF(CMS_SignerInfo)* const signers = CMS_get0_SignerInfos(message);
    if (signers == nullptr || sk_CMS_SignerInfo_num(signers) != 1) {
        return denied("there must be exactly one signer");
    }
    Signer signer{sk_CMS_SignerInfo_value(signers, 0), nullptr};
    STACK_OF(X509)* const sent = CMS_get1_certs(message);
    const int count = sent == nullptr ? 0 : sk_X509_num(sent);
    for (int i = 0; i < count && signer.certificate == nullptr; ++i) {
        if (CMS_SignerInfo_cert_cmp(signer.information, sk_X509_value(sent, i)) == 0) {
            signer.certificate = sk_X509_value(sent, i); // the message keeps it alive
        }
    }
    sk_X509_pop_free(sent, X509_free);
    if (count > static_cast<int>(kMaxSentCertificates)) {
        return fail(ErrorKind::limit, "the message carries too many certificates");
    }
    for (const CertificatePtr& certificate : trusted) {
        if (signer.certificate == nullptr && CMS_SignerInfo_cert_cmp(signer.information, certificate.get()) == 0) {
            signer.certificate = certificate.get();
        }
    }
    if (signer.certificate == nullptr) {
        return denied("the signer's certificate is neither in the message nor among the trusted ones");
    }
    return signer;
}

Result<std::string> checkedContent(CMS_ContentInfo* message, const Signer& signer, X509_STORE* store) {
    CMS_SignerInfo_set1_signer_cert(signer.information, signer.certificate);
    const BioPtr out(BIO_new(BIO_s_mem()));
    if (!out || CMS_verify(message, nullptr, store, nullptr, out.get(), CMS_BINARY) != 1) {
        const unsigned long error = ERR_peek_error();
        const char* const reason = ERR_reason_error_string(error);
        return denied(reason == nullptr ? "verification failed" : reason);
    }
    std::string content;
    content.resize(static_cast<std::size_t>(BIO_pending(out.get())));
    if (content.size() > kMaxContent) {
        return fail(ErrorKind::limit, "the signed content is above 2 MiB");
    }
    const int read = BIO_read(out.get(), content.data(), static_cast<int>(content.size()));
    content.resize(read > 0 ? static_cast<std::size_t>(read) : 0);
    return content;
}

} // namespace

Result<Verified> verify(std::string_view message, const Trust& trust, WallTime now) {
    const ErrorQueueGuard guard;
    if (message.size() > kMaxMessage) {
        return fail(ErrorKind::limit, "the signed message is above 4 MiB");
    }
    const std::vector<CertificatePtr> trusted = readCertificates(trust.certificatesPem);
    if (trusted.empty()) {
        return fail(ErrorKind::denied, "no trusted signer certificate is given, or one is broken");
    }
    GH_TRY(const Bytes der, derOf(message));
    GH_TRY(const CmsPtr cms, decode(der));
    GH_TRY(const Signer signer, signerOf(cms.get(), trusted));
    if (const std::string_view fault = algorithmFault(signer.information); !fault.empty()) {
        return denied(fault);
    }
    if (const std::string_view fault = keyFault(X509_get0_pubkey(signer.certificate)); !fault.empty()) {
        return denied(fault);
    }
    if (!isListed(signer.certificate, trusted) && !isForCodeSigning(signer.certificate)) {
        return denied("the certificate is not listed itself, and it is not for code signing");
    }
    const StorePtr store = makeStore(trusted, now);
    if (!store) {
        return fail(ErrorKind::internal, "no certificate store");
    }
    Verified verified;
    GH_TRY(verified.content, checkedContent(cms.get(), signer, store.get()));
    verified.signer = subjectOf(signer.certificate);
    verified.fingerprint = fingerprintOf(signer.certificate);
    return verified;
}

} // namespace gatehouse::cms
