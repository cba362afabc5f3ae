#include "contract/ledger_fixture.hpp"

namespace tuanyuan::test {
namespace {

using Directory = LedgerContract;
using Ordinals = std::vector<core::Ordinal>;

ports::RecipientChange put(const std::string& id) {
  return {recipient(id), false};
}
ports::RecipientChange remove(const std::string& id) {
  return {recipient(id), true};
}

std::vector<std::string> ids(const std::vector<ports::DirectoryEntry>& entries) {
  std::vector<std::string> found;
  for (const ports::DirectoryEntry& entry : entries) {
    found.push_back(entry.recipient.id.value);
  }
  return found;
}
using Texts = std::vector<std::string>;

core::Recipient full_recipient() {
  core::Recipient full;
  full.id = core::RecipientId("A_z-09");
  full.name = "沈阳北站 \"north\"\n";
  full.category = core::Category::regulator;
  full.audience = core::Audience::public_;
  full.division = core::Division{210102};
  full.position = core::Position{41.816999999999997, 123.43799999999999};
  full.crs = core::Crs::bd09;
  full.coverage = {core::DivisionPrefix{"21"}, core::DivisionPrefix{"2201"}};
  full.delivery = core::DeliveryMode::direct;
  full.via = core::RecipientId("platform-1");
  full.hours = "Mo-Fr 08:00-18:00";
  full.unit = core::RecipientId("unit-1");
  full.liaison = {"duty desk", "024-0000 0000"};
  full.languages = {"zh-CN", "ko"};
  full.endpoints = {{core::ChannelKind::mqtt, "", ""},
                    {core::ChannelKind::webhook, "https://example.org/?a=\"b\"", "whsec_\\secret"},
                    {core::ChannelKind::ntfy, "topic", ""}};
  return full;
}

TEST_P(Directory, EveryFieldComesBackAsItWasPut) {
  commit(recipients_only({{full_recipient(), false}, put("plain")}));
  const auto entries = directory();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].recipient, full_recipient());
  EXPECT_EQ(entries[1].recipient, recipient("plain"));
  core::Recipient nowhere = recipient("nowhere");
  nowhere.position.reset();
  nowhere.coverage = {core::DivisionPrefix{""}};  // everywhere: "*"
  commit(recipients_only({{nowhere, false}}));
  EXPECT_EQ(directory().at(2).recipient, nowhere);
}

TEST_P(Directory, NewIdsThenOrdinalsFromOneWithoutGaps) {
  EXPECT_EQ(commit(recipients_only({put("b"), put("a")})).ordinals, (Ordinals{1, 2}));
  EXPECT_EQ(commit(recipients_only({put("c")})).ordinals, (Ordinals{3}));
}

TEST_P(Directory, KnownIdThenReplacedUnderItsOrdinal) {
  commit(recipients_only({put("a"), put("b")}));
  core::Recipient changed = recipient("a");
  changed.name = "Another name";
  EXPECT_EQ(commit(recipients_only({{changed, false}})).ordinals, (Ordinals{1}));
  EXPECT_EQ(directory().size(), 2U);
  EXPECT_EQ(directory().at(0).recipient, changed);
}

TEST_P(Directory, EndpointsReplacedThenTheFormerOnesStayBesideThem) {
  const core::Endpoint first{core::ChannelKind::webhook, "https://a.example/\"", "whsec_a"};
  const core::Endpoint second{core::ChannelKind::sms, "13800138000", ""};
  const core::Endpoint third{core::ChannelKind::webhook, "https://c.example", "whsec_c"};
  const auto put_with = [this](std::vector<core::Endpoint> endpoints,
                               std::optional<core::EndpointKeys> needed = std::nullopt) {
    ports::RecipientChange change = put("a");
    change.recipient.endpoints = std::move(endpoints);
    change.needed = std::move(needed);
    commit(recipients_only({change}));
  };
  using Endpoints = std::vector<core::Endpoint>;
  put_with({first, second});
  EXPECT_EQ(directory().at(0).former, Endpoints());
  put_with({third, second});
  EXPECT_EQ(directory().at(0).recipient.endpoints, (Endpoints{third, second}));
  EXPECT_EQ(directory().at(0).former, (Endpoints{first}));
  put_with({third, second});
  EXPECT_EQ(directory().at(0).former, (Endpoints{first}));
  put_with({});
  reopen();
  EXPECT_EQ(read(ledger_->recipients({1})).at(0).former, (Endpoints{first, third, second}));
  commit(recipients_only({remove("a")}));
  EXPECT_EQ(directory().at(0).former, (Endpoints{first, third, second}));
  commit(recipients_only({put("a")}));
  EXPECT_EQ(directory().at(1).former, Endpoints()) << "who comes back is another entry";
}

