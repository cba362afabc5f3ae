#include "adapters/ledger/sqlite/reader.hpp"

namespace tuanyuan::ledger {

Reader::Reader(Connection connection, std::size_t queued_max)
    : connection_(std::move(connection)), queue_(queued_max, queued_max), thread_([this] { serve(); }) {}

Reader::~Reader() {
  queue_.close();
  thread_.join();
}

void Reader::serve() {
  while (true) {
    const auto jobs = queue_.take(1);
    if (jobs.empty()) {
      return;
    }
    jobs.front()(connection_);
  }
}

}  // namespace tuanyuan::ledger
