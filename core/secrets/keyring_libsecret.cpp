// SPDX-License-Identifier: Apache-2.0
#include <condition_variable>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include <libsecret/secret.h>
#include <unistd.h>

#include "base/crypto.h"
#include "platform/secure_file.h"
#include "secrets/backends.h"

// freedesktop.org Secret Service API 0.2 through libsecret. Values are stored as base64 text, which every keyring
// keeps.
namespace gatehouse::secrets {
namespace {

struct Unref {
    void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;
struct UnrefValue {
    void operator()(SecretValue* value) const { secret_value_unref(value); }
};

const SecretSchema* schema() {
    static const SecretSchema kSchema = [] {
        SecretSchema value{};
        value.name = "com.gatehouse.Secret";
        value.flags = SECRET_SCHEMA_NONE;
        value.attributes[0] = {"service", SECRET_SCHEMA_ATTRIBUTE_STRING};
        value.attributes[1] = {"store", SECRET_SCHEMA_ATTRIBUTE_STRING};
        value.attributes[2] = {"name", SECRET_SCHEMA_ATTRIBUTE_STRING};
        return value;
    }();
    return &kSchema;
}

// Cancels a blocking libsecret call after a while, because the library itself waits for a dialog as long as it takes.
class TimeLimit final {
public:
    explicit TimeLimit(std::chrono::seconds limit)
        : m_cancellable(g_cancellable_new())
        , m_thread([this, limit] { watch(limit); }) {}
    TimeLimit(const TimeLimit&) = delete;
    TimeLimit& operator=(const TimeLimit&) = delete;
    ~TimeLimit() {
        {
            const std::scoped_lock lock(m_mutex);
            m_isDone = true;
        }
        m_wake.notify_one();
        m_thread.join();
    }
    [[nodiscard]] GCancellable* get() const { return m_cancellable.get(); }

private:
    void watch(std::chrono::seconds limit) {
        std::unique_lock lock(m_mutex);
        if (!m_wake.wait_for(lock, limit, [this] { return m_isDone; })) {
            g_cancellable_cancel(m_cancellable.get());
        }
    }

