#include <gmock/gmock.h>

#include "engine/fixture.hpp"

namespace tuanyuan::engine {
namespace {

using core::AnswerKind;
using core::Errc;
using ::testing::Contains;
using ::testing::Not;
using ::testing::SizeIs;

std::vector<std::string> targets(const std::vector<core::Delivery>& deliveries, core::Audience audience) {
  std::vector<std::string> named;
  for (const core::Delivery& delivery : deliveries) {
    if (delivery.audience != audience) {
      continue;
    }
    if (const auto* division = std::get_if<core::Division>(&delivery.target)) {
      named.push_back(core::to_string(*division));
    } else {
      named.push_back(std::get<core::RecipientId>(delivery.target).value);
    }
  }
  std::sort(named.begin(), named.end());
  return named;
}

TEST_F(EngineTest, ReportIsNotPublishedBeforeItsRelease) {
  ASSERT_TRUE(submit());
  run_for(std::chrono::minutes(1));
  EXPECT_THAT(channel.sent, SizeIs(0));
}

TEST_F(EngineTest, ReportsAreListedByTheirStateAndPagesFollow) {
  std::vector<core::ReportId> taken;
  for (int count = 0; count < 4; ++count) {
    run_for(std::chrono::seconds(1));
    taken.push_back(submit()->id);
  }
  ASSERT_TRUE(run(engine->cases().reject(releaser, taken[0], "误报", {})));
  ASSERT_TRUE(run(engine->cases().reject(releaser, taken[2], "误报", {})));
  ports::ReleaseOptions options;
  options.duplicates_reviewed = {taken[1]};
  ASSERT_TRUE(run(engine->cases().release(releaser, taken[3], options, {})));
  const auto listed = [&](std::vector<core::ReportState> states, ports::Page page) {
    ports::ReportFilter filter;
    filter.states = std::move(states);
    return *run(engine->cases().reports(releaser, std::move(filter), std::move(page)));
  };
  const auto ids = [](const ports::Listed<ports::ReportView>& list) {
    std::vector<core::ReportId> found;
    for (const ports::ReportView& each : list.items) {
      found.push_back(each.id);
    }
    return found;
  };
  using enum core::ReportState;
  EXPECT_EQ(ids(listed({}, {})), taken);
  EXPECT_EQ(ids(listed({submitted}, {})), std::vector{taken[1]});
  EXPECT_EQ(ids(listed({submitted, released}, {})), (std::vector{taken[1], taken[3]}));
  const auto first = listed({rejected}, {1, ""});
  EXPECT_EQ(ids(first), std::vector{taken[0]});
  const auto second = listed({rejected}, {1, first.next_token});
  EXPECT_EQ(ids(second), std::vector{taken[2]});
  EXPECT_EQ(second.next_token, "");
}

TEST_F(EngineTest, ReleaseSendsOneNoticeForEachTopicAndAddressee) {
  released();
  run_for(std::chrono::seconds(5));
  const auto notices = channel.of(core::Parcel::notice);
  EXPECT_EQ(targets(notices, core::Audience::partner), (std::vector<std::string>{"210102", "210103", "province"}));
  EXPECT_EQ(targets(notices, core::Audience::police), (std::vector<std::string>{"210102", "210103"}));
  EXPECT_EQ(targets(notices, core::Audience::public_), std::vector<std::string>()) << "an exercise";
  EXPECT_THAT(channel.of(core::Parcel::photo), SizeIs(4));
}

TEST_F(EngineTest, NoticesGoBeforePhotos) {
  released();
  run_for(std::chrono::seconds(5));
  ASSERT_FALSE(channel.sent.empty());
  bool photo_seen = false;
  for (const ports::Dispatch& dispatch : channel.sent) {
    photo_seen = photo_seen || dispatch.delivery.parcel == core::Parcel::photo;
    EXPECT_FALSE(photo_seen && dispatch.delivery.parcel == core::Parcel::notice);
  }
}

TEST_F(EngineTest, SentOnceIsNotSentAgainAfterARestart) {
  released();
  run_for(std::chrono::seconds(5));
  const std::size_t sent = channel.sent.size();
  restart();
  run_for(std::chrono::minutes(5));
  EXPECT_EQ(channel.sent.size(), sent);
}

TEST_F(EngineTest, CommittedReleaseIsSentAfterACrashBeforeSending) {
  channel.up = false;
  released();
  restart();
  channel.up = true;
  run_for(std::chrono::seconds(5));
  EXPECT_THAT(channel.of(core::Parcel::notice), SizeIs(5));
}

TEST_F(EngineTest, UnknownOutcomeIsRepeatedUnderTheSameIdentity) {
  channel.answers = core::DeliveryOutcome::unknown;
  released();
  run_for(std::chrono::milliseconds(100));
  channel.answers = core::DeliveryOutcome::accepted;
  const std::size_t first = channel.sent.size();
  run_for(std::chrono::minutes(3));
  EXPECT_EQ(channel.sent.size(), 2 * first);
  for (std::size_t index = 0; index < first; ++index) {
    EXPECT_TRUE(std::any_of(channel.sent.begin() + static_cast<std::ptrdiff_t>(first), channel.sent.end(),
                            [&](const ports::Dispatch& again) {
                              return again.delivery.id == channel.sent[index].delivery.id &&
                                     again.delivery.maybe_sent;
                            }));
  }
}

TEST_F(EngineTest, WallClockIsSetBackThenRetriesAreNotPutOff) {
  channel.answers = core::DeliveryOutcome::retry;
  released();
  run_for(std::chrono::seconds(10));
  clock.step_wall(-std::chrono::hours(1));
  channel.answers = core::DeliveryOutcome::accepted;
  channel.sent.clear();
  run_for(std::chrono::seconds(60));
  EXPECT_EQ(targets(channel.of(core::Parcel::notice), core::Audience::police).size(), 2U);
}

TEST_F(EngineTest, RepeatedReleaseWithTheSameKeyIsAnsweredTheSame) {
  const auto report = submit("report-key");
  EXPECT_EQ(submit("report-key")->id, report->id);
  const auto first = release(report->id, "release-key");
  ASSERT_TRUE(first);
  ASSERT_TRUE(run(engine->cases().close(releaser, first->id, found(), ports::Idempotency())));
  const auto again = release(report->id, "release-key");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->state, core::AlertState::active) << "as it was answered then";
  EXPECT_EQ(again->version, (core::Version{1, 0}));
  EXPECT_EQ(release(report->id).error().code, Errc::conflict);
}

TEST_F(EngineTest, SameKeyWithAnotherBodyIsRefused) {
  const auto report = submit("key");
  ASSERT_TRUE(report);
  core::ReportDraft draft;
  const auto other = run(engine->cases().submit(submitter, draft, ports::Idempotency("key", "other body")));
  EXPECT_EQ(other.error().code, Errc::idempotency_reused);
}

TEST_F(EngineTest, SecondReportOfTheSameChildHasToBeReviewed) {
  const auto first = submit();
  const auto second = submit();
  EXPECT_THAT(second->duplicates, Contains(first->id));
  EXPECT_EQ(release(second->id).error().code, Errc::duplicate_report);
  ports::ReleaseOptions reviewed;
  reviewed.duplicates_reviewed = {first->id};
  EXPECT_TRUE(run(engine->cases().release(releaser, second->id, reviewed, ports::Idempotency())));
}

TEST_F(EngineTest, TwoPersonsThenWhoTookItReleasesItOnlyByBreakingTheGlass) {
  engine->world().settings.release.mode = core::ReleaseMode::two_person;
  submitter.roles.insert(core::Role::releaser);
  const auto report = submit();
  ports::ReleaseOptions options;
  EXPECT_EQ(run(engine->cases().release(submitter, report->id, options, {})).error().code, Errc::forbidden);
  run_for(std::chrono::minutes(16));
  options.break_glass = true;
  EXPECT_EQ(run(engine->cases().release(submitter, report->id, options, {})).error().fields.at(0).path, "reason");
  options.reason = "值班仅一人";
  ASSERT_TRUE(run(engine->cases().release(submitter, report->id, options, {})));
  const auto lines = run(engine->journal().journal(supervisor, 0, 100));
  EXPECT_EQ(lines->back().detail.at("breakGlass"), "true");
  EXPECT_EQ(lines->back().detail.at("reason"), "值班仅一人");
}

TEST_F(EngineTest, OthersAreToldThatThereIsNothing) {
  const auto report = submit();
  const ports::AlertView alert = *release(report->id);
  EXPECT_EQ(run(engine->cases().report(stranger, report->id)).error().code, Errc::not_found);
  EXPECT_EQ(run(engine->cases().alert(stranger, alert.id)).error().code, Errc::not_found);
  EXPECT_EQ(run(engine->cases().board(stranger, alert.id)).error().code, Errc::not_found);
  EXPECT_EQ(run(engine->cases().release(stranger, report->id, {}, {})).error().code, Errc::not_found);
  EXPECT_EQ(run(engine->cases().alert(test::recipient("far"), alert.id)).error().code, Errc::not_found);
  EXPECT_TRUE(run(engine->cases().alert(test::recipient("near"), alert.id)));
}

TEST_F(EngineTest, RecipientReadsItsOwnAudiencesCopy) {
  const auto alert = released();
  const auto partner = run(engine->cases().alert(test::recipient("near"), alert.id));
  const auto notice = codec.decode_notice(partner->notice->protobuf);
  EXPECT_EQ(notice->audience, core::Audience::partner);
  EXPECT_TRUE(notice->incident_number.empty());
  EXPECT_TRUE(partner->report_id.empty());
  EXPECT_EQ(codec.decode_notice(alert.notice->protobuf)->audience, core::Audience::police);
}

TEST_F(EngineTest, WhoseUnitDecidesIsToldSoByTheRuleOfTheDecisions) {
  core::Recipient beyond;
  beyond.id = core::RecipientId("beyond");
  beyond.name = "某站";
  beyond.division = core::Division{210104};
  beyond.position = core::Position{41.81, 123.48};
  ASSERT_TRUE(run(engine->recipients().put(supervisor, beyond, {})));
  const ports::AlertView alert = released();
  const std::pair<const char*, bool> rows[] = {
      {"210103000000", true},   // where the child was lost
      {"210102000000", true},   // who took the report
      {"210100000000", true},   // the city that both lie in
      {"210104000000", false},  // the circle reaches it, and that is all
  };
  for (const auto& [unit, decides] : rows) {
    const core::Caller officer = test::officer(unit, {core::Role::releaser});
    EXPECT_EQ(run(engine->cases().alert(officer, alert.id))->unit_decides, decides) << unit;
    EXPECT_EQ(run(engine->cases().alerts(officer, {}, {}))->items.at(0).unit_decides, decides) << unit;
    EXPECT_EQ(run(engine->cases().report(officer, alert.report_id))->unit_decides, decides) << unit;
    EXPECT_EQ(run(engine->cases().reports(officer, {}, {}))->items.at(0).unit_decides, decides) << unit;
    ports::CircleOptions hold;
    hold.hold = true;
    hold.reason = "研判";
    const auto decided = run(engine->cases().circle(officer, alert.id, hold, {}));
    EXPECT_EQ(!decided && decided.error().code == Errc::forbidden, !decides) << unit;
  }
  EXPECT_EQ(run(engine->cases().alert(test::recipient("near"), alert.id))->unit_decides, std::nullopt);
}

TEST_F(EngineTest, WhoTookAReportDecidesOnItWhereverTheChildWasLost) {
  submitter = test::officer("210103000000", {core::Role::submitter});
  const core::Result<ports::ReportView> report = submit();
  EXPECT_TRUE(report->unit_decides);
  const ports::AlertView alert = *release(report->id);
  EXPECT_EQ(alert.unit_decides, true);
  EXPECT_EQ(run(engine->cases().alert(submitter, alert.id))->unit_decides, true);
}

TEST_F(EngineTest, HowAChildWasFoundIsForThePoliceAlone) {
  const auto alert = released();
  ASSERT_TRUE(run(engine->cases().close(releaser, alert.id, found(), {})));
  core::Caller near;
  near.recipient = core::RecipientId("near");
  near.roles.insert(core::Role::recipient);
  const auto seen = run(engine->cases().alert(near, alert.id));
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->state, core::AlertState::closed);
  EXPECT_EQ(seen->outcome, core::Outcome::none);
  EXPECT_EQ(seen->cause, core::Cause::none);
  near.recipient = core::RecipientId("police");
  EXPECT_EQ(run(engine->cases().alert(near, alert.id))->outcome, found().outcome);
}

