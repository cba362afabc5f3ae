#include "contract/ledger_fixture.hpp"

#include <set>

namespace tuanyuan::test {

core::Entry case_entry(const core::AlertId& alert, core::Instant time) {
  return {time, {"210102000000", "021533"}, alert.value, core::ReportRejected{}};
}

ports::Commit entries_only(const core::AlertId& alert, int count) {
  ports::Commit commit;
  commit.entries.assign(static_cast<std::size_t>(count), case_entry(alert));
  return commit;
}

core::Entry answers_entry(const core::AlertId& alert, core::Instant time) {
  return {time, core::system_actor(), "", core::AnswersRecorded{alert, {}}};
}

ports::AnswerRow answer(const core::AlertId& alert, core::Ordinal ordinal, core::AnswerKind kind,
                        core::Instant recorded_at) {
  ports::AnswerRow row;
  row.alert_id = alert;
  row.revision = 1;
  row.ordinal = ordinal;
  row.kind = kind;
  row.recorded_at = recorded_at;
  return row;
}

ports::Commit answers_only(std::vector<ports::AnswerRow> rows) {
  ports::Commit commit;
  std::set<core::AlertId> alerts;
  for (const ports::AnswerRow& row : rows) {
    if (alerts.insert(row.alert_id).second) {
      commit.entries.push_back(answers_entry(row.alert_id, row.recorded_at));
    }
  }
  commit.answers = std::move(rows);
  return commit;
}

core::Delivery delivery(const core::AlertId& alert, std::int64_t urgency, core::Version version) {
  core::Delivery row;
  row.alert_id = alert;
  row.version = version;
  row.target = core::RecipientId("station-1");
  row.urgency = urgency;
  row.not_before = noon;
  row.expires_at = noon + std::chrono::hours(24);
  return row;
}

ports::Commit deliveries_only(std::vector<core::Delivery> rows) {
  ports::Commit commit;
  commit.deliveries = std::move(rows);
  return commit;
}

core::Recipient recipient(const std::string& id) {
  core::Recipient made;
  made.id = core::RecipientId(id);
  made.name = "Coach station";
  made.category = core::Category::bus_station;
  made.position = core::Position{41.8, 123.4};
  return made;
}

ports::Commit recipients_only(std::vector<ports::RecipientChange> changes) {
  ports::Commit commit;
  commit.recipients = std::move(changes);
  return commit;
}

}  // namespace tuanyuan::test
