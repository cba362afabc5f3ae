#include "adapters/ledger/sqlite/numbering.hpp"

namespace tuanyuan::ledger {
namespace {
constexpr std::size_t remembered_alerts_max = 10'000;
}

std::int64_t Numbering::alert(const core::AlertId& id) {
  const auto found = alerts_.find(id.value);
  if (found != alerts_.end()) {
    return found->second;
  }
  if (alerts_.size() >= remembered_alerts_max) {
    forget();
  }
  auto number = database_.number("SELECT number FROM alerts WHERE id = ?", std::string_view(id.value));
  if (!number) {
    database_.execute("INSERT INTO alerts(id) VALUES(?)", std::string_view(id.value));
    number = database_.last_insert_id();
  }
  return alerts_.emplace(id.value, *number).first->second;
}

void Numbering::forget() {
  alerts_.clear();
}

}  // namespace tuanyuan::ledger
