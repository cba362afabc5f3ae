#pragma once

#include <string>
#include <vector>

#include "engine/world.hpp"
#include "ports/reply_desk.hpp"

namespace tuanyuan::engine {

/// Finds what a bare reply may be an answer to, among those who were told by a gateway; says whether a link still
/// asks for anything; and takes down who was not reached.
class Replies final : public ports::ReplyDesk {
 public:
  explicit Replies(World& world) : world_(world) {}

  boost::asio::awaitable<core::Result<std::vector<ports::Told>>> told(core::ChannelKind gateway,
                                                                      std::string address) override;
  ports::LinkStanding standing(const ports::Told& told) const override;
  void not_reached(const core::AlertId& alert, const core::RecipientId& recipient,
                   core::ChannelKind gateway) override;

 private:
  World& world_;
};

}  // namespace tuanyuan::engine
