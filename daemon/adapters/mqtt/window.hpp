#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "ports/clock.hpp"

namespace tuanyuan::mqtt {

/// What Paho holds of one kind of messages that the broker has not acknowledged.
///
/// In bytes, because Paho reads nothing for a tenth of a second each time it finds its socket full, PUBACKs and
/// acknowledgements included. In messages, because it searches its lists for each PUBACK. Counted together with
/// the connection they belong to, so that a late PUBACK of an earlier connection is not taken for one of this.
class Window {
 public:
  /// One message that was handed over.
  struct Pass {
    std::uint8_t connection = 0;  ///< its number, modulo 2^8
    std::uint16_t kib = 0;        ///< KiB, rounded up
  };

  Window(std::uint32_t messages_max, std::uint32_t kib_max) : messages_max_(messages_max), kib_max_(kib_max) {}

  // The thread that hands over. Where the answer is no, settle() will say when to ask again.
  bool has_room();  ///< asked again when half of it is free
  bool is_down_to(std::uint32_t messages);
  /// One more is handed over. The pass is to be given back to settle().
  Pass open(std::size_t bytes);

  // Any thread.
  /// Whether the thread that hands over waits for this.
  bool settle(Pass pass);
  void begin_anew();
  std::uint32_t in_flight() const { return State::unpacked(state_.load()).messages; }
  std::uint64_t settled() const { return settled_.load(std::memory_order_relaxed); }

  // Loop thread.
  /// To be called once a second: where it stays full, the line is slow, and from then on holds no more than a few
  /// seconds of what gets through, so that a recall need not wait behind minutes of what it recalls.
  void adapt();

  /// Should PUBACKs never come although the connection lives, their messages would count as in flight for ever:
  /// whether some are and none has been settled for window_stuck_deadline, as seen by calls of this now and then.
  bool is_stuck(ports::Clock::Steady now);

 private:
  struct State {
    std::uint8_t connection = 0;
    std::uint32_t messages = 0;  ///< 24 bits
    std::uint32_t kib = 0;

    std::uint64_t packed() const;
    static State unpacked(std::uint64_t packed);
  };
  bool is_at_most(std::uint32_t messages, std::uint32_t kib);

  const std::uint32_t messages_max_;
  const std::uint32_t kib_max_;
  std::atomic<std::uint32_t> kib_now_{kib_max_};  ///< kib_max_, or less on a slow line
  std::atomic<std::uint64_t> settled_kib_{0};
  std::uint64_t adapted_at_kib_ = 0;  ///< settled_kib_ when adapt() last looked
  bool was_full_ = false;
  std::atomic<std::uint64_t> state_{0};
  std::atomic<std::uint64_t> settled_{0};
  std::atomic<std::uint64_t> awaited_{none_awaited};  ///< the state that is waited for, packed
  std::uint64_t seen_settled_ = 0;
  std::optional<ports::Clock::Steady> stuck_since_;

  static constexpr std::uint64_t none_awaited = ~std::uint64_t{0};
};

}  // namespace tuanyuan::mqtt
