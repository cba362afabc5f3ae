#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "ports/clock.hpp"
#include "ports/retained_truth.hpp"

namespace tuanyuan::mqtt {

/// Which retained topics have to be put right, and when. What is wrong is held against a budget for each topic,
/// so that somebody who keeps writing to our topics, or a broker that keeps returning rubbish, gets a few answers
/// a minute and not a storm; the last wrong thing seen is put right in the next minute all the same. What looks
/// like a stranger's is left alone for a while, since another node may know more than this one. Pure: time comes
/// in. Loop thread.
class Corrections {
 public:
  using Steady = ports::Clock::Steady;

  struct Limits {
    std::size_t pending_max = 0;
    std::size_t per_topic_per_minute_max = 0;
    Steady::duration stranger_grace{};
  };

  explicit Corrections(Limits limits) : limits_(limits) {}

  /// What was seen on a topic, and what the truth said of it. The last word on a topic counts. False: the limit
  /// is reached and this one is not remembered; the caller should reassert everything.
  bool note(const std::string& topic, const ports::RetainedSeen& seen, ports::RetainedVerdict verdict, Steady now);

  struct Due {
    std::string topic;
    ports::RetainedSeen seen;
    ports::RetainedVerdict verdict = ports::RetainedVerdict::in_order;
  };
  /// What is to be put right now; it is charged to its topic's budget.
  std::vector<Due> take_due(Steady now, std::size_t most);
  /// When something is due next.
  std::optional<Steady> next_due() const;

  std::size_t pending() const { return pending_.size(); }
  /// Puts off what was seen before; for a lost connection, after which everything is seen anew.
  void clear();

 private:
  struct Pending {
    ports::RetainedSeen seen;
    ports::RetainedVerdict verdict = ports::RetainedVerdict::in_order;
    Steady due{};
  };
  struct Spent {
    Steady window_start{};
    std::size_t count = 0;
  };

  Steady earliest(const std::string& topic, ports::RetainedVerdict verdict, Steady now);
  void charge(const std::string& topic, Steady now);
  void forget(const std::string& topic);

  Limits limits_;
  std::unordered_map<std::string, Pending> pending_;
  std::multimap<Steady, std::string> order_;
  std::unordered_map<std::string, Spent> spent_;
};

}  // namespace tuanyuan::mqtt
