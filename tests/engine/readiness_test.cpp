#include <gmock/gmock.h>

#include "engine/fixture.hpp"
#include "engine/presence_keeper.hpp"

namespace tuanyuan::engine {
namespace {

using core::ChannelKind;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;
using Named = std::map<std::string, std::string>;

/// The sample directory: near, next and police in the circle, far outside, province by coverage, and member, which
/// hears through province.
class ReadinessTest : public EngineTest {
 protected:
  ReadinessTest() {
    clocked = true;
    begin_again();
  }
  void begin_again() {
    restart();
    engine->add_gateway(webhooks, GatewayLimits());
    engine->add_gateway(messages, GatewayLimits());
  }
  void comes(const std::string& who) { engine->answers().presence(core::RecipientId(who), true); }
  void goes(const std::string& who) { engine->answers().presence(core::RecipientId(who), false); }
  void put(const std::string& name, std::vector<core::Endpoint> endpoints) {
    core::Recipient made;
    made.id = core::RecipientId(name);
    made.name = "某站";
    made.category = core::Category::school;
    made.audience = core::Audience::partner;
    made.division = core::Division{210102};
    made.position = core::Position{41.80, 123.43};
    made.liaison = {"值班员", "024-1234567"};
    made.endpoints = std::move(endpoints);
    ASSERT_TRUE(run(engine->recipients().put(keeper, made, {})));
  }
  void pause(const std::string& name) { ASSERT_TRUE(run(engine->channels().pause(keeper, name, "维护", {}))); }
  ports::ReadinessView ask(ports::ReadinessQuery query = {}, ports::Page page = {}) {
    return *run(engine->readiness().readiness(keeper, std::move(query), std::move(page)));
  }
  static ports::ReadinessQuery around(double latitude, double longitude) {
    ports::ReadinessQuery query;
    query.circle.emplace();
    query.circle->centre = core::Position{latitude, longitude};
    query.circle->radius_km = 100;
    return query;
  }
  static ports::ReadinessQuery of_division(const char* prefix) {
    ports::ReadinessQuery query;
    query.division = core::DivisionPrefix{prefix};
    return query;
  }
  /// Who would not hear, and why.
  Named away(ports::ReadinessQuery query = {}) {
    Named found;
    for (const ports::UnreachableRecipient& each : ask(std::move(query)).unreachable.items) {
      found.emplace(each.id.value, each.reason);
    }
    return found;
  }
  ports::UnreachableRecipient row(const std::string& who) {
    for (const ports::UnreachableRecipient& each : ask().unreachable.items) {
      if (each.id.value == who) {
        return each;
      }
    }
    ADD_FAILURE() << who << " would hear";
    return {};
  }
  std::optional<core::Instant> since(const std::string& who) { return row(who).since; }
  /// Nothing of presence is written any more, as where the process is killed.
  void die_and_begin_again() {
    memory->faults.commit_fate = [](const ports::Commit& commit) {
      const bool presence = !commit.presence.empty() || commit.presence_noted_at;
      return presence ? ledger::CommitFate::not_committed : ledger::CommitFate::normal;
    };
    begin_again();
  }
  double gauge(const std::string& name) {
    boost::asio::co_spawn(context, engine->refresh_gauges(), [](std::exception_ptr) {});
    run_for(seconds(1));
    return metrics.values.at(name);
  }

