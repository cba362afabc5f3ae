#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/ctl/failure.hpp"

namespace tuanyuan::ctl {

inline constexpr std::size_t csv_records_max = 2'000'000;  ///< in one file

/// The values of the column that the first record calls `name`, one for each further record (wire::CsvReader).
/// Failure (usage) names the line.
Outcome<std::vector<std::string>> csv_column(std::string_view text, std::string_view name);

}  // namespace tuanyuan::ctl
