#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "adapters/ledger/sqlite/connection.hpp"
#include "core/ids.hpp"

namespace tuanyuan::ledger {

/// The short numbers of alerts, allotted when first needed. Remembers what it looked up; has to forget it when
/// a transaction is rolled back.
class Numbering {
 public:
  explicit Numbering(Connection& database) : database_(database) {}

  std::int64_t alert(const core::AlertId& id);
  void forget();

 private:
  Connection& database_;
  std::unordered_map<std::string, std::int64_t> alerts_;
};

}  // namespace tuanyuan::ledger