TEST_F(EngineTest, PreviewMissesNoPhotoThatIsThere) {
  const auto report = submit();
  const auto preview = run(engine->cases().preview(releaser, report->id, {}));
  ASSERT_TRUE(preview);
  EXPECT_THAT(preview->missing, Not(Contains("child.photo")));
  for (const core::Notice& copy : preview->copies) {
    EXPECT_TRUE(copy.photo);
  }
}

TEST_F(EngineTest, RecallGoesWhereverTheAlertWentAndHoldsNothingOfTheChild) {
  const auto alert = released();
  run_for(std::chrono::seconds(5));
  const auto sent = targets(channel.of(core::Parcel::notice), core::Audience::partner);
  channel.sent.clear();
  ASSERT_TRUE(run(engine->cases().close(releaser, alert.id, found(), ports::Idempotency())));
  run_for(std::chrono::seconds(5));
  EXPECT_EQ(targets(channel.of(core::Parcel::notice), core::Audience::partner), sent);
  EXPECT_THAT(channel.of(core::Parcel::photo_clear), SizeIs(4));
  for (const ports::Dispatch& dispatch : channel.sent) {
    EXPECT_EQ(dispatch.delivery.version, (core::Version{2, 0}));
    if (dispatch.copy) {
      EXPECT_EQ(dispatch.copy->protobuf.find("小禾"), std::string::npos);
    }
  }
  EXPECT_EQ(run(engine->cases().photo(releaser, alert.id)).error().code, Errc::not_found);
}

