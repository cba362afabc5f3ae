#pragma once

#include <cstddef>
#include <cstdint>

// Every limit of the rules has its name here; limits of an outside thing stand beside its adapter.
namespace tuanyuan::core {

// Report texts, in Unicode code points.
inline constexpr std::size_t name_chars_max = 64;
inline constexpr std::size_t short_text_chars_max = 200;   ///< place, plate, contact unit, officers
inline constexpr std::size_t long_text_chars_max = 2'000;  ///< appearance, clothing, marks, suspect, vehicle
inline constexpr std::size_t circumstances_chars_max = 4'000;
inline constexpr std::size_t number_chars_max = 64;  ///< incident and case numbers
inline constexpr std::size_t phone_chars_max = 32;

inline constexpr std::uint32_t child_age_years_max = 17;  ///< under 18 (未成年人保护法, art. 2)
inline constexpr double child_height_cm_max = 250;
inline constexpr double child_weight_kg_max = 300;
inline constexpr int clock_skew_minutes_max = 5;  ///< contract, section 3

// Pictures.
inline constexpr std::size_t photo_bytes_max = 8 * 1024 * 1024;
inline constexpr std::size_t photo_pixels_max = 40'000'000;
inline constexpr std::size_t photo_edge_pixels_max = 12'000;
inline constexpr std::size_t photo_edge_pixels_min = 32;
inline constexpr std::size_t shown_photo_bytes_max = 64 * 1024;  ///< contract, section 4

// Recipients.
inline constexpr std::size_t recipient_id_chars_max = 64;
inline constexpr std::size_t recipient_name_chars_max = 128;
inline constexpr std::size_t endpoints_max = 8;
/// What an entry named before and an alert may have been sent to; of more the oldest are forgotten.
inline constexpr std::size_t former_endpoints_max = 32;
inline constexpr std::size_t coverage_entries_max = 64;
inline constexpr std::size_t recipient_languages_max = 8;
inline constexpr std::size_t hours_chars_max = 200;
inline constexpr std::size_t address_chars_max = 4'096;  ///< a web push subscription is the longest
inline constexpr std::size_t secret_chars_max = 1'024;

// Answers.
inline constexpr std::size_t note_chars_max = 500;
inline constexpr std::size_t sighting_description_chars_max = 2'000;
inline constexpr std::size_t reason_chars_max = 500;

// Circles.
inline constexpr double radius_km_max = 2'000;
inline constexpr double radius_km_min = 1;

}  // namespace tuanyuan::core
