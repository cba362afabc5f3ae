#include "engine/engine.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/tallies.hpp"

namespace tuanyuan::engine {
namespace {

constexpr std::size_t journal_page_rows = 1'000;

}  // namespace

Engine::Engine(boost::asio::any_io_executor loop, Tools tools, Settings settings)
    : world_(loop, tools, std::move(settings)),
      documents_(world_),
      cases_(world_),
      answers_(world_),
      retirements_(world_),
      recipients_(world_, retirements_),
      journal_(world_),
      retained_(world_),
      readiness_(world_),
      presence_(world_),
      replies_(world_),
      exercises_(world_, cases_),
      timekeeper_(world_, cases_),
      auditor_(world_),
      channels_(world_, retirements_),
      tasks_(loop) {}

boost::asio::awaitable<core::Result<void>> Engine::recover() {
  core::Sequence after = 0;
  for (;;) {
    std::string everything;
    const auto page = co_await world_.tools.ledger.journal(after, std::move(everything), journal_page_rows);
    if (!page) {
      co_return core::Refusal(core::Errc::unavailable);
    }
    for (const ports::RecordedEntry& recorded : *page) {
      world_.cases.apply(recorded.entry, recorded.sequence);
      world_.pauses.apply(recorded.entry);
      after = recorded.sequence;
    }
    if (page->size() < journal_page_rows) {
      break;
    }
  }
  world_.journal.raise(after);

  const bool read = co_await world_.read_directory();
  if (!read) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  const bool seen = co_await presence_.read();
  if (!seen) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  const core::Instant now = world_.tools.clock.wall_now();
  for (auto& [id, file] : world_.cases.all()) {
    const bool lately = file.state.recalled() && now < file.state.ended_at + world_.settings.recall_retention;
    if (!file.state.showing().contains(core::Audience::police) && !lately) {
      continue;  // its board is loaded when somebody asks
    }
    core::Result<void> loaded = co_await load_tally(world_, documents_, file);
    if (!loaded) {
      co_return loaded.error();
    }
  }
  co_return core::Result<void>();
}

void Engine::start_clock() {
  tasks_.spawn(timekeeper_.run());
  tasks_.spawn(auditor_.run());
  tasks_.spawn(presence_.run());
  if (exercises_.concerned()) {
    tasks_.spawn(exercises_.run());
  }
}

void Engine::add_channel(ports::Channel& channel) {
  start_sending(channel, nullptr);
}

void Engine::start_sending(ports::Channel& channel, Gateway* frame) {
  if (broadcasters_.empty()) {
    tasks_.spawn(watch_outbox());
    tasks_.spawn(retirements_.run());
  }
  broadcasters_.push_back(std::make_unique<Broadcaster>(world_, channel, answers_, retirements_));
  channels_.add(*broadcasters_.back(), frame);
  tasks_.spawn(broadcasters_.back()->run());
}

void Engine::add_gateway(ports::Channel& wire, const GatewayLimits& limits) {
  const Tools& tools = world_.tools;
  world_.endpoints.offer(wire.kind());
  gateways_.push_back(std::make_unique<Gateway>(wire, limits, tools.clock, tools.entropy, tools.metrics));
  start_sending(*gateways_.back(), gateways_.back().get());
}

void Engine::wake() {
  for (const auto& broadcaster : broadcasters_) {
    broadcaster->wake();
  }
}

boost::asio::awaitable<void> Engine::watch_outbox() {
  for (;;) {
    co_await world_.outbox_grew.wait();
    wake();
  }
}

boost::asio::awaitable<void> Engine::stop() {
  tasks_.cancel_all();
  co_await tasks_.join();
  for (const auto& broadcaster : broadcasters_) {
    co_await broadcaster->stop();
  }
  co_await presence_.write(PresenceKeeper::When::at_the_end);
}

boost::asio::awaitable<void> Engine::refresh_gauges() {
  constexpr std::array states{core::AlertState::lookout, core::AlertState::active, core::AlertState::suspended,
                              core::AlertState::closed, core::AlertState::retracted};
  std::map<std::pair<core::AlertState, core::Status>, std::size_t> alerts;
  std::map<std::string, std::uint32_t> silent;
  for (const std::string& ring : core::ring_names(world_.settings.rings)) {
    silent[ring] = 0;
  }
  std::map<core::Status, std::size_t> not_shown;
  const core::Instant now = world_.tools.clock.wall_now();
  for (const auto& [id, file] : world_.cases.all()) {
    ++alerts[{file.state.alert_state, file.state.status}];
    not_shown[file.state.status] += file.state.display_ended(now) ? 1 : 0;
    if (file.state.in_force()) {
      file.tally.add_silent_by_ring(silent, silent_of(world_, file));
    }
  }
  for (core::AlertState state : states) {
    for (core::Status status : {core::Status::actual, core::Status::exercise}) {
      world_.tools.metrics.set("tuanyuan_alerts",
                               {{"state", core::to_string(state)}, {"status", core::to_string(status)}},
                               static_cast<double>(alerts[{state, status}]));
    }
  }
  for (core::Status status : {core::Status::actual, core::Status::exercise}) {
    world_.tools.metrics.set("tuanyuan_cases_display_ended", {{"status", core::to_string(status)}},
                             static_cast<double>(not_shown[status]));
  }
  for (const auto& [ring, count] : silent) {
    world_.tools.metrics.set("tuanyuan_recipients_silent", {{"ring", ring}}, count);
  }
  co_await readiness_.refresh_gauges();
  co_await exercises_.refresh_gauges();
  co_await channels_.refresh_gauges();
}

}  // namespace tuanyuan::engine
