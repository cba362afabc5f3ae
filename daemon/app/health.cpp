#include "app/health.hpp"

namespace tuanyuan::app {

boost::asio::awaitable<ports::HealthView> DaemonHealth::check() {
  ports::HealthView view;
  std::string ledger = co_await ledger_.health();
  view.ready = ledger.empty();
  if (!ledger.empty()) {
    view.degraded.emplace_back("ledger", std::move(ledger));
  }
  for (const Part& part : parts_) {
    if (std::string wrong = part.second(); !wrong.empty()) {
      view.degraded.emplace_back(part.first, std::move(wrong));
    }
  }
  co_return view;
}

}  // namespace tuanyuan::app
