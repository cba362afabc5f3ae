#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/answer.hpp"
#include "tools/station/moment.hpp"
#include "tools/station/totals.hpp"

namespace tuanyuan::station {

/// The answers that have no receipt yet. Each is sent when it is due and again after 5 s, doubling to 5 min,
/// jittered, until the daemon has receipted it (contract, section 4): neither the broker's PUBACK nor silence
/// ends it. Not thread-safe.
class AnswerBook {
 public:
  /// Far above what the alerts in force can ask for; more is a mistake, and is not taken.
  static constexpr std::size_t answers_max = 100'000;

  AnswerBook(Totals& totals, std::uint64_t seed) : totals_(&totals), random_(seed) {}
  AnswerBook(AnswerBook&&) = default;

  /// To be sent at `due` for the first time. The same answer given again begins anew.
  void add(core::Acknowledgement answer, Steady due);

  /// Ends the repeating; whether there was any to end.
  bool settle(const core::Receipt& receipt);

  /// What has not been sent yet and speaks of a display that is over; REMOVED stays.
  void forget_unsent(const core::AlertId& alert);

  /// At most `count` that are due, the longest due first; each is next due after its back-off.
  std::vector<core::Acknowledgement> take_due(Steady now, std::size_t count);

  /// The connection stands again: everything that waits for its receipt is due within a second, spread out.
  void hurry(Steady now);

  std::optional<Steady> next_due() const;
  std::size_t size() const { return entries_.size(); }

 private:
  struct Key {
    core::AlertId alert_id;
    std::uint32_t revision = 0;
    core::RecipientId recipient_id;
    core::AnswerKind kind = core::AnswerKind::received;

    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Entry {
    core::Acknowledgement answer;
    std::uint32_t sent = 0;
    std::pair<Steady, std::uint64_t> due;  ///< and a number that keeps those of one moment in order
  };
  using Entries = std::map<Key, Entry>;

  static Key key_of(const core::Acknowledgement& answer);
  void schedule(Entries::iterator entry, Steady due);
  void erase(Entries::iterator entry);
  void count(core::AnswerKind kind);

  Totals* totals_;
  std::uint64_t random_;
  Entries entries_;
  std::map<std::pair<Steady, std::uint64_t>, Entries::iterator> by_due_;
  std::uint64_t last_serial_ = 0;
};

}  // namespace tuanyuan::station
