#include "simulation/world/truth.hpp"

#include <algorithm>

namespace tuanyuan::simulation {
namespace {

constexpr std::size_t page_rows = 10'000;

std::optional<core::NoticeKind> decided_kind(const core::EntryBody& body) {
  if (std::holds_alternative<core::AlertReleased>(body)) {
    return core::NoticeKind::alert;
  }
  if (std::holds_alternative<core::AlertUpdated>(body) || std::holds_alternative<core::AlertStepped>(body)) {
    return core::NoticeKind::update;
  }
  if (std::holds_alternative<core::AlertClosed>(body)) {
    return core::NoticeKind::close;
  }
  if (std::holds_alternative<core::AlertRetracted>(body)) {
    return core::NoticeKind::retract;
  }
  return std::nullopt;
}

}  // namespace

const AlertTruth::Decided* AlertTruth::find(core::Version version) const {
  const auto found = std::find_if(versions.begin(), versions.end(),
                                  [version](const Decided& decided) { return decided.version == version; });
  return found == versions.end() ? nullptr : &*found;
}

void Truth::fold(const ports::RecordedEntry& recorded) {
  ++counts_[std::string(core::type_name(recorded.entry.body))];
  const bool of_a_case = std::holds_alternative<core::ReportSubmitted>(recorded.entry.body) ||
                         alerts_.contains(core::AlertId(recorded.entry.subject));
  if (!of_a_case) {
    return;
  }
  AlertTruth& alert = alerts_[core::AlertId(recorded.entry.subject)];
  alert.state = core::apply(std::move(alert.state), recorded.entry);
  if (const auto kind = decided_kind(recorded.entry.body)) {
    alert.versions.push_back({alert.state.version, *kind, recorded.sequence, clock_.steady_now()});
  }
}

void Truth::take(const ports::Commit& commit) {
  for (const ports::RecordedEntry& recorded : store_->journal(sequence_, {}, page_rows)) {
    fold(recorded);
    sequence_ = recorded.sequence;
  }
  for (const ports::ExpectedRecipients& more : commit.recipients_expected) {
    alerts_[more.alert_id].expected |= more.added;
  }
  for (const core::Delivery& row : commit.deliveries) {
    if (const auto* who = std::get_if<core::RecipientId>(&row.target)) {
      alerts_[row.alert_id].addressed.insert(*who);
    }
  }
}

const AlertTruth* Truth::find(const core::AlertId& id) const {
  const auto found = alerts_.find(id);
  return found == alerts_.end() ? nullptr : &found->second;
}

std::uint64_t Truth::count(std::string_view type) const {
  const auto found = counts_.find(type);
  return found == counts_.end() ? 0 : found->second;
}

bool Truth::has_answer(const core::AlertId& alert, std::uint32_t revision, core::Ordinal who,
                       core::AnswerKind kind) {
  const auto& all = store_->answers();
  for (; answers_seen_ < all.size(); ++answers_seen_) {
    const ports::AnswerRecord& row = all[answers_seen_];
    answers_.emplace(row.alert_id, row.revision, row.ordinal, row.kind);
  }
  return answers_.contains({alert, revision, who, kind});
}

core::Ordinal Truth::ordinal(const core::RecipientId& id) const {
  for (const ports::DirectoryEntry& entry : store_->directory()) {
    if (entry.recipient.id == id && !entry.deleted) {
      return entry.ordinal;
    }
  }
  return 0;
}

}  // namespace tuanyuan::simulation
