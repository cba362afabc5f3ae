#include "app/health.hpp"

namespace tuanyuan::app {

void DaemonHealth::note(const std::string& part, std::string wrong, ports::HealthView& view) {
  const bool is_degraded = !wrong.empty();
  bool& was_degraded = degraded_[part];
  if (is_degraded && !was_degraded) {
    log_.warning("health.degraded", {{"part", part}, {"reason", wrong}});
  } else if (!is_degraded && was_degraded) {
    log_.info("health.recovered", {{"part", part}});
  }
  was_degraded = is_degraded;
  metrics_.set("tuanyuan_degraded", {{"part", part}}, is_degraded ? 1 : 0);
  if (is_degraded) {
    view.degraded.emplace_back(part, std::move(wrong));
  }
}

boost::asio::awaitable<ports::HealthView> DaemonHealth::check() {
  ports::HealthView view;
  std::string ledger = co_await ledger_.health();
  view.ready = ledger.empty();
  note("ledger", std::move(ledger), view);
  for (const Part& part : parts_) {
    note(part.first, part.second(), view);
  }
  co_return view;
}

boost::asio::awaitable<void> DaemonHealth::watch() {
  for (;;) {
    co_await check();
    co_await clock_.sleep_until(clock_.steady_now() + health_interval);
  }
}

}  // namespace tuanyuan::app
