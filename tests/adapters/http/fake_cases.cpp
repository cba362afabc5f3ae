#include "core/report_validation.hpp"
#include "fake_desks.hpp"
#include "tuanyuan/v1/notice.pb.h"

namespace tuanyuan::http::test {
namespace {

std::shared_ptr<const core::SignedCopy> signed_copy() {
  v1::Notice notice;
  notice.set_alert_id(alert_id);
  notice.set_revision(1);
  notice.set_kind(v1::Notice::ALERT);
  notice.set_status(v1::Notice::EXERCISE);
  notice.set_audience(v1::Recipient::PARTNER);
  notice.mutable_issued_at()->set_seconds(1'700'000'000);
  notice.mutable_expires_at()->set_seconds(1'700'090'000);
  v1::Text& text = *notice.add_texts();
  text.set_language("zh-CN");
  text.set_headline("【演练】寻找走失儿童");
  v1::SignedNotice envelope;
  envelope.set_notice(notice.SerializeAsString());
  auto copy = std::make_shared<core::SignedCopy>();
  copy->protobuf = envelope.SerializeAsString();
  return copy;
}

}  // namespace

core::Report sample_report() {
  core::Report report;
  report.incident_number = "210102-20261102-0001";
  report.reporting_unit = unit;
  report.exercise = true;
  report.child.name = "演练儿童";
  report.child.age_years = 6;
  report.child.clothing = "红色外套";
  report.last_seen.time = now - std::chrono::hours(2);
  report.last_seen.division = core::Division{210102};
  report.contact.phone = "110";
  return report;
}

ports::ReportView FakeCases::report_view() const {
  ports::ReportView view;
  view.id = core::ReportId(report_id);
  view.state = report_state;
  view.alert_id = core::AlertId(alert_id);
  view.report = in_force;
  view.submitted_at = now;
  view.submitted_by.unit = unit;
  view.submitted_by.officer = "021533";
  return view;
}

ports::AlertView FakeCases::alert_view() const {
  ports::AlertView view;
  view.id = core::AlertId(alert_id);
  view.report_id = core::ReportId(report_id);
  view.version.revision = 1;
  view.state = alert_state;
  view.circle = core::Circle{{41.8, 123.4}, 100, false};
  view.released_at = now;
  view.notice = signed_copy();
  view.display_until = now + std::chrono::hours(24);
  view.lead_officer = "李警官 021533";
  view.duplicates = {core::ReportId(report_id)};
  return view;
}

core::Result<void> FakeCases::decide(bool known, bool in_time, const ports::Idempotency& given) const {
  if (!known) {
    return core::Refusal(core::Errc::not_found);
  }
  if (!may_decide) {
    return core::Refusal(core::Errc::forbidden);
  }
  const auto used = keys.find(given.key);
  if (used != keys.end() && used->second != given.body_digest) {
    return core::Refusal(core::Errc::idempotency_reused);
  }
  if (!in_time) {
    return core::Refusal(core::Errc::conflict);
  }
  return {};
}

core::Result<void> FakeCases::decide_on(const core::AlertId& id, const ports::Idempotency& given) const {
  return decide(id.value == alert_id, alert_state == core::AlertState::active, given);
}

core::Result<void> FakeCases::decide_on(const core::ReportId& id, const ports::Idempotency& given) const {
  return decide(id.value == report_id, report_state == core::ReportState::submitted, given);
}

Answer<ports::ReportView> FakeCases::submit(core::Caller, core::ReportDraft draft, ports::Idempotency given) {
  once = given;
  if (!once.key.empty()) {
    const auto [known, is_new] = keys.emplace(once.key, once.body_digest);
    if (!is_new && known->second != once.body_digest) {
      co_return core::Refusal(core::Errc::idempotency_reused);
    }
  }
  core::Result<core::Report> report = core::validate(std::move(draft), now);
  if (!report) {
    keys.erase(once.key);
    co_return report.error();
  }
  changes.emplace_back("submit");
  in_force = std::move(*report);
  co_return report_view();
}

Answer<ports::ReportView> FakeCases::report(core::Caller, core::ReportId id) {
  if (id.value != report_id) {
    co_return core::Refusal(core::Errc::not_found);
  }
  co_return report_view();
}

Answer<ports::Listed<ports::ReportView>> FakeCases::reports(core::Caller, ports::ReportFilter narrowed,
                                                            ports::Page asked) {
  report_filter = std::move(narrowed);
  page = asked;
  ports::Listed<ports::ReportView> list;
  list.items.push_back(report_view());
  list.next_token = next_token;
  co_return list;
}

Answer<ports::PreviewView> FakeCases::preview(core::Caller, core::ReportId id, ports::ReleaseOptions given) {
  if (id.value != report_id) {
    co_return core::Refusal(core::Errc::not_found);
  }
  options = std::move(given);
  ports::PreviewView view;
  view.circle = core::Circle{{41.8, 123.4}, 100, false};
  view.divisions = {core::Division{210102}};
  view.expected = 2;
  view.by_category = {{"hospital", 2}};
  ports::UnreachableRecipient unreachable;
  unreachable.id = core::RecipientId("hospital-1");
  unreachable.reason = "offline";
  view.unreachable.push_back(std::move(unreachable));
  view.unreachable_total = 1;
  view.missing = {"child.photo"};
  core::Notice copy;
  copy.alert_id = core::AlertId(alert_id);
  view.copies.push_back(std::move(copy));
  view.preview_token = "token";
  co_return view;
}

Answer<ports::AlertView> FakeCases::release(core::Caller, core::ReportId id, ports::ReleaseOptions given,
                                            ports::Idempotency key) {
  once = std::move(key);
  if (auto may = decide_on(id, once); !may) {
    co_return may.error();
  }
  options = std::move(given);
  changes.emplace_back("release");
  co_return alert_view();
}

Answer<ports::ReportView> FakeCases::reject(core::Caller, core::ReportId id, std::string why,
                                            ports::Idempotency key) {
  if (auto may = decide_on(id, key); !may) {
    co_return may.error();
  }
  if (why.empty()) {
    co_return core::Refusal(core::Errc::invalid);
  }
  reason = std::move(why);
  changes.emplace_back("reject");
  co_return report_view();
}

Answer<ports::AlertView> FakeCases::alert(core::Caller, core::AlertId id) {
  if (during_read) {
    during_read();
  }
  if (id.value != alert_id) {
    co_return core::Refusal(core::Errc::not_found);
  }
  co_return alert_view();
}

Answer<ports::Listed<ports::AlertView>> FakeCases::alerts(core::Caller, ports::AlertFilter narrowed,
                                                          ports::Page asked) {
  filter = std::move(narrowed);
  page = asked;
  ports::Listed<ports::AlertView> list;
  list.items.push_back(alert_view());
  co_return list;
}

Answer<core::Photo> FakeCases::photo(core::Caller, core::AlertId id) {
  if (id.value != alert_id) {
    co_return core::Refusal(core::Errc::not_found);
  }
  core::Photo photo;
  photo.media_type = "image/png";
  photo.data = std::string("\x89PNG\0\xff", 6);
  co_return photo;
}

Answer<ports::AlertView> FakeCases::update(core::Caller, core::AlertId id, ports::UpdateOptions given,
                                           ports::Idempotency key) {
  if (auto may = decide_on(id, key); !may) {
    co_return may.error();
  }
  if (given.expected_revision != 0 && given.expected_revision != revision) {
    std::vector<core::FieldError> fields;
    fields.emplace_back("expectedRevision", core::Text("另一版", "another one"));
    core::Refusal refusal(core::Errc::stale_revision);
    refusal.fields = std::move(fields);
    co_return std::move(refusal);
  }
  core::Result<core::Report> merged = given.merge(in_force, now);
  if (!merged) {
    co_return merged.error();
  }
  in_force = std::move(*merged);
  updating = std::move(given);
  changes.emplace_back("update");
  co_return alert_view();
}

Answer<ports::AlertView> FakeCases::close(core::Caller, core::AlertId id, ports::CloseOptions given,
                                          ports::Idempotency) {
  if (auto may = decide_on(id, {}); !may) {
    co_return may.error();
  }
  closing = std::move(given);
  changes.emplace_back("close");
  co_return alert_view();
}

Answer<ports::AlertView> FakeCases::retract(core::Caller, core::AlertId id, std::string why, ports::Idempotency) {
  if (auto may = decide_on(id, {}); !may) {
    co_return may.error();
  }
  reason = std::move(why);
  changes.emplace_back("retract");
  co_return alert_view();
}

Answer<ports::AlertView> FakeCases::circle(core::Caller, core::AlertId id, ports::CircleOptions wanted,
                                           ports::Idempotency) {
  if (auto may = decide_on(id, {}); !may) {
    co_return may.error();
  }
  drawing = std::move(wanted);
  changes.emplace_back("circle");
  co_return alert_view();
}

Answer<ports::AlertView> FakeCases::suspend(core::Caller, core::AlertId id, ports::SuspendOptions wanted,
                                            ports::Idempotency) {
  if (auto may = decide_on(id, {}); !may) {
    co_return may.error();
  }
  suspending = std::move(wanted);
  changes.emplace_back("suspend");
  co_return alert_view();
}

Answer<ports::AlertView> FakeCases::resume(core::Caller, core::AlertId id, ports::SuspendOptions wanted,
                                           ports::Idempotency) {
  if (auto may = decide_on(id, {}); !may) {
    co_return may.error();
  }
  suspending = std::move(wanted);
  changes.emplace_back("resume");
  co_return alert_view();
}

Answer<core::Board> FakeCases::board(core::Caller, core::AlertId id) {
  if (id.value != alert_id) {
    co_return core::Refusal(core::Errc::not_found);
  }
  core::Board board;
  board.alert_id = std::move(id);
  board.total.expected = 3;
  board.total.counts[0] = 2;
  board.by_category["hospital"] = board.total;
  core::SilentRecipient silent;
  silent.recipient_id = core::RecipientId("hospital-1");
  silent.tried = {core::ChannelKind::mqtt};
  silent.next_step = "await";
  silent.due_at = now;
  board.silent.push_back(std::move(silent));
  board.silent_total = 1;
  co_return board;
}

}  // namespace tuanyuan::http::test