TEST_F(EngineTest, RecallOvertakesWhatIsStillQueued) {
  channel.up = false;
  const auto alert = released();
  ASSERT_TRUE(run(engine->cases().close(releaser, alert.id, found(), ports::Idempotency())));
  channel.up = true;
  run_for(std::chrono::seconds(10));
  ASSERT_FALSE(channel.sent.empty());
  for (const ports::Dispatch& dispatch : channel.sent) {
    EXPECT_EQ(dispatch.delivery.version, (core::Version{2, 0})) << "nothing of revision 1 after its recall";
  }
}

TEST_F(EngineTest, LateAnswerReopensNothing) {
  const auto alert = released();
  ASSERT_TRUE(run(engine->cases().close(releaser, alert.id, found(), ports::Idempotency())));
  EXPECT_EQ(answer(alert.id, 1, "near", AnswerKind::confirmed).result, core::ReceiptResult::recorded);
  EXPECT_EQ(run(engine->cases().alert(releaser, alert.id))->state, core::AlertState::closed);
  EXPECT_EQ(answer(alert.id, 2, "near", AnswerKind::removed).result, core::ReceiptResult::recorded);
  EXPECT_EQ(board(alert.id).total.count(AnswerKind::removed), 1U);
}

TEST_F(EngineTest, UpdateIsANewRevisionForEverybody) {
  const auto alert = released();
  run_for(std::chrono::seconds(5));
  channel.sent.clear();
  ports::UpdateOptions options;
  options.merge = [](const core::Report& before, core::Instant) -> core::Result<core::Report> {
    core::Report after = before;
    after.child.clothing = "红色外套";
    return after;
  };
  options.fields = {"child.clothing"};
  const auto updated = run(engine->cases().update(releaser, alert.id, options, ports::Idempotency()));
  ASSERT_TRUE(updated);
  EXPECT_EQ(updated->version, (core::Version{2, 0}));
  run_for(std::chrono::seconds(5));
  EXPECT_EQ(targets(channel.of(core::Parcel::notice), core::Audience::partner),
            (std::vector<std::string>{"210102", "210103", "province"}));
  EXPECT_EQ(codec.decode_notice(updated->notice->protobuf)->child->clothing, "红色外套");
  EXPECT_EQ(codec.decode_notice(updated->notice->protobuf)->kind, core::NoticeKind::update);
}

