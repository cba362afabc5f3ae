#include "core/answer_validation.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "core/limits.hpp"

namespace tuanyuan::core {
namespace {

using namespace std::chrono_literals;

const Instant now = from_epoch_ms(1'780'000'000'000);

template <class T>
std::vector<std::string> refused_paths(const T& answer) {
  const Result<void> result = validate(answer, now);
  std::vector<std::string> paths;
  if (result.has_error()) {
    for (const FieldError& field : result.error().fields) {
      paths.push_back(field.path);
    }
  }
  return paths;
}

template <class T>
struct Row {
  const char* rule;
  std::function<void(T&)> change;
  std::vector<std::string> paths;
};

TEST(AcknowledgementFields, EachRuleThenItsPath) {
  const Row<Acknowledgement> rows[] = {
      {"plain", [](auto&) {}, {}},
      {"note as long as may be", [](auto& a) { a.note = std::string(note_chars_max, 'n'); }, {}},
      {"note too long", [](auto& a) { a.note = std::string(note_chars_max + 1, 'n'); }, {"note"}},
      {"note of bytes", [](auto& a) { a.note = "\xC3"; }, {"note"}},
      {"unable without a reason", [](auto& a) { a.kind = AnswerKind::unable; }, {"reason"}},
      {"unable with one",
       [](auto& a) {
         a.kind = AnswerKind::unable;
         a.reason = UnableReason::off_air;
       },
       {}},
      {"a clock a day ahead", [](auto& a) { a.at = now + 24h; }, {}},
  };
  for (const auto& row : rows) {
    Acknowledgement answer;
    row.change(answer);
    EXPECT_EQ(refused_paths(answer), row.paths) << row.rule;
  }
}

TEST(SightingFields, EachRuleThenItsPath) {
  const Row<Sighting> rows[] = {
      {"plain", [](auto&) {}, {}},
      {"no UUID", [](auto& s) { s.sighting_id = SightingId("17"); }, {"sightingId"}},
      {"5 min ahead", [](auto& s) { s.seen_at = now + 5min; }, {}},
      {"further ahead", [](auto& s) { s.seen_at = now + 5min + 1ms; }, {"seenAt"}},
      {"position",
       [](auto& s) {
         s.position = Position{41.8, 123.4};
       },
       {}},
      {"position out of range",
       [](auto& s) {
         s.position = Position{123.4, 41.8};
       },
       {"position.latitude"}},
      {"position of an empty form",
       [](auto& s) {
         s.position = Position{0, 0};
       },
       {"position"}},
      {"description too long",
       [](auto& s) { s.description = std::string(sighting_description_chars_max + 1, 'd'); },
       {"description"}},
      {"identity number of a suspect", [](auto& s) { s.description = "440524188001010014"; }, {}},
      {"nothing said", [](auto& s) { s.description.clear(); }, {"description"}},
      {"position alone",
       [](auto& s) {
         s.description.clear();
         s.position = Position{41.8, 123.4};
       },
       {}},
      {"picture alone",
       [](auto& s) {
         s.description.clear();
         s.photo = {"image/png", "x"};
       },
       {}},
      {"picture of another type",
       [](auto& s) {
         s.photo = {"image/bmp", "x"};
       },
       {"photo.mediaType"}},
      {"all at once",
       [](auto& s) {
         s = Sighting{};
         s.seen_at = now + 1h;
         s.photo.media_type = "image/png";
       },
       {"sightingId", "seenAt", "description", "photo.data"}},
  };
  for (const auto& row : rows) {
    Sighting sighting;
    sighting.sighting_id = SightingId("0190f5d8-7a3c-7c3e-9b1a-2f6d5e4c3b2a");
    sighting.seen_at = now - 1min;
    sighting.description = "在候车室";
    row.change(sighting);
    EXPECT_EQ(refused_paths(sighting), row.paths) << row.rule;
  }
}

}  // namespace
}  // namespace tuanyuan::core
