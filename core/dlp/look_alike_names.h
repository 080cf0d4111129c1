// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

// Names that nobody is known by: plausible, and no words of a language, so that they are found again in an answer.
namespace gatehouse::dlp {

inline constexpr std::array<std::string_view, 64> kInventedFirstNames{
    "Aldwen",   "Brisara", "Corvin",   "Delwyna",  "Eddamar",  "Farolt",  "Gwennor",  "Halvane",  "Ismelda", "Jorwen",
    "Kaldis",   "Lorvane", "Merridan", "Nolwyn",   "Orsanne",  "Perrol",  "Quillane", "Rowenna",  "Selmaro", "Torvane",
    "Ulmera",   "Verlane", "Wendric",  "Yorlane",  "Zelmira",  "Arvenne", "Bertolan", "Calwyn",   "Dorvane", "Elswine",
    "Fendral",  "Gildane", "Hermalin", "Ilvane",   "Jessolyn", "Korvine", "Lindral",  "Marvenne", "Nerwyn",  "Odrane",
    "Pelwina",  "Rosvane", "Sorwen",   "Tamsolyn", "Urvane",   "Velwyn",  "Wilmane",  "Yselda",   "Zorvane", "Amberlyn",
    "Bastane",  "Cormela", "Darvine",  "Ermolyn",  "Fiorwen",  "Garvane", "Hollwyn",  "Isvane",   "Janvine", "Kelmira",
    "Lorwenna", "Mirvane", "Norvela",  "Olwyna"};

inline constexpr std::array<std::string_view, 64> kInventedSurnames{
    "Ashdale",     "Birkwell",    "Carrowby",    "Dunmarsh",     "Elmsworthy", "Fennlock",    "Garrowby",
    "Haverlock",   "Ivesdale",    "Jessmoor",    "Kestwick",     "Lindmarsh",  "Morrowby",    "Netherlock",
    "Oakmarsh",    "Penwhistle",  "Quarlock",    "Ravensmoor",   "Silverlock", "Thornwick",   "Umberlock",
    "Vennmoor",    "Wexmarsh",    "Yarrowby",    "Zennlock",     "Alderwick",  "Brambleby",   "Coldmarsh",
    "Driftlock",   "Eastwhistle", "Foxmarsh",    "Glenwhistle",  "Hollowby",   "Inglemoor",   "Juniperby",
    "Kirkmarsh",   "Larkwhistle", "Marshlock",   "Northwhistle", "Otterby",    "Pinewhistle", "Quillmoor",
    "Rushwhistle", "Sandlock",    "Tarnwhistle", "Upperlock",    "Valemarsh",  "Willowby",    "Yewmarsh",
    "Zephyrby",    "Applemoor",   "Bellwhistle", "Cresslock",    "Dovemarsh",  "Emberlock",   "Fernwhistle",
    "Gorsemoor",   "Heathlock",   "Irislock",    "Jadewhistle",  "Knollmarsh", "Lochwhistle", "Mallowby",
    "Nettlemoor"};

} // namespace gatehouse::dlp