    Owned<GCancellable> m_cancellable;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_isDone = false;
    std::thread m_thread; // last: starts when the rest is there
};

// Takes the GError. The library's message names D-Bus paths and services, never a secret.
std::unexpected<Error> failGlib(std::string_view act, GError* raw, ErrorKind kind) {
    const std::unique_ptr<GError, decltype(&g_error_free)> error(raw, &g_error_free);
    const bool isTimeOut = error != nullptr && g_error_matches(error.get(), G_IO_ERROR, G_IO_ERROR_CANCELLED) != 0;
    std::string what = "keyring: " + std::string(act) + " failed";
    if (isTimeOut) {
        return fail(ErrorKind::timedOut, what + ": it did not answer in time; unlock it and try again");
    }
    return fail(kind, error == nullptr ? what : what + ": " + error->message, error == nullptr ? 0 : error->code);
}

// GDBus would start a bus of its own with dbus-launch where there is none; such a bus has no keyring and stays behind.
bool hasSessionBus() {
    const char* const address = std::getenv("DBUS_SESSION_BUS_ADDRESS");
    if (address != nullptr && *address != '\0') {
        return true;
    }
    const char* const runtime = std::getenv("XDG_RUNTIME_DIR");
    return runtime != nullptr && platform::fileExists(std::string(runtime) + "/bus");
}

// A session with the service, or notFound when there is no bus or nothing on it that keeps secrets.
Result<Owned<SecretService>> connect(GCancellable* cancellable) {
    if (!hasSessionBus()) {
        return fail(ErrorKind::notFound, "keyring: there is no session bus");
    }
    GError* error = nullptr;
    const Owned<GDBusConnection> bus(g_bus_get_sync(G_BUS_TYPE_SESSION, cancellable, &error));
    if (bus == nullptr) {
        return failGlib("reaching the session bus", error, ErrorKind::notFound);
    }
    // The default would end this process when the bus goes away.
    g_dbus_connection_set_exit_on_close(bus.get(), FALSE);
    Owned<SecretService> service(
        secret_service_open_sync(SECRET_TYPE_SERVICE, nullptr, SECRET_SERVICE_OPEN_SESSION, cancellable, &error));
    if (service == nullptr) {
        return failGlib("reaching the secret service", error, ErrorKind::notFound);
    }
    return service;
}

// The collection that new items go to; null when the keyring has none yet.
Result<Owned<SecretCollection>> defaultCollection(SecretService* service, GCancellable* cancellable) {
    GError* error = nullptr;
    Owned<SecretCollection> collection(secret_collection_for_alias_sync(service, SECRET_COLLECTION_DEFAULT,
                                                                        SECRET_COLLECTION_NONE, cancellable, &error));
    if (collection == nullptr && error != nullptr) {
        return failGlib("looking for the default collection", error, ErrorKind::unavailable);
    }
    return collection;
}

using Attributes = std::unique_ptr<GHashTable, decltype(&g_hash_table_unref)>;

Attributes attributesOf(const std::string& storeId, const std::string& name) {
    return Attributes(secret_attributes_build(schema(), "service", "gatehouse", "store", storeId.c_str(), "name",
                                              name.c_str(), nullptr),
                      &g_hash_table_unref);
}

void freeItems(GList* items) {
    g_list_free_full(items, g_object_unref);
}
using Items = std::unique_ptr<GList, decltype(&freeItems)>;

Result<SecureBytes> valueOf(SecretItem* item) {
    const std::unique_ptr<SecretValue, UnrefValue> value(secret_item_get_secret(item));
    if (value == nullptr) {
        return fail(ErrorKind::unavailable, "keyring: the secret is locked");
    }
    gsize size = 0;
    const gchar* const text = secret_value_get(value.get(), &size);
    auto bytes = base64Decode(std::string_view(text, size));
    if (!bytes) {
        return fail(ErrorKind::unavailable, "keyring: the stored secret does not have our form");
    }
    SecureBytes out{ByteView(*bytes)};
    wipe(bytes->data(), bytes->size());
    return out;
}

class KeyringStore final : public SecretStore {
public:
    KeyringStore(std::string storeId, std::chrono::seconds timeOut)
        : m_storeId(std::move(storeId))
        , m_timeOut(timeOut) {}

    Result<SecureBytes> read(std::string_view name) override {
        const std::scoped_lock lock(m_mutex);
        const TimeLimit limit(m_timeOut);
        GH_TRY(const Owned<SecretService> service, open(name, limit.get()));
        return search(service.get(), std::string(name), limit.get());
    }

    Result<> write(std::string_view name, const SecureBytes& value) override {
        const std::scoped_lock lock(m_mutex);
        if (value.size() > kMaxSecretBytes) {
            return fail(ErrorKind::limit, "keyring: a secret is above 64 KiB");
        }
        const TimeLimit limit(m_timeOut);
        GH_TRY(const Owned<SecretService> service, open(name, limit.get()));
        std::string text = base64Encode(value.view());
        const std::unique_ptr<SecretValue, UnrefValue> secret(
            secret_value_new(text.data(), static_cast<gssize>(text.size()), "text/plain"));
        wipe(text.data(), text.size());
        GError* error = nullptr;
        const std::string label = "Gatehouse: " + std::string(name);
        if (secret_service_store_sync(service.get(), schema(), attributesOf(m_storeId, std::string(name)).get(),
                                      SECRET_COLLECTION_DEFAULT, label.c_str(), secret.get(), limit.get(),
                                      &error) == FALSE) {
            return failGlib("storing", error, ErrorKind::unavailable);
        }
        GH_TRY(const SecureBytes back, search(service.get(), std::string(name), limit.get()));
        if (!constantTimeEqual(back.view(), value.view())) {
            return fail(ErrorKind::unavailable, "keyring: what was written could not be read back");
        }
        return {};
    }

