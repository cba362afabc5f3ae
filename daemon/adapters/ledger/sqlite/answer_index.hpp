#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>

#include "adapters/ledger/sqlite/connection.hpp"
#include "core/answer.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"

namespace tuanyuan::ledger {

/// When each recipient first gave one kind of answer to one revision: four bytes a recipient, in pages, since
/// ordinals are dense.
class FirstAnswers {
 public:
  struct Outcome {
    bool first = false;
    core::Instant recorded_at;  ///< of the first
  };
  /// Keeps the time unless there is one already.
  Outcome record(core::Ordinal ordinal, core::Instant at);

  std::size_t bytes() const;

 private:
  static constexpr std::size_t page_slots = 1024;
  using Page = std::array<std::uint32_t, page_slots>;

  Page& page_of(core::Ordinal ordinal);

  core::Instant base_;
  std::unordered_map<std::uint32_t, std::unique_ptr<Page>> pages_;
  std::uint32_t last_number_ = 0;
  Page* last_page_ = nullptr;
  std::unordered_map<core::Ordinal, core::Instant> far_;  ///< times that no slot can hold
};

/// Which answers there are, by identity: what decides whether one is the first of its kind. Made from the
/// blocks of an alert when that is first answered, kept in memory while it is, and dropped for alerts of long
/// ago when it grows beyond its limit. A B-tree on disk would cost a page of log for each answer, because
/// recipients answer in any order. The writer's thread.
class AnswerIndex {
 public:
  AnswerIndex(Connection& database, std::size_t bytes_max) : database_(database), bytes_max_(bytes_max) {}

  FirstAnswers::Outcome record(std::int64_t alert, std::uint32_t revision, core::AnswerKind kind,
                               core::Ordinal ordinal, core::Instant at);
  /// After a rollback: some of what is in it was not committed.
  void forget();
  /// Keeps within the limit; between commits.
  void trim();

 private:
  struct OfAlert {
    std::map<std::pair<std::uint32_t, core::AnswerKind>, FirstAnswers> sets;
    std::uint64_t last_used = 0;

    std::size_t bytes() const;
  };

  OfAlert& load(std::int64_t alert);

  Connection& database_;
  const std::size_t bytes_max_;
  std::unordered_map<std::int64_t, OfAlert> alerts_;
  std::uint64_t uses_ = 0;
};

}  // namespace tuanyuan::ledger
