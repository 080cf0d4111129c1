// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

#ifndef _WIN32
#include <dlfcn.h>
#endif

#include "documents/readers/picture.h"

// Tesseract and Leptonica are used through their C interfaces (tesseract/capi.h 5.3, leptonica/allheaders.h 1.82) and
// looked up at run time: a machine without them builds and runs the same program.
namespace gatehouse::documents {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kBroken = "a picture that is broken or of a kind that is not read";
constexpr std::string_view kTooLarge = "a picture that is larger than what is read";
constexpr std::string_view kTooSlow = "a picture: reading it takes too long";
constexpr std::string_view kUnclear = "a picture: its text cannot be told";

constexpr double kMostPixels = 60e6;   // of an encoded picture
constexpr double kReadPixels = 12e6;   // larger ones are made smaller
constexpr double kSmallPixels = 1.2e6; // smaller ones are made larger when they are not clear
constexpr int kMostPages = 20;         // of a TIFF
constexpr int kClearFrom = 80;         // mean confidence in percent
constexpr int kUnclearBelow = 25;      // mean confidence in percent
constexpr std::chrono::milliseconds kTimeOfOne{6'000};
constexpr std::chrono::milliseconds kTimeOfAll{14'000}; // the caller's own deadline is some seconds later

struct Pix;
struct Api;
struct Monitor;

// Function by function as the headers declare them.
struct Calls {
    Pix* (*pixReadMem)(const std::uint8_t*, std::size_t) = nullptr;
    Pix* (*pixReadMemFromMultipageTiff)(const std::uint8_t*, std::size_t, std::size_t*) = nullptr;
    int (*pixReadHeaderMem)(const std::uint8_t*, std::size_t, int*, int*, int*, int*, int*, int*) = nullptr;
    Pix* (*pixRemoveAlpha)(Pix*) = nullptr;
    Pix* (*pixConvertTo8)(Pix*, int) = nullptr;
    Pix* (*pixScale)(Pix*, float, float) = nullptr;
    int (*pixGetWidth)(const Pix*) = nullptr;
    int (*pixGetHeight)(const Pix*) = nullptr;
    void (*pixDestroy)(Pix**) = nullptr;
    Api* (*TessBaseAPICreate)() = nullptr;
    void (*TessBaseAPIDelete)(Api*) = nullptr;
    int (*TessBaseAPIInit5)(Api*, const char*, int, const char*, int, char**, int, char**, char**, std::size_t,
                            int) = nullptr;
    void (*TessBaseAPISetPageSegMode)(Api*, int) = nullptr;
    void (*TessBaseAPISetImage2)(Api*, Pix*) = nullptr;
    void (*TessBaseAPISetImage)(Api*, const unsigned char*, int, int, int, int) = nullptr;
    int (*TessBaseAPIRecognize)(Api*, Monitor*) = nullptr;
    char* (*TessBaseAPIGetUTF8Text)(Api*) = nullptr;
    int (*TessBaseAPIMeanTextConf)(Api*) = nullptr;
    void (*TessBaseAPIClear)(Api*) = nullptr;
    void (*TessDeleteText)(const char*) = nullptr;
    Monitor* (*TessMonitorCreate)() = nullptr;
    void (*TessMonitorDelete)(Monitor*) = nullptr;
    void (*TessMonitorSetDeadlineMSecs)(Monitor*, int) = nullptr;
};

#ifndef _WIN32
class Loader final {
public:
    explicit Loader(const char* library) : m_library(::dlopen(library, RTLD_NOW | RTLD_LOCAL)) {} // stays loaded
    template <typename Function>
    Loader& bind(Function& function, const char* name) {
        void* const found = m_library == nullptr ? nullptr : ::dlsym(m_library, name);
        function = reinterpret_cast<Function>(found); // POSIX says that this works
        m_isComplete = m_isComplete && found != nullptr;
        return *this;
    }
    [[nodiscard]] bool isComplete() const { return m_isComplete; }

private:
    void* m_library;
    bool m_isComplete = true;
};

bool bindAll(Calls& calls) {
    ::setenv("OMP_THREAD_LIMIT", "1", 1); // the sandbox has no threads
    Loader leptonica("liblept.so.5");
    leptonica.bind(calls.pixReadMem, "pixReadMem")
        .bind(calls.pixReadMemFromMultipageTiff, "pixReadMemFromMultipageTiff")
        .bind(calls.pixReadHeaderMem, "pixReadHeaderMem")
        .bind(calls.pixRemoveAlpha, "pixRemoveAlpha")
        .bind(calls.pixConvertTo8, "pixConvertTo8")
        .bind(calls.pixScale, "pixScale")
        .bind(calls.pixGetWidth, "pixGetWidth")
        .bind(calls.pixGetHeight, "pixGetHeight")
        .bind(calls.pixDestroy, "pixDestroy");
    Loader tesseract("libtesseract.so.5");
    tesseract.bind(calls.TessBaseAPICreate, "TessBaseAPICreate")
        .bind(calls.TessBaseAPIDelete, "TessBaseAPIDelete")
        .bind(calls.TessBaseAPIInit5, "TessBaseAPIInit5")
        .bind(calls.TessBaseAPISetPageSegMode, "TessBaseAPISetPageSegMode")
        .bind(calls.TessBaseAPISetImage2, "TessBaseAPISetImage2")
        .bind(calls.TessBaseAPISetImage, "TessBaseAPISetImage")
        .bind(calls.TessBaseAPIRecognize, "TessBaseAPIRecognize")
        .bind(calls.TessBaseAPIGetUTF8Text, "TessBaseAPIGetUTF8Text")
        .bind(calls.TessBaseAPIMeanTextConf, "TessBaseAPIMeanTextConf")
        .bind(calls.TessBaseAPIClear, "TessBaseAPIClear")
        .bind(calls.TessDeleteText, "TessDeleteText")
        .bind(calls.TessMonitorCreate, "TessMonitorCreate")
        .bind(calls.TessMonitorDelete, "TessMonitorDelete")
        .bind(calls.TessMonitorSetDeadlineMSecs, "TessMonitorSetDeadlineMSecs");
    return leptonica.isComplete() && tesseract.isComplete();
}
#else
bool bindAll(Calls& /*calls*/) {
    return false;
}
#endif

// Where Debian, Fedora and Arch put it.
std::string readModel() {
    constexpr std::size_t kMostBytes = std::size_t{64} * 1024U * 1024U;
    for (const char* const path :
         {"/usr/share/tesseract-ocr/5/tessdata/eng.traineddata", "/usr/share/tesseract/tessdata/eng.traineddata",
          "/usr/share/tessdata/eng.traineddata"}) {
        std::ifstream in(path, std::ios::binary);
        std::string model((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
        if (!model.empty() && model.size() <= kMostBytes) {
            return model;
        }
    }
    return {};
}

const std::uint8_t* bytesOf(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

class TesseractReader final : public PictureReader {
public:
    TesseractReader(const Calls& calls, std::string model) : m_calls(calls), m_model(std::move(model)) {}

    TesseractReader(const TesseractReader&) = delete;
    TesseractReader& operator=(const TesseractReader&) = delete;
    ~TesseractReader() override {
        if (m_api != nullptr) {
            m_calls.TessBaseAPIDelete(m_api);
        }
    }

    Reading read(std::string_view encoded) override {
        constexpr int kTiff = 4; // IFF_TIFF and the six packings of it follow each other
        constexpr int kLastTiff = 10;
        int format = 0;
        int width = 0;
        int height = 0;
        std::array<int, 3> rest{};
        if (m_calls.pixReadHeaderMem(bytesOf(encoded), encoded.size(), &format, &width, &height, &rest[0], &rest[1],
                                     &rest[2]) != 0) {
            return {{}, kBroken};
        }
        if (static_cast<double>(width) * height > kMostPixels) {
            return {{}, kTooLarge};
        }
        if (format >= kTiff && format <= kLastTiff) {
            return readPages(encoded);
        }
        Pix* const picture = m_calls.pixReadMem(bytesOf(encoded), encoded.size());
        return picture == nullptr ? Reading{{}, kBroken} : readAndDestroy(picture);
    }

    Reading read(const Pixels& pixels) override {
        return recognise([&] {
            m_calls.TessBaseAPISetImage(m_api, pixels.data, pixels.width, pixels.height, pixels.bytesPerPixel,
                                        pixels.bytesPerRow);
        });
    }

private:
    Reading readPages(std::string_view encoded) {
        Reading all;
        std::size_t offset = 0;
        int page = 0;
        do {
            Pix* const picture = m_calls.pixReadMemFromMultipageTiff(bytesOf(encoded), encoded.size(), &offset);
            if (picture == nullptr) {
                return {std::move(all.text), kBroken};
            }
            Reading one = readAndDestroy(picture);
            all.text += one.text;
            all.problem = one.problem.empty() ? all.problem : one.problem;
        } while (offset != 0 && ++page < kMostPages);
        all.problem = offset != 0 ? kTooLarge : all.problem;
        return all;
    }

    Reading readAndDestroy(Pix* picture) {
        const double pixels = static_cast<double>(m_calls.pixGetWidth(picture)) * m_calls.pixGetHeight(picture);
        if (pixels <= 0 || pixels > kMostPixels) {
            m_calls.pixDestroy(&picture);
            return {{}, kTooLarge};
        }
        replace(picture, m_calls.pixRemoveAlpha(picture));
        replace(picture, picture == nullptr ? nullptr : m_calls.pixConvertTo8(picture, 0));
        if (picture != nullptr && pixels > kReadPixels) {
            replace(picture, scaled(picture, std::sqrt(kReadPixels / pixels)));
        }
        if (picture == nullptr) {
            return {{}, kBroken};
        }
        const auto setImage = [&] { m_calls.TessBaseAPISetImage2(m_api, picture); };
        Reading reading = recognise(setImage);
        // Letters on screens are smaller than those that the model learnt: what is not clear is tried twice as large.
        if (m_confidence < kClearFrom && pixels < kSmallPixels && reading.problem != kTooSlow) {
            const int before = m_confidence;
            replace(picture, scaled(picture, 2));
            Reading larger = picture == nullptr ? Reading{} : recognise(setImage);
            reading = picture != nullptr && m_confidence > before ? std::move(larger) : std::move(reading);
        }
        m_calls.pixDestroy(&picture);
        return reading;
    }

    Pix* scaled(Pix* picture, double by) {
        return m_calls.pixScale(picture, static_cast<float>(by), static_cast<float>(by));
    }

    void replace(Pix*& picture, Pix* by) {
        m_calls.pixDestroy(&picture);
        picture = by;
    }

    template <typename SetImage>
    Reading recognise(SetImage&& setImage) {
        constexpr int kAuto = 3;    // PSM_AUTO
        constexpr int kSparse = 11; // PSM_SPARSE_TEXT: words anywhere, as in photographs
        if (!prepare()) {
            return {{}, kBroken};
        }
        for (const int mode : {kAuto, kSparse}) {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(m_until - Clock::now());
            if (left.count() <= 0) {
                return {{}, kTooSlow};
            }
            m_calls.TessBaseAPISetPageSegMode(m_api, mode);
            setImage();
            Monitor* const monitor = m_calls.TessMonitorCreate();
            m_calls.TessMonitorSetDeadlineMSecs(monitor, static_cast<int>(std::min(left, kTimeOfOne).count()));
            const bool isDone = m_calls.TessBaseAPIRecognize(m_api, monitor) == 0;
            m_calls.TessMonitorDelete(monitor);
            Reading reading = take(isDone);
            if (!isDone || !reading.text.empty()) {
                return reading;
            }
        }
        return {};
    }

    Reading take(bool isDone) {
        Reading reading;
        if (char* const text = m_calls.TessBaseAPIGetUTF8Text(m_api); text != nullptr) {
            reading.text = text;
            m_calls.TessDeleteText(text);
        }
        if (reading.text.find_first_not_of(" \t\r\n\f") == std::string::npos) {
            reading.text.clear();
        }
        m_confidence = reading.text.empty() ? 0 : m_calls.TessBaseAPIMeanTextConf(m_api);
        const bool isUnclear = !reading.text.empty() && m_confidence < kUnclearBelow;
        reading.problem = !isDone ? kTooSlow : isUnclear ? kUnclear : std::string_view();
        m_calls.TessBaseAPIClear(m_api);
        return reading;
    }

    // Sets the model up at the first picture; the time for all begins then.
    bool prepare() {
        constexpr int kNeural = 1; // OEM_LSTM_ONLY
        if (!m_isPrepared) {
            m_isPrepared = true;
            m_until = Clock::now() + kTimeOfAll;
            Api* const api = m_calls.TessBaseAPICreate();
            const int failed = m_calls.TessBaseAPIInit5(api, m_model.data(), static_cast<int>(m_model.size()), "eng",
                                                        kNeural, nullptr, 0, nullptr, nullptr, 0, 0);
            m_api = failed == 0 ? api : nullptr;
        }
        return m_api != nullptr;
    }

    Calls m_calls;
    std::string m_model;
    bool m_isPrepared = false;
    int m_confidence = 0; // of what was read last
    Api* m_api = nullptr;
    Clock::time_point m_until;
};

} // namespace

std::unique_ptr<PictureReader> loadPictureReader() {
    std::string model = readModel();
    Calls calls;
    if (model.empty() || !bindAll(calls)) {
        return nullptr;
    }
    return std::make_unique<TesseractReader>(calls, std::move(model));
}

} // namespace gatehouse::documents
