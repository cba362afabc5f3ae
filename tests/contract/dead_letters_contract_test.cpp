#include "contract/ledger_fixture.hpp"

namespace tuanyuan::test {
namespace {

using core::ChannelKind;
using core::DeliveryState;
using std::chrono_literals::operator""s;
using Ids = std::vector<std::uint64_t>;

/// What died in the outbox, what is still waiting in it, and addresses that are not used any more.
class DeadLetters : public LedgerContract {
 protected:
  static core::Delivery to(const std::string& recipient, std::int64_t urgency, int alert = 1,
                           ChannelKind channel = ChannelKind::sms) {
    core::Delivery row = delivery(alert_id(alert), urgency);
    row.channel = channel;
    row.target = core::RecipientId(recipient);
    return row;
  }
  std::uint64_t put(const core::Delivery& row) { return commit(deliveries_only({row})).delivery_ids.at(0); }
  std::uint64_t died(core::Delivery row, DeliveryState as = DeliveryState::rejected) {
    const std::uint64_t id = put(row);
    settle(id, as);
    return id;
  }
  void settle(std::uint64_t id, DeliveryState as) {
    ports::Commit made;
    made.delivery_updates.push_back({id, as, 3, true, noon, noon + 7s});
    commit(made);
  }
  Ids dead(ports::Ledger::DeadQuery query = {}, std::size_t limit = 100) {
    Ids ids;
    for (const auto& row : read(ledger_->dead(query, limit))) {
      ids.push_back(row.delivery.id);
    }
    return ids;
  }
  static ports::Commit again(std::uint64_t id) {
    ports::Commit made;
    made.requeued.push_back({id, noon + 9s});
    return made;
  }
  core::Endpoint endpoint_of(core::Ordinal ordinal, std::size_t index = 0) {
    return read(ledger_->recipients({ordinal})).at(0).recipient.endpoints.at(index);
  }
  static core::Recipient reached_by(std::vector<core::Endpoint> endpoints) {
    core::Recipient made = recipient("station-1");
    made.endpoints = std::move(endpoints);
    return made;
  }
  static ports::Commit retired(core::Ordinal ordinal, std::string address) {
    ports::Commit made;
    made.retired.push_back({ordinal, ChannelKind::sms, std::move(address), noon});
    return made;
  }
};

TEST_P(DeadLetters, RejectedAndExpiredThenListedTheLatestFirstAndNoOthers) {
  const std::uint64_t rejected = died(to("a", 1));
  died(to("b", 1), DeliveryState::accepted);
  died(to("c", 1), DeliveryState::superseded);
  put(to("d", 1));
  const std::uint64_t expired = died(to("e", 1), DeliveryState::expired);
  EXPECT_EQ(dead(), (Ids{expired, rejected}));
}

TEST_P(DeadLetters, ListedThenAsItStands) {
  died(to("a", 5));
  const auto row = read(ledger_->dead({}, 10)).at(0);
  EXPECT_EQ(row.delivery.alert_id, alert_id(1));
  EXPECT_EQ(row.delivery.target, core::Target(core::RecipientId("a")));
  EXPECT_EQ(row.delivery.state, DeliveryState::rejected);
  EXPECT_EQ(row.delivery.channel, ChannelKind::sms);
  EXPECT_EQ(row.delivery.attempts, 3U);
  EXPECT_TRUE(row.delivery.maybe_sent);
  EXPECT_EQ(row.settled_at, noon + 7s);
}

TEST_P(DeadLetters, AskedForSomeThenOnlyThese) {
  const std::uint64_t first = died(to("a", 1));
  const std::uint64_t other_alert = died(to("b", 1, 2));
  const std::uint64_t other_channel = died(to("c", 1, 1, ChannelKind::voice));
  ports::Ledger::DeadQuery query;
  query.channel = ChannelKind::sms;
  EXPECT_EQ(dead(query), (Ids{other_alert, first}));
  query.alert = alert_id(1);
  EXPECT_EQ(dead(query), (Ids{first}));
  query = {};
  query.before = other_channel;
  EXPECT_EQ(dead(query, 1), (Ids{other_alert}));
  query.alert = alert_id(9);
  EXPECT_TRUE(dead(query).empty());
}

TEST_P(DeadLetters, AskedForOneRowThenThatOneInWhateverState) {
  const auto state_of = [&](std::uint64_t id) -> std::optional<DeliveryState> {
    ports::Ledger::DeadQuery query;
    query.only = id;
    const auto rows = read(ledger_->dead(query, 10));
    return rows.size() == 1 && rows[0].delivery.id == id ? std::optional(rows[0].delivery.state) : std::nullopt;
  };
  EXPECT_EQ(state_of(put(to("a", 1))), DeliveryState::queued);
  EXPECT_EQ(state_of(died(to("b", 1), DeliveryState::accepted)), DeliveryState::accepted);
  EXPECT_EQ(state_of(died(to("c", 1))), DeliveryState::rejected);
  EXPECT_EQ(state_of(died(to("d", 1), DeliveryState::superseded)), DeliveryState::superseded);
  EXPECT_EQ(state_of(4711), std::nullopt);
  EXPECT_EQ(state_of(UINT64_MAX), std::nullopt);
}

TEST_P(DeadLetters, RequeuedThenGivenAgainFromThenOn) {
  const std::uint64_t id = died(to("a", 1), DeliveryState::expired);
  commit(again(id));
  EXPECT_TRUE(dead().empty());
  EXPECT_TRUE(read(ledger_->claim(ChannelKind::sms, noon + 8s, noon + 60s, 10)).empty());
  const auto claimed = read(ledger_->claim(ChannelKind::sms, noon + 9s, noon + 60s, 10));
  ASSERT_EQ(claimed.size(), 1U);
  EXPECT_EQ(claimed[0].id, id);
  EXPECT_EQ(claimed[0].attempts, 3U);
  EXPECT_TRUE(claimed[0].maybe_sent);
  EXPECT_EQ(read(ledger_->backlog(ChannelKind::sms)).oldest, noon + 9s);
  settle(id, DeliveryState::rejected);
  EXPECT_EQ(dead(), (Ids{id}));
}

TEST_P(DeadLetters, WhatHasNotDiedIsRequeuedThenNothingIsWritten) {
  const std::uint64_t accepted = died(to("a", 1), DeliveryState::accepted);
  const std::uint64_t queued = put(to("b", 1));
  const std::uint64_t rejected = died(to("c", 1));
  for (const std::uint64_t id : {accepted, queued, std::uint64_t{4711}}) {
    ports::Commit made = again(rejected);
    made.requeued.push_back({id, noon});
    EXPECT_TRUE(conflicts(made)) << id;
  }
  EXPECT_EQ(dead(), (Ids{rejected}));
}

TEST_P(DeadLetters, WaitingThenCountedByChannelWithTheLastOnesPlace) {
  EXPECT_TRUE(read(ledger_->waiting(alert_id(1))).empty());
  put(to("other", 1, 2));
  put(to("a", 2));
  put(to("other", 3, 2));
  put(to("b", 3));
  put(to("other", 3, 2));
  put(to("c", 1, 1, ChannelKind::voice));
  died(to("d", 9));
  const auto waiting = read(ledger_->waiting(alert_id(1)));
  ASSERT_EQ(waiting.size(), 2U);
  EXPECT_EQ(waiting[0].channel, ChannelKind::sms);
  EXPECT_EQ(waiting[0].rows, 2U);
  EXPECT_EQ(waiting[0].last_place, 4U);
  EXPECT_EQ(waiting[1].channel, ChannelKind::voice);
  EXPECT_EQ(waiting[1].rows, 1U);
  EXPECT_EQ(waiting[1].last_place, 1U);
}

TEST_P(DeadLetters, PlacesThenOfThatAlertsRecipientsInTheOrderOfSending) {
  put(to("late", 9));
  put(to("other", 1, 2));
  put(to("soon", 2));
  core::Delivery everybody = to("", 3);
  everybody.target = core::Division{210102};
  put(everybody);
  const auto places = [&](std::uint64_t after, std::size_t limit) {
    std::vector<std::pair<std::string, std::uint64_t>> all;
    for (const auto& place : read(ledger_->places(alert_id(1), ChannelKind::sms, after, limit))) {
      all.emplace_back(place.recipient.value, place.place);
    }
    return all;
  };
  using Places = std::vector<std::pair<std::string, std::uint64_t>>;
  EXPECT_EQ(places(0, 10), (Places{{"soon", 2}, {"late", 4}}));
  EXPECT_EQ(places(0, 1), (Places{{"soon", 2}}));
  EXPECT_EQ(places(2, 10), (Places{{"late", 4}}));
  std::vector<std::string> all;
  for (const auto& place : read(ledger_->places(core::AlertId(), ChannelKind::sms, 0, 10))) {
    all.push_back(place.recipient.value + (place.alert == alert_id(2) ? " of another" : ""));
  }
  EXPECT_EQ(all, (std::vector<std::string>{"other of another", "soon", "late"}));
}

TEST_P(DeadLetters, PlacesThenEachWithTheEndpointThatItsRowNames) {
  core::Delivery first = to("a", 1);
  first.endpoint = 7;
  core::Delivery second = first;
  second.endpoint = UINT64_MAX;
  put(first);
  put(second);
  const auto places = read(ledger_->places(alert_id(1), ChannelKind::sms, 0, 10));
  ASSERT_EQ(places.size(), 2U);
  EXPECT_EQ(places[0].endpoint, 7U);
  EXPECT_EQ(places[0].place, 1U);
  EXPECT_EQ(places[1].endpoint, UINT64_MAX);
}

TEST_P(DeadLetters, AddressIsRetiredThenItStaysSoWhileItIsTheSame) {
  const std::vector<core::Endpoint> two{{ChannelKind::webhook, "https://a.example", "secret"},
                                        {ChannelKind::sms, "13800138000", ""}};
  const core::Ordinal ordinal = commit(recipients_only({{reached_by(two), false}})).ordinals.at(0);
  commit(retired(ordinal, "another"));
  EXPECT_EQ(endpoint_of(ordinal, 1).retired_at, core::Instant{}) << "that address was another one's";
  commit(retired(ordinal, "13800138000"));
  EXPECT_EQ(endpoint_of(ordinal, 0), two[0]);
  EXPECT_EQ(endpoint_of(ordinal, 1).retired_at, noon);
  reopen();
  EXPECT_EQ(endpoint_of(ordinal, 1).retired_at, noon);
  commit(recipients_only({{reached_by({two[1], two[0]}), false}}));
  EXPECT_EQ(endpoint_of(ordinal, 0).retired_at, noon) << "put again as it was";
  EXPECT_EQ(endpoint_of(ordinal, 1), two[0]);
  ports::Commit again = recipients_only({{reached_by(two), false}});
  again.retired.push_back({ordinal, ChannelKind::sms, "13800138000", {}});
  commit(std::move(again));
  EXPECT_EQ(endpoint_of(ordinal, 1), two[1]) << "put again, and in use again";
  commit(retired(ordinal, "13800138000"));
  commit(recipients_only({{reached_by({{ChannelKind::sms, "13900139000", ""}}), false}}));
  EXPECT_EQ(endpoint_of(ordinal).retired_at, core::Instant{});
  commit(recipients_only({{reached_by(two), false}}));
  EXPECT_EQ(endpoint_of(ordinal, 1).retired_at, core::Instant{}) << "it was away, and is back";
}

TEST_P(DeadLetters, UnknownRecipientsAddressIsRetiredThenNothingHappens) {
  commit(retired(4711, "13800138000"));
  EXPECT_TRUE(directory().empty());
}

INSTANTIATE_TEST_SUITE_P(Ledger, DeadLetters, testing::ValuesIn(ledger_backends()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace tuanyuan::test
