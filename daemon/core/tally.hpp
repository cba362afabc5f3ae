#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>

#include "core/answer.hpp"
#include "core/board.hpp"
#include "core/directory.hpp"
#include "core/geo.hpp"
#include "core/recipient_set.hpp"
#include "core/standing.hpp"
#include "core/time.hpp"

namespace tuanyuan::core {

/// Why a recipient said UNABLE, and when that was recorded.
struct Unable {
  UnableReason reason = UnableReason::none;
  Instant at;
};

/// Recipients by the way they are told.
using RecipientsByWay = std::map<ChannelKind, RecipientSet>;

/// How an answer came in. By no channel: an officer entered it, or nobody says by which, as over HTTP.
struct CameBy {
  AnswerSource source = AnswerSource::station;
  std::optional<ChannelKind> channel;

  CameBy(AnswerSource the_source = AnswerSource::station, std::optional<ChannelKind> by = std::nullopt)
      : source(the_source), channel(by) {}
};

/// Who was expected and who answered what, for one alert: bitmaps, rebuilt from the ledger at start. Which
/// answer was the first of its kind is the ledger's word, never this one's.
class Tally {
 public:
  /// Newly expected at a version; `ring` names where they stand ("100", "coverage").
  void expect(std::uint32_t revision, const RecipientSet& recipients);
  void place_in_ring(const std::string& ring, const RecipientSet& recipients);
  /// Records an answer with all that it implies; `why` of UNABLE alone, and how it came in: of repeats the first
  /// counts, as in the ledger.
  void answer(std::uint32_t revision, AnswerKind kind, CameBy by, Ordinal ordinal, Unable why = {});
  /// Why a recipient is unable by what it said of that revision; none: it has not said so.
  std::optional<Unable> unable(std::uint32_t revision, Ordinal ordinal) const;
  const RecipientSet& expected() const { return expected_; }
  const RecipientSet& answered(std::uint32_t revision, AnswerKind kind) const;
  /// Who said of that revision that it does not concern them: a person there has decided, and is asked neither to
  /// receive nor to confirm it. To take it down is asked of them all the same.
  const RecipientSet& not_concerned(std::uint32_t revision) const;
  /// Who is not asked for this answer any more.
  RecipientSet settled(std::uint32_t revision, AnswerKind awaited) const;
  bool is_settled(std::uint32_t revision, AnswerKind awaited, Ordinal ordinal) const;

  /// Who took it down in an earlier revision and has shown none since: there is nothing left to take down.
  RecipientSet gone_before(std::uint32_t revision) const;

  /// Those of the expected that the circle no longer takes in: they owe REMOVED for the content.
  void set_outside(const RecipientSet& outside) { outside_ = outside; }
  const RecipientSet& outside() const { return outside_; }

  /// Whose answers came by each channel, by kind; none: those that an officer entered.
  using CameByChannel = std::map<std::optional<ChannelKind>, std::array<RecipientSet, answer_kind_count>>;

  /// Who has answered what each audience is asked now: the content in force, and REMOVED for the latest recall.
  class Now {
   public:
    Now(const Tally& tally, const Directory& directory, const Standings& standings);
    const RecipientSet& answered(AnswerKind kind) const { return *by_kind_[static_cast<std::size_t>(kind)]; }
    const std::array<const RecipientSet*, answer_kind_count>& by_kind() const { return by_kind_; }
    /// Of whom the alert was taken: by a recall, a suspension, or a smaller circle.
    const RecipientSet& taken_down() const { return taken_down_; }
    /// Who said of the content in force that it does not concern them.
    const RecipientSet& not_concerned() const { return not_concerned_; }

   private:
    void set_gone(const Tally& tally, const Directory& directory, const Standings& standings);

    std::array<RecipientSet, answer_kind_count> mixed_;
    std::array<const RecipientSet*, answer_kind_count> by_kind_;
    RecipientSet taken_down_;
    RecipientSet not_concerned_;
  };

  /// How many of them are expected, and what they have answered (contract, section 3: board).
  TallyRow count(const RecipientSet& among, const Now& now) const;
  /// Expected, and silent so far: whoever has not RECEIVED the content in force; whoever has, and has not
  /// CONFIRMED it, if it said UNABLE or is among the `reminded` (core/chase), since somebody has to reach them; of
  /// whom it was taken, who has not said REMOVED.
  RecipientSet silent(const Now& now, const RecipientSet& reminded) const;
  /// Adds these silent recipients of this alert to the sums by ring.
  void add_silent_by_ring(std::map<std::string, std::uint32_t>& sums, const RecipientSet& silent) const;
  /// Everything of the board but the rows of the silent, which need the ledger for their names.
  /// `by_way`: whose usual way is not MQTT.
  void fill(Board& board, const Directory& directory, const Standings& standings,
            const RecipientsByWay& by_way = {}) const;

 private:
  /// Whose answers came by which channel, of what each audience is asked now. Who is in none of them did not say.
  CameByChannel came(const Directory& directory, const Standings& standings) const;
  void add_gone(CameByChannel& came, std::uint32_t content_revision, const RecipientSet& members) const;
  void fill_channels(Board& board, const RecipientsByWay& by_way, const Now& now, const CameByChannel& came) const;
  void fill_groups(Board& board, const Directory& directory, const Now& now) const;
  void fill_revisions(Board& board) const;

  struct Revision {
    RecipientSet expected;  ///< those expected up to this revision
    std::array<RecipientSet, answer_kind_count> answered;
    CameByChannel came;
    RecipientSet not_concerned;
    std::unordered_map<Ordinal, Unable> unable;
  };
  RecipientSet expected_;
  RecipientSet outside_;
  std::map<std::uint32_t, Revision> revisions_;
  std::map<std::string, RecipientSet> rings_;
};

}  // namespace tuanyuan::core