TEST_P(Directory, FormerEndpointsThatNobodyNeedsThenForgottenWithTheNextChange) {
  ports::RecipientChange change = put("a");
  const core::Endpoint first{core::ChannelKind::sms, "13800138000", ""};
  const core::Endpoint second{core::ChannelKind::sms, "13800138001", ""};
  for (const core::Endpoint& endpoint :
       {first, second, core::Endpoint{core::ChannelKind::sms, "13800138002", ""}}) {
    change.recipient.endpoints = {endpoint};
    commit(recipients_only({change}));
  }
  change.needed = core::EndpointKeys{core::endpoint_key(second)};
  commit(recipients_only({change}));
  EXPECT_EQ(directory().at(0).former, (std::vector<core::Endpoint>{second}));
}

TEST_P(Directory, DeletedThenMarkedAndItsOrdinalStands) {
  commit(recipients_only({put("a"), put("b")}));
  EXPECT_EQ(commit(recipients_only({remove("a")})).ordinals, (Ordinals{1}));
  const auto entries = directory();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_TRUE(entries[0].deleted);
  EXPECT_EQ(entries[0].recipient.name, recipient("a").name) << "an active alert still has to recall it";
  EXPECT_FALSE(entries[1].deleted);
}

TEST_P(Directory, UnknownIdDeletedThenNothingHappens) {
  EXPECT_EQ(commit(recipients_only({remove("nobody")})).ordinals, (Ordinals{0}));
  EXPECT_TRUE(directory().empty());
}

TEST_P(Directory, DeletedAndAddedAgainThenANewOrdinal) {
  commit(recipients_only({put("a")}));
  commit(recipients_only({remove("a")}));
  EXPECT_EQ(commit(recipients_only({put("a")})).ordinals, (Ordinals{2}));
  EXPECT_EQ(commit(recipients_only({remove("a"), put("a"), remove("a"), put("a")})).ordinals,
            (Ordinals{2, 3, 3, 4}));
  reopen();
  EXPECT_EQ(commit(recipients_only({remove("a"), put("b")})).ordinals, (Ordinals{4, 5})) << "never reused";
  EXPECT_EQ(directory().size(), 5U);
}

TEST_P(Directory, AskedForByOrdinalThenAsOftenAndInThatOrderWhoeverIsThere) {
  commit(recipients_only({put("a"), put("b"), put("c")}));
  commit(recipients_only({remove("b")}));
  const Ordinals asked = {3, 9, 2, 0, 3, 1};
  EXPECT_EQ(ids(read(ledger_->recipients(asked))), (Texts{"c", "b", "c", "a"})) << "deleted ones too";
  EXPECT_TRUE(read(ledger_->recipients({})).empty());
}

TEST_P(Directory, PagedByIdThenTheLivingInOrderOfId) {
  commit(recipients_only({put("c"), put("a"), put("d"), put("b"), put("B")}));
  commit(recipients_only({remove("b")}));
  EXPECT_EQ(ids(read(ledger_->recipients_by_id(core::RecipientId(), 3))), (Texts{"B", "a", "c"}));
  EXPECT_EQ(ids(read(ledger_->recipients_by_id(core::RecipientId("c"), 3))), (Texts{"d"}));
  EXPECT_TRUE(read(ledger_->recipients_by_id(core::RecipientId("d"), 3)).empty());
  EXPECT_EQ(ids(read(ledger_->recipients_by_id(core::RecipientId("b"), 1))), (Texts{"c"}));
}

TEST_P(Directory, ByOrdinalsThenAsAskedDeletedOnesMarkedUnknownOnesLeftOut) {
  commit(recipients_only({put("a"), put("b"), put("c")}));
  commit(recipients_only({remove("b")}));
  const auto entries = read(ledger_->recipients({3, 99, 2, 0, 3}));
  EXPECT_EQ(ids(entries), (Texts{"c", "b", "c"})) << "as often as it is asked for";
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0].ordinal, 3U);
  EXPECT_TRUE(entries[1].deleted);
  EXPECT_TRUE(read(ledger_->recipients({})).empty());
}

