#include <gmock/gmock.h>

#include "engine/fixture.hpp"

namespace tuanyuan::engine {
namespace {

using core::AnswerKind;
using core::Errc;

TEST_F(EngineTest, AnswersAreCountedOnceAndReceiptedAfterTheCommit) {
  const auto alert = released();
  EXPECT_EQ(answer(alert.id, 1, "near", AnswerKind::received).result, core::ReceiptResult::recorded);
  const core::Receipt first = answer(alert.id, 1, "near", AnswerKind::confirmed);
  run_for(std::chrono::seconds(30));
  const core::Receipt again = answer(alert.id, 1, "near", AnswerKind::confirmed);
  EXPECT_EQ(again.result, core::ReceiptResult::duplicate);
  EXPECT_EQ(again.recorded_at, first.recorded_at);
  const core::Board made = board(alert.id);
  EXPECT_EQ(made.total.expected, 5U);  // near, next, police, province, member
  EXPECT_EQ(made.total.count(AnswerKind::confirmed), 1U);
  EXPECT_EQ(made.silent_total, 4U);
}

TEST_F(EngineTest, NoReceiptWithoutACommit) {
  const auto alert = released();
  memory->faults.commit_fate = [](const ports::Commit& commit) {
    return commit.answers.empty() ? ledger::CommitFate::normal : ledger::CommitFate::not_committed;
  };
  ports::InboundAnswer inbound;
  inbound.answer.alert_id = alert.id;
  inbound.answer.revision = 1;
  inbound.answer.recipient_id = core::RecipientId("near");
  inbound.connection = inbound.answer.recipient_id;
  std::vector<ports::InboundAnswer> one{inbound};
  EXPECT_EQ(run(engine->answers().acknowledge(one)).error().code, Errc::unavailable);
  EXPECT_EQ(board(alert.id).total.count(AnswerKind::received), 0U);
}

TEST_F(EngineTest, AnswersAreRefusedWithTheReason) {
  const auto alert = released();
  struct Row {
    core::AlertId alert;
    std::uint32_t revision;
    const char* who;
    const char* connection;
    const char* reason;
  };
  for (const Row& row :
       {Row{core::AlertId("nothing"), 1, "near", "near", "unknown-alert"},
        Row{alert.id, 2, "near", "near", "unknown-revision"}, Row{alert.id, 0, "near", "near", "unknown-revision"},
        Row{alert.id, 1, "ghost", "ghost", "unknown-recipient"}, Row{alert.id, 1, "near", "next", "not-yours"}}) {
    const core::Receipt receipt = answer(row.alert, row.revision, row.who, AnswerKind::received, row.connection);
    EXPECT_EQ(receipt.result, core::ReceiptResult::refused);
    EXPECT_EQ(receipt.reason, row.reason);
  }
}

TEST_F(EngineTest, OfficersAnswerForWhomTheBoardSaysThatTheirUnitDoes) {
  core::Recipient beyond;
  beyond.id = core::RecipientId("beyond");
  beyond.name = "某站";
  beyond.division = core::Division{210104};
  beyond.position = core::Position{41.81, 123.48};
  ASSERT_TRUE(run(engine->recipients().put(supervisor, beyond, {})));
  const auto alert = released();
  const core::Caller neighbour = test::officer("210104000000", {core::Role::submitter});
  const core::Board seen = *run(engine->cases().board(neighbour, alert.id));
  ASSERT_EQ(seen.silent.size(), 6U);
  for (const core::SilentRecipient& row : seen.silent) {
    EXPECT_EQ(row.unit_vouches, row.recipient_id == beyond.id) << row.recipient_id.value;
    ports::InboundAnswer inbound;
    inbound.answer.alert_id = alert.id;
    inbound.answer.revision = 1;
    inbound.answer.recipient_id = row.recipient_id;
    inbound.answer.kind = AnswerKind::received;
    inbound.officer = neighbour;
    inbound.source = core::AnswerSource::officer;
    std::vector<ports::InboundAnswer> one{inbound};
    const core::ReceiptResult result = run(engine->answers().acknowledge(one))->at(0).result;
    EXPECT_EQ(result == core::ReceiptResult::recorded, row.unit_vouches) << row.recipient_id.value;
  }
  for (const core::SilentRecipient& row : board(alert.id).silent) {
    EXPECT_TRUE(row.unit_vouches) << row.recipient_id.value << ", of whose case it is";
  }
}

TEST_F(EngineTest, HubAnswersForItsMembers) {
  const auto alert = released();
  EXPECT_EQ(answer(alert.id, 1, "member", AnswerKind::received, "province").result, core::ReceiptResult::recorded);
}

TEST_F(EngineTest, AnswerByTelephoneNamesTheOfficerWhoVouchesForIt) {
  const auto alert = released();
  core::Acknowledgement told;
  told.alert_id = alert.id;
  told.revision = 1;
  told.recipient_id = core::RecipientId("next");
  told.kind = AnswerKind::confirmed;
  ASSERT_TRUE(run(engine->answers().acknowledge(releaser, told, {})));
  EXPECT_EQ(run(engine->journal().journal(supervisor, 0, 100))->back().actor, core::to_string(releaser.actor()));
  const core::Board made = board(alert.id);
  EXPECT_EQ(made.total.count(AnswerKind::confirmed), 1U);
  told.recipient_id = core::RecipientId("ghost");
  EXPECT_EQ(run(engine->answers().acknowledge(releaser, told, {}))->reason, "unknown-recipient");
  told.recipient_id = core::RecipientId("next");
  // The circle reaches 210102, but the case is 210103's: only for its own recipients then.
  const core::Caller neighbour = test::officer("210102990000", {core::Role::submitter});
  EXPECT_EQ(run(engine->answers().acknowledge(neighbour, told, {}))->reason, "not-yours");
  told.recipient_id = core::RecipientId("near");
  EXPECT_EQ(run(engine->answers().acknowledge(neighbour, told, {}))->result, core::ReceiptResult::recorded);
}

TEST_F(EngineTest, RepeatedAnswerWithItsKeyIsReceiptedTheSameAfterARestartToo) {
  const auto alert = released();
  core::Acknowledgement said;
  said.alert_id = alert.id;
  said.revision = 1;
  said.recipient_id = core::RecipientId("near");
  core::Caller near;
  near.recipient = core::RecipientId("near");
  near.roles.insert(core::Role::recipient);
  const auto first = run(engine->answers().acknowledge(near, said, ports::Idempotency("k", "a")));
  restart();
  run_for(std::chrono::seconds(30));
  const auto again = run(engine->answers().acknowledge(near, said, ports::Idempotency("k", "a")));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->result, core::ReceiptResult::recorded);
  EXPECT_EQ(again->recorded_at, first->recorded_at);
  EXPECT_EQ(run(engine->answers().acknowledge(near, said, ports::Idempotency("l", "a")))->result,
            core::ReceiptResult::duplicate);
  EXPECT_EQ(run(engine->answers().acknowledge(near, said, ports::Idempotency("k", "b"))).error().code,
            Errc::idempotency_reused);
}

TEST_F(EngineTest, AnswersOfOthersAreKeptAsUnexpected) {
  const auto alert = released();
  EXPECT_EQ(answer(alert.id, 1, "far", AnswerKind::received).result, core::ReceiptResult::recorded);
  EXPECT_EQ(board(alert.id).unexpected, 1U);
}

}  // namespace
}  // namespace tuanyuan::engine
