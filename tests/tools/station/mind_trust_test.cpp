// What it believes, and the photo that comes beside a notice.
#include "tools/station/mind_fixture.hpp"

namespace tuanyuan::station {
namespace {

TEST_F(Mind, NotGenuineThenRejectedAndNotShown) {
  start();
  std::string payload = deployment.sign(notice_at({1, 0})).protobuf;
  payload.back() = static_cast<char>(payload.back() ^ 1);
  mind->message(notice_topic, payload, now);
  const auto rejected = wished<Rejected>();
  ASSERT_EQ(rejected.size(), 1U);
  EXPECT_EQ(rejected[0].verdict, Verdict::not_genuine);
  EXPECT_EQ(commons.totals.rejected, 1U);
}

TEST_F(Mind, GenuineOnAnotherAlertsTopicThenRejected) {
  start();
  hear(notice_at({1, 0}), "tuanyuan/v1/notices/partner/210102/another");
  EXPECT_EQ(wished<Rejected>().size(), 1U);
}

TEST_F(Mind, KeysComeAfterTheNoticeThenItIsShownThen) {
  mind = std::make_unique<StationMind>(commons, member("s1"), std::vector<Member>{}, Temper{}, 1);
  hear({1, 0});
  EXPECT_TRUE(mind->take_wishes().empty());
  mind->message("tuanyuan/v1/keys", deployment.keys_protobuf(), now);
  EXPECT_EQ(obey(), (Done{"show r1s0"}));
}

TEST_F(Mind, HeldUntilItsKeyComesAndEmptiedBeforeThenNotShown) {
  mind = std::make_unique<StationMind>(commons, member("s1"), std::vector<Member>{}, Temper{}, 1);
  hear({1, 0});
  mind->message(notice_topic, "", now);
  mind->message("tuanyuan/v1/keys", deployment.keys_protobuf(), now);
  EXPECT_EQ(obey(), Done{});
}

TEST_F(Mind, WithAPhotoThenItsTopicIsAskedForAndTheNoticeShownWithIt) {
  start();
  hear(with_photo(notice_at({1, 0}), "jpeg"));
  const auto asked = wished<SubscribeTo>();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].filters, std::vector<std::string>{photo_topic});
  EXPECT_EQ(said(), (Answers{{"s1", 1, AnswerKind::received}}));
  mind->message(photo_topic, "another picture", now);
  EXPECT_EQ(obey(), Done{});
  mind->message(photo_topic, "jpeg", now);
  EXPECT_EQ(obey(), (Done{"show r1s0 with photo"}));
  EXPECT_EQ(said(), (Answers{{"s1", 1, AnswerKind::displayed}}));
}

TEST_F(Mind, OutsideTheCircleThenThePhotoIsNotAskedFor) {
  start(member("s1", dalian));
  hear(with_photo(notice_at({1, 0}), "jpeg"));
  EXPECT_TRUE(wished<SubscribeTo>().empty());
}

TEST_F(Mind, PhotoDoesNotComeThenShownWithoutAndAgainWithItLater) {
  start();
  hear(with_photo(notice_at({1, 0}), "jpeg"));
  mind->take_wishes();
  EXPECT_EQ(mind->answers_due(), now.steady);
  EXPECT_EQ(mind->display_deadline(now), now.steady + commons.settings.photo_ms_max);
  said();
  pass(commons.settings.photo_ms_max);
  EXPECT_EQ(obey(), (Done{"show r1s0"}));
  mind->message(photo_topic, "jpeg", now);
  EXPECT_EQ(obey(), (Done{"show r1s0 with photo"}));
}

TEST_F(Mind, UpdateKeepsThePhotoThenNotAskedForAgain) {
  start();
  hear(with_photo(notice_at({1, 0}), "jpeg"));
  mind->message(photo_topic, "jpeg", now);
  mind->take_wishes();
  hear(with_photo(notice_at({2, 0}, NoticeKind::update), "jpeg"));
  EXPECT_EQ(obey(), (Done{"show r2s0 with photo"}));
}

TEST_F(Mind, UpdateChangesThePhotoThenTheOldOneIsNotShownWithIt) {
  start();
  hear(with_photo(notice_at({1, 0}), "jpeg"));
  mind->message(photo_topic, "jpeg", now);
  mind->take_wishes();
  hear(with_photo(notice_at({2, 0}, NoticeKind::update), "newer"));
  EXPECT_EQ(wished<SubscribeTo>().size(), 1U);
  mind->message(photo_topic, "jpeg", now);
  EXPECT_EQ(obey(), Done{});
  mind->message(photo_topic, "newer", now);
  EXPECT_EQ(obey(), (Done{"show r2s0 with photo"}));
  hear(notice_at({3, 0}, NoticeKind::update));
  EXPECT_EQ(obey(), (Done{"show r3s0"}));
}

TEST_F(Mind, TakenDownThenPhotoTopicIsLeftAndNothingIsKept) {
  start();
  hear(with_photo(notice_at({1, 0}), "jpeg"));
  mind->message(photo_topic, "jpeg", now);
  std::weak_ptr<const std::string> photo;
  std::weak_ptr<const core::Notice> notice;
  for (const Show& show : wished<Show>()) {
    photo = show.photo;
    notice = show.notice;
  }
  EXPECT_FALSE(photo.expired());
  hear({2, 0}, NoticeKind::close);
  const auto left = wished<UnsubscribeFrom>();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].filter, photo_topic);
  EXPECT_TRUE(photo.expired());
  EXPECT_TRUE(notice.expired());
}

TEST_F(Mind, AddressedDirectlyFromAnotherDivisionThenThePhotoIsFetchedByUrl) {
  Member self = member("s1", dalian);
  self.division = core::Division{210202};
  start(self);
  hear(with_photo(notice_at({1, 0}), "jpeg", "https://localhost/photo"), direct_topic);
  const auto fetch = wished<FetchPhoto>();
  ASSERT_EQ(fetch.size(), 1U);
  EXPECT_EQ(fetch[0].url, "https://localhost/photo");
  mind->photo(alert, "jpeg", now);
  EXPECT_EQ(obey(), (Done{"show r1s0 with photo"}));
}

}  // namespace
}  // namespace tuanyuan::station