TEST_F(EngineTest, StoppedInTheMidstOfItThenWhatWasSentIsNotSentAgain) {
  released();
  run_for(std::chrono::milliseconds(1));
  const std::size_t sent = channel.sent.size();
  EXPECT_GT(sent, 1U);
  restart();
  run_for(std::chrono::seconds(5));
  EXPECT_EQ(channel.sent.size(), sent);
}

TEST_F(EngineTest, RestartRemembersBoardsAlertsAndRecalls) {
  const auto alert = released();
  answer(alert.id, 1, "near", AnswerKind::confirmed);
  answer(alert.id, 1, "police", AnswerKind::received);
  const core::Board before = board(alert.id);
  restart();
  const core::Board after = board(alert.id);
  EXPECT_EQ(after.total.expected, before.total.expected);
  EXPECT_EQ(after.total.counts, before.total.counts);
  EXPECT_EQ(after.by_ring.size(), before.by_ring.size());
  ASSERT_TRUE(run(engine->cases().retract(releaser, alert.id, "误报", ports::Idempotency())));
  restart();
  EXPECT_EQ(run(engine->cases().alert(releaser, alert.id))->state, core::AlertState::retracted);
}

TEST_F(EngineTest, JournalShowsReasonsToSupervisorsOnly) {
  const auto alert = released();
  ASSERT_TRUE(run(engine->cases().retract(releaser, alert.id, "误报", ports::Idempotency())));
  EXPECT_EQ(run(engine->journal().journal(releaser, 0, 100)).error().code, Errc::forbidden);
  const auto lines = run(engine->journal().journal(supervisor, 0, 100));
  ASSERT_TRUE(lines);
  EXPECT_EQ(lines->back().type, "alert.retracted");
  EXPECT_EQ(lines->back().detail.at("reason"), "误报");
  EXPECT_EQ(lines->back().actor, "210100000000/021533");
}

