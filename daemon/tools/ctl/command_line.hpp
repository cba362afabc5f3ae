#pragma once

#include <string>
#include <vector>

#include "tools/ctl/context.hpp"

namespace tuanyuan::ctl {

/// The whole program: parses, does what it says, prints, and answers the exit status (see Exit). `arguments`
/// without the program's name.
int run(std::vector<std::string> arguments, World& world, const std::string& version);

}  // namespace tuanyuan::ctl
