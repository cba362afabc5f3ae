#pragma once

#include <functional>

#include "engine/retirements.hpp"
#include "engine/world.hpp"
#include "ports/recipient_desk.hpp"

namespace tuanyuan::engine {

/// The directory: the ledger's rows and the compact copy that the rules target by, kept in step.
class RecipientService final : public ports::RecipientDesk {
 public:
  RecipientService(World& world, Retirements& retirements) : world_(world), retirements_(retirements) {}

  boost::asio::awaitable<core::Result<ports::Listed<core::Recipient>>> list(core::Caller caller,
                                                                            ports::Page page) override;
  boost::asio::awaitable<core::Result<core::Recipient>> get(core::Caller caller, core::RecipientId id) override;
  boost::asio::awaitable<core::Result<core::Recipient>> put(core::Caller caller, core::Recipient recipient,
                                                            ports::Idempotency once) override;
  boost::asio::awaitable<core::Result<bool>> remove(core::Caller caller, core::RecipientId id,
                                                    ports::Idempotency once) override;
  boost::asio::awaitable<core::Result<std::uint32_t>> import(core::Caller caller,
                                                             std::vector<core::Recipient> recipients,
                                                             ports::Idempotency once) override;

  /// Called after every committed change, and after every one that may have been: whoever keeps something made of
  /// the directory makes it anew.
  void on_change(std::function<void()> changed) { world_.directory_changed = std::move(changed); }

 private:
  boost::asio::awaitable<core::Result<core::Recipient>> stored(core::RecipientId id);
  boost::asio::awaitable<core::Result<void>> keep_secrets_of_known(std::vector<core::Recipient>& recipients);
  std::vector<ports::RetiredEndpoint> revive(const core::Recipient& put);
  void note_put(const core::Recipient& put);
  void enter(core::Ordinal ordinal, core::Recipient recipient, const std::vector<ports::RetiredEndpoint>& revived);
  boost::asio::awaitable<core::Result<void>> commit_changes(core::Caller caller, core::EntryBody body,
                                                            std::vector<ports::RecipientChange> changes,
                                                            std::vector<ports::RetiredEndpoint> revived,
                                                            ports::Idempotency once);

  World& world_;
  Retirements& retirements_;
};

}  // namespace tuanyuan::engine
