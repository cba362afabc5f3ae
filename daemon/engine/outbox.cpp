#include "engine/outbox.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "core/urgency.hpp"

namespace tuanyuan::engine {
namespace {

/// How soon a topic's turn comes: the best category and the shortest way of those who listen there.
struct Standing {
  int rank = core::urgency_rank_max;
  double distance_km = std::numeric_limits<double>::max();

  void add(int other_rank, double other_distance_km) {
    if (std::pair(other_rank, other_distance_km) < std::pair(rank, distance_km)) {
      rank = other_rank;
      distance_km = other_distance_km;
    }
  }
};

double distance_of(const core::Directory::Entry& recipient, const std::optional<core::Circle>& circle) {
  if (!circle || !recipient.position) {
    return 0;  // by coverage: as near as can be
  }
  return core::distance_km(circle->centre, *recipient.position);
}

class Rows {
 public:
  Rows(const core::CaseState& state, const Mailing& mailing, core::Instant now) : issues_(mailing.issues) {
    base_.alert_id = state.alert_id;
    base_.status = state.status;
    base_.not_before = now;
    base_.expires_at = mailing.expires_at;
  }

  void add(core::Audience audience, core::Target target, const Standing& standing, core::Parcel parcel,
           core::Way way = core::Way()) {
    core::Delivery row = base_;
    row.channel = way.channel;
    row.endpoint = way.endpoint;
    row.audience = audience;
    row.version = issues_.of(audience).version;
    row.kind = issues_.of(audience).kind;
    row.target = std::move(target);
    row.parcel = parcel;
    const bool is_photo = parcel == core::Parcel::photo || parcel == core::Parcel::photo_clear;
    row.urgency = core::urgency_key(row.status, row.kind, is_photo, standing.rank, standing.distance_km);
    rows_.push_back(std::move(row));
  }

  /// In the order of their turns, so that what is claimed together also lies together in the ledger: it writes
  /// whole pages.
  std::vector<core::Delivery> take() {
    std::stable_sort(rows_.begin(), rows_.end(), [](const core::Delivery& left, const core::Delivery& right) {
      return left.urgency < right.urgency;
    });
    return std::move(rows_);
  }

