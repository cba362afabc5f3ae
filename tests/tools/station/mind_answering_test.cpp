// What it says of that, for itself and for its members, until it has a receipt.
#include "tools/station/mind_fixture.hpp"

namespace tuanyuan::station {
namespace {

TEST_F(Mind, NoReceiptThenRepeatedAndAReceiptEndsIt) {
  start();
  hear({1, 0});
  EXPECT_EQ(said().size(), 1U);
  pass(Steady{5'000});
  EXPECT_EQ(said(), (Answers{{"s1", 1, AnswerKind::received}}));
  core::Receipt receipt;
  receipt.alert_id = alert;
  receipt.revision = 1;
  receipt.recipient_id = core::RecipientId("s1");
  receipt.kind = AnswerKind::received;
  receipt.recorded_at = today;
  mind->message("tuanyuan/v1/receipts/s1", wire::to_proto(receipt).SerializeAsString(), now);
  EXPECT_EQ(mind->unanswered(), 0U);
  EXPECT_EQ(commons.totals.receipts, 1U);
}

TEST_F(Mind, SeveralReceiptsInOneInEitherEncodingThenAllEnd) {
  for (const bool json : {false, true}) {
    start();
    hear({1, 0});
    obey();
    std::vector<core::Receipt> receipts(2);
    for (std::size_t i = 0; i < receipts.size(); ++i) {
      receipts[i].alert_id = alert;
      receipts[i].revision = 1;
      receipts[i].recipient_id = core::RecipientId("s1");
      receipts[i].kind = i == 0 ? AnswerKind::received : AnswerKind::displayed;
      receipts[i].recorded_at = today;
    }
    EXPECT_EQ(mind->unanswered(), 2U);
    const v1::Receipts message = wire::to_proto(receipts);
    mind->message("tuanyuan/v1/receipts/s1", json ? wire::encode_json(message) : message.SerializeAsString(), now);
    EXPECT_EQ(mind->unanswered(), 0U);
  }
}

TEST_F(Mind, PersonConfirmsThenConfirmedForWhatIsShown) {
  start();
  EXPECT_FALSE(mind->confirm(alert, now));
  hear({1, 0});
  obey();
  said();
  EXPECT_TRUE(mind->confirm(alert, now));
  EXPECT_TRUE(mind->act(alert, now));
  EXPECT_TRUE(mind->unable(alert, core::UnableReason::no_staff, now));
  EXPECT_EQ(
      said(),
      (Answers{{"s1", 1, AnswerKind::confirmed}, {"s1", 1, AnswerKind::acting}, {"s1", 1, AnswerKind::unable}}));
  pass(Steady{1});
  hear({2, 0}, NoticeKind::close);
  EXPECT_FALSE(mind->confirm(alert, now));
}

TEST_F(Mind, NobodyConfirmsThenConfirmedIsNeverSaid) {
  start();
  hear({1, 0});
  obey();
  for (int i = 0; i < 20; ++i) {
    pass(Steady{60'000});
    for (const Said& answer : said()) {
      EXPECT_NE(answer.kind, AnswerKind::confirmed);
    }
  }
}

TEST_F(Mind, SimulatedThenConfirmedAfterTheSimulatedPersonsTime) {
  start(member("s1"), {}, Temper{false, Steady{0}, Steady{700}});
  hear({1, 0});
  obey();
  EXPECT_EQ(said().size(), 2U);
  pass(Steady{700});
  EXPECT_EQ(said(), (Answers{{"s1", 1, AnswerKind::confirmed}}));
}

TEST_F(Mind, SimulatedSilentThenNothingIsEverSaid) {
  start(member("s1"), {}, Temper{true, Steady{0}, Steady{0}});
  hear({1, 0});
  obey();
  hear({2, 0}, NoticeKind::close);
  obey();
  EXPECT_EQ(mind->unanswered(), 0U);
}

TEST_F(Mind, JsonThenReadsAndAnswersInJson) {
  commons.settings.json = true;
  start();
  mind->message("tuanyuan/v1/json/notices/partner/210102/" + alert.value, deployment.sign(notice_at({1, 0})).json,
                now);
  const auto answers = mind->take_answers(now, 10);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_TRUE(answers[0].payload.starts_with('{'));
}

TEST_F(Mind, AnswersForMembersThenEachByItsOwnPlace) {
  start(member("s1", dalian), {member("m1"), member("m2", dalian), member("m3")});
  hear({1, 0}, NoticeKind::alert, direct_topic);
  const auto shows = wished<Show>();
  ASSERT_EQ(shows.size(), 1U);
  EXPECT_EQ(shows[0].recipients,
            (std::vector<core::RecipientId>{core::RecipientId("m1"), core::RecipientId("m3")}));
  EXPECT_EQ(said(), (Answers{{"m1", 1, AnswerKind::received}, {"m3", 1, AnswerKind::received}}));

  core::Notice moved = notice_at({2, 0}, NoticeKind::update);
  moved.circle->centre = dalian;
  hear(moved, direct_topic);
  EXPECT_EQ(said(), (Answers{{"s1", 2, AnswerKind::received}, {"m2", 2, AnswerKind::received}}));
  mind->removed(alert, now, core::RecipientId("m3"));
  EXPECT_EQ(said(), (Answers{{"m3", 2, AnswerKind::removed}})) << "its own display is empty";
  mind->removed(alert, now);
  EXPECT_EQ(said(), (Answers{{"m1", 2, AnswerKind::removed}})) << "for the others it is shown";
  hear({3, 0}, NoticeKind::close, direct_topic);
  obey();
  EXPECT_EQ(said(), (Answers{{"s1", 3, AnswerKind::removed},
                             {"m1", 3, AnswerKind::removed},
                             {"m2", 3, AnswerKind::removed},
                             {"m3", 3, AnswerKind::removed}}));
}

TEST_F(Mind, RecallOfAnAlertItNeverSawThenRemovedForItsMembersToo) {
  start(member("s1", dalian), {member("m1")});
  hear({2, 0}, NoticeKind::close, direct_topic);
  obey();
  EXPECT_EQ(said(), (Answers{{"s1", 2, AnswerKind::removed}, {"m1", 2, AnswerKind::removed}}));
}

TEST_F(Mind, RecallOfAnAlertThatWasForNobodyThenOnlyTheStationItselfAnswers) {
  start(member("s1", dalian), {member("m1", dalian)});
  hear({1, 0});
  hear({2, 0}, NoticeKind::close);
  obey();
  EXPECT_EQ(said(), (Answers{{"s1", 2, AnswerKind::removed}}));
}

TEST_F(Mind, SightingThenHandedOnAsItCame) {
  start();
  mind->message("tuanyuan/v1/direct/s1/sightings/x", "payload", now);
  mind->message("tuanyuan/v1/direct/s1/sightings/x", "", now);
  const auto sightings = wished<ShowSighting>();
  ASSERT_EQ(sightings.size(), 1U);
  EXPECT_EQ(sightings[0].payload, "payload");
}

TEST_F(Mind, MoreAlertsThanItRemembersThenTheOldestThatIsDownIsForgotten) {
  commons.settings.alerts_max = 3;
  start();
  const auto hear_of = [&](const char* id, core::Version version, NoticeKind kind) {
    core::Notice notice = notice_at(version, kind);
    notice.alert_id = core::AlertId(id);
    hear(notice, std::string("tuanyuan/v1/notices/partner/210102/") + id);
  };
  hear_of("a", {1, 0}, NoticeKind::alert);
  hear_of("b", {2, 0}, NoticeKind::close);
  hear_of("c", {2, 0}, NoticeKind::close);
  mind->take_wishes();
  hear_of("d", {1, 0}, NoticeKind::alert);
  EXPECT_EQ(mind->shown().size(), 2U);
  hear_of("c", {1, 0}, NoticeKind::alert);
  EXPECT_EQ(mind->shown().size(), 2U) << "c is still remembered as recalled";
}

TEST_F(Mind, ConnectedAgainThenThePhotosOfWhatIsShownAreSubscribedToAgain) {
  start();
  hear(with_photo(notice_at({1, 0}), "jpeg"));
  mind->take_wishes();
  mind->connected(now);
  EXPECT_EQ(wished<SubscribeTo>().at(0).filters.back(), photo_topic);
}

}  // namespace
}  // namespace tuanyuan::station
