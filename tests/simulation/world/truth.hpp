#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "adapters/ledger/memory/memory_store.hpp"
#include "core/case.hpp"
#include "core/notice.hpp"
#include "simulation/world/sim_clock.hpp"

namespace tuanyuan::simulation {

/// What has become of one alert, by the journal alone.
struct AlertTruth {
  /// One version that was decided, for one audience: a suspension, say, is none for the police.
  struct Decided {
    core::Audience audience = core::Audience::police;
    core::Version version;
    core::NoticeKind kind = core::NoticeKind::alert;
    core::Sequence sequence = 0;
    ports::Clock::Steady at{};
    bool ends = false;  ///< nothing comes after it
  };

  core::CaseState state;
  std::vector<Decided> versions;
  core::RecipientSet expected;
  std::set<core::RecipientId> addressed;  ///< for whom a row of their own was ever committed

  /// Each audience's notices as they left the daemon: the circle is in no entry of the journal.
  std::map<std::pair<core::Audience, core::Version>, std::shared_ptr<const core::Notice>> notices;

  const Decided* find(core::Version version) const;
  /// What an audience is shown now, once any of it has left.
  std::shared_ptr<const core::Notice> notice(core::Audience audience) const;
  const Decided* find(core::Audience audience, core::Version version) const;
  /// When an audience's copy last changed.
  ports::Clock::Steady changed_at(core::Audience audience) const;
  bool released() const { return state.report_state == core::ReportState::released; }
};

/// What is so: the ledger's content, folded by the simulation itself and not by the engine.
class Truth {
 public:
  Truth(std::shared_ptr<ledger::MemoryStore> store, SimClock& clock) : store_(std::move(store)), clock_(clock) {}

  /// To be called with every notice that leaves the daemon.
  void left(const core::AlertId& id, const std::shared_ptr<const core::Notice>& notice);
  /// To be called with everything that has been committed.
  void take(const ports::Commit& commit);

  const AlertTruth* find(const core::AlertId& id) const;
  const std::map<core::AlertId, AlertTruth>& alerts() const { return alerts_; }
  const ledger::MemoryStore& store() const { return *store_; }
  const std::shared_ptr<ledger::MemoryStore>& shared_store() const { return store_; }
  core::Sequence sequence() const { return sequence_; }
  /// How many entries of a type the journal holds.
  std::uint64_t count(std::string_view type) const;
  bool has_answer(const core::AlertId& alert, std::uint32_t revision, core::Ordinal who, core::AnswerKind kind);
  /// Why a recipient said UNABLE of a revision; `none`: it did not.
  core::UnableReason unable(const core::AlertId& alert, std::uint32_t revision, core::Ordinal who);
  core::Ordinal ordinal(const core::RecipientId& id) const;

 private:
  void fold(const ports::RecordedEntry& recorded);

  std::shared_ptr<ledger::MemoryStore> store_;
  SimClock& clock_;
  core::Sequence sequence_ = 0;
  std::map<core::AlertId, AlertTruth> alerts_;
  std::map<std::string, std::uint64_t, std::less<>> counts_;
  using AnswerKey = std::tuple<core::AlertId, std::uint32_t, core::Ordinal, core::AnswerKind>;
  void read_answers();

  std::map<AnswerKey, core::UnableReason> answers_;
  std::size_t answers_seen_ = 0;
};

}  // namespace tuanyuan::simulation
