#pragma once

#include <memory>

#include "simulation/world/checker.hpp"

// One file each; the list of all is in world/checker.cpp.
namespace tuanyuan::simulation {

std::unique_ptr<Checker> progress(Stage& stage);
std::unique_ptr<Checker> durable(Stage& stage);
std::unique_ptr<Checker> once(Stage& stage);
std::unique_ptr<Checker> forgotten(Stage& stage);
std::unique_ptr<Checker> recall(Stage& stage);
std::unique_ptr<Checker> released(Stage& stage);
std::unique_ptr<Checker> slow_part(Stage& stage);
std::unique_ptr<Checker> borrowed(Stage& stage);
std::unique_ptr<Checker> watched(Stage& stage);
std::unique_ptr<Checker> alert_clock(Stage& stage);
std::unique_ptr<Checker> sightings(Stage& stage);
std::unique_ptr<Checker> duplicates(Stage& stage);

}  // namespace tuanyuan::simulation
