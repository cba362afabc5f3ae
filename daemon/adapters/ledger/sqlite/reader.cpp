#include "adapters/ledger/sqlite/reader.hpp"

namespace tuanyuan::ledger {

Reader::Reader(Connection connection, std::size_t queued_max, Generation directory, HeldSnapshot::Clock now)
    : connection_(std::move(connection)),
      directory_(std::move(directory)),
      snapshot_(connection_, std::move(now)),
      queue_(queued_max, queued_max),
      thread_([this] { serve(); }) {}

Reader::~Reader() {
  queue_.close();
  thread_.join();
}

void Reader::serve() {
  while (true) {
    if (snapshot_.is_held() && !queue_.await(held_snapshot_idle_max)) {
      snapshot_.end();
    }
    const auto asked = queue_.take(1);
    if (asked.empty()) {
      snapshot_.end();
      return;
    }
    prepare(asked.front().sees);
    if (!asked.front().job(connection_)) {
      snapshot_.end();
    }
  }
}

void Reader::prepare(Sees sees) {
  const auto generation = sees == Sees::directory ? directory_() : std::nullopt;
  if (!generation) {
    snapshot_.end();
    return;
  }
  try {
    snapshot_.hold(*generation);
  } catch (const SqliteError&) {
    // Without one the job begins its own, and meets what is wrong.
  }
}

}  // namespace tuanyuan::ledger
