#pragma once

#include <vector>

#include "tools/station/fleet.hpp"
#include "tools/station/options.hpp"

namespace tuanyuan::station {

/// The stations that the options ask for. Throws std::runtime_error, saying what is wrong, for a recipients file
/// that cannot be read, a recipient that is not in it, credentials that are missing.
std::vector<Crew> make_crews(const Options& options);

/// What the simulation draws for a station of that name: the same for the same seed, whatever the others are.
Temper draw_temper(const Options& options, std::string_view id);
bool draw_flapping(const Options& options, std::string_view id);

}  // namespace tuanyuan::station
