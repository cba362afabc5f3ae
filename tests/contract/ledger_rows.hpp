#pragma once

#include <chrono>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ports/ledger.hpp"

// What tests of ledgers commit, each in its simplest form.
namespace tuanyuan::test {

inline const core::Instant noon = core::from_epoch_ms(1'785'000'000'000);

inline core::AlertId alert_id(int number) {
  return core::AlertId("0198a000-0000-7000-8000-00000000000" + std::to_string(number));
}

/// An entry of the case with that alert, of the simplest kind.
inline core::Entry case_entry(const core::AlertId& alert, core::Instant time = noon) {
  return {time, {"210102000000", "021533"}, alert.value, core::ReportRejected{}};
}

/// A commit of nothing but `count` such entries.
inline ports::Commit entries_only(const core::AlertId& alert, int count = 1) {
  ports::Commit commit;
  commit.entries.assign(static_cast<std::size_t>(count), case_entry(alert));
  return commit;
}

/// The daemon's entry for a batch of answers to that alert.
inline core::Entry answers_entry(const core::AlertId& alert, core::Instant time = noon) {
  return {time, core::system_actor(), "", core::AnswersRecorded{alert, {}}};
}

inline ports::AnswerRow answer(const core::AlertId& alert, core::Ordinal ordinal,
                               core::AnswerKind kind = core::AnswerKind::received,
                               core::Instant recorded_at = noon) {
  ports::AnswerRow row;
  row.alert_id = alert;
  row.revision = 1;
  row.ordinal = ordinal;
  row.kind = kind;
  row.recorded_at = recorded_at;
  return row;
}

/// A commit of these answers with one entry for each of their alerts.
inline ports::Commit answers_only(std::vector<ports::AnswerRow> rows) {
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

inline core::Delivery delivery(const core::AlertId& alert, std::int64_t urgency, core::Version version = {1, 0}) {
  core::Delivery row;
  row.alert_id = alert;
  row.version = version;
  row.target = core::RecipientId("station-1");
  row.urgency = urgency;
  row.not_before = noon;
  row.expires_at = noon + std::chrono::hours(24);
  return row;
}

inline ports::Commit deliveries_only(std::vector<core::Delivery> rows) {
  ports::Commit commit;
  commit.deliveries = std::move(rows);
  return commit;
}

inline core::Recipient recipient(const std::string& id) {
  core::Recipient made;
  made.id = core::RecipientId(id);
  made.name = "Coach station";
  made.category = core::Category::bus_station;
  made.position = core::Position{41.8, 123.4};
  return made;
}

inline ports::Commit recipients_only(std::vector<ports::RecipientChange> changes) {
  ports::Commit commit;
  commit.recipients = std::move(changes);
  return commit;
}

}  // namespace tuanyuan::test
