#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/geo.hpp"
#include "core/opening_hours.hpp"
#include "core/recipient.hpp"
#include "core/recipient_set.hpp"

namespace tuanyuan::core {

/// All recipients as the rules need them: by ordinal, small enough for a million (the ledger keeps names,
/// addresses and telephone numbers). A deleted recipient keeps its place, since boards of earlier alerts
/// still count it, but is expected by no new version.
class Directory {
 public:
  struct Entry {
    std::string_view id;
    Category category = Category::police_station;
    Audience audience = Audience::partner;
    DeliveryMode delivery = DeliveryMode::area;
    Division division;
    std::optional<Position> position;  ///< WGS-84
    bool by_coverage = false;
    bool deleted = false;
    std::optional<Ordinal> via;
    std::string_view unit;  ///< the id of the unit that answers for it; empty: none
  };
  /// Those who are there at the same hours.
  struct Hours {
    std::string text;
    OpeningHours open;
    RecipientSet members;
  };

  /// Adds or replaces. Ordinals come from the ledger, dense from below.
  void put(Ordinal ordinal, const Recipient& recipient);
  void remove(Ordinal ordinal);

  std::optional<Ordinal> find(std::string_view id) const;  ///< live ones only
  Entry at(Ordinal ordinal) const;
  std::size_t size() const { return live_.cardinality(); }
  const RecipientSet& live() const { return live_; }
  const RecipientSet& of_category(Category category) const {
    return by_category_[static_cast<std::size_t>(category)];
  }
  const RecipientSet& of_audience(Audience audience) const {
    return by_audience_[static_cast<std::size_t>(audience)];
  }
  RecipientSet of_audiences(AudienceSet audiences) const;
  /// Ordinals by division, deleted ones included.
  const std::map<Division, RecipientSet>& by_division() const { return by_division_; }
  /// Live ones by what they cover; of what nobody covers any more, none.
  const std::map<DivisionPrefix, RecipientSet>& by_coverage() const { return coverage_; }
  /// Live recipients whose hub is among these: they hear through its connection.
  RecipientSet behind(const RecipientSet& hubs) const;
  /// Of everybody who is not always there.
  const std::vector<Hours>& hours() const { return hours_; }
  /// Whether another one may have been entered under its id before, and was deleted.
  bool may_have_predecessor(Ordinal ordinal) const { return with_predecessor_.contains(ordinal); }
  /// Grows with every change: what a preview was reckoned on.
  std::uint64_t generation() const { return generation_; }

  /// Live recipients that are expected by position and stand in the circle. One pass over packed
  /// coordinates: a quarter of a millisecond for a million, which a tree would not beat at these radii.
  RecipientSet inside(const Circle& circle) const;
  /// Live recipients whose coverage takes in one of the divisions.
  RecipientSet covering(const std::vector<Division>& divisions) const;
  /// Live recipients whose coverage has anything to do with what lies under the prefix.
  RecipientSet covering(const DivisionPrefix& within) const;
  /// Live recipients that are expected by position, and whose place lies under the prefix.
  RecipientSet placed_in(const DivisionPrefix& within) const;
  /// Whether the coverage of one, deleted or not, takes in one of the divisions.
  bool hears_for(Ordinal ordinal, const std::vector<Division>& divisions) const;
  /// The middle of the live recipients positioned in the narrowest of county, prefecture and province that
  /// has any: where a circle without a position is centred.
  std::optional<Position> middle_of(Division division) const;

 private:
  struct Row {
    std::uint32_t id_at = 0;  ///< in ids_, length-prefixed
    std::int32_t latitude = no_position;
    std::int32_t longitude = 0;
    Division division;
    Ordinal via = no_via;
    Category category = Category::police_station;
    Audience audience = Audience::partner;
    DeliveryMode delivery = DeliveryMode::area;
    std::uint8_t flags = 0;
  };
  static constexpr std::int32_t no_position = INT32_MAX;
  static constexpr Ordinal no_via = UINT32_MAX;
  static constexpr std::uint8_t used = 1;
  static constexpr std::uint8_t deleted = 2;

  std::string_view id_of(const Row& row) const;
  void keep_hours(Ordinal ordinal, const std::string& text);
  void join(Ordinal member, const std::string& hub);
  void leave(Ordinal member);
  void set_hub(std::string_view hub, Ordinal via);
  void index(Ordinal ordinal);
  void forget(Ordinal ordinal);
  void grow_index();
  std::size_t slot_of(std::string_view id) const;
  void take_slot(Ordinal ordinal);

  std::vector<Row> rows_;
  std::vector<char> ids_;       ///< every id once, a length byte before it
  std::vector<Ordinal> slots_;  ///< open addressing over ids: ordinal + 1, 0 free
  std::size_t indexed_ = 0;
  RecipientSet with_predecessor_;
  std::map<DivisionPrefix, RecipientSet> coverage_;
  std::unordered_map<Ordinal, std::vector<DivisionPrefix>> coverage_of_;
  /// Live ones by the hub that they name, also while it is not there: they are joined when it comes.
  std::unordered_map<std::string, RecipientSet> members_of_;
  std::unordered_map<Ordinal, const std::string*> hub_of_;  ///< the keys of members_of_
  RecipientSet hubs_;                                       ///< live ones that somebody names
  std::vector<Hours> hours_;
  std::unordered_map<Ordinal, std::string> units_;
  RecipientSet live_;
  std::array<RecipientSet, category_count> by_category_;
  std::array<RecipientSet, audience_count> by_audience_;
  std::map<Division, RecipientSet> by_division_;
  std::uint64_t generation_ = 0;
};

}  // namespace tuanyuan::core
