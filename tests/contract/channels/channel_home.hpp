#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "ports/channel.hpp"
#include "ports/log.hpp"
#include "support/real_loop.hpp"
#include "support/scripted_http.hpp"

namespace tuanyuan::test {

/// What a gateway means, which each says in its own way.
enum class Meaning { accepted, rejected, address_dead, retry, retry_in_7_s };

inline constexpr const char* link_base = "https://here.test/api/v1";
inline const std::string link_key = std::string(32, 'k');

/// One channel with what it needs, against a scripted peer.
class ChannelHome {
 public:
  virtual ~ChannelHome() = default;

  virtual ports::Channel& channel() = 0;
  /// An endpoint at the peer; `path` is part of its address where that is a URL.
  virtual core::Endpoint endpoint(std::uint16_t port, const std::string& path) = 0;
  /// Whether the gateway has a word for this: not every one says at once that nobody is there any more.
  virtual bool can_say(Meaning) const { return true; }
  /// The peer's answer that means this.
  virtual Reply reply(Meaning meaning) = 0;
  /// What the peer answers to a request that only prepares one (a token, a batch of ids); such are not what the
  /// suite is about.
  virtual std::optional<Reply> aside(const Received&) { return std::nullopt; }
  /// Whether the message has, in plain text, the link by which its readers answer. The home makes its links under
  /// `link_base`, by a vault whose key is `link_key`.
  virtual bool carries_link() const { return false; }
  /// By which the receiver tells a repetition from something new.
  virtual std::string identity(const Received& request) = 0;
};

/// A row of the suite.
struct ChannelBackend {
  std::string name;
  core::ChannelKind kind;
  /// `deadline`: of one attempt. `port`: where the peer listens.
  std::function<std::unique_ptr<ChannelHome>(RealLoop& loop, ports::Log& log, std::chrono::milliseconds deadline,
                                             std::uint16_t port)>
      make_home;
};

std::vector<ChannelBackend> channel_backends();

/// As GoogleTest names it in the lists of tests.
inline void PrintTo(const ChannelBackend& backend, std::ostream* out) {
  *out << backend.name;
}

}  // namespace tuanyuan::test
