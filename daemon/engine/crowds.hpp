#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>
#include <string>

#include "core/crowd.hpp"
#include "ports/clock.hpp"
#include "runtime/event.hpp"

namespace tuanyuan::engine {

/// A receiver with many recipients behind it may have this part of what a gateway has under way, unless it is
/// quick.
inline constexpr std::size_t lane_share = 4;
/// How many receivers' crowds are kept in mind; beyond, those with nothing under way are forgotten.
inline constexpr std::size_t crowds_max = 10'000;

/// Of one gateway: what is under way to each of its lanes. Loop thread.
class Crowds {
 public:
  Crowds(ports::Clock& clock, std::size_t in_flight_max);

  /// 0: one more may be on its way to this lane. Waits a moment where it is yet to be seen how quick it is; else
  /// how long to stay away. A lane without a name is all of the gateway, and has all of it.
  boost::asio::awaitable<core::Duration> room(std::string lane);

  /// One that takes a place while it lives.
  class Place {
   public:
    Place(Crowds& crowds, const std::string& lane);
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place();
    void sent();

   private:
    Crowds& crowds_;
    std::string lane_;
    core::Instant sent_at_{};
    bool is_sent_ = false;
  };

 private:
  struct Lane {
    core::Crowd crowd;
    std::shared_ptr<runtime::Event> changed;  ///< set, and replaced, when somebody leaves; null: nobody waits

    explicit Lane(std::size_t share) : crowd(share) {}
  };

  Lane& at(const std::string& lane);
  core::Instant now() const;

  ports::Clock& clock_;
  std::size_t share_;
  std::map<std::string, Lane> lanes_;
};

}  // namespace tuanyuan::engine
