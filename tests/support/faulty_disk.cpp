// SPDX-License-Identifier: Apache-2.0
#include "support/faulty_disk.h"

#include <new>

#include <sqlite3.h>

namespace gatehouse::test {
namespace {

struct File {
    sqlite3_file base;
    FaultyDisk* disk;
    sqlite3_file* real; // lies right behind this struct
};

File* of(sqlite3_file* file) {
    return reinterpret_cast<File*>(file);
}
sqlite3_file* real(sqlite3_file* file) {
    return of(file)->real;
}
sqlite3_vfs* system(sqlite3_vfs* /*vfs*/) {
    return sqlite3_vfs_find("unix");
}

int closeFile(sqlite3_file* file) {
    return real(file)->pMethods->xClose(real(file));
}
int readFile(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
    return real(file)->pMethods->xRead(real(file), out, size, offset);
}
int writeFile(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
    const int code = of(file)->disk->next(false);
    if (code != SQLITE_OK && of(file)->disk->isTorn()) {
        real(file)->pMethods->xWrite(real(file), data, size / 2, offset);
    }
    return code == SQLITE_OK ? real(file)->pMethods->xWrite(real(file), data, size, offset) : code;
}
int truncateFile(sqlite3_file* file, sqlite3_int64 size) {
    const int code = of(file)->disk->next(false);
    return code == SQLITE_OK ? real(file)->pMethods->xTruncate(real(file), size) : code;
}
int syncFile(sqlite3_file* file, int flags) {
    const int code = of(file)->disk->next(true);
    return code == SQLITE_OK ? real(file)->pMethods->xSync(real(file), flags) : code;
}
int sizeOfFile(sqlite3_file* file, sqlite3_int64* size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}
int lockFile(sqlite3_file* file, int level) {
    return real(file)->pMethods->xLock(real(file), level);
}
int unlockFile(sqlite3_file* file, int level) {
    return real(file)->pMethods->xUnlock(real(file), level);
}
int checkLock(sqlite3_file* file, int* out) {
    return real(file)->pMethods->xCheckReservedLock(real(file), out);
}
int control(sqlite3_file* file, int what, void* value) {
    return real(file)->pMethods->xFileControl(real(file), what, value);
}
int sectorSize(sqlite3_file* file) {
    return real(file)->pMethods->xSectorSize(real(file));
}
int characteristics(sqlite3_file* file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int mapShared(sqlite3_file* file, int page, int size, int extend, volatile void** out) {
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
}
int lockShared(sqlite3_file* file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
void barrier(sqlite3_file* file) {
    real(file)->pMethods->xShmBarrier(real(file));
}
int unmapShared(sqlite3_file* file, int isDelete) {
    return real(file)->pMethods->xShmUnmap(real(file), isDelete);
}

const sqlite3_io_methods kMethods{2,        closeFile,   readFile,        writeFile,  truncateFile,
                                  syncFile, sizeOfFile,  lockFile,        unlockFile, checkLock,
                                  control,  sectorSize,  characteristics, mapShared,  lockShared,
                                  barrier,  unmapShared, nullptr,         nullptr};

int openFile(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* outFlags) {
    File* const wrapper = new (file) File{};
    wrapper->disk = static_cast<FaultyDisk*>(vfs->pAppData);
    wrapper->real = reinterpret_cast<sqlite3_file*>(wrapper + 1);
    const int code = system(vfs)->xOpen(system(vfs), name, wrapper->real, flags, outFlags);
    wrapper->base.pMethods = wrapper->real->pMethods == nullptr ? nullptr : &kMethods;
    return code;
}

} // namespace

FaultyDisk::FaultyDisk() : m_name("faulty-" + std::to_string(reinterpret_cast<std::uintptr_t>(this))) {
    // Everything but opening files is the system's own.
    m_vfs = std::make_unique<sqlite3_vfs>(*sqlite3_vfs_find("unix"));
    m_vfs->pNext = nullptr;
    m_vfs->zName = m_name.c_str();
    m_vfs->pAppData = this;
    m_vfs->szOsFile += static_cast<int>(sizeof(File));
    m_vfs->xOpen = &openFile;
    sqlite3_vfs_register(m_vfs.get(), 0);
}

FaultyDisk::~FaultyDisk() {
    sqlite3_vfs_unregister(m_vfs.get());
}

void FaultyDisk::failFrom(int nth, int count, Fault fault) {
    m_fault = fault;
    m_first = m_operations.load() + nth;
    m_hasFailed = false;
    m_remaining = count;
}

int FaultyDisk::next(bool isSync) {
    const int number = m_operations++;
    if (m_remaining == 0 || number < m_first) {
        return SQLITE_OK;
    }
    if (m_remaining > 0) {
        --m_remaining;
    }
    m_hasFailed = true;
    if (isSync) {
        return SQLITE_IOERR_FSYNC;
    }
    return m_fault == Fault::ioError ? SQLITE_IOERR_WRITE : SQLITE_FULL;
}

} // namespace gatehouse::test