// Reads of what may have been kept from the read before.

TEST_P(Directory, ChangedAgainAndAgainThenEachReadSeesTheChangeBefore) {
  commit(recipients_only({put("a")}));
  for (int round = 0; round < 50; ++round) {
    ports::RecipientChange changed = put("a");
    changed.recipient.name = "Name " + std::to_string(round);
    commit(recipients_only({changed}));
    ASSERT_EQ(read(ledger_->recipients({1})).at(0).recipient.name, changed.recipient.name);
  }
}

TEST_P(Directory, EachKindOfChangeThenSeenByTheReadAfterIt) {
  const core::Endpoint phone{core::ChannelKind::sms, "13800138000", ""};
  ports::RecipientChange reachable = put("a");
  reachable.recipient.endpoints = {phone};
  EXPECT_TRUE(read(ledger_->recipients({1})).empty());
  commit(recipients_only({reachable}));
  EXPECT_EQ(read(ledger_->recipients({1})).at(0).recipient.endpoints.at(0), phone);
  ports::Commit retired;
  retired.retired.push_back({1, phone.channel, phone.address, noon});
  commit(retired);
  EXPECT_EQ(read(ledger_->recipients({1})).at(0).recipient.endpoints.at(0).retired_at, noon);
  commit(recipients_only({put("a")}));
  EXPECT_EQ(read(ledger_->recipients({1})).at(0).former.size(), 1U);
  commit(recipients_only({remove("a")}));
  EXPECT_TRUE(read(ledger_->recipients({1})).at(0).deleted);
}

TEST_P(Directory, ReadBetweenOtherCommitsThenOtherReadsSeeEachOfThem) {
  commit(recipients_only({put("a")}));
  for (std::size_t round = 1; round <= 20; ++round) {
    ASSERT_EQ(read(ledger_->recipients({1})).size(), 1U);
    commit(entries_only(alert_id(1)));
    ASSERT_EQ(read(ledger_->recipients({1})).size(), 1U);
    ASSERT_EQ(read(ledger_->journal(0, "", 100)).size(), round);
  }
}

/// Changes a recipient and reads it, by turns. False: a read did not see the change before it.
boost::asio::awaitable<bool> change_and_read(ports::Ledger& ledger, std::string id, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    ports::RecipientChange changed = put(id);
    changed.recipient.name = std::to_string(round);
    ports::Commit made = recipients_only({changed});
    const ports::CommitResult result = co_await ledger.commit(std::move(made));
    const auto* committed = std::get_if<ports::Committed>(&result);
    if (committed == nullptr) {
      co_return false;
    }
    Ordinals asked = committed->ordinals;
    const auto entries = co_await ledger.recipients(std::move(asked));
    if (!entries || entries->size() != 1 || entries->front().recipient.name != changed.recipient.name) {
      co_return false;
    }
  }
  co_return true;
}

TEST_P(Directory, ManyChangeAndReadAtOnceThenEachSeesItsOwnChange) {
  constexpr int together = 10;
  int good = 0;
  for (int index = 0; index < together; ++index) {
    boost::asio::co_spawn(context_, change_and_read(*ledger_, "r" + std::to_string(index), 30),
                          [&good](std::exception_ptr failure, bool seen) { good += !failure && seen ? 1 : 0; });
  }
  context_.restart();
  context_.run();
  EXPECT_EQ(good, together);
}

TEST_P(Directory, VeryManyThenEachOnceInSlicesInOrderOfOrdinal) {
  std::vector<ports::RecipientChange> changes;
  for (int index = 0; index < 9000; ++index) {
    changes.push_back(put("station-" + std::to_string(index)));
  }
  commit(recipients_only(std::move(changes)));
  const auto entries = directory();
  ASSERT_EQ(entries.size(), 9000U);
  for (std::size_t index = 0; index < entries.size(); ++index) {
    ASSERT_EQ(entries[index].ordinal, index + 1);
    ASSERT_EQ(entries[index].recipient.id.value, "station-" + std::to_string(index));
  }
}

INSTANTIATE_TEST_SUITE_P(Ledger, Directory, testing::ValuesIn(ledger_backends()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace tuanyuan::test
