#pragma once

#include "engine/documents.hpp"
#include "engine/world.hpp"
#include "ports/journal_desk.hpp"

namespace tuanyuan::engine {

/// Reads the journal for supervisors and follows it for everybody who may see an event.
class JournalService final : public ports::JournalDesk {
 public:
  explicit JournalService(World& world) : world_(world), documents_(world) {}

  boost::asio::awaitable<core::Result<std::vector<ports::JournalLine>>> journal(core::Caller caller,
                                                                                core::Sequence after,
                                                                                std::size_t limit) override;
  boost::asio::awaitable<core::Result<Events>> follow(core::Caller caller, core::Sequence after, std::size_t limit,
                                                      std::chrono::milliseconds patience) override;
  core::Sequence newest() const override { return world_.journal.level(); }

 private:
  /// Whether the entry is of a case that the caller may know of, or of none.
  bool may_read(const core::Caller& supervisor, const core::Entry& entry) const;
  bool may_follow(const core::Caller& caller, const core::Entry& entry) const;
  /// Of the journal, what memory knows of too: until then it cannot be said who may read it. Empty: it cannot be
  /// read.
  boost::asio::awaitable<ports::Read<std::vector<ports::RecordedEntry>>> known(core::Sequence after,
                                                                               std::size_t limit);
  boost::asio::awaitable<void> add_reason(ports::JournalLine& line, const core::Entry& entry);

  World& world_;
  Documents documents_;
};

}  // namespace tuanyuan::engine
