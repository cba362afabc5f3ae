#pragma once

#include "engine/documents.hpp"
#include "engine/world.hpp"
#include "ports/retained_truth.hpp"

namespace tuanyuan::engine {

/// Says what a broker should hold retained, from the folded cases: everything in force, and recalls until
/// their retention has passed.
class Retained final : public ports::RetainedTruth {
 public:
  explicit Retained(World& world) : world_(world), documents_(world) {}

  ports::RetainedVerdict judge(const ports::RetainedSeen& seen) override;
  boost::asio::awaitable<ports::RetainedInForce> in_force() override;
  bool still_in_force(const core::Delivery& given) const override;
  boost::asio::awaitable<core::Result<std::optional<ports::Dispatch>>> in_force_at(
      ports::RetainedSeen seen) override;

 private:
  std::optional<core::Ordinal> told_directly(const CaseFile& file, const core::RecipientId& id) const;
  core::Audience audience_at(const CaseFile& file, core::Audience named, const core::Target& target) const;
  core::Instant kept_until(const core::CaseState& state, core::Audience audience) const;
  bool is_kept(const core::CaseState& state, core::Audience audience) const;
  bool belongs(const CaseFile& file, core::Audience audience, const core::Target& target) const;
  ports::Dispatch blank(const CaseFile& file, core::Audience audience, core::Target target,
                        core::Parcel parcel) const;
  boost::asio::awaitable<void> add_case(ports::RetainedInForce& all, CaseFile& file);

  World& world_;
  Documents documents_;
};

}  // namespace tuanyuan::engine
