#pragma once

#include <atomic>
#include <boost/lockfree/spsc_queue.hpp>
#include <cstddef>
#include <optional>
#include <utility>

namespace tuanyuan::mqtt {

/// Messages on their way from Paho's thread to the loop: bounded by count and by bytes, one producer, one
/// consumer, no lock. The producer is told when the consumer needs waking, which is once for each time the inbox
/// goes from drained to filled.
template <class T>
class Inbox {
 public:
  Inbox(std::size_t messages_max, std::size_t bytes_max) : bytes_max_(bytes_max), ring_(messages_max) {}

  // Producer.
  bool push(const T& message, std::size_t bytes) {
    // A single message over the limit still goes through an empty inbox: it was within the packet limit.
    const std::size_t before = bytes_.load(std::memory_order_relaxed);
    if (before != 0 && before + bytes > bytes_max_) {
      return false;
    }
    bytes_.fetch_add(bytes, std::memory_order_relaxed);
    if (!ring_.push(Item{message, bytes})) {
      bytes_.fetch_sub(bytes, std::memory_order_relaxed);
      return false;
    }
    return true;
  }
  /// After a push: whether to wake the consumer now.
  bool claim_wake() { return !awake_.exchange(true, std::memory_order_acq_rel); }

  // Consumer.
  /// At the start of each drain: from here on a push wakes again. So nothing that is pushed while the drain
  /// ends is left lying.
  void begin_drain() { awake_.store(false, std::memory_order_seq_cst); }
  /// Until the next begin_drain() no push wakes: the consumer will come by itself.
  void hush() { awake_.store(true, std::memory_order_seq_cst); }
  std::optional<T> pop() {
    std::optional<T> message;
    ring_.consume_one([&](Item& item) {
      bytes_.fetch_sub(item.bytes, std::memory_order_relaxed);
      message.emplace(std::move(item.message));
    });
    return message;
  }

  // Either.
  std::size_t size() const { return ring_.read_available(); }
  bool empty() const { return ring_.read_available() == 0; }

 private:
  struct Item {
    T message{};
    std::size_t bytes = 0;
  };

  std::size_t bytes_max_;
  std::atomic<std::size_t> bytes_{0};
  std::atomic<bool> awake_{false};
  boost::lockfree::spsc_queue<Item> ring_;
};

}  // namespace tuanyuan::mqtt
