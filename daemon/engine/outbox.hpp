#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/delivery.hpp"
#include "core/targeting.hpp"
#include "engine/composing.hpp"
#include "engine/world.hpp"

namespace tuanyuan::engine {

/// What one version of an alert has to be sent with.
struct Mailing {
  Issues issues{core::AudienceSet(), Issue()};
  std::vector<core::Division> divisions;       ///< every division the alert has used
  core::RecipientSet addressed;                ///< everybody who is or was told on a topic of its own
  core::RecipientSet withdrawn;                ///< among them, from whom it is only taken
  ToldBy told_by;                              ///< everybody who is or was told through a gateway
  ToldBy sent_by;                              ///< among them, to whom this goes
  core::RecipientSet outside;                  ///< of the expected, whom the circle no longer takes in
  core::RecipientSet expected;                 ///< for the order of sending
  std::optional<core::Circle> circle;          ///< for the order of sending
  core::Parcel notice = core::Parcel::notice;  ///< or notice_clear: topics are only emptied
  core::Parcel photo = core::Parcel::notice;   ///< photo, photo_clear, or notice for none
  core::Instant expires_at;
};

/// What sends a content version to those whom it is for: through a gateway where that is their usual way.
Mailing mailing_of(const World& world, const Content& content, const core::Targets& targets);

/// What takes an alert down wherever it ever went, until then.
Mailing recall_of(const CaseFile& file, const Issues& issues, core::Instant kept_until);

/// The outbox rows of a mailing: one for each (audience, division) topic and each addressed recipient, and
/// one for the picture beside each topic. Their number grows with the divisions, not with the recipients.
std::vector<core::Delivery> deliveries(const World& world, const core::CaseState& state, const Mailing& mailing,
                                       core::Instant now);

/// How many rows those are, by channel, without making them.
std::map<core::ChannelKind, std::uint64_t> rows_by_channel(const World& world, const Mailing& mailing);

/// What its audience's copy says now, for one recipient alone: a notice by MQTT, last of all that is urgent.
core::Delivery row_for(const World& world, const CaseFile& file, core::Ordinal listener, core::Instant now);

}  // namespace tuanyuan::engine
