#pragma once

#include <cstdint>
#include <iostream>
#include <sstream>
#include <string_view>

#include "simulation/world/sim_clock.hpp"

namespace tuanyuan::simulation {

/// What happened, in order: always as a hash, by which two runs are compared, and as text where somebody wants
/// to read it. Holds nothing that depends on the machine.
class Trace {
 public:
  Trace(const SimClock& clock, bool printed) : clock_(const_cast<SimClock&>(clock)), printed_(printed) {}

  template <class... Parts>
  void operator()(std::string_view what, const Parts&... parts) {
    ++events_;
    mix(static_cast<std::uint64_t>(clock_.steady_now().time_since_epoch().count()));
    mix(what);
    (mix(parts), ...);
    if (printed_) {
      print(what, parts...);
    }
  }

  std::uint64_t hash() const { return hash_; }
  std::uint64_t events() const { return events_; }

 private:
  void mix(std::uint64_t value) { hash_ = (hash_ ^ value ^ (value >> 29)) * 0x9E37'79B9'7F4A'7C15; }
  void mix(std::string_view text) {
    std::uint64_t word = text.size();
    for (const char letter : text) {
      word = word * 0x0000'0100'0000'01B3 + static_cast<unsigned char>(letter);
    }
    mix(word);
  }
  void mix(const char* text) { mix(std::string_view(text)); }
  void mix(const std::string& text) { mix(std::string_view(text)); }
  template <class Number>
  requires std::is_arithmetic_v<Number>
  void mix(Number value) { mix(static_cast<std::uint64_t>(value)); }

  template <class... Parts>
  void print(std::string_view what, const Parts&... parts) {
    const auto ms = std::chrono::duration_cast<Span>(clock_.steady_now().time_since_epoch()).count();
    std::ostringstream line;
    line << ms / 1000 << '.' << ms % 1000 / 100 << ms % 100 / 10 << ms % 10 << ' ' << what;
    ((line << ' ' << parts), ...);
    std::cout << line.str() << '\n';
  }

  SimClock& clock_;
  bool printed_;
  std::uint64_t hash_ = 0xCBF2'9CE4'8422'2325;
  std::uint64_t events_ = 0;
};

}  // namespace tuanyuan::simulation
