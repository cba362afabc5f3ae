#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "adapters/http/message.hpp"
#include "core/caller.hpp"
#include "core/entry.hpp"
#include "ports/clock.hpp"
#include "ports/journal_desk.hpp"

namespace tuanyuan::http {

/// Counts who follows the events, so that nobody takes all the places. Loop thread.
class EventPlaces {
 public:
  EventPlaces(std::size_t places_max, std::size_t per_caller_max);

  class Place {
   public:
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    friend class EventPlaces;
    Place(std::shared_ptr<std::map<std::string, std::size_t>> taken, std::string name);
    std::shared_ptr<std::map<std::string, std::size_t>> taken_;
    std::string name_;
  };

  /// Nothing: all places, or all of this caller's, are taken.
  std::unique_ptr<Place> take(const std::string& name);

 private:
  std::size_t places_max_;
  std::size_t per_caller_max_;
  std::shared_ptr<std::map<std::string, std::size_t>> taken_;
};

/// The events as text/event-stream (HTML, section 9.2): the id is the journal's sequence, a comment keeps the
/// connection alive while nothing happens. Ends when the journal cannot be read, or the caller's certificate
/// runs out; the client comes again with Last-Event-ID.
class EventSource final : public Source {
 public:
  EventSource(ports::JournalDesk& journal, ports::Clock& clock, core::Caller caller, core::Sequence after,
              std::chrono::milliseconds heartbeat, core::Instant until, std::unique_ptr<EventPlaces::Place> place);

  boost::asio::awaitable<std::optional<std::string>> next() override;

 private:
  ports::JournalDesk& journal_;
  ports::Clock& clock_;
  core::Caller caller_;
  core::Sequence after_;
  std::chrono::milliseconds heartbeat_;
  core::Instant until_;
  std::unique_ptr<EventPlaces::Place> place_;
  bool begun_ = false;
};

}  // namespace tuanyuan::http
