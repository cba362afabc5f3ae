#include "adapters/wire/view_codec.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "adapters/wire/json.hpp"
#include "adapters/wire/times.hpp"

namespace tuanyuan::wire {
namespace {

const core::Instant noon = core::from_epoch_ms(1'790'000'000'000);

template <class T>
std::vector<std::string> paths(const core::Result<T>& result) {
  std::vector<std::string> found;
  if (!result) {
    for (const core::FieldError& field : result.error().fields) {
      found.push_back(field.path);
    }
  }
  return found;
}

core::Report report() {
  core::Report made;
  made.incident_number = "1";
  made.reporting_unit = "210102000000";
  made.exercise = true;
  made.child.age_years = 6;
  made.child.name = "演练儿童";
  made.child.clothing = "红色外套";
  made.last_seen.time = noon - std::chrono::hours(1);
  made.last_seen.division = core::Division{210102};
  made.photo = core::Photo{"image/png", "bytes"};
  made.contact.phone = "110";
  return made;
}

TEST(ReportViews, AsAMessageThenEveryField) {
  ports::ReportView view;
  view.id = core::ReportId("r");
  view.state = core::ReportState::rejected;
  view.alert_id = core::AlertId("a");
  view.report = report();
  view.submitted_at = noon;
  view.submitted_by = core::Actor{"210102000000", "021533"};
  view.duplicates = {core::ReportId("d")};
  view.unit_decides = true;
  view.revision = 3;
  const v1::ReportAnswer message = to_proto(view);
  EXPECT_EQ(message.id(), "r");
  EXPECT_EQ(message.state(), v1::ReportAnswer::REJECTED);
  EXPECT_EQ(message.alert_id(), "a");
  EXPECT_EQ(message.report().child().name(), "演练儿童");
  EXPECT_EQ(from_proto(message.submitted_at()), noon);
  EXPECT_EQ(message.submitted_by(), "210102000000/021533");
  EXPECT_EQ(message.duplicates(0), "d");
  EXPECT_TRUE(message.unit_decides());
  EXPECT_EQ(message.revision(), 3U);
}

TEST(AlertViews, OfEachStateThenItsName) {
  const std::pair<core::AlertState, v1::AlertAnswer::State> rows[] = {
      {core::AlertState::lookout, v1::AlertAnswer::LOOKOUT},
      {core::AlertState::active, v1::AlertAnswer::ACTIVE},
      {core::AlertState::suspended, v1::AlertAnswer::SUSPENDED},
      {core::AlertState::closed, v1::AlertAnswer::CLOSED},
      {core::AlertState::retracted, v1::AlertAnswer::RETRACTED},
  };
  for (const auto& [state, name] : rows) {
    ports::AlertView view;
    view.state = state;
    EXPECT_EQ(to_proto(view).state(), name);
  }
}

TEST(AlertViews, WithoutOutcomeCircleOrReportThenAbsent) {
  const v1::AlertAnswer message = to_proto(ports::AlertView());
  EXPECT_FALSE(message.has_outcome());
  EXPECT_FALSE(message.has_cause());
  EXPECT_FALSE(message.has_circle());
  EXPECT_FALSE(message.has_report_id());
  EXPECT_FALSE(message.has_released_at());
  EXPECT_FALSE(message.has_notice());
  EXPECT_FALSE(message.has_circle_held());
  EXPECT_FALSE(message.has_unit_decides());
  EXPECT_EQ(message.audiences_size() + message.suspended_size(), 0);
}

TEST(AlertViews, OfAnOfficerThenWhoWasToldAndWhoHasItNoMore) {
  ports::AlertView view;
  view.audiences = {core::Audience::police, core::Audience::public_};
  view.suspended = {core::Audience::public_};
  view.circle_held = false;
  view.unit_decides = false;
  const v1::AlertAnswer message = to_proto(view);
  ASSERT_EQ(message.audiences_size(), 2);
  EXPECT_EQ(message.audiences(0), v1::Recipient::POLICE);
  EXPECT_EQ(message.audiences(1), v1::Recipient::PUBLIC);
  ASSERT_EQ(message.suspended_size(), 1);
  EXPECT_EQ(message.suspended(0), v1::Recipient::PUBLIC);
  EXPECT_TRUE(message.has_circle_held());
  EXPECT_TRUE(message.has_unit_decides());
}

TEST(AlertViews, WithACopyThenTheNoticeInsideIt) {
  v1::Notice notice;
  notice.set_alert_id("a");
  v1::SignedNotice envelope;
  envelope.set_notice(notice.SerializeAsString());
  core::SignedCopy copy;
  copy.protobuf = envelope.SerializeAsString();
  ports::AlertView view;
  view.outcome = core::Outcome::found_deceased;
  view.cause = core::Cause::unknown;
  view.notice = std::make_shared<const core::SignedCopy>(copy);
  const v1::AlertAnswer message = to_proto(view);
  EXPECT_EQ(message.notice().alert_id(), "a");
  EXPECT_EQ(message.outcome(), v1::AlertAnswer::FOUND_DECEASED);
  EXPECT_EQ(message.cause(), v1::AlertAnswer::UNKNOWN);
  copy.protobuf = "\xff";
  view.notice = std::make_shared<const core::SignedCopy>(copy);
  EXPECT_THROW(to_proto(view), std::logic_error);
}

TEST(Boards, AsAMessageThenEveryKindIsCounted) {
  core::Board board;
  board.total.expected = 5;
  board.total.counts[static_cast<std::size_t>(core::AnswerKind::removed)] = 4;
  board.by_ring["100"].expected = 5;
  board.unexpected = 1;
  const v1::Board message = to_proto(board);
  EXPECT_EQ(message.expected(), 5U);
  EXPECT_EQ(message.counts().size(), core::answer_kind_count);
  EXPECT_EQ(message.counts().at("REMOVED"), 4U);
  EXPECT_EQ(message.counts().at("RECEIVED"), 0U);
  EXPECT_EQ(message.by_ring().at("100").expected(), 5U);
  EXPECT_EQ(message.by_ring().at("100").counts().size(), core::answer_kind_count);
}

TEST(Boards, OfASilentRecipientThenWhichAnswerIsMissingAndWhyItIsUnable) {
  core::Board board;
  core::SilentRecipient row;
  row.awaited = core::AnswerKind::confirmed;
  board.silent = {row, row};
  board.silent[1].reason = core::UnableReason::off_air;
  board.silent[1].unit_vouches = true;
  const v1::Board message = to_proto(board);
  EXPECT_EQ(message.silent(0).awaited(), v1::Acknowledgement::CONFIRMED);
  EXPECT_FALSE(message.silent(0).has_reason());
  EXPECT_EQ(message.silent(1).reason(), v1::Acknowledgement::OFF_AIR);
  EXPECT_FALSE(message.silent(0).unit_vouches());
  EXPECT_TRUE(message.silent(1).unit_vouches());
}

// The desk takes what is not there for allowed, because a refusal is better than an order that is not offered.
TEST(Json, WhatAUnitMayNotThenSaidAndNotLeftOut) {
  ports::AlertView alert;
  alert.state = core::AlertState::active;
  alert.unit_decides = false;
  core::Board board;
  board.silent.emplace_back();
  const std::pair<std::string, const char*> rows[] = {
      {encode_json(to_proto(ports::ReportView())), "\"unitDecides\":false"},
      {encode_json(to_proto(alert)), "\"unitDecides\":false"},
      {encode_json(to_proto(board)), "\"unitVouches\":false"},
  };
  for (const auto& [json, says] : rows) {
    EXPECT_NE(json.find(says), std::string::npos) << json;
  }
}

ports::JournalLine line(std::string type, std::string subject, core::Detail detail) {
  ports::JournalLine made;
  made.sequence = 7;
  made.time = noon;
  made.type = std::move(type);
  made.subject = std::move(subject);
  made.detail = std::move(detail);
  return made;
}

TEST(Events, OfEachTypeThenWhatTheyAreAbout) {
  const v1::Event submitted = to_event(line("report.submitted", "a", {{"reportId", "r"}, {"alertId", "a"}}));
  EXPECT_EQ(submitted.sequence(), 7U);
  EXPECT_EQ(submitted.report_id(), "r");
  EXPECT_EQ(submitted.alert_id(), "a");
  EXPECT_FALSE(submitted.has_revision());
  const v1::Event released = to_event(line("alert.released", "a", {}));
  EXPECT_EQ(released.alert_id(), "a");
  EXPECT_EQ(released.revision(), 1U);
  const v1::Event stepped = to_event(line("alert.stepped", "a", {{"revision", "2"}, {"step", "3"}}));
  EXPECT_EQ(stepped.revision(), 2U);
  EXPECT_EQ(stepped.step(), 3U);
  const v1::Event answers =
      to_event(line("acknowledgement", "a/answers", {{"alertId", "a"}, {"counts", "CONFIRMED=1,RECEIVED=2"}}));
  EXPECT_EQ(answers.alert_id(), "a");
  EXPECT_EQ(answers.counts().size(), 2U);
  EXPECT_EQ(answers.counts().at("RECEIVED"), 2U);
  EXPECT_EQ(answers.counts().at("CONFIRMED"), 1U);
  const v1::Event assessed = to_event(line("sighting.assessed", "a/sightings",
                                           {{"alertId", "a"}, {"sightingId", "s"}, {"assessment", "CREDIBLE"}}));
  EXPECT_EQ(assessed.sighting().sighting_id(), "s");
  EXPECT_EQ(assessed.sighting().assessment(), v1::SightingRecord::CREDIBLE);
  const v1::Event chased = to_event(line("silent", "a/chase",
                                         {{"alertId", "a"},
                                          {"revision", "2"},
                                          {"awaited", "CONFIRMED"},
                                          {"step", "late"},
                                          {"count", "2"},
                                          {"told", "0"},
                                          {"recipients", "r1,r2"}}));
  EXPECT_EQ(chased.alert_id(), "a");
  EXPECT_EQ(chased.revision(), 2U);
  EXPECT_EQ(chased.chase().awaited(), v1::Acknowledgement::CONFIRMED);
  EXPECT_EQ(chased.chase().step(), "late");
  EXPECT_EQ(chased.chase().count(), 2U);
  EXPECT_EQ(chased.chase().told(), 0U);
  EXPECT_EQ(chased.chase().recipient_ids().size(), 2);
  EXPECT_FALSE(to_event(line("recipient.put", "station", {{"recipientId", "station"}})).has_alert_id());
}

TEST(JournalLines, KeptApartBelowAnAlertThenStillItsOwn) {
  EXPECT_EQ(to_proto(line("acknowledgement", "a/answers", {})).subject(), "a");
  EXPECT_EQ(to_proto(line("alert.closed", "a", {})).subject(), "a");
}

TEST(ReleaseRequests, EmptyThenAsConfigured) {
  const auto options = from_proto(v1::ReleaseRequest());
  ASSERT_TRUE(options);
  EXPECT_FALSE(options->audiences || options->radius_km || options->status || options->duplicates_reviewed);
}

TEST(ReleaseRequests, WithAudiencesThenPoliceIsAlwaysAmongThem) {
  v1::ReleaseRequest request;
  request.add_audiences(v1::Recipient::PUBLIC);
  EXPECT_EQ(from_proto(request)->audiences, (core::AudienceSet{core::Audience::police, core::Audience::public_}));
}

TEST(PreviewRequests, AskWhatAReleaseWithTheSameFieldsWouldDo) {
  v1::PreviewRequest request;
  request.set_radius_km(150);
  request.set_plate_open(true);
  const auto options = from_proto(request);
  ASSERT_TRUE(options);
  EXPECT_EQ(options->radius_km, 150);
  EXPECT_TRUE(options->plate_open);
}

TEST(ReleaseRequests, WithWhatIsNoneThenEveryPath) {
  v1::ReleaseRequest request;
  request.add_audiences(v1::Recipient::AUDIENCE_UNSPECIFIED);
  request.set_radius_km(std::numeric_limits<double>::quiet_NaN());
  request.set_status(v1::Notice::STATUS_UNSPECIFIED);
  request.set_break_glass(true);
  EXPECT_EQ(paths(from_proto(request)),
            (std::vector<std::string>{"audiences[0]", "radiusKm", "status", "reason"}));
}

TEST(Reasons, WhereTheyAreAllThatIsSaidThenRequired) {
  EXPECT_EQ(paths(from_proto(v1::RejectRequest())), std::vector<std::string>{"reason"});
  EXPECT_EQ(paths(from_proto(v1::RetractRequest())), std::vector<std::string>{"reason"});
  v1::RetractRequest request;
  request.set_reason("误发");
  EXPECT_EQ(from_proto(request).value(), "误发");
  request.set_reason("11010519491231002X");
  EXPECT_EQ(paths(from_proto(request)), std::vector<std::string>{"reason"});
}

TEST(CloseRequests, OfUnknownNumbersThenRefused) {
  v1::CloseRequest request;
  request.set_outcome(static_cast<v1::AlertAnswer::Outcome>(99));
  request.set_cause(static_cast<v1::AlertAnswer::Cause>(-1));
  EXPECT_EQ(paths(from_proto(request)), (std::vector<std::string>{"outcome", "cause"}));
}

TEST(UpdateRequests, MergedThenTheMaskDecides) {
  v1::UpdateRequest request;
  request.mutable_report()->mutable_child()->set_clothing("蓝色外套");
  request.mutable_report()->mutable_child()->set_name("不在掩码中");
  for (const char* path : {"child.clothing", "child.photo", "last_seen.place"}) {
    request.mutable_update_mask()->add_paths(path);
  }
  const auto options = from_proto(request);
  ASSERT_TRUE(options);
  EXPECT_EQ(options->fields, (std::vector<std::string>{"child.clothing", "child.photo", "lastSeen.place"}));
  const core::Result<core::Report> merged = options->merge(report(), noon);
  ASSERT_TRUE(merged);
  EXPECT_EQ(merged->child.clothing, "蓝色外套");
  EXPECT_EQ(merged->child.name, "演练儿童");
  EXPECT_TRUE(merged->photo.empty());
}

TEST(UpdateRequests, ThatNameARevisionThenItIsExpected) {
  const std::pair<const char*, std::uint32_t> rows[] = {
      {R"({"updateMask":"child.marks"})", 0},
      {R"({"updateMask":"child.marks","expectedRevision":0})", 0},
      {R"({"updateMask":"child.marks","expectedRevision":3})", 3},
  };
  for (const auto& [json, expected] : rows) {
    v1::UpdateRequest request;
    ASSERT_TRUE(decode_json(json, request)) << json;
    const auto options = from_proto(request);
    ASSERT_TRUE(options) << json;
    EXPECT_EQ(options->expected_revision, expected) << json;
  }
}

TEST(UpdateRequests, OfAWholeMessageThenReplacedNotMixed) {
  v1::UpdateRequest request;
  request.mutable_report()->mutable_child()->set_age_years(7);
  request.mutable_update_mask()->add_paths("child");
  const core::Result<core::Report> merged = from_proto(request)->merge(report(), noon);
  ASSERT_TRUE(merged);
  EXPECT_EQ(merged->child.age_years, 7U);
  EXPECT_EQ(merged->child.name, "");
  EXPECT_EQ(merged->child.clothing, "");
}

TEST(UpdateRequests, ThatClearWhatAReportMustHaveThenRefusedByTheRules) {
  v1::UpdateRequest request;
  request.mutable_update_mask()->add_paths("contact.phone");
  EXPECT_EQ(paths(from_proto(request)->merge(report(), noon)), std::vector<std::string>{"contact.phone"});
}

TEST(UpdateRequests, WithABadMaskThenRefused) {
  for (const char* path :
       {"", "child.shoe_size", "childClothing", "exercise", ".exercise", "exercise.", "child..name"}) {
    v1::UpdateRequest request;
    request.mutable_update_mask()->add_paths(path);
    EXPECT_EQ(paths(from_proto(request)), std::vector<std::string>{"updateMask"}) << path;
  }
  EXPECT_EQ(paths(from_proto(v1::UpdateRequest())), std::vector<std::string>{"updateMask"});
}

}  // namespace
}  // namespace tuanyuan::wire
