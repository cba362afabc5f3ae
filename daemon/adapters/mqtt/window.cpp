#include "adapters/mqtt/window.hpp"

#include <algorithm>
#include <utility>

#include "adapters/mqtt/limits.hpp"

namespace tuanyuan::mqtt {

std::uint64_t Window::State::packed() const {
  return std::uint64_t{connection} << 56U | std::uint64_t{messages} << 32U | kib;
}

Window::State Window::State::unpacked(std::uint64_t packed) {
  return State{static_cast<std::uint8_t>(packed >> 56U), static_cast<std::uint32_t>(packed >> 32U) & 0xFFFFFFU,
               static_cast<std::uint32_t>(packed)};
}

bool Window::has_room() {
  const State now = State::unpacked(state_.load());
  const std::uint32_t kib_now = kib_now_.load(std::memory_order_relaxed);
  return (now.messages < messages_max_ && now.kib < kib_now) || is_at_most(messages_max_ / 2, kib_now / 2);
}

bool Window::is_down_to(std::uint32_t messages) {
  return is_at_most(messages, kib_max_);
}

// Full twice running: a burst that a good line swallows at once is no reason to slow down for.
void Window::adapt() {
  const std::uint64_t settled_kib = settled_kib_.load(std::memory_order_relaxed);
  const std::uint64_t passed = settled_kib - std::exchange(adapted_at_kib_, settled_kib);
  const std::uint32_t kib_now = kib_now_.load(std::memory_order_relaxed);
  const bool is_full = State::unpacked(state_.load()).kib >= kib_now / 2;
  const std::uint64_t held = is_full && was_full_ ? passed * window_seconds_max : std::uint64_t{kib_now} * 2;
  const std::uint64_t least = std::min(window_kib_min, kib_max_);
  kib_now_.store(static_cast<std::uint32_t>(std::clamp<std::uint64_t>(held, least, kib_max_)),
                 std::memory_order_relaxed);
  was_full_ = is_full;
}

// It looks again after it has said that it waits, because the last PUBACK may have come in between.
bool Window::is_at_most(std::uint32_t messages, std::uint32_t kib) {
  const auto reached = [&] {
    const State now = State::unpacked(state_.load());
    return now.messages <= messages && now.kib <= kib;
  };
  if (reached()) {
    return true;
  }
  awaited_.store(State{0, messages, kib}.packed());
  return reached();
}

Window::Pass Window::open(std::size_t bytes) {
  constexpr std::size_t kib = 1'024;
  Pass pass;
  pass.kib = static_cast<std::uint16_t>((bytes + kib - 1) / kib);
  pass.connection = State::unpacked(state_.fetch_add(State{0, 1, pass.kib}.packed())).connection;
  return pass;
}

bool Window::settle(Pass pass) {
  settled_.fetch_add(1, std::memory_order_relaxed);
  settled_kib_.fetch_add(pass.kib, std::memory_order_relaxed);
  std::uint64_t before = state_.load();
  State now;
  do {
    now = State::unpacked(before);
    if (now.connection != pass.connection || now.messages == 0) {
      return false;
    }
    --now.messages;
    now.kib -= pass.kib;
  } while (!state_.compare_exchange_weak(before, now.packed()));
  const std::uint64_t packed = awaited_.load();
  const State awaited = State::unpacked(packed);
  return packed != none_awaited && now.messages <= awaited.messages && now.kib <= awaited.kib &&
         awaited_.exchange(none_awaited) != none_awaited;
}

void Window::begin_anew() {
  std::uint64_t before = state_.load();
  State next;
  do {
    next = State{static_cast<std::uint8_t>(State::unpacked(before).connection + 1), 0, 0};
  } while (!state_.compare_exchange_weak(before, next.packed()));
}

bool Window::is_stuck(ports::Clock::Steady now) {
  const std::uint64_t settled_now = settled();
  if (in_flight() == 0 || settled_now != seen_settled_) {
    seen_settled_ = settled_now;
    stuck_since_.reset();
    return false;
  }
  if (!stuck_since_) {
    stuck_since_ = now;
  }
  const bool stuck = now - *stuck_since_ >= window_stuck_deadline;
  if (stuck) {
    stuck_since_.reset();
  }
  return stuck;
}

}  // namespace tuanyuan::mqtt
