#include "core/entry.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::core {
namespace {

const Instant noon = from_epoch_ms(1'795'000'000'000);

std::vector<EntryBody> one_of_each() {
  ReportSubmitted submitted;
  submitted.report_id = ReportId("r");
  submitted.alert_id = AlertId("a");
  submitted.unit = "210102000000";
  submitted.division = Division{210102};
  submitted.status = Status::actual;
  submitted.last_seen_at = noon;
  submitted.content_digest = "00ff";
  AlertReleased released;
  released.audiences = {Audience::police, Audience::public_};
  released.radius_km = 123.5;
  released.radius_chosen = true;
  released.plate_open = true;
  released.break_glass = true;
  released.divisions = {Division{210102}, Division{220100}};
  released.expires_at = noon;
  AlertUpdated updated;
  updated.version = {7, 0};
  updated.fields = {"child.clothing", "photo"};
  updated.expires_at = noon;
  AlertStepped stepped;
  stepped.version = {7, 3};
  stepped.expires_at = noon;
  return {submitted,
          LookoutIssued{100, {Division{210102}}, noon, "ef"},
          ReportRejected{},
          released,
          updated,
          stepped,
          CircleHeld{{7, 3}},
          AlertSuspended{{8, 0}, {Audience::partner}, SuspendReason::leads_held, "ab"},
          AlertResumed{{9, 0}, {Audience::partner}, {Division{210102}}, noon, "cd"},
          AlertClosed{{8, 0}, Outcome::found_deceased, Cause::accident, "ab"},
          AlertRetracted{{8, 0}, "cd"},
          AlertCleared{},
          AnswersRecorded{AlertId("a"), {{"CONFIRMED", 2}, {"RECEIVED", 40'000}}},
          SilentChased{AlertId("a"), 7, "RECEIVED", "unit", 12},
          SightingRecorded{AlertId("a"), SightingId("s"), RecipientId("station-1")},
          SightingAssessed{AlertId("a"), SightingId("s"), Assessment::credible},
          RecipientPut{RecipientId("station-1")},
          RecipientDeleted{RecipientId("station-1")},
          RecipientsImported{300},
          ExerciseOrdered{"monthly", noon, noon, 1'800, "210102000000/021533"},
          ChannelPaused{ChannelKind::sms, "额度用完"},
          ChannelResumed{ChannelKind::sms},
          DeliveryRequeued{AlertId("a"), ChannelKind::web_push, "18446744073709551615"},
          EndpointRetired{RecipientId("station-1"), ChannelKind::ntfy},
          EndpointRevived{RecipientId("station-1"), ChannelKind::ntfy}};
}

TEST(Entry, AnUpdateOfAnOlderJournalHasNoLink) {
  AlertUpdated updated;
  updated.version = {7, 0};
  updated.expires_at = noon;
  Detail detail = to_detail(updated);
  EXPECT_FALSE(detail.contains("linkDigest")) << "where there is nothing to compare, nothing is said";
  const auto before = from_detail("alert.updated", detail);
  ASSERT_TRUE(before);
  EXPECT_EQ(std::get<AlertUpdated>(*before).link_digest, "");
  updated.link_digest = "00ff";
  const auto linked = from_detail("alert.updated", to_detail(updated));
  ASSERT_TRUE(linked);
  EXPECT_EQ(std::get<AlertUpdated>(*linked).link_digest, "00ff");
}

TEST(Entry, EveryBodyIsReadBackAsItWasWritten) {
  const std::vector<EntryBody> bodies = one_of_each();
  ASSERT_EQ(bodies.size(), std::variant_size_v<EntryBody>);
  for (const EntryBody& body : bodies) {
    SCOPED_TRACE(type_name(body));
    const Detail detail = to_detail(body);
    const std::optional<EntryBody> back = from_detail(type_name(body), detail);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->index(), body.index());
    EXPECT_EQ(to_detail(*back), detail);
  }
}

TEST(Entry, MembersKeepTheirValues) {
  const auto released = std::get<AlertReleased>(*from_detail("alert.released", to_detail(one_of_each()[3])));
  EXPECT_EQ(released.audiences, (AudienceSet{Audience::police, Audience::public_}));
  EXPECT_DOUBLE_EQ(released.radius_km, 123.5);
  EXPECT_TRUE(released.radius_chosen);
  EXPECT_FALSE(released.wake);
  EXPECT_EQ(released.divisions, (std::vector<Division>{Division{210102}, Division{220100}}));
  EXPECT_EQ(released.expires_at, noon);
}

/// Entries of before they were written have neither.
TEST(Entry, AChaseTellsForHowManySomebodyWasToldAndWhoIsLate) {
  const auto there_and_back = [](const SilentChased& chased) {
    return std::get<SilentChased>(*from_detail("silent", to_detail(chased)));
  };
  const SilentChased late = there_and_back({AlertId("a"), 7, "CONFIRMED", "late", 2, 0, {"r1", "r-2"}});
  EXPECT_EQ(late.told, 0U);
  EXPECT_EQ(late.recipients, (std::vector<std::string>{"r1", "r-2"}));
  const SilentChased earlier = there_and_back({AlertId("a"), 7, "RECEIVED", "unit", 12});
  EXPECT_FALSE(earlier.told);
  EXPECT_TRUE(earlier.recipients.empty());
  Detail broken = to_detail(late);
  broken["told"] = "many";
  EXPECT_FALSE(from_detail("silent", broken));
}

TEST(Entry, WhatIsMissingOrOfAnotherKindIsNotRead) {
  for (const EntryBody& body : one_of_each()) {
    const Detail whole = to_detail(body);
    for (const auto& [name, text] : whole) {
      Detail without = whole;
      without.erase(name);
      EXPECT_FALSE(from_detail(type_name(body), without)) << type_name(body) << " without " << name;
    }
  }
  Detail broken = to_detail(one_of_each()[2]);
  broken["radiusKm"] = "wide";
  EXPECT_FALSE(from_detail("alert.released", broken));
  EXPECT_FALSE(from_detail("alert.exploded", Detail()));
}

TEST(Actor, IsUnitAndOfficer) {
  const Actor officer{"210102000000", "021533"};
  EXPECT_EQ(to_string(officer), "210102000000/021533");
  EXPECT_EQ(parse_actor("210102000000/021533"), officer);
  EXPECT_EQ(parse_actor("system"), system_actor());
}

}  // namespace
}  // namespace tuanyuan::core