  test::RecordingChannel webhooks{ChannelKind::webhook};
  test::RecordingChannel messages{ChannelKind::sms};
  core::Caller keeper = test::officer("210000000000", {core::Role::operator_});
};

TEST_F(ReadinessTest, WhoWasNeverSeenAndWhoLeftAreNamed) {
  EXPECT_EQ(ask().recipients, 6U);
  EXPECT_EQ(ask().reachable, 0U);
  comes("near");
  comes("next");
  goes("next");
  const core::Instant left = clock.wall_now();
  run_for(minutes(3));
  EXPECT_EQ(ask().reachable, 1U);
  EXPECT_THAT(away(), UnorderedElementsAre(Pair("next", "offline"), Pair("police", "never-seen"),
                                           Pair("far", "never-seen"), Pair("province", "never-seen"),
                                           Pair("member", "never-seen")));
  EXPECT_EQ(since("next"), left);
  EXPECT_FALSE(since("police"));
}

TEST_F(ReadinessTest, WhomToCallMeanwhileIsSaid) {
  put("school", {});
  EXPECT_EQ(row("school").liaison.post, "值班员");
  EXPECT_EQ(row("school").liaison.telephone, "024-1234567");
}

TEST_F(ReadinessTest, AMemberHearsThroughItsHubAndIsAwaySinceThatIs) {
  comes("province");
  EXPECT_THAT(away(), ::testing::Not(::testing::Contains(Pair("member", ::testing::_))));
  run_for(minutes(1));
  goes("province");
  const core::Instant left = clock.wall_now();
  run_for(minutes(5));
  EXPECT_THAT(away(), ::testing::Contains(Pair("member", "offline")));
  EXPECT_EQ(since("member"), left);
}

TEST_F(ReadinessTest, OfACircleWhoCoversItIsAskedToo) {
  comes("near");
  EXPECT_THAT(away(around(41.80, 123.43)),
              UnorderedElementsAre(Pair("next", "never-seen"), Pair("police", "never-seen"),
                                   Pair("province", "never-seen"), Pair("member", "never-seen")));
  EXPECT_THAT(away(around(43.9, 125.3)), ElementsAre(Pair("far", "never-seen"))) << "it is another province's";
  EXPECT_EQ(ask(around(41.80, 123.43)).recipients, 5U);
}

TEST_F(ReadinessTest, OfADivisionWhoCoversItIsAskedToo) {
  EXPECT_THAT(away(of_division("210103")),
              UnorderedElementsAre(Pair("next", "never-seen"), Pair("police", "never-seen"),
                                   Pair("province", "never-seen")));
  EXPECT_THAT(away(of_division("22")), ElementsAre(Pair("far", "never-seen")));
  ports::ReadinessQuery both = around(41.80, 123.43);
  both.division = core::DivisionPrefix{"210102"};
  EXPECT_THAT(away(std::move(both)), UnorderedElementsAre(Pair("near", "never-seen"), Pair("member", "never-seen"),
                                                          Pair("province", "never-seen")));
}

TEST_F(ReadinessTest, EachDivisionBelowIsSaidAsIfItHadBeenAskedFor) {
  comes("near");
  comes("next");
  EXPECT_THAT(ask(of_division("21")).divisions, IsEmpty()) << "where it was not asked for";
  for (const char* whole : {"21", "2101"}) {
    ports::ReadinessQuery query = of_division(whole);
    query.by_division = true;
    const ports::ReadinessView view = ask(std::move(query));
    EXPECT_EQ(view.recipients, 5U);
    for (const ports::DivisionReadiness& row : view.divisions) {
      const ports::ReadinessView alone = ask(of_division(row.division.digits.c_str()));
      EXPECT_EQ(row.recipients, alone.recipients) << row.division.digits;
      EXPECT_EQ(row.reachable, alone.reachable) << row.division.digits;
    }
  }
}

TEST_F(ReadinessTest, WhoseDivisionsAreSaidIsNarrowedLikeAllElse) {
  const auto rows = [&](ports::ReadinessQuery query) {
    query.by_division = true;
    std::map<std::string, std::pair<unsigned, unsigned>> found;
    for (const ports::DivisionReadiness& row : ask(std::move(query)).divisions) {
      found[row.division.digits] = {row.reachable, row.recipients};
    }
    return found;
  };
  comes("next");
  EXPECT_THAT(rows({}), ElementsAre(Pair("21", Pair(1, 5)), Pair("22", Pair(0, 1))));
  EXPECT_THAT(rows(of_division("2101")), ElementsAre(Pair("210102", Pair(0, 3)), Pair("210103", Pair(1, 3))))
      << "the province's broadcaster is of each";
  EXPECT_THAT(rows(of_division("210102")), IsEmpty());
  EXPECT_THAT(rows(around(43.9, 125.3)), ElementsAre(Pair("22", Pair(0, 1)))) << "only who is asked about";
}

TEST_F(ReadinessTest, PagesFollowEachOther) {
  std::vector<std::string> all;
  ports::Page page(4, "");
  do {
    const ports::ReadinessView view = ask({}, page);
    EXPECT_EQ(view.recipients, 6U);
    for (const ports::UnreachableRecipient& each : view.unreachable.items) {
      all.push_back(each.id.value);
    }
    page.token = view.unreachable.next_token;
  } while (!page.token.empty());
  EXPECT_THAT(all, UnorderedElementsAre("near", "next", "police", "far", "province", "member"));
}

TEST_F(ReadinessTest, OnlyOperatorsAndSupervisorsAreTold) {
  EXPECT_EQ(run(engine->readiness().readiness(submitter, {}, {})).error().code, core::Errc::forbidden);
}

TEST_F(ReadinessTest, AGatewayReachesItsRecipientsUntilItIsPaused) {
  put("near", {{ChannelKind::webhook, "https://near.example", ""}});
  put("next", {{ChannelKind::webhook, "https://next.example", ""}, {ChannelKind::sms, "13800138000", ""}});
  EXPECT_EQ(ask().reachable, 2U);
  run_for(minutes(1));
  pause("webhook");
  const core::Instant paused = clock.wall_now();
  run_for(minutes(5));
  EXPECT_THAT(
      away(of_division("210102")),
      UnorderedElementsAre(Pair("near", "paused"), Pair("member", "never-seen"), Pair("province", "never-seen")))
      << "whom another way is open to is told by that one at once";
  EXPECT_EQ(since("near"), paused);
  pause("sms");
  EXPECT_EQ(ask().reachable, 0U);
  ASSERT_TRUE(run(engine->channels().resume(keeper, "webhook", {})));
  EXPECT_EQ(ask().reachable, 2U);
}

TEST_F(ReadinessTest, AGatewayThatIsAwayReachesNobody) {
  put("near", {{ChannelKind::webhook, "https://near.example", ""}, {ChannelKind::sms, "13800138000", ""}});
  webhooks.up = false;
  EXPECT_THAT(away(), ::testing::Contains(Pair("near", "down"))) << "the next way is tried minutes later";
  comes("near");
  EXPECT_THAT(away(), ::testing::Not(::testing::Contains(Pair("near", ::testing::_))));
}

TEST_F(ReadinessTest, MqttIsPausedThenAConnectionIsOfNoUse) {
  comes("near");
  comes("next");
  put("next", {{ChannelKind::mqtt, "", ""}, {ChannelKind::sms, "13800138000", ""}});
  EXPECT_EQ(ask().reachable, 2U);
  pause("mqtt");
  EXPECT_EQ(ask().reachable, 1U);
  EXPECT_THAT(away(), ::testing::Contains(Pair("near", "paused")));
}

TEST_F(ReadinessTest, AReceiverThatFailedAgainAndAgainIsNotReached) {
  put("near", {{ChannelKind::webhook, "https://near.example", ""}});
  webhooks.answers = core::DeliveryOutcome::retry;
  released();
  run_for(minutes(1));
  put("next", {{ChannelKind::webhook, "https://next.example", ""}});
  const Named found = away();
  EXPECT_THAT(found, ::testing::Contains(Pair("near", "held")));
  EXPECT_FALSE(found.contains("next")) << "it shares no fate with the other receiver";
  EXPECT_EQ(gauge("tuanyuan_recipients_unreachable category=school"), 1);
  webhooks.answers = core::DeliveryOutcome::accepted;
  run_for(minutes(30));
  EXPECT_FALSE(away().contains("near"));
  EXPECT_EQ(gauge("tuanyuan_recipients_unreachable category=school"), 0);
}

TEST_F(ReadinessTest, GaugesCountByCategoryAndByProvince) {
  put("school", {});
  EXPECT_EQ(gauge("tuanyuan_recipients_unreachable category=railway_station"), 6);
  EXPECT_EQ(gauge("tuanyuan_recipients_unreachable category=school"), 1);
  EXPECT_EQ(gauge("tuanyuan_recipients_unreachable_by_province province=21"), 6);
  EXPECT_EQ(gauge("tuanyuan_recipients_unreachable_by_province province=22"), 1);
  comes("school");
  comes("far");
  EXPECT_EQ(gauge("tuanyuan_recipients_unreachable category=railway_station"), 5);
  EXPECT_EQ(gauge("tuanyuan_recipients_unreachable category=school"), 0);
  EXPECT_EQ(gauge("tuanyuan_recipients_unreachable_by_province province=21"), 5);
  EXPECT_EQ(gauge("tuanyuan_recipients_unreachable_by_province province=22"), 0);
  EXPECT_FALSE(metrics.values.contains("tuanyuan_recipients_unreachable category=hospital"));
}

TEST_F(ReadinessTest, ARestartForgetsNobodysLastTime) {
  comes("near");
  comes("next");
  goes("next");
  const core::Instant left = clock.wall_now();
  run_for(minutes(15));
  const core::Instant stopped = clock.wall_now();
  begin_again();
  run_for(minutes(15));
  EXPECT_THAT(away(of_division("2101")),
              ::testing::IsSupersetOf({Pair("near", "offline"), Pair("next", "offline")}));
  EXPECT_EQ(since("next"), left);
  EXPECT_EQ(since("near"), stopped) << "it was connected until then, and has not been heard of since";
  goes("next");  // as a broker says it again to whoever subscribes
  goes("near");
  EXPECT_EQ(since("next"), left);
  EXPECT_EQ(since("near"), stopped);
  comes("near");
  EXPECT_FALSE(away().contains("near"));
  EXPECT_THAT(away(), ::testing::Contains(Pair("police", "never-seen")));
}

TEST_F(ReadinessTest, KilledThenWhatIsKnownIsMinutesOldAndStaysSo) {
  comes("near");
  comes("next");
  run_for(minutes(12));
  goes("next");
  const core::Instant left = clock.wall_now();
  run_for(seconds(90));
  die_and_begin_again();
  EXPECT_EQ(since("next"), left);
  const std::optional<core::Instant> seen = since("near");
  ASSERT_TRUE(seen);
  EXPECT_LE(*seen, clock.wall_now());
  EXPECT_GE(*seen, clock.wall_now() - presence_noted_every - minutes(2));
  run_for(minutes(15));
  die_and_begin_again();
  EXPECT_EQ(since("near"), seen) << "it was not seen again meanwhile";
  EXPECT_EQ(since("next"), left);
}

TEST_F(ReadinessTest, ABrokerThatWentAwayIsRememberedToo) {
  comes("near");
  run_for(minutes(2));
  engine->answers().nobody_online();
  const core::Instant lost = clock.wall_now();
  run_for(minutes(2));
  die_and_begin_again();
  EXPECT_EQ(since("near"), lost);
}

TEST_F(ReadinessTest, AStormOfReconnectionsIsNotWritten) {
  comes("near");
  comes("next");
  run_for(minutes(2));
  std::vector<std::size_t> rows;
  memory->faults.commit_fate = [&rows](const ports::Commit& commit) {
    if (!commit.presence.empty()) {
      rows.push_back(commit.presence.size());
    }
    return ledger::CommitFate::normal;
  };
  engine->answers().nobody_online();
  comes("near");
  run_for(minutes(3));
  EXPECT_THAT(rows, ElementsAre(1U)) << "who was back within the minute was never away";
  run_for(minutes(25));
  EXPECT_THAT(rows, ElementsAre(1U));
}

TEST_F(ReadinessTest, WhatCouldNotBeWrittenIsWrittenLater) {
  comes("near");
  run_for(minutes(2));
  goes("near");
  const core::Instant left = clock.wall_now();
  memory->faults.commit_fate = [](const ports::Commit&) { return ledger::CommitFate::not_committed; };
  run_for(minutes(5));
  memory->faults = {};
  run_for(minutes(2));
  die_and_begin_again();
  EXPECT_EQ(since("near"), left);
}

TEST_F(ReadinessTest, WrittenDownAsGoneAndThatIsNotLearntThenItsReturnIsWrittenAllTheSame) {
  comes("near");
  run_for(minutes(2));
  goes("near");
  memory->faults.commit_fate = [](const ports::Commit& commit) {
    return commit.presence.empty() ? ledger::CommitFate::normal : ledger::CommitFate::unknown_committed;
  };
  run_for(seconds(65));
  memory->faults = {};
  comes("near");
  run_for(minutes(2));
  const ports::Ledger::Presence written = store->presence();
  ASSERT_EQ(written.rows.size(), 1U);
  EXPECT_FALSE(written.rows[0].away_since);
}

TEST_F(ReadinessTest, WhoIsEnteredAnewIsSomebodyElse) {
  comes("near");
  run_for(minutes(2));
  goes("near");
  run_for(minutes(2));
  ASSERT_TRUE(run(engine->recipients().remove(keeper, core::RecipientId("near"), {})));
  put("near", {});
  begin_again();
  EXPECT_THAT(away(), ::testing::Contains(Pair("near", "never-seen")));
}

}  // namespace
}  // namespace tuanyuan::engine
