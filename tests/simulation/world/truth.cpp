#include "simulation/world/truth.hpp"

#include <algorithm>

namespace tuanyuan::simulation {
namespace {

constexpr std::size_t page_rows = 10'000;

}  // namespace

const AlertTruth::Decided* AlertTruth::find(core::Version version) const {
  const auto found = std::find_if(versions.begin(), versions.end(),
                                  [version](const Decided& decided) { return decided.version == version; });
  return found == versions.end() ? nullptr : &*found;
}

const AlertTruth::Decided* AlertTruth::find(core::Audience audience, core::Version version) const {
  const auto found = std::find_if(versions.begin(), versions.end(), [&](const Decided& decided) {
    return decided.audience == audience && decided.version == version;
  });
  return found == versions.end() ? nullptr : &*found;
}

ports::Clock::Steady AlertTruth::changed_at(core::Audience audience) const {
  ports::Clock::Steady latest{};
  for (const Decided& decided : versions) {
    latest = decided.audience == audience ? std::max(latest, decided.at) : latest;
  }
  return latest;
}

std::shared_ptr<const core::Notice> AlertTruth::notice(core::Audience audience) const {
  const auto found = notices.find({audience, state.copy(audience).version});
  return found == notices.end() ? nullptr : found->second;
}

void Truth::left(const core::AlertId& id, const std::shared_ptr<const core::Notice>& notice) {
  alerts_[id].notices.emplace(std::pair(notice->audience, notice->version), notice);
}

void Truth::fold(const ports::RecordedEntry& recorded) {
  ++counts_[std::string(core::type_name(recorded.entry.body))];
  const bool of_a_case = std::holds_alternative<core::ReportSubmitted>(recorded.entry.body) ||
                         alerts_.contains(core::AlertId(recorded.entry.subject));
  if (!of_a_case) {
    return;
  }
  AlertTruth& alert = alerts_[core::AlertId(recorded.entry.subject)];
  const core::CaseState before = alert.state;
  alert.state = core::apply(std::move(alert.state), recorded.entry);
  for (const core::Audience audience : core::all_audiences) {
    const core::CopyState& was = before.copy(audience);
    const core::CopyState& is = alert.state.copy(audience);
    if (was.issued != is.issued || was.version != is.version || was.kind != is.kind) {
      alert.versions.push_back(
          {audience, is.version, is.kind, recorded.sequence, clock_.steady_now(), alert.state.recalled()});
    }
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

void Truth::read_answers() {
  const auto& all = store_->answers();
  for (; answers_seen_ < all.size(); ++answers_seen_) {
    const ports::AnswerRecord& row = all[answers_seen_];
    answers_.emplace(AnswerKey{row.alert_id, row.revision, row.ordinal, row.kind}, row.reason);
  }
}

bool Truth::has_answer(const core::AlertId& alert, std::uint32_t revision, core::Ordinal who,
                       core::AnswerKind kind) {
  read_answers();
  return answers_.contains({alert, revision, who, kind});
}

core::UnableReason Truth::unable(const core::AlertId& alert, std::uint32_t revision, core::Ordinal who) {
  read_answers();
  const auto found = answers_.find({alert, revision, who, core::AnswerKind::unable});
  return found == answers_.end() ? core::UnableReason::none : found->second;
}

core::Ordinal Truth::ordinal(const core::RecipientId& id) const {
  for (const ports::DirectoryEntry& entry : store_->directory()) {
    if (entry.recipient.id == id) {
      return entry.ordinal;  // nobody comes back here
    }
  }
  return 0;
}

}  // namespace tuanyuan::simulation
