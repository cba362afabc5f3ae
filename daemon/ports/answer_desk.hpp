#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "core/answer.hpp"
#include "core/caller.hpp"
#include "core/refusal.hpp"
#include "ports/case_desk.hpp"

namespace tuanyuan::ports {

/// An acknowledgement as it came in over a connection whose owner the broker or TLS has proven.
struct InboundAnswer {
  core::Acknowledgement answer;
  core::RecipientId connection;  ///< whose topic or certificate it came by; empty for an officer
  core::Caller officer;          ///< who vouches for it, where the source is an officer
  core::AnswerSource source = core::AnswerSource::station;
  std::optional<core::ChannelKind> channel{};  ///< by which it came; none: it does not say, as over HTTP
};

struct SightingView {
  core::Sighting sighting;
  std::string recipient_name;  ///< empty, like the next: the directory has it no more
  core::Liaison liaison;
  core::Instant recorded_at;
  core::Assessment assessment = core::Assessment::unassessed;
  core::Instant assessed_at;  ///< only with an assessment, and so the next two
  core::Actor assessed_by;
  std::string note;
};

struct AssessOptions {
  core::Assessment assessment = core::Assessment::unassessed;
  std::string note;  ///< why

  AssessOptions() = default;
};

/// What recipients say. Receipts are given after the commit, also to who is refused; a refusal of the whole
/// call means that nothing could be committed and the sender will repeat. Loop thread.
class AnswerDesk {
 public:
  virtual ~AnswerDesk() = default;

  /// Many at once; receipts in the order of the answers. Works on several calls at a time.
  virtual boost::asio::awaitable<core::Result<std::vector<core::Receipt>>> acknowledge(
      std::vector<InboundAnswer> answers) = 0;
  /// From a recipient's own call, or by an officer who reached it by telephone.
  virtual boost::asio::awaitable<core::Result<core::Receipt>> acknowledge(core::Caller caller,
                                                                          core::Acknowledgement answer,
                                                                          Idempotency once) = 0;

  virtual boost::asio::awaitable<core::Result<core::Receipt>> sight(core::RecipientId connection,
                                                                    core::Sighting sighting, Idempotency once) = 0;
  virtual boost::asio::awaitable<core::Result<std::vector<SightingView>>> sightings(core::Caller caller,
                                                                                    core::AlertId alert) = 0;
  virtual boost::asio::awaitable<core::Result<SightingView>> sighting(core::Caller caller,
                                                                      core::SightingId id) = 0;
  virtual boost::asio::awaitable<core::Result<SightingView>> assess(core::Caller caller, core::SightingId id,
                                                                    AssessOptions options, Idempotency once) = 0;

  /// A recipient's connection came or went, as the broker tells.
  virtual void presence(core::RecipientId recipient, bool online) = 0;
  /// The broker is out of reach, and with it everybody; who is still there is told anew when it is back.
  virtual void nobody_online() {}
};

}  // namespace tuanyuan::ports