 private:
  const Issues& issues_;
  core::Delivery base_;
  std::vector<core::Delivery> rows_;
};

std::map<core::Division, Standing> standings(const World& world, const Mailing& mailing) {
  std::map<core::Division, Standing> found;
  for (core::Ordinal ordinal : mailing.expected) {
    const core::Directory::Entry recipient = world.directory.at(ordinal);
    found[recipient.division].add(core::urgency_rank(recipient.category), distance_of(recipient, mailing.circle));
  }
  return found;
}

/// To whom it is said: those who are expected and have a connection or address of their own, and the hubs of the
/// others.
ToldBy listeners_by_gateway(const World& world, const core::Targets& targets) {
  core::RecipientSet listeners = targets.addressed & world.endpoints.usual_by_gateway();
  for (const core::Ordinal ordinal : targets.expected& world.endpoints.usual_by_gateway()) {
    if (!world.directory.at(ordinal).via) {
      listeners.add(ordinal);
    }
  }
  ToldBy told_by;
  for (const core::Ordinal ordinal : listeners) {
    told_by.add(ordinal, world.endpoints.usual(ordinal));
  }
  return told_by;
}

/// All that a mailing is sent with: `topic` is told each (audience, division) topic, and once more where a picture
/// goes beside it, `addressed` each recipient that is told by itself, and by which way.
template <class Topic, class Addressed>
void for_each_row(const World& world, const Mailing& mailing, const Topic& topic, const Addressed& addressed) {
  const core::AudienceSet issued = mailing.issues.audiences();
  for (core::Audience audience : core::all_audiences) {
    if (!issued.contains(audience)) {
      continue;
    }
    for (core::Division division : mailing.divisions) {
      topic(audience, division, mailing.notice);
      if (mailing.photo != core::Parcel::notice) {
        topic(audience, division, mailing.photo);
      }
    }
  }
  const auto tell = [&](core::Ordinal to, core::Way way) {
    const core::Directory::Entry recipient = world.directory.at(to);
    if (issued.contains(recipient.audience)) {
      addressed(to, recipient, way);
    }
  };
  for (const core::Ordinal ordinal : mailing.addressed) {
    tell(ordinal, core::Way());
  }
  for (const Told& told : mailing.sent_by) {
    tell(told.recipient, told.way);
  }
}

}  // namespace

Mailing mailing_of(const World& world, const Content& content, const core::Targets& targets) {
  Mailing mailing;
  mailing.issues = content.issues;
  mailing.divisions = content.divisions;
  mailing.sent_by = listeners_by_gateway(world, targets);
  mailing.told_by = mailing.sent_by;
  mailing.addressed = targets.addressed - mailing.sent_by.everybody();
  mailing.expected = targets.expected;
  mailing.circle = content.circle;
  mailing.photo = content.photo ? core::Parcel::photo : core::Parcel::notice;
  mailing.expires_at = content.expires_at;
  return mailing;
}

Mailing recall_of(const CaseFile& file, const Issues& issues, core::Instant kept_until) {
  Mailing mailing;
  mailing.issues = issues;
  mailing.divisions = file.state.divisions;
  mailing.addressed = file.addressed;
  mailing.told_by = file.told_by;
  mailing.sent_by = mailing.told_by;
  mailing.expected = file.tally.expected();
  mailing.photo = core::Parcel::photo_clear;
  mailing.expires_at = kept_until;
  return mailing;
}

std::vector<core::Delivery> deliveries(const World& world, const core::CaseState& state, const Mailing& mailing,
                                       core::Instant now) {
  Rows rows(state, mailing, now);
  std::map<core::Division, Standing> standing = standings(world, mailing);
  const auto topic = [&](core::Audience audience, core::Division division, core::Parcel parcel) {
    rows.add(audience, division, standing[division], parcel);
  };
  const auto addressed = [&](core::Ordinal to, const core::Directory::Entry& recipient, core::Way way) {
    Standing own;
    own.add(core::urgency_rank(recipient.category), distance_of(recipient, mailing.circle));
    const core::Parcel parcel = mailing.withdrawn.contains(to) ? core::Parcel::notice_clear : mailing.notice;
    rows.add(recipient.audience, core::RecipientId(std::string(recipient.id)), own, parcel, way);
  };
  for_each_row(world, mailing, topic, addressed);
  return rows.take();
}

std::map<core::ChannelKind, std::uint64_t> rows_by_channel(const World& world, const Mailing& mailing) {
  std::map<core::ChannelKind, std::uint64_t> rows;
  const auto topic = [&rows](core::Audience, core::Division, core::Parcel) { ++rows[core::ChannelKind::mqtt]; };
  const auto addressed = [&rows](core::Ordinal, const core::Directory::Entry&, core::Way way) {
    ++rows[way.channel];
  };
  for_each_row(world, mailing, topic, addressed);
  return rows;
}

core::Delivery row_for(const World& world, const CaseFile& file, core::Ordinal listener, core::Instant now) {
  const core::Directory::Entry recipient = world.directory.at(listener);
  const core::CopyState& copy = file.state.copy(recipient.audience);
  core::Delivery row;
  row.alert_id = file.state.alert_id;
  row.version = copy.version;
  row.kind = copy.kind;
  row.status = file.state.status;
  row.audience = recipient.audience;
  row.target = core::RecipientId(std::string(recipient.id));
  row.urgency = core::urgency_key(row.status, row.kind, false, core::urgency_rank_max,
                                  0);  // after everybody who has not heard at all
  row.not_before = now;
  row.expires_at =
      copy.recall_revision != 0 ? copy.recalled_at + world.settings.recall_retention : file.state.expires_at;
  return row;
}

}  // namespace tuanyuan::engine
