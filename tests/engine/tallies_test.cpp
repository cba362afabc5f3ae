#include "engine/tallies.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::engine {
namespace {

/// Who was deleted stays in an alert that it was told of while it would be within.
TEST(WithDeleted, HearsForADivisionThenWithinWhileThatIs) {
  core::Recipient hub;
  hub.id = core::RecipientId("hub");
  hub.coverage = {core::DivisionPrefix{"22"}};
  core::Directory directory;
  directory.put(0, hub);
  directory.remove(0);
  const core::RecipientSet told = core::RecipientSet::bitmapOf(1, 0U);
  const struct {
    core::Division division;
    bool is_within;
  } rows[] = {{core::Division{220102}, true}, {core::Division{210102}, false}};
  for (const auto& row : rows) {
    core::Targets targets;
    targets.divisions = {row.division};
    EXPECT_EQ(with_deleted(directory, core::Circle{{41.8, 123.4}, 100, false}, targets, told).expected.contains(0),
              row.is_within)
        << core::to_string(row.division);
  }
}

}  // namespace
}  // namespace tuanyuan::engine