TEST_F(EngineTest, JournalOfOthersCasesIsNotShownAndPagesAreFilledAllTheSame) {
  const auto alert = released();
  answer(alert.id, 1, "near", AnswerKind::received);
  const core::Caller elsewhere = test::officer("440000000000", {core::Role::supervisor});
  const auto keeper = test::officer("440000000000", {core::Role::operator_});
  core::Recipient station;
  station.id = core::RecipientId("guangzhou");
  station.name = "广州站";
  station.division = core::Division{440111};
  station.position = core::Position{23.1, 113.2};
  ASSERT_TRUE(run(engine->recipients().put(keeper, station, {})));
  const auto lines = run(engine->journal().journal(elsewhere, 0, 2));
  ASSERT_TRUE(lines);
  ASSERT_THAT(*lines, SizeIs(2));
  EXPECT_EQ(lines->front().type, "recipients.imported");
  EXPECT_EQ(lines->back().type, "recipient.put");
}

TEST_F(EngineTest, FollowersWaitForWhatTheyMaySee) {
  const core::Sequence begin = engine->journal().newest();
  released();
  const auto seen = run(engine->journal().follow(releaser, begin, 100, std::chrono::seconds(15)));
  ASSERT_TRUE(seen);
  ASSERT_THAT(seen->events, SizeIs(2));
  EXPECT_EQ(seen->events[1].type, "alert.released");
  const auto nothing = run(engine->journal().follow(releaser, seen->seen_to, 100, std::chrono::seconds(15)));
  EXPECT_TRUE(nothing->events.empty());
  EXPECT_TRUE(run(engine->journal().follow(stranger, begin, 100, std::chrono::seconds(15)))->events.empty());
}

TEST_F(EngineTest, PhotoIsNamedInAnUpdateAndNotGivenThenItIsTakenAway) {
  const auto alert = released();
  run_for(std::chrono::seconds(5));
  ASSERT_FALSE(channel.of(core::Parcel::photo).empty());
  channel.sent.clear();
  ports::UpdateOptions options;
  options.merge = [](const core::Report& before, core::Instant) -> core::Result<core::Report> { return before; };
  options.fields = {"child.photo"};
  const auto updated = run(engine->cases().update(releaser, alert.id, options, ports::Idempotency()));
  ASSERT_TRUE(updated);
  EXPECT_FALSE(codec.decode_notice(updated->notice->protobuf)->photo);
  run_for(std::chrono::seconds(5));
  EXPECT_TRUE(channel.of(core::Parcel::photo).empty());
  EXPECT_FALSE(channel.of(core::Parcel::photo_clear).empty());
  restart();
  EXPECT_EQ(run(engine->cases().photo(releaser, alert.id)).error().code, Errc::not_found);
}

}  // namespace
}  // namespace tuanyuan::engine