    Result<> remove(std::string_view name) override {
        const std::scoped_lock lock(m_mutex);
        const TimeLimit limit(m_timeOut);
        GH_TRY(const Owned<SecretService> service, open(name, limit.get()));
        GError* error = nullptr;
        const bool isRemoved =
            secret_service_clear_sync(service.get(), schema(), attributesOf(m_storeId, std::string(name)).get(),
                                      limit.get(), &error) != FALSE;
        if (error != nullptr) {
            return failGlib("removing", error, ErrorKind::unavailable);
        }
        return isRemoved ? Result<>{} : fail(ErrorKind::notFound, "keyring: there is no such secret");
    }

    [[nodiscard]] KeyProtection protection() const override { return KeyProtection::keyring; }

private:
    // A keyring that is gone is no proof that the secret is: here "no service" is unavailable.
    static Result<Owned<SecretService>> open(std::string_view name, GCancellable* cancellable) {
        if (!isSecretName(name)) {
            return fail(ErrorKind::invalidInput, "keyring: bad name");
        }
        auto service = connect(cancellable);
        if (!service && service.error().kind == ErrorKind::notFound) {
            return fail(ErrorKind::unavailable, service.error().what, service.error().native);
        }
        return service;
    }

    Result<SecureBytes> search(SecretService* service, const std::string& name, GCancellable* cancellable) const {
        GError* error = nullptr;
        const auto flags =
            static_cast<SecretSearchFlags>(SECRET_SEARCH_ALL | SECRET_SEARCH_UNLOCK | SECRET_SEARCH_LOAD_SECRETS);
        const Items items(secret_service_search_sync(service, schema(), attributesOf(m_storeId, name).get(), flags,
                                                     cancellable, &error),
                          &freeItems);
        if (error != nullptr) {
            return failGlib("reading", error, ErrorKind::unavailable);
        }
        if (items != nullptr) {
            return valueOf(SECRET_ITEM(items->data));
        }
        // A locked or missing collection hides what is in it: that is "cannot tell", not "is not there".
        GH_TRY(const Owned<SecretCollection> collection, defaultCollection(service, cancellable));
        if (collection == nullptr || secret_collection_get_locked(collection.get()) != FALSE) {
            return fail(ErrorKind::unavailable, "keyring: it is locked or has no default collection");
        }
        return fail(ErrorKind::notFound, "keyring: there is no such secret");
    }

    std::string m_storeId;
    std::chrono::seconds m_timeOut;
    std::mutex m_mutex;
};

} // namespace

std::unique_ptr<SecretStore> makeKeyringStore(std::string storeId, std::chrono::seconds timeOut) {
    return std::make_unique<KeyringStore>(std::move(storeId), timeOut);
}

Result<> probeKeyring(const std::string& storeId, std::chrono::seconds timeOut) {
    bool hasCollection = false;
    {
        const TimeLimit limit(timeOut);
        GH_TRY(const Owned<SecretService> service, connect(limit.get()));
        GH_TRY(const Owned<SecretCollection> collection, defaultCollection(service.get(), limit.get()));
        hasCollection = collection != nullptr;
    }
    const std::unique_ptr<SecretStore> store = makeKeyringStore(storeId, timeOut);
    auto kept = store->write("probe", SecureBytes(randomBytes(16)));
    if (kept) {
        kept = store->remove("probe");
    }
    if (!kept && !hasCollection && kept.error().kind == ErrorKind::unavailable) {
        // Nobody ever made a collection here and none can be made: no screen for the dialog, as on servers.
        return fail(ErrorKind::notFound, kept.error().what, kept.error().native);
    }
    return kept;
}

} // namespace gatehouse::secrets
