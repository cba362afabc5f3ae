#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "core/caller.hpp"
#include "core/entry.hpp"
#include "core/refusal.hpp"
#include "ports/case_desk.hpp"
#include "ports/ledger.hpp"

namespace tuanyuan::ports {

/// One line of the journal as a supervisor reads it: the detail, and the officer's reason while its alert's
/// key exists.
struct JournalLine {
  core::Sequence sequence = 0;
  core::Instant time;
  std::string actor;
  std::string type;
  std::string subject;
  core::Detail detail;
};

/// What happened, for reading and for following. Loop thread.
class JournalDesk {
 public:
  virtual ~JournalDesk() = default;

  virtual boost::asio::awaitable<core::Result<std::vector<JournalLine>>> journal(core::Caller caller,
                                                                                 core::Sequence after,
                                                                                 std::size_t limit) = 0;

  /// The events after `after` that the caller may see, in order; waits for the first one, but no longer than
  /// `patience`, after which it answers none. Batches hold at most `limit`. `seen_to` is where to go on: the
  /// last sequence looked at, also when nothing in between was visible.
  struct Events {
    std::vector<JournalLine> events;
    core::Sequence seen_to = 0;
  };
  virtual boost::asio::awaitable<core::Result<Events>> follow(core::Caller caller, core::Sequence after,
                                                              std::size_t limit,
                                                              std::chrono::milliseconds patience) = 0;
  /// The newest sequence: where a follower without Last-Event-ID begins.
  virtual core::Sequence newest() const = 0;
};

}  // namespace tuanyuan::ports
