#pragma once

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/case.hpp"
#include "core/chase.hpp"
#include "core/directory.hpp"
#include "core/forecast.hpp"
#include "core/tally.hpp"
#include "engine/doubt.hpp"
#include "engine/endpoints.hpp"
#include "engine/failed_ways.hpp"
#include "engine/lane_queue.hpp"
#include "engine/pauses.hpp"
#include "engine/running.hpp"
#include "engine/settings.hpp"
#include "engine/told_by.hpp"
#include "ports/clock.hpp"
#include "ports/document_codec.hpp"
#include "ports/entropy.hpp"
#include "ports/ledger.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "ports/notary.hpp"
#include "ports/pictures.hpp"
#include "ports/vault.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/event.hpp"
#include "runtime/high_water.hpp"
#include "runtime/paced_clock.hpp"

namespace tuanyuan::engine {

/// How many may be connected without being in the directory; more are taken for offline.
inline constexpr std::size_t strangers_online_max = 10'000;

/// What the engine needs of the world. All of it outlives the engine.
struct Tools {
  ports::Ledger& ledger;
  ports::Vault& vault;
  ports::Notary& notary;
  ports::Pictures& pictures;
  ports::DocumentCodec& codec;
  ports::Clock& clock;
  ports::Entropy& entropy;
  ports::Metrics& metrics;
  ports::Log& log;
  runtime::BlockingPool& pool;
};

/// One case in memory: the folded journal, the bitmaps of its recipients, and what was opened lately.
struct CaseFile {
  core::CaseState state;
  core::Tally tally;
  core::Chase chase;
  std::uint64_t answers = 0;           ///< grows with every answer: who has heard may have another deadline now
  core::RecipientSet addressed;        ///< who was ever told on a topic of its own, and is recalled there
  core::RecipientSet maybe_addressed;  ///< likewise, for all that is known: a recall goes to them too
  core::RecipientSet withdrawn;  ///< among them, whom the circle no longer takes in: nothing is retained there
  ToldBy told_by;                ///< who was ever told through a gateway, and is recalled there
  ToldBy maybe_told_by;          ///< likewise, as maybe_addressed
  int telling = 0;               ///< commits on their way that tell those
  /// Whom a way has failed that was the last one tried, and which: unless another was tried since, their next one
  /// is tried at once.
  FailedWays hurried;
  std::optional<std::uint64_t> followed;  ///< the directory's generation in which nobody was out of reach
  bool tally_loaded = false;
  std::uint32_t tally_forgotten = 0;  ///< how often: who was loading it then has to begin again
  int deciding =
      0;  ///< decisions on their way to the ledger: what they announce knows of nobody who is told since
  std::optional<ports::DataKey> key;
  std::array<core::Version, core::audience_count> copies_version;
  std::array<std::shared_ptr<const core::SignedCopy>, core::audience_count> copies;
  std::shared_ptr<const core::Photo> photo;
  core::Sequence release_sequence = 0;  ///< under which its release was applied; 0: it was never released
  bool sighted = false;                 ///< somebody has reported a sighting
};

/// Every case, found by its alert or its report. Pointers stay valid while the engine lives.
class Casebook {
 public:
  CaseFile* find(const core::AlertId& id);
  const CaseFile* find(const core::AlertId& id) const;
  CaseFile* find(const core::ReportId& id);
  /// Applies an entry of the journal to the case it is of, making the case with its first entry. `sequence`: as
  /// World::learnt_as has it.
  void apply(const core::Entry& entry, core::Sequence sequence);
  /// The highest number under which a release was applied; 0: none was.
  core::Sequence latest_release() const { return latest_release_; }
  /// Oldest report first.
  const std::map<core::ReportId, CaseFile*>& by_report() const { return by_report_; }
  std::map<core::AlertId, CaseFile>& all() { return cases_; }
  const std::map<core::AlertId, CaseFile>& all() const { return cases_; }
  /// Other cases that name the same child, born and lost on the same days, rejected ones left out, the oldest
  /// first. An exercise is linked to exercises alone: it must neither hold up a real release nor be held up by
  /// one. With a time only those that were submitted by then, for a repeated request; never for a decision, as
  /// the clock may have been set back since.
  std::vector<core::ReportId> linked(const CaseFile& file,
                                     std::optional<core::Instant> as_of = std::nullopt) const;

