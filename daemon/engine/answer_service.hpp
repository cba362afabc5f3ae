#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <set>
#include <vector>

#include "engine/documents.hpp"
#include "engine/world.hpp"
#include "ports/answer_desk.hpp"

namespace tuanyuan::engine {

/// How many sightings whose outcome was not learnt are remembered.
inline constexpr std::size_t untold_sightings_max = 1'000;

/// Takes what recipients say: judges each answer against the directory and the case, commits the good ones
/// together, and gives receipts for all of them after the commit.
class AnswerService final : public ports::AnswerDesk {
 public:
  explicit AnswerService(World& world) : world_(world), documents_(world) {}

  boost::asio::awaitable<core::Result<std::vector<core::Receipt>>> acknowledge(
      std::vector<ports::InboundAnswer> answers) override;
  boost::asio::awaitable<core::Result<core::Receipt>> acknowledge(core::Caller caller,
                                                                  core::Acknowledgement answer,
                                                                  ports::Idempotency once) override;
  boost::asio::awaitable<core::Result<core::Receipt>> sight(core::RecipientId connection, core::Sighting sighting,
                                                            ports::Idempotency once) override;
  boost::asio::awaitable<core::Result<std::vector<ports::SightingView>>> sightings(core::Caller caller,
                                                                                   core::AlertId alert) override;
  boost::asio::awaitable<core::Result<ports::SightingView>> sighting(core::Caller caller,
                                                                     core::SightingId id) override;
  boost::asio::awaitable<core::Result<ports::SightingView>> assess(core::Caller caller, core::SightingId id,
                                                                   ports::AssessOptions options,
                                                                   ports::Idempotency once) override;
  void presence(core::RecipientId recipient, bool online) override;
  void nobody_online() override;

  /// Called for every committed sighting with the police recipients who are to be told of it.
  using TellPolice = std::function<void(std::vector<core::RecipientId> recipients, core::Sighting sighting)>;
  void on_sighting(TellPolice tell) { tell_police_ = std::move(tell); }

 private:
  /// What becomes of one answer before the ledger is asked: a row to commit, or a receipt that refuses it.
  struct Judged {
    core::Receipt receipt;
    bool accepted = false;
    core::Ordinal ordinal = 0;
  };
  Judged judge(const ports::InboundAnswer& inbound) const;
  boost::asio::awaitable<core::Result<void>> open_keys(const std::vector<ports::InboundAnswer>& answers);
  std::string sealed_note(const core::Acknowledgement& answer);
  /// Judges and commits; `once` is used up by the same commit.
  boost::asio::awaitable<core::Result<std::vector<core::Receipt>>> record(
      std::vector<ports::InboundAnswer> answers, ports::Idempotency once);
  /// By kind and category, so that a batch costs the metrics a few additions and not one for each answer.
  using FirstAnswers = std::array<std::array<std::uint32_t, core::category_count>, core::answer_kind_count>;
  core::Audience audience_of(core::Ordinal ordinal) const;
  void take_in(const ports::AnswerRow& row, bool first, core::Instant recorded_at, FirstAnswers& firsts);
  void count(const FirstAnswers& firsts);
  boost::asio::awaitable<core::Result<core::Sighting>> with_prepared_photo(core::Sighting sighting,
                                                                           core::Status status);
  boost::asio::awaitable<core::Result<core::Receipt>> record_sighting(core::Sighting sighting,
                                                                      core::Ordinal ordinal,
                                                                      ports::Idempotency once);
  /// Of a sighting that is there already.
  boost::asio::awaitable<core::Receipt> repeat(core::Receipt receipt, ports::SightingRow known, bool same);
  std::vector<core::RecipientId> police_of(const CaseFile& file) const;
  bool may_answer(const core::RecipientId& connection, core::Ordinal ordinal) const;
  boost::asio::awaitable<core::Result<ports::SightingRow>> visible_sighting(const core::Caller& caller,
                                                                            core::SightingId id);
  boost::asio::awaitable<core::Result<ports::SightingView>> open_sighting(ports::SightingRow row);
  /// `views` are the caller's, and stay as long.
  boost::asio::awaitable<void> name_reporters(std::vector<ports::SightingView>& views);
  boost::asio::awaitable<core::Result<ports::SightingView>> sighting_view(ports::SightingRow row);

  World& world_;
  Documents documents_;
  TellPolice tell_police_;
  /// Sightings whose outcome was not learnt, until they are said again: if it is found then that they were
  /// recorded, the police have not been told yet.
  std::set<core::SightingId> untold_;
};

}  // namespace tuanyuan::engine
