#pragma once

#include <vector>

#include "app/config.hpp"
#include "app/toml_reader.hpp"

namespace tuanyuan::app {

/// The plans of `[[exercises]]`. After `release` was read: what reaches the public there, does so here.
void read_exercises(TableReader& root, Config& config);

/// The plans with their photos read. Throws std::runtime_error where one cannot be read.
std::vector<core::ExercisePlan> load_exercises(const std::vector<ExerciseConfig>& configured);

}  // namespace tuanyuan::app