 private:
  void index(const CaseFile& file);

  std::map<core::AlertId, CaseFile> cases_;
  std::map<core::ReportId, CaseFile*> by_report_;
  std::unordered_map<std::string, std::set<core::ReportId>> by_link_;
  core::Sequence latest_release_ = 0;
};

/// The engine's shared state. Everything runs on the loop thread, so nothing is locked.
struct World {
  World(boost::asio::any_io_executor loop, Tools the_tools, Settings the_settings)
      : executor(loop),
        tools(the_tools),
        settings(std::move(the_settings)),
        paced(tools.clock),
        journal(loop),
        outbox_grew(loop),
        clock_changed(loop),
        doubt(loop) {}

  boost::asio::any_io_executor executor;
  Tools tools;
  Settings settings;
  runtime::PacedClock paced;  ///< by which outbox rows are stamped and claimed: a stamp is never ahead of it
  core::Directory directory;
  std::function<void()> directory_changed;  ///< whoever keeps something made of it makes it anew; set by its desk
  Endpoints endpoints;
  core::RecipientSet online;
  std::unordered_map<core::Ordinal, core::Instant> offline_since;
  core::RecipientSet presence_changed;  ///< of whom the ledger does not know it yet
  /// Connected, and not in the directory (yet): they are online from the moment they are entered.
  std::unordered_set<std::string> strangers_online;
  Casebook cases;
  Pauses pauses;
  /// How a channel goes; set by whoever starts them.
  std::function<std::optional<core::ChannelFlow>(core::ChannelKind)> flow;
  /// What waits on a channel whose receivers go each in its own way, row by row; likewise. Nothing: it cannot be
  /// read.
  std::function<boost::asio::awaitable<std::optional<std::vector<QueuedRow>>>(core::ChannelKind)> queue;
  /// How the way to one address is; likewise. Of MQTT: the broker's side of it alone.
  std::function<core::EndpointState(const core::Endpoint&)> state_of;
  runtime::HighWater journal;  ///< the newest sequence
  runtime::Notifier outbox_grew;
  runtime::Notifier clock_changed;  ///< a decision may have moved what is due next
  Doubt doubt;
  Running running;
  /// For `running`: by whoever is about to judge silence.
  void note_time();

  /// Before then nobody is chased: what was answered while nobody listened has to come in first.
  ports::Clock::Steady grace_over() const;

  /// Commits, and on success takes what was committed into memory and wakes whoever waits for it. The one way
  /// by which anything gets into the ledger.
  /// Where an outcome is unknown, memory is filled up from the ledger, once all that was handed to it before is
  /// answered; until that has been done nothing else is committed, because it would be decided on a state that may
  /// be over.
  boost::asio::awaitable<ports::CommitResult> commit(ports::Commit commit);
  /// Under which number an entry with this one is applied: a higher one where later ones are known already, since
  /// whoever has begun to read at the newest does not know of it.
  core::Sequence learnt_as(core::Sequence sequence) const;
  /// Where a reading begins that knows of all that was applied.
  core::Sequence newest() const;
  /// Enters a recipient into the directory in memory, or takes it out.
  void enter(core::Ordinal ordinal, const core::Recipient& recipient,
             const std::vector<core::Endpoint>& former = {});
  void strike(core::Ordinal ordinal);
  /// Takes the whole directory into memory. Whoever was known is known all the while, unless it was deleted since.
  /// False: the ledger could not be read.
  boost::asio::awaitable<bool> read_directory();

 private:
  /// Whatever is in doubt.
  boost::asio::awaitable<ports::CommitResult> commit_now(ports::Commit commit);
  bool is_known_to_be_deleted(const ports::DirectoryEntry& entry) const;
};

/// What a caller is answered when a commit did not come about.
core::Refusal refusal_of(const ports::CommitResult& result);

}  // namespace tuanyuan::engine
