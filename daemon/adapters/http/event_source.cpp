#include "adapters/http/event_source.hpp"

#include <utility>

#include "adapters/http/limits.hpp"
#include "adapters/wire/json.hpp"
#include "adapters/wire/view_codec.hpp"

namespace tuanyuan::http {
namespace {

/// How long a client waits before it comes again.
constexpr std::string_view greeting = "retry: 3000\n\n";
constexpr std::string_view heartbeat_comment = ": \n\n";
constexpr std::chrono::milliseconds event_pause{100};

std::string text_of(const std::vector<ports::JournalLine>& lines) {
  std::string text;
  for (const ports::JournalLine& line : lines) {
    text += "id: " + std::to_string(line.sequence) + "\nevent: " + line.type + "\ndata: ";
    wire::append_json(wire::to_event(line), text);
    text += "\n\n";
  }
  return text;
}

}  // namespace

EventPlaces::EventPlaces(std::size_t places_max, std::size_t per_caller_max)
    : places_max_(places_max),
      per_caller_max_(per_caller_max),
      taken_(std::make_shared<std::map<std::string, std::size_t>>()) {}

EventPlaces::Place::Place(std::shared_ptr<std::map<std::string, std::size_t>> taken, std::string name)
    : taken_(std::move(taken)), name_(std::move(name)) {
  ++(*taken_)[name_];
}

EventPlaces::Place::~Place() {
  if (--(*taken_)[name_] == 0) {
    taken_->erase(name_);
  }
}

std::unique_ptr<EventPlaces::Place> EventPlaces::take(const std::string& name) {
  std::size_t total = 0;
  for (const auto& [holder, count] : *taken_) {
    total += count;
  }
  const auto own = taken_->find(name);
  if (total >= places_max_ || (own != taken_->end() && own->second >= per_caller_max_)) {
    return nullptr;
  }
  return std::unique_ptr<Place>(new Place(taken_, name));
}

EventSource::EventSource(ports::JournalDesk& journal, ports::Clock& clock, core::Caller caller,
                         core::Sequence after, std::chrono::milliseconds heartbeat, core::Instant until,
                         std::unique_ptr<EventPlaces::Place> place)
    : journal_(journal),
      clock_(clock),
      caller_(std::move(caller)),
      after_(after),
      heartbeat_(heartbeat),
      until_(until),
      place_(std::move(place)) {}

boost::asio::awaitable<std::optional<std::string>> EventSource::next() {
  if (!begun_) {
    begun_ = true;
    co_return std::string(greeting);
  }
  if (clock_.wall_now() >= until_) {
    co_return std::nullopt;
  }
  const ports::Clock::Steady heartbeat_at = clock_.steady_now() + heartbeat_;
  for (auto now = clock_.steady_now(); now < heartbeat_at; now = clock_.steady_now()) {
    core::Caller caller = caller_;
    const auto patience = std::chrono::ceil<std::chrono::milliseconds>(heartbeat_at - now);
    const core::Result<ports::JournalDesk::Events> followed =
        co_await journal_.follow(std::move(caller), after_, events_per_batch_max, patience);
    if (!followed) {
      co_return std::nullopt;
    }
    const bool moved = followed->seen_to != after_;
    after_ = followed->seen_to;
    if (!followed->events.empty()) {
      co_return text_of(followed->events);
    }
    if (moved) {
      // Much may happen that this caller does not see; it is not to be asked about line by line.
      co_await clock_.sleep_until(clock_.steady_now() + event_pause);
    }
  }
  co_return std::string(heartbeat_comment);
}

}  // namespace tuanyuan::http
