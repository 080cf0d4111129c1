// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "types/finding.h"

// How evidence adds up. Everything is in log-odds (natural logarithm), so that independent signs are summed:
//   score = prior of the shape + strength of what confirmed it + context + the written form + what speaks against it
// and confidence = 1 / (1 + e^-score). The rules are the same for whole texts and streams. docs/formats/detectors.md.
namespace gatehouse::dlp {

inline constexpr double kContextNear = 2.6;        // a word of context up to 28 bytes in front, or in the field's name
inline constexpr double kContextFar = 2.0;         // in front, up to the window's start
inline constexpr double kContextBehind = 1.6;      // behind the value
inline constexpr double kContextRightBehind = 2.0; // and few letters between, "… (NIN)"; never more than in front
inline constexpr double kContextColumn = 2.6;      // in the heading of the value's column
inline constexpr double kStandsAlone = 1.6;        // the value is the whole text, and its check is a strong one
inline constexpr double kStrongCheck = 4.0;        // what passes it by chance is one in 55 or rarer
inline constexpr double kStrongCheckOfLetters = 2.2; // letters among the digits are rarer than digits alone
inline constexpr double kFormatted = 0.7;            // written with the separators that are usual for it
inline constexpr double kNegativeWord =
    -2.2;                                  // "order", "tracking", "version" … stand in front and nothing speaks for it
inline constexpr double kContinues = -1.5; // more groups of digits follow or precede
inline constexpr double kOrdinaryWord = -2.6; // its letters stand apart and are written as a word: "Room 8012 3112"

// The score from which a finding has the level. Confidence 0.6 and 0.9.
inline constexpr double kMediumScore = 0.405465;
inline constexpr double kHighScore = 2.197225;

// Confidence 0–1, rounded to three places.
double confidenceOf(double score);

constexpr Level levelOfScore(double score) {
    return score >= kHighScore ? Level::high : score >= kMediumScore ? Level::medium : Level::low;
}

} // namespace gatehouse::dlp
