#include "adapters/push/known_names.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <utility>

#include "runtime/event.hpp"
#include "runtime/task_group.hpp"
#include "runtime/with_timeout.hpp"

namespace tuanyuan::push {
namespace {

using Addresses = std::vector<boost::asio::ip::address>;
using Steady = ports::Clock::Steady;

/// Newcomers and suspects (not found the last time) have so many look-ups at once; who was found has all there
/// are.
enum class Rank : std::uint8_t { newcomer, suspect, known };
constexpr std::size_t limited_ranks = 2;

struct Name {
  Addresses addresses;  ///< the last good ones
  Steady found_at{};
  std::uint32_t failures = 0;  ///< in a row
  Steady no_look_up_before{};
  std::shared_ptr<runtime::Event> over;  ///< of the look-up that is under way, or waits for its turn

  Rank rank() const { return failures > 0 ? Rank::suspect : addresses.empty() ? Rank::newcomer : Rank::known; }
};

}  // namespace

struct KnownNames::State {
  State(const boost::asio::any_io_executor& on, ports::Clock& with, Resolver& whom, const NameLimits& limit)
      : executor(on), clock(with), asked(whom), limits(limit), tasks(on, limit.names_max) {}

  bool is_good(const Name& name, std::chrono::milliseconds for_so_long) const {
    return !name.addresses.empty() && clock.steady_now() < name.found_at + for_so_long;
  }
  Name* find(const std::string& host);
  void take_down(const std::string& host, Addresses found);
  static void begin(const std::shared_ptr<State>& state, const std::string& host, Name& name);
  static void begin_next(const std::shared_ptr<State>& state);
  static boost::asio::awaitable<void> look_up(std::shared_ptr<State> state, std::string host, Rank rank);

  boost::asio::any_io_executor executor;
  ports::Clock& clock;
  Resolver& asked;
  NameLimits limits;
  std::map<std::string, Name> names;
  std::array<std::size_t, limited_ranks> under_way{};
  std::array<std::deque<std::string>, limited_ranks> waiting;
  runtime::TaskGroup tasks;
};

/// Null: there are too many, and none that could be forgotten.
Name* KnownNames::State::find(const std::string& host) {
  if (names.size() >= limits.names_max && !names.contains(host)) {
    std::erase_if(
        names, [this](const auto& each) { return !each.second.over && !is_good(each.second, limits.fresh_ms); });
  }
  return names.size() < limits.names_max || names.contains(host) ? &names[host] : nullptr;
}

void KnownNames::State::take_down(const std::string& host, Addresses found) {
  Name& name = names[host];
  const Steady now = clock.steady_now();
  if (!found.empty()) {
    name.addresses = std::move(found);
    name.found_at = now;
    name.failures = 0;
    name.no_look_up_before = now;
  } else {
    constexpr std::uint32_t doublings_max = 16;
    const auto pause = limits.failed_ms_min * (1U << std::min(name.failures, doublings_max));
    name.no_look_up_before = now + std::min<std::chrono::milliseconds>(pause, limits.failed_ms_max);
    ++name.failures;
  }
  std::exchange(name.over, nullptr)->set();
}

boost::asio::awaitable<void> KnownNames::State::look_up(std::shared_ptr<State> state, std::string host,
                                                        Rank rank) {
  std::string name = host;
  auto asking = state->asked.resolve(std::move(name));
  Addresses found = co_await std::move(asking);
  state->take_down(host, std::move(found));
  if (rank != Rank::known) {
    --state->under_way[static_cast<std::size_t>(rank)];
    begin_next(state);
  }
}

void KnownNames::State::begin(const std::shared_ptr<State>& state, const std::string& host, Name& name) {
  name.over = std::make_shared<runtime::Event>(state->executor);
  const Rank rank = name.rank();
  if (rank == Rank::known) {
    state->tasks.spawn(look_up(state, host, rank));
    return;
  }
  state->waiting[static_cast<std::size_t>(rank)].push_back(host);
  begin_next(state);
}

void KnownNames::State::begin_next(const std::shared_ptr<State>& state) {
  const std::array<std::size_t, limited_ranks> most = {state->limits.newcomers_max, state->limits.suspects_max};
  for (std::size_t rank = 0; rank < limited_ranks; ++rank) {
    while (state->under_way[rank] < most[rank] && !state->waiting[rank].empty()) {
      std::string host = std::move(state->waiting[rank].front());
      state->waiting[rank].pop_front();
      ++state->under_way[rank];
      state->tasks.spawn(look_up(state, std::move(host), static_cast<Rank>(rank)));
    }
  }
}

KnownNames::KnownNames(const boost::asio::any_io_executor& executor, ports::Clock& clock, Resolver& asked,
                       const NameLimits& limits)
    : state_(std::make_shared<State>(executor, clock, asked, limits)) {}

KnownNames::~KnownNames() {
  state_->tasks.cancel_all();
}

boost::asio::awaitable<Addresses> KnownNames::resolve(std::string host) {
  const std::shared_ptr<State> state = state_;
  Addresses addresses;
  Name* name = state->find(host);
  if (name == nullptr) {
    co_return addresses;
  }
  if (state->is_good(*name, state->limits.fresh_ms)) {
    addresses = name->addresses;
    co_return addresses;
  }
  const Steady now = state->clock.steady_now();
  if (!name->over && now >= name->no_look_up_before) {
    State::begin(state, host, *name);
  }
  if (const std::shared_ptr<runtime::Event> over = name->over) {
    auto waiting = over->wait();
    if (state->is_good(*name, state->limits.usable_ms)) {
      co_await runtime::with_timeout(state->clock, std::move(waiting), now + state->limits.patience_ms);
    } else {
      co_await std::move(waiting);
    }
  }
  name = state->find(host);
  if (name != nullptr && state->is_good(*name, state->limits.usable_ms)) {
    addresses = name->addresses;
  }
  co_return addresses;
}

}  // namespace tuanyuan::push
